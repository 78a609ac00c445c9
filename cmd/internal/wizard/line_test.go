package wizard

import (
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// TestLineAroundTheCursor: of a line that does not fit the rows around the cursor
// are shown, and what is after the cursor goes on in its row.
func TestLineAroundTheCursor(t *testing.T) {
	var l line
	l.insert("een twee drie vier")
	for name, c := range map[string]struct {
		keys          []terminal.KeyName
		room          int
		before, after []string
	}{
		"all of it":          {nil, 9, []string{"> een t", "wee dri", "e vier"}, []string{""}},
		"at its end":         {nil, 2, []string{"wee dri", "e vier"}, []string{""}},
		"at its beginning":   {[]terminal.KeyName{terminal.KeyHome}, 2, []string{"> "}, []string{"een t", "wee dri"}},
		"one row":            {[]terminal.KeyName{terminal.KeyHome, terminal.KeyRight}, 1, []string{"> e"}, []string{"en t"}},
		"at the end of rows": {[]terminal.KeyName{terminal.KeyHome, terminal.KeyRight, terminal.KeyRight, terminal.KeyRight, terminal.KeyRight, terminal.KeyRight}, 9, []string{"> een t"}, []string{"", "wee dri", "e vier"}},
	} {
		l := l
		for _, key := range c.keys {
			l.edit(key)
		}
		if before, after := l.rows(7, c.room); !slices.Equal(before, c.before) || !slices.Equal(after, c.after) {
			t.Errorf("%s: %q and %q; want %q and %q", name, before, after, c.before, c.after)
		}
	}
}

// TestWhatWasTypedComesFirst in a list, before what says more than that.
func TestWhatWasTypedComesFirst(t *testing.T) {
	options := []string{"Woonplaats in onderzoek (adres)", "Oude woonplaats", "Woonplaats (adres)", "Straat"}
	found := []int{0, 1, 2}
	beginning(found, options, "Woonpl")
	if !slices.Equal(found, []int{2, 0, 1}) {
		t.Errorf("the order is %v", found)
	}
	found = []int{3, 0, 1, 2}
	beginning(found, options, "")
	if !slices.Equal(found, []int{3, 0, 1, 2}) {
		t.Errorf("without words the order is %v", found)
	}
}
