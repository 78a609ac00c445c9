package value

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Recognise writes a value of which nobody said the kind, as in the answer of a
// source, the way people read it. What it is shows in its form; a form that more
// than one thing has counts only under a name that says so. Everything else stays
// as the source wrote it: a number that looks like an amount may be an
// identification.
func Recognise(name string, v any) string {
	text, ok := v.(string)
	if !ok {
		return Shown(Display("", v))
	}
	text, name = strings.TrimSpace(text), strings.ToLower(name)
	switch {
	case Date(text).check() == nil:
		return showDate(text)
	case strings.Contains(name, "datum"):
		text = showDigits(text)
	case strings.Contains(name, "postcode"):
		text = canonicalPostcode(text)
	}
	if moment, is := showMoment(text); is {
		return moment
	}
	return Shown(text)
}

var (
	digitDate   = regexp.MustCompile(`^([1-9]\d{3})(\d\d)(\d\d)$`)
	otherMoment = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d)?([.,]\d+)?([Zz]|[+-]\d\d:?\d\d)?$`)
)

// showDigits writes a date of eight digits, of which month and day are 00 when
// nobody knows them.
func showDigits(s string) string {
	m := digitDate.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	if d := Date(m[1] + "-" + m[2] + "-" + m[3]); d.check() == nil {
		return d.String()
	}
	month, _ := strconv.Atoi(m[2])
	if m[3] != "00" || month > len(months) {
		return s
	}
	return MonthOf(m[1], month)
}

// MonthOf is a date of which only the month is known, or only the year when month
// is 0: maart 1990.
func MonthOf(year string, month int) string {
	if month < 1 || month > len(months) {
		return year
	}
	return months[month-1] + " " + year
}

// showMoment writes a moment of any notation in Dutch time, with the seconds when
// they say something. Without an offset the time is as it stands there.
func showMoment(s string) (string, bool) {
	m := otherMoment.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	seconds := m[3]
	if seconds == "" {
		seconds = ":00"
	}
	offset := strings.ReplaceAll(strings.ToUpper(m[5]), ":", "")
	layout := "2006-01-02T15:04:05"
	if offset != "" {
		layout += "Z0700"
	}
	t, err := time.ParseInLocation(layout, m[1]+"T"+m[2]+seconds+offset, amsterdam())
	local := t.In(amsterdam())
	// Before there were time zones an hour had odd seconds, and the end of time
	// that some sources send is no day in a calendar.
	if _, shift := local.Zone(); err != nil || shift%60 != 0 || local.Year() < 1 || local.Year() > 9999 {
		return "", false
	}
	clock := local.Format("15:04")
	if local.Second() != 0 {
		clock = local.Format("15:04:05")
	}
	return DateOf(local).String() + " om " + clock, true
}

// withoutExponent is a number of JSON with all its digits. A whole number stays as
// it is, however long; one that no page has room for stays too.
func withoutExponent(n json.Number) string {
	s := n.String()
	if !strings.ContainsAny(s, "eE") {
		return s
	}
	f, err := n.Float64()
	if err != nil || f > 1e21 || f < -1e21 {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
