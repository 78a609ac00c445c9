package page

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// government is the blue that a component has when nobody chose a colour.
const government = "#154273"

var colourForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// Readable is a colour that text on white can have, and that can lie under white
// text: the one that was asked for, or else a darker shade of it. What is no colour
// gives the default.
func Readable(colour string) string {
	colour = strings.ToLower(colour)
	if !colourForm.MatchString(colour) {
		return government
	}
	number, _ := strconv.ParseUint(colour[1:], 16, 32)
	for percent := uint64(100); ; percent -= 5 {
		rgb := [3]uint64{number >> 16 * percent / 100, number >> 8 & 255 * percent / 100, number & 255 * percent / 100}
		if contrast(rgb) >= 4.5 {
			return fmt.Sprintf("#%02x%02x%02x", rgb[0], rgb[1], rgb[2])
		}
	}
}

// contrast is the WCAG contrast of a colour with white.
func contrast(rgb [3]uint64) float64 {
	luminance := 0.0
	for i, weight := range [...]float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		luminance += weight * c
	}
	return 1.05 / (luminance + 0.05)
}
