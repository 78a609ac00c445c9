package value

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Term is an ISO 8601 duration such as P5D or P8W.
type Term struct{ years, months, weeks, days, hours, minutes, seconds int }

var termPattern = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$`)

// ParseTerm reads an ISO 8601 duration in whole numbers.
func ParseTerm(s string) (Term, error) {
	m := termPattern.FindStringSubmatch(s)
	if m == nil || s == "P" || strings.HasSuffix(s, "T") {
		return Term{}, fmt.Errorf("%q is geen ISO 8601-duur zoals P5D of P8W", s)
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v } // the pattern allows digits only
	return Term{n(1), n(2), n(3), n(4), n(6), n(7), n(8)}, nil
}

// After is the moment at which the term has passed. Months are counted as the
// Algemene termijnenwet expects: 31 January plus one month is the last day of
// February, not a day in March.
func (t Term) After(from time.Time) time.Time {
	day := from.Day()
	first := time.Date(from.Year()+t.years, from.Month()+time.Month(t.months), 1,
		from.Hour(), from.Minute(), from.Second(), from.Nanosecond(), from.Location())
	if last := first.AddDate(0, 1, -1).Day(); day > last {
		day = last
	}
	return first.AddDate(0, 0, day-1+7*t.weeks+t.days).
		Add(time.Duration(t.hours)*time.Hour + time.Duration(t.minutes)*time.Minute + time.Duration(t.seconds)*time.Second)
}

// String is the term in Dutch words: "5 dagen".
func (t Term) String() string {
	var parts []string
	add := func(n int, one, more string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+one)
		case n > 1:
			parts = append(parts, strconv.Itoa(n)+" "+more)
		}
	}
	add(t.years, "jaar", "jaar")
	add(t.months, "maand", "maanden")
	add(t.weeks, "week", "weken")
	add(t.days, "dag", "dagen")
	add(t.hours, "uur", "uur")
	add(t.minutes, "minuut", "minuten")
	add(t.seconds, "seconde", "seconden")
	switch len(parts) {
	case 0:
		return "0 dagen"
	case 1:
		return parts[0]
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " en " + parts[len(parts)-1]
}

// Days says whether the term is counted in whole days or longer.
func (t Term) Days() bool { return t.hours == 0 && t.minutes == 0 && t.seconds == 0 }

// AfterDay is the day on which the term has passed.
func (t Term) AfterDay(from Date) Date { return Date(t.After(from.Time()).Format(time.DateOnly)) }
