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

var (
	errDate = errors.New("Vul een datum in die bestaat, bijvoorbeeld 31-12-2026")
	errYear = partFault{"jaar", "Vul het jaar in met vier cijfers, bijvoorbeeld 2026"}
)

// partFault is what is wrong with one part of a date or a moment.
type partFault struct{ part, text string }

// Error says it to the person at the screen.
func (f partFault) Error() string { return f.text }

// Part is the part of a date or a moment that is wrong; "" when it is all of it.
func Part(err error) string {
	f, _ := errors.AsType[partFault](err)
	return f.part
}

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

// shortMonths are the beginnings of months that people write.
var shortMonths = map[string]string{"mrt": "maart", "sept": "september"}

// monthOf is the number of a month that somebody typed in digits or in words;
// "" when it is none.
func monthOf(s string) string {
	s = strings.TrimSuffix(s, ".")
	if onlyDigits.MatchString(s) {
		return s
	}
	for i, name := range months {
		if s == name || s == name[:3] || shortMonths[s] == name {
			return strconv.Itoa(i + 1)
		}
	}
	return ""
}

var dateParts = regexp.MustCompile(`^([0-9]{1,4})(?:[-/.] ?| )([0-9]{1,2}|[a-z]+\.?)(?:[-/.] ?| )([0-9]{1,4})$`)

// ParseDate reads a date from a form: 2026-12-31 as a browser sends it, and
// 31-12-2026 or 31 december 2026 as people type it. A year has four digits: with
// two, somebody of a hundred is somebody who is not born yet.
func ParseDate(s string) (Date, error) {
	m := dateParts.FindStringSubmatch(strings.ToLower(tidy(s)))
	if m == nil {
		return "", errDate
	}
	day, year := m[1], m[3]
	if len(m[1]) == 4 {
		day, year = m[3], m[1]
	}
	return dayOf(day, monthOf(m[2]), year)
}

// dayOf is a date of its parts as somebody typed them.
func dayOf(day, month, year string) (Date, error) {
	if len(year) == 2 {
		return "", errYear
	}
	y, err1 := strconv.Atoi(year)
	m, err2 := strconv.Atoi(month)
	d, err3 := strconv.Atoi(day)
	if errors.Join(err1, err2, err3) != nil || len(year) != 4 || len(day) > 2 || len(month) > 2 {
		return "", errDate
	}
	date := Date(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	return date, date.check()
}
