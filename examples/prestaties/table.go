package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// row is one thing that was measured.
type row struct {
	Group, What, On string
	Value           float64
	Unit            string
	Ratio           float64 `json:",omitempty"` // of Value to that of Against; 0 for none
	Against         string  `json:",omitempty"`
	Aim             string  `json:",omitempty"`
}

// same says whether two rows are of the same thing.
func (r row) same(other row) bool {
	return r.Group == other.Group && r.What == other.What && r.On == other.On && r.Unit == other.Unit
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func ratio(a, b time.Duration) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// number is one with three digits that count.
func number(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// line is a row of a table in Markdown; before is the same of an earlier result.
func (r row) line(before []row, compare bool) string {
	cells := []string{r.What, r.On}
	if compare {
		was, change := "", ""
		for _, b := range before {
			if r.same(b) {
				was = number(b.Value)
				if b.Value > 0 {
					change = number(r.Value / b.Value)
				}
			}
		}
		cells = append(cells, was, number(r.Value)+" "+r.Unit, change)
	} else {
		cells = append(cells, number(r.Value)+" "+r.Unit)
	}
	share := ""
	if r.Ratio > 0 {
		share = number(r.Ratio)
	}
	cells = append(cells, share, r.Against, r.Aim)
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// heading is that of a table.
func heading(compare bool) string {
	cells := []string{"What", "On", "Now", "Ratio", "Against", "Aim"}
	if compare {
		cells = []string{"What", "On", "Before", "Now", "Now / before", "Ratio", "Against", "Aim"}
	}
	return "| " + strings.Join(cells, " | ") + " |\n|" + strings.Repeat("---|", len(cells)) + "\n"
}

// table is all rows, a table for each group.
func table(rows, before []row, compare bool) string {
	var b strings.Builder
	group := ""
	ordered := slices.Clone(rows)
	slices.SortStableFunc(ordered, func(a, b row) int { return slices.Index(groups, a.Group) - slices.Index(groups, b.Group) })
	for _, r := range ordered {
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(&b, "\n### %s\n\n%s", titles[group], heading(compare))
		}
		b.WriteString(r.line(before, compare))
	}
	return b.String()
}

// condensed leaves of the lists of the register the slowest sort and the slowest filter:
// a table of a hundred rows nobody reads.
func condensed(rows []row) []row {
	slowest := map[string]int{}
	kind := func(r row) string {
		table, question, _ := strings.Cut(r.What, " ")
		_, page, _ := strings.Cut(question, ", ")
		switch {
		case r.Group != "lists" || strings.HasPrefix(question, "in the order of id"):
			return ""
		case strings.HasPrefix(question, "sort="):
			return r.On + table + "sort" + page
		}
		return r.On + table + "filter" + page
	}
	for i, r := range rows {
		if k := kind(r); k != "" {
			if most, ok := slowest[k]; !ok || rows[most].Value < r.Value {
				slowest[k] = i
			}
		}
	}
	var left []row
	for i, r := range rows {
		switch k := kind(r); {
		case k == "":
			left = append(left, r)
		case slowest[k] == i:
			r.What = "slowest of all: " + r.What
			left = append(left, r)
		}
	}
	return left
}

// titles are what is above the table of a group.
var titles = map[string]string{
	"process":   "The process",
	"pages":     "Lists of zaken",
	"lists":     "Lists of the register",
	"keys":      "Expired keys",
	"log":       "The log of processing",
	"reading":   "Reading with a BSN",
	"generator": "The generator",
	"build":     "The first build",
}
