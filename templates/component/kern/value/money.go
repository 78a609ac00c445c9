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
	errMoney = errors.New("Vul een bedrag in euro's in, bijvoorbeeld 12,50")
	amount   = regexp.MustCompile(patternMoney)
	typed    = regexp.MustCompile(`^-?(\d{1,3}(\.\d{3})+|\d{1,15})([,.]\d{1,2})?$`)
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

// ParseMoney reads an amount from a form: 12, 12,5, 1.250,00, € 12,50, 12,-.
func ParseMoney(s string) (Money, error) {
	s = strings.NewReplacer("€", "", "EUR", "", "euro", "", " ", "", "\u00a0", "").Replace(s)
	s = strings.TrimSuffix(strings.TrimSuffix(s, ",-"), ",--")
	if !typed.MatchString(s) {
		return 0, errMoney
	}
	whole, cents := s, "00"
	if i := len(s) - 3; i > 0 && (s[i] == ',' || s[i] == '.') {
		whole, cents = s[:i], s[i+1:]
	} else if i := len(s) - 2; i > 0 && (s[i] == ',' || s[i] == '.') {
		whole, cents = s[:i], s[i+1:]+"0"
	}
	return parseCents(strings.ReplaceAll(whole, ".", "") + "." + cents)
}

// text is the amount with a point and two decimals.
func (m Money) text() string {
	sign, n := "", uint64(m)
	if m < 0 {
		sign, n = "-", uint64(-(m+1))+1 // also right for the smallest int64
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// String is the amount as people write it: € 1.250,50.
func (m Money) String() string {
	whole, cents, _ := strings.Cut(strings.TrimPrefix(m.text(), "-"), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	sign := ""
	if m < 0 {
		sign = "-"
	}
	return "€ " + sign + whole + "," + cents
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
