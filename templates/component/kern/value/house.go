package value

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// What people type in the box of a house number, behind the number itself. A
// letter of its own is the huisletter; what comes behind it, or behind a dash, is
// the toevoeging. Two letters at once are a toevoeging only when they are a known
// one: 12ab can be meant in two ways, and 1e3 in three.
var (
	numberFirst   = regexp.MustCompile(`^([1-9][0-9]{0,4})([^0-9].*)$`)
	letterBehind  = regexp.MustCompile(`^ ?([A-Za-z])(?: ?[ /-] ?([A-Za-z0-9]{1,4}))?$`)
	additionAfter = regexp.MustCompile(`^(?: ?[-/] ?([A-Za-z0-9]{1,4})| ([A-Za-z][A-Za-z0-9]{1,3})|(?i: ?(bis|hs|huis|zw|rd|to|by|i{2,3}|iv|vi{1,3}|ix)))$`)
	postbus       = regexp.MustCompile(`(?i)^(postbus) ?([0-9 .]+)$`)
)

var (
	errHouse    = errors.New("Vul het huisnummer in: een getal van 1 tot en met 99999. Een letter hoort bij Huisletter, en wat daarna komt bij Toevoeging")
	errLetter   = errors.New("Een huisletter is één letter; wat daarna komt hoort bij Toevoeging")
	errAddition = errors.New("Een toevoeging heeft hoogstens 4 letters of cijfers")
	errTwice    = errors.New("Bij Huisnummer staat al een andere letter of toevoeging; laat daar alleen het getal staan")
)

// splitHouse takes the number of a house apart as people type it in one box.
func splitHouse(s string) (number int, letter, addition string, err error) {
	if n, err := ParseInteger(s); err == nil {
		if n < 1 || n > 99999 {
			return 0, "", "", errHouse
		}
		return int(n), "", "", nil
	}
	m := numberFirst.FindStringSubmatch(tidy(s))
	if m == nil {
		return 0, "", "", errHouse
	}
	number, _ = strconv.Atoi(m[1]) // the pattern has five digits at most
	if behind := letterBehind.FindStringSubmatch(m[2]); behind != nil {
		return number, behind[1], behind[2], nil
	}
	if behind := additionAfter.FindStringSubmatch(m[2]); behind != nil {
		return number, "", behind[1] + behind[2] + behind[3], nil
	}
	return 0, "", "", errHouse
}

// house reads the three boxes of a house number into a. What stands in the first
// one goes where it belongs, unless something else stands there.
func (a *Address) house(number, letter, addition string) (err error) {
	a.Huisletter = tidy(letter)
	a.Huisnummertoevoeging = closed(strings.ReplaceAll(addition, "/", ""))
	var found [2]string
	if a.Huisnummer, found[0], found[1], err = splitHouse(number); err != nil {
		return err
	}
	for i, there := range []*string{&a.Huisletter, &a.Huisnummertoevoeging} {
		switch {
		case found[i] == "" || strings.EqualFold(found[i], *there):
		case *there == "":
			*there = found[i]
		default:
			return errTwice
		}
	}
	return nil
}
