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
	"time"
)

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

// clock is a time of day as people write it: 14:30, 9.30, 14u30, 14 uur, 1430. What
// stands behind it says which of the two hours is meant when the clock goes back.
var clock = regexp.MustCompile(`^(?:om )?([0-9]{1,2})(?:(?:[:.]| ?u(?:ur)? ?)([0-9]{2})(?::([0-9]{2}))?|([0-9]{2})| ?(u(?:ur)?))(?: ?u(?:ur)?)?(?: ?\(?(zomertijd|wintertijd)\)?)?$`)

var (
	errMidnight = partFault{"tijd", "24:00 staat niet op de klok: vul 23:59 in, of 0:00 met de datum van de dag erna"}
	errClock    = partFault{"tijd", "Vul de tijd in als uren en minuten, bijvoorbeeld 14:30"}
)

// ParseDateTime reads a moment from a form. Without an offset it is Dutch time.
func ParseDateTime(s string) (DateTime, error) {
	s = tidy(s)
	if t, err := parseDateTime(s); err == nil {
		return t, nil
	}
	m := dayAndClock.FindStringSubmatch(strings.ToLower(s))
	if m == nil {
		return DateTime{}, errDateTime
	}
	date, err := ParseDate(m[1])
	if err != nil {
		return DateTime{}, err
	}
	c := clock.FindStringSubmatch(m[2])
	if c == nil {
		return DateTime{}, errClock
	}
	hour, _ := strconv.Atoi(c[1]) // digits only
	minute, _ := strconv.Atoi(c[2] + c[4])
	second, _ := strconv.Atoi(c[3])
	if hour == 24 && minute == 0 && second == 0 {
		return DateTime{}, errMidnight
	}
	if hour > 23 || minute > 59 || second > 59 {
		return DateTime{}, errClock
	}
	return dutchTime(date.Time().Add(time.Duration(hour)*time.Hour+time.Duration(minute)*time.Minute+time.Duration(second)*time.Second), c[6])
}

var dayAndClock = regexp.MustCompile(`^([0-9]{1,4}(?:[-/.] ?| )(?:[0-9]{1,2}|[a-z]+\.?)(?:[-/.] ?| )[0-9]{1,4})(?:t|,? )(.*)$`)

// dutchTime is the moment at which clocks in the Netherlands show what wall, a
// time in UTC, shows. In the hour that comes twice, season says which one; in
// the hour that is left out there is none.
func dutchTime(wall time.Time, season string) (DateTime, error) {
	moments, day := dutchMoments(wall), Date(wall.Format(time.DateOnly)).String()
	switch {
	case len(moments) == 0:
		return DateTime{}, partFault{"tijd", "Dit tijdstip bestaat niet: op " + day + " gaat de klok dan een uur vooruit. Vul een tijd ervoor of erna in"}
	case moments[0].Year() < 1: // in UTC, which is how it is written, it is the year before
		return DateTime{}, errDateTime
	case len(moments) == 1:
		return At(moments[0]), nil
	case season == seasons[0]:
		return At(moments[0]), nil
	case season == seasons[1]:
		return At(moments[1]), nil
	}
	at := wall.Format("15:04 ")
	return DateTime{}, partFault{"tijd", "Dit tijdstip is er twee keer, want de klok gaat op " + day + " een uur terug. Zet erachter welke u bedoelt: " +
		at + seasons[0] + " (de eerste keer) of " + at + seasons[1] + " (de tweede keer)"}
}

// seasons are the words for the first and the second time that an hour comes.
var seasons = [2]string{"zomertijd", "wintertijd"}

// dutchMoments are the moments at which clocks in the Netherlands show wall: one,
// or two when they go back, or none when they go forward.
func dutchMoments(wall time.Time) (moments []time.Time) {
	for _, around := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(around).In(amsterdam()).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second)
		if _, there := t.In(amsterdam()).Zone(); there == offset && !slices.ContainsFunc(moments, t.Equal) {
			moments = append(moments, t)
		}
	}
	return moments
}

// String is the moment in Dutch time: 2 januari 2026 om 14:30. In the hour that
// comes twice it says which one.
func (t DateTime) String() string {
	local := t.In(amsterdam())
	text := Date(local.Format(time.DateOnly)).String() + " om " + local.Format("15:04")
	_, offset := local.Zone()
	if both := dutchMoments(t.UTC().Add(time.Duration(offset) * time.Second)); len(both) == 2 {
		return text + " " + seasons[slices.IndexFunc(both, t.Equal)&1]
	}
	return text
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
