package value

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Money is an amount in euro, in cents, because amounts must add up. In JSON it
// is text with two decimals, "12.50", so that no reader rounds it.
type Money int64

var (
	errMoney = errors.New("Vul een bedrag in euro's in, bijvoorbeeld 1.250,50")
	amount   = regexp.MustCompile(patternMoney)
	errCents = errors.New("Een bedrag heeft hoogstens twee cijfers achter de komma; duizend euro is 1.000")
)

// parseCents reads the notation of JSON.
func parseCents(s string) (Money, error) {
	if !amount.MatchString(s) {
		return 0, errMoney
	}
	n, err := strconv.ParseInt(strings.Replace(s, ".", "", 1), 10, 64)
	if err != nil {
		return 0, errMoney
	}
	return Money(n), nil
}

// currency is what people write before or behind an amount, and what they put
// in the place of cents that there are not.
var currency = regexp.MustCompile(`(?i)^([-+]?) ?(?:€|EUR|euro)?(.*?)(?:[,.](?:-{1,2}|=))? ?(?:€|EUR|euro)?$`)

// ParseMoney reads an amount from a form: what readFigures takes, with € or EUR,
// and 12,- for an amount without cents.
func ParseMoney(s string) (Money, error) {
	m := currency.FindStringSubmatch(tidy(s))
	if m == nil {
		return 0, errMoney
	}
	n, err := readFigures(m[1] + m[2])
	switch {
	case err != nil:
		return 0, errMoney
	case len(n.part) > 2:
		return 0, errCents
	case len(n.whole) > maxDigits:
		return 0, errDigits
	}
	sign := ""
	if n.minus {
		sign = "-"
	}
	return parseCents(sign + n.whole + "." + (n.part + "00")[:2])
}

// text is the amount with a point and two decimals.
func (m Money) text() string {
	sign, n := "", uint64(m) // #nosec G115 -- Below zero it is set anew in the next lines.
	if m < 0 {
		sign, n = "-", uint64(-(m+1))+1 // #nosec G115 -- Not below zero after the minus; also right for the smallest int64.
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// String is the amount as people write it: € 1.250,50.
func (m Money) String() string {
	return "€ " + showNumber("money", m.text())
}

// MarshalJSON writes "12.50".
func (m Money) MarshalJSON() ([]byte, error) { return []byte(`"` + m.text() + `"`), nil }

// UnmarshalJSON reads "12.50".
func (m *Money) UnmarshalJSON(b []byte) (err error) {
	var s string
	if json.Unmarshal(b, &s) != nil {
		return errMoney
	}
	*m, err = parseCents(s)
	return err
}

// Value implements driver.Valuer.
func (m Money) Value() (driver.Value, error) { return int64(m), nil }

// Scan implements sql.Scanner.
func (m *Money) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("value: an amount cannot be read from %T", src)
	}
	*m = Money(n)
	return nil
}
