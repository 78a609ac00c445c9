package wizard

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// line is a text that a person types, with a cursor in it.
type line struct {
	runes []rune
	at    int
}

// set begins anew.
func (l *line) set(words string) {
	l.runes = []rune(words)
	l.at = len(l.runes)
}

func (l *line) insert(words string) {
	l.runes = slices.Insert(l.runes, l.at, []rune(words)...)
	l.at += len([]rune(words))
}

// edit changes the line by a key.
func (l *line) edit(key terminal.KeyName) {
	switch {
	case key == terminal.KeyBackspace && l.at > 0:
		l.at--
		l.runes = slices.Delete(l.runes, l.at, l.at+1)
	case key == terminal.KeyDelete && l.at < len(l.runes):
		l.runes = slices.Delete(l.runes, l.at, l.at+1)
	case key == terminal.KeyLeft:
		l.at = max(l.at-1, 0)
	case key == terminal.KeyRight:
		l.at = min(l.at+1, len(l.runes))
	case key == terminal.KeyHome:
		l.at = 0
	case key == terminal.KeyEnd:
		l.at = len(l.runes)
	case key == terminal.KeyClear:
		l.set("")
	}
}

// rows breaks the line into those before the cursor and those from the cursor
// on, which begin in the last row before it. Of more rows than there is room
// for, those around the cursor stay.
func (l *line) rows(columns, room int) (before, after []string) {
	typed := terminal.Rows("> "+string(l.runes), columns)
	before = terminal.Rows("> "+string(l.runes[:l.at]), columns)
	here := len(before) - 1
	after = slices.Clone(typed[here:])
	after[0] = strings.TrimPrefix(after[0], before[here])
	from := max(0, len(before)-room)
	return before[from:], after[:min(len(typed), from+room)-here]
}

// asksHelp says whether a line asks for help, and what was typed before that.
func asksHelp(line string) (rest string, asks bool) {
	for _, sign := range []string{keyHelp, "？"} {
		if rest, ok := strings.CutSuffix(line, sign); ok && (strings.Trim(rest, sign) == "" || strings.HasSuffix(rest, " ")) {
			return strings.TrimSpace(strings.Trim(rest, sign)), true
		}
	}
	return line, false
}
