package value

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Date is a day without a time of day, as 2006-01-02. As text it sorts and
// compares as a date should, and JSON and SQLite take it as it is.
type Date string

var errDate = errors.New("Vul een datum in die bestaat, bijvoorbeeld 31-12-2026")

// DateOf is the day of a moment in the Netherlands.
func DateOf(t time.Time) Date { return Date(t.In(amsterdam()).Format(time.DateOnly)) }

func (d Date) check() error {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil || t.Year() < 1 {
		return errDate
	}
	return nil
}

// Time is midnight UTC of that day; the zero time when d is no date.
func (d Date) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// String is the date as people write it: 2 januari 2026.
func (d Date) String() string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// UnmarshalJSON accepts only a date that exists.
func (d *Date) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return errDate
	}
	*d = Date(s)
	return d.check()
}

// Value implements driver.Valuer.
func (d Date) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// Scan implements sql.Scanner: SQLite has text, PostgreSQL a date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = ""
	case time.Time:
		*d = Date(v.Format(time.DateOnly))
	case string:
		*d = Date(v)
	case []byte:
		*d = Date(v)
	default:
		return fmt.Errorf("value: a date cannot be read from %T", src)
	}
	return nil
}

var months = [...]string{"januari", "februari", "maart", "april", "mei", "juni", "juli",
	"augustus", "september", "oktober", "november", "december"}

var (
	isoDate   = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	dutchDate = regexp.MustCompile(`^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$`)
	wordDate  = regexp.MustCompile(`^(\d{1,2}) ([a-z]+) (\d{4})$`)
)

// ParseDate reads a date from a form: 2026-12-31 as a browser sends it, and
// 31-12-2026 or 31 december 2026 as people type it.
func ParseDate(s string) (Date, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	var year, month, day string
	if m := isoDate.FindStringSubmatch(s); m != nil {
		year, month, day = m[1], m[2], m[3]
	} else if m := dutchDate.FindStringSubmatch(s); m != nil {
		day, month, year = m[1], m[2], m[3]
	} else if m := wordDate.FindStringSubmatch(s); m != nil {
		day, year = m[1], m[3]
		for i, name := range months {
			if m[2] == name {
				month = strconv.Itoa(i + 1)
			}
		}
	}
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	dd, _ := strconv.Atoi(day)
	d := Date(fmt.Sprintf("%04d-%02d-%02d", y, m, dd))
	return d, d.check()
}

// DateTime is a moment. It is always UTC and exact to the microsecond, which is
// what both databases keep, so that a value is the same before and after storing.
type DateTime struct{ time.Time }

var errDateTime = errors.New("Vul een datum en tijd in, bijvoorbeeld 31-12-2026 14:30")

// At makes a DateTime of a time.
func At(t time.Time) DateTime { return DateTime{t.UTC().Truncate(time.Microsecond)} }

var rfc3339 = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$`)

// parseDateTime reads RFC 3339 with any offset. -00:00 says that the offset is
// unknown and T and Z are capitals (API Design Rules, /core/date-time).
func parseDateTime(s string) (DateTime, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || !rfc3339.MatchString(s) || strings.HasSuffix(s, "-00:00") || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		return DateTime{}, errDateTime
	}
	return At(t), nil
}

// MustDateTime is for values in the program text.
func MustDateTime(s string) DateTime {
	t, err := parseDateTime(s)
	if err != nil {
		panic(err)
	}
	return t
}

// ParseDateTime reads a moment from a form. Without an offset it is Dutch time.
func ParseDateTime(s string) (DateTime, error) {
	s = strings.TrimSpace(s)
	if t, err := parseDateTime(s); err == nil {
		return t, nil
	}
	day, clock, ok := strings.Cut(s, "T") // as <input type=datetime-local> sends it
	if i := strings.LastIndexByte(s, ' '); !ok && i > 0 {
		day, clock, ok = s[:i], s[i+1:], true
	}
	date, err := ParseDate(day)
	if !ok || err != nil {
		return DateTime{}, errDateTime
	}
	for _, layout := range []string{"15:04", "15:04:05", "15.04"} {
		if t, err := time.ParseInLocation(time.DateOnly+" "+layout, string(date)+" "+clock, amsterdam()); err == nil {
			return At(t), nil
		}
	}
	return DateTime{}, errDateTime
}

// String is the moment in Dutch time: 2 januari 2026 om 14:30.
func (t DateTime) String() string {
	local := t.In(amsterdam())
	return Date(local.Format(time.DateOnly)).String() + " om " + local.Format("15:04")
}

// UnmarshalJSON accepts RFC 3339 with any offset.
func (t *DateTime) UnmarshalJSON(b []byte) error {
	var s string
	err := json.Unmarshal(b, &s)
	if err == nil {
		*t, err = parseDateTime(s)
	}
	if err != nil {
		return errDateTime
	}
	return nil
}

// Value implements driver.Valuer.
func (t DateTime) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// Scan implements sql.Scanner.
func (t *DateTime) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		t.Time = time.Time{}
	case time.Time:
		t.Time = v.UTC()
	case int64: // microseconds, when a query hides the type of the column from SQLite
		t.Time = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("value: a moment cannot be read from %T", src)
	}
	return nil
}
