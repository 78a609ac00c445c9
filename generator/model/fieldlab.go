package model

import (
	"fmt"
	"time"
)

var (
	weekdays = [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}
	months   = [...]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}
)

// Date is the n-th day of the fieldlab in words, such as "maandag 23 november
// 2026". Day 1 is the start; weekends do not count. It is "" when the start is
// unknown.
func (f Fieldlab) Date(n int) string {
	day, err := time.Parse(time.DateOnly, f.Start)
	if err != nil {
		return ""
	}
	for ; n > 1; n-- {
		day = day.AddDate(0, 0, 1)
		for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			day = day.AddDate(0, 0, 1)
		}
	}
	return fmt.Sprintf("%s %d %s %d", weekdays[day.Weekday()], day.Day(), months[day.Month()-1], day.Year())
}

// Year is the year of the fieldlab, for copyright lines: those must not depend
// on the clock of the computer that generates. It is "" when the start is
// unknown.
func (f Fieldlab) Year() string {
	day, err := time.Parse(time.DateOnly, f.Start)
	if err != nil {
		return ""
	}
	return fmt.Sprint(day.Year())
}
