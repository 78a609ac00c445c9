package value

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// PartialDate is a date of which the day, the month or all of it may be unknown,
// as the BRP has it: of people who were born elsewhere often only the year is
// known. It is stored as 1985-03-12, with 00 for what is unknown, so that as text
// it sorts as a date should.
type PartialDate string

// Unknown is the date of which nothing is known.
const Unknown PartialDate = "0000-00-00"

// The types of an incomplete date in JSON, which are those of the BRP.
const (
	wholeDate   = "Datum"
	monthDate   = "JaarMaandDatum"
	yearDate    = "JaarDatum"
	unknownDate = "DatumOnbekend"
)

// partialDate is an incomplete date in JSON.
type partialDate struct {
	Type    string `json:"type"`
	Date    string `json:"datum,omitempty"`
	Year    int    `json:"jaar,omitempty"`
	Month   int    `json:"maand,omitempty"`
	Unknown bool   `json:"onbekend,omitempty"`
	Text    string `json:"langFormaat,omitempty"`
}

var errPartial = errors.New("Vul een datum in die bestaat. Weet u de dag of de maand niet, laat die dan leeg of vul 00 in; weet u niets, vul dan bij het jaar 0000 in")

var (
	monthAndYear = regexp.MustCompile(`^([0-9]{1,2}|[a-z]+\.?)(?:[-/.] ?| )([0-9]{1,4})$`)
	yearAndMonth = regexp.MustCompile(`^([0-9]{4})[-/]([0-9]{1,2})$`)
)

// ParsePartialDate reads an incomplete date from a form: a date, maart 1985 or
// 1985, with 00 for what is unknown, or onbekend.
func ParsePartialDate(s string) (PartialDate, error) {
	s = strings.ToLower(tidy(s))
	day, month, year := "00", "00", s
	if m := dateParts.FindStringSubmatch(s); m != nil {
		day, month, year = m[1], m[2], m[3]
		if len(m[1]) == 4 {
			day, year = m[3], m[1]
		}
	} else if m := yearAndMonth.FindStringSubmatch(s); m != nil {
		month, year = m[2], m[1]
	} else if m := monthAndYear.FindStringSubmatch(s); m != nil {
		month, year = m[1], m[2]
	} else if s == "onbekend" {
		year = "0000"
	}
	if !zero(month) {
		month = monthOf(month)
	}
	switch {
	case zero(year) && zero(month) && zero(day):
		return Unknown, nil
	case zero(day) && zero(month):
		return partialOf("01", "01", year, 4)
	case zero(day):
		return partialOf("01", month, year, 7)
	}
	return partialOf(day, month, year, 10)
}

// partialOf is an incomplete date of which the first known signs are known.
func partialOf(day, month, year string, known int) (PartialDate, error) {
	d, err := dayOf(day, month, year)
	if errors.Is(err, errYear) {
		return "", err
	}
	if err != nil {
		return "", errPartial
	}
	return PartialDate(string(d)[:known] + string(Unknown)[known:]), nil
}

func zero(s string) bool { return s != "" && strings.Trim(s, "0") == "" }

// parts are the year, the month and the day; 0 is unknown.
func (d PartialDate) parts() (year, month, day int) {
	if len(d) != len(Unknown) {
		return 0, 0, 0
	}
	year, _ = strconv.Atoi(string(d[:4]))
	month, _ = strconv.Atoi(string(d[5:7]))
	day, _ = strconv.Atoi(string(d[8:]))
	return year, month, day
}

// String is the date as people write it: 12 maart 1985, maart 1985, 1985 or
// onbekend.
func (d PartialDate) String() string {
	year, month, day := d.parts()
	switch {
	case year == 0:
		return "onbekend"
	case month == 0 || month > 12:
		return strconv.Itoa(year)
	case day == 0:
		return fmt.Sprintf("%s %d", months[month-1], year)
	}
	return Date(d).String()
}

// MarshalJSON writes the date as the BRP does.
func (d PartialDate) MarshalJSON() ([]byte, error) {
	year, month, day := d.parts()
	out := partialDate{Type: wholeDate, Text: d.String()}
	switch {
	case year == 0:
		out.Type, out.Unknown = unknownDate, true
	case month == 0:
		out.Type, out.Year = yearDate, year
	case day == 0:
		out.Type, out.Year, out.Month = monthDate, year, month
	default:
		out.Date = string(d)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads the date as the BRP has it.
func (d *PartialDate) UnmarshalJSON(b []byte) error {
	var in partialDate
	if err := json.Unmarshal(b, &in); err != nil || in.faults() != nil {
		return errPartial
	}
	switch in.Type {
	case wholeDate:
		*d = PartialDate(in.Date)
	case unknownDate:
		*d = Unknown
	default:
		*d = PartialDate(fmt.Sprintf("%04d-%02d-00", in.Year, in.Month))
	}
	return nil
}

// faults says per part what is wrong: which parts there are follows from the type.
func (d partialDate) faults() map[string]error {
	faults := map[string]error{}
	there := map[string]bool{"datum": d.Date != "", "jaar": d.Year != 0, "maand": d.Month != 0, "onbekend": d.Unknown}
	belongs := map[string][]string{wholeDate: {"datum"}, monthDate: {"jaar", "maand"}, yearDate: {"jaar"}, unknownDate: {"onbekend"}}[d.Type]
	for part, given := range there {
		expected := slices.Contains(belongs, part)
		switch {
		case expected && !given && part != "onbekend":
			faults[part] = fmt.Errorf("Bij type %s hoort %s", d.Type, part)
		case !expected && given:
			faults[part] = errors.New("Dit hoort niet bij dit type")
		}
	}
	if d.Date != "" && Date(d.Date).check() != nil {
		faults["datum"] = errDate
	}
	if d.Year < 0 || d.Year > 9999 {
		faults["jaar"] = errors.New("Dit moet een jaar van vier cijfers zijn")
	}
	if d.Month < 0 || d.Month > 12 {
		faults["maand"] = errors.New("Dit moet een maand van 1 tot en met 12 zijn")
	}
	if belongs == nil {
		faults["type"] = errors.New("Kies een van: Datum, JaarMaandDatum, JaarDatum, DatumOnbekend")
	}
	if len(faults) == 0 {
		return nil
	}
	return faults
}

// Value implements driver.Valuer.
func (d PartialDate) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// Scan implements sql.Scanner.
func (d *PartialDate) Scan(src any) error {
	var stored Date
	err := stored.Scan(src)
	*d = PartialDate(stored)
	return err
}
