package value

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// figures is a number that somebody wrote, taken apart.
type figures struct {
	minus bool
	whole string // digits without zeros in front; "0" when there are no others
	part  string // the digits behind the comma, as they were written
}

const (
	// MaxWhole is the largest whole number that every reader of JSON keeps exact.
	MaxWhole = 1<<53 - 1
	// maxDigits is how many digits a number keeps exactly.
	maxDigits = 15
)

var (
	errNumber  = errors.New("Vul een getal in, bijvoorbeeld 1.250 of 12,5")
	errWhole   = errors.New("Vul een heel getal in, bijvoorbeeld 1.250, zonder cijfers achter een komma")
	errDigits  = errors.New("Gebruik voor dit getal hoogstens 15 cijfers")
	onlyDigits = regexp.MustCompile(`^[0-9]+$`)
	thousand   = regexp.MustCompile(`^[1-9][0-9]{0,2}((\.[0-9]{3})+|( [0-9]{3})+)$`)
)

// readFigures is the one grammar of every number that somebody types:
//
//   - a point or a space between groups of three digits separates thousands:
//     1.250 and 1 250 000. The first group has one to three digits and does not
//     begin with 0;
//   - a comma is the decimal sign, and nothing but digits stands behind it;
//   - one point that cannot separate thousands is the decimal sign too: 12.5,
//     0.125 and 1234.567 are pasted from programs that write it so;
//   - a minus or a plus may stand in front. There is no exponent.
func readFigures(s string) (figures, error) {
	s = tidy(s)
	var n figures
	if rest, minus := strings.CutPrefix(s, "-"); minus {
		n.minus, s = true, strings.TrimSpace(rest)
	} else {
		s = strings.TrimSpace(strings.TrimPrefix(s, "+"))
	}
	whole, part, decimals := strings.Cut(s, ",")
	if !decimals && !thousand.MatchString(s) {
		whole, part, decimals = strings.Cut(s, ".")
		if len(part) == 3 && len(whole) > 1 && whole[0] == '0' {
			return n, errNumber // 012.500 can be meant in two ways
		}
	}
	if thousand.MatchString(whole) {
		whole = strings.NewReplacer(".", "", " ", "").Replace(whole)
	}
	if decimals && whole == "" {
		whole = "0" // ,5
	}
	if !onlyDigits.MatchString(whole) || decimals && !onlyDigits.MatchString(part) {
		return n, errNumber
	}
	n.whole, n.part = strings.TrimLeft(whole[:len(whole)-1], "0")+whole[len(whole)-1:], part
	return n, nil
}

// text is the number in the notation of JSON. Zero has no sign.
func (n figures) text() string {
	s := n.whole
	if part := strings.TrimRight(n.part, "0"); part != "" {
		s += "." + part
	}
	if n.minus && s != "0" {
		return "-" + s
	}
	return s
}

// ParseInteger reads a whole number from a form.
func ParseInteger(s string) (int64, error) {
	figures, err := readFigures(s)
	if err != nil || figures.part != "" {
		return 0, errWhole
	}
	n, err := strconv.ParseInt(figures.text(), 10, 64)
	if err != nil || n > MaxWhole || n < -MaxWhole {
		return 0, errDigits
	}
	return n, nil
}

// ParseDecimal reads a number from a form.
func ParseDecimal(s string) (float64, error) {
	figures, err := readFigures(s)
	if err != nil {
		return 0, err
	}
	return figures.float()
}

// float is the number, when a program that reads JSON keeps all its digits.
func (n figures) float() (float64, error) {
	text := n.text()
	if digits := strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(text), "0"); len(digits) > maxDigits {
		return 0, errDigits
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != 0 && math.Abs(f) < 1e-15 {
		return 0, errDigits
	}
	return f, nil
}

// showNumber writes a number in the notation of JSON as people read it: 1.250,5.
// A whole number may be a year, so it gets points from five digits on.
func showNumber(kind, s string) string {
	sign, rest := "", s
	if after, minus := strings.CutPrefix(s, "-"); minus {
		sign, rest = "-", after
	}
	whole, part, decimals := strings.Cut(rest, ".")
	if kind == "decimal" || kind == "money" || kind == "integer" && len(whole) > 4 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "." + whole[i:]
		}
	}
	if decimals {
		whole += "," + part
	}
	return sign + whole
}
