package model

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// line returns an answer of one line: trimmed, white space as single spaces.
func (b *builder) line(key, s string, longest int) string {
	return b.text(key, strings.Join(strings.Fields(s), " "), longest, false)
}

// logged returns a title that the component writes in its log of processing. A
// line with what may be a burgerservicenummer is refused there, and with it the
// work that the line is about: so no title may hold one.
func (b *builder) logged(key, title string) string {
	if fieldtype.HoldsBSN(title) {
		b.add(problem.LoggedNumber, key, title)
	}
	return title
}

// lineEnds makes lines and white space what they are on every system.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\t", " ")

// block returns an answer that may have several lines.
func (b *builder) block(key, s string, longest int) string {
	s = lineEnds.Replace(s)
	return b.text(key, strings.TrimSpace(s), longest, true)
}

// text reports characters that people cannot see but machines act on, among
// them those that turn the direction of the text around, and those that make a
// text of nothing.
func (b *builder) text(key, s string, longest int, lines bool) string {
	if !utf8.ValidString(s) {
		b.add(problem.ControlCharacter, key, "UTF-8")
		return ""
	}
	// As the component writes what comes in: a choice with an accent that is a
	// character of its own would be one that nobody can choose.
	s = norm.NFC.String(s)
	if r, found := fieldtype.Unprintable(s, lines); found {
		b.add(problem.ControlCharacter, key, fmt.Sprintf("%U", r))
		return ""
	}
	if utf8.RuneCountInString(s) > longest {
		b.add(problem.TextTooLong, key, longest)
		return ""
	}
	return s
}

// theirs is a line from the specification of a source; "" when it does not fit:
// the team did not write it and cannot mend it.
func theirs(s string, longest int) string {
	s = strings.Join(strings.Fields(s), " ")
	if _, found := fieldtype.Unprintable(s, false); found || !utf8.ValidString(s) || utf8.RuneCountInString(s) > longest {
		return ""
	}
	return s
}

var regexDuration = regexp.MustCompile(`^P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,4})H)?(?:([0-9]{1,4})M)?)?$`)

// durationText puts an ISO 8601 duration in words: P1Y6M is "1 jaar en 6
// maanden". It is "" when s is no duration, or one of nothing.
func durationText(s string) string {
	m := regexDuration.FindStringSubmatch(s)
	if m == nil || strings.HasSuffix(s, "T") {
		return ""
	}
	units := [...][2]string{{"jaar", "jaar"}, {"maand", "maanden"}, {"week", "weken"}, {"dag", "dagen"}, {"uur", "uur"}, {"minuut", "minuten"}}
	var parts []string
	for i, unit := range units {
		n, err := strconv.Atoi(m[i+1])
		switch {
		case err != nil || n == 0:
		case n == 1:
			parts = append(parts, "1 "+unit[0])
		default:
			parts = append(parts, strconv.Itoa(n)+" "+unit[1])
		}
	}
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " en " + parts[last]
}

// duration checks an ISO 8601 duration; "" is fine.
func (b *builder) duration(key, s string) string {
	s = strings.TrimSpace(s)
	if s != "" && durationText(s) == "" {
		b.add(problem.DurationForm, key, s)
		return ""
	}
	return s
}

var regexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// contrast is the WCAG contrast of a colour with white.
func contrast(colour string) float64 {
	luminance := 0.0
	for i, weight := range [...]float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		luminance += weight * c
	}
	return 1.05 / (luminance + 0.05)
}

// readable is the contrast that WCAG asks of text.
const readable = 4.5

// darker makes a colour just dark enough to carry white text.
func darker(colour string) string {
	var rgb [3]uint64
	for i := range rgb {
		rgb[i], _ = strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
	}
	for percent := uint64(95); ; percent -= 5 {
		dark := fmt.Sprintf("#%02x%02x%02x", rgb[0]*percent/100, rgb[1]*percent/100, rgb[2]*percent/100)
		if contrast(dark) >= readable {
			return dark
		}
	}
}

// closest returns the candidate that s was probably meant to be, or "". A word
// that is the last part of a candidate (land in adres.land) means that. What
// reads as s itself is never meant.
func closest(s string, candidates []string) string {
	if len(s) > 80 {
		return ""
	}
	candidates = slices.DeleteFunc(slices.Clone(candidates), func(c string) bool { return len(c) > 80 || problem.SameWord(s, c) })
	if whole := nearestOf(s, candidates, func(c string) string { return c }); whole != "" {
		return whole
	}
	_, last, dotted := cutLast(s)
	if !dotted {
		last = s
	}
	return nearestOf(last, candidates, func(c string) string {
		if _, part, dotted := cutLast(c); dotted {
			return part
		}
		return ""
	})
}

// nearestOf returns the candidate of which the part differs least from s; of
// equals the shortest.
func nearestOf(s string, candidates []string, part func(string) string) string {
	best, least := "", 1+len(s)/3
	for _, candidate := range candidates {
		n := problem.Distance(strings.ToLower(s), strings.ToLower(part(candidate)))
		if n < len(s) && n <= least && (best == "" || n < least || len(candidate) < len(best)) {
			best, least = candidate, n
		}
	}
	return best
}
