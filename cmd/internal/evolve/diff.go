package evolve

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// around is how many lines are shown before and after those that differ.
const around = 3

// writeDiff gives every line that changes on the standard output, as programs
// that read differences know them.
func writeDiff(d Deps, u *update.Update) error {
	var out strings.Builder
	for _, changes := range [][]update.Change{u.Changes, u.Kern.Changes} {
		for _, c := range changes {
			if !aside(c.Path) {
				out.WriteString(unified(d, c))
			}
		}
	}
	if out.Len() > 0 && d.IO.OutTerminal && d.IO.ErrTerminal {
		fmt.Fprintln(d.IO.Out) // a line between the plan and the lines
	}
	_, err := io.WriteString(d.IO.Out, out.String())
	return err
}

// unified is the difference of one file; "" when its bytes stay.
func unified(d Deps, c update.Change) string {
	from, to := "a/"+c.Path, "b/"+c.Path
	if c.From != "" {
		from = "a/" + c.From
	}
	switch {
	case c.Before == nil && c.After == nil, c.Before != nil && c.After != nil && bytes.Equal(c.Before, c.After) && from[2:] == to[2:]:
		return ""
	case binary(c.Before) || binary(c.After):
		return terminal.Safe(d.Text.T("update.binary", c.Path)) + "\n"
	case c.Before == nil:
		from = "/dev/null"
	case c.After == nil:
		to = "/dev/null"
	case bytes.Equal(c.Before, c.After):
		return fmt.Sprintf("--- %s\n+++ %s\n", terminal.Safe(from), terminal.Safe(to))
	}
	before, after := string(c.Before), string(c.After)
	body, err := udiff.ToUnified(terminal.Safe(from), terminal.Safe(to), before, udiff.Lines(before, after), around)
	if err != nil {
		return ""
	}
	var out strings.Builder
	grown := 0
	for line := range strings.Lines(body) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(line, "@@") {
			line, grown = numbered(line, grown)
		}
		out.WriteString(coloured(d, shownLine(d, line)) + "\n")
	}
	return out.String()
}

var place = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(,\d+)? @@$`)

// numbered puts the right line of the new file in the head of a hunk. go-udiff
// v0.4.1 counts only those of the lines between that change nothing which are
// between hunks, and so is wrong after two places in one hunk.
func numbered(head string, grown int) (string, int) {
	part := place.FindStringSubmatch(head)
	if part == nil {
		return head, grown
	}
	from, _ := strconv.Atoi(part[1])
	before, after := 1, 1
	if part[2] != "" {
		before, _ = strconv.Atoi(part[2])
	}
	if part[4] != "" {
		after, _ = strconv.Atoi(part[4][1:])
	}
	if from > 0 && part[3] != "0" {
		head = strings.Replace(head, "+"+part[3], "+"+strconv.Itoa(from+grown), 1)
	}
	return head, grown + after - before
}

// binary says whether a file is no text.
func binary(body []byte) bool {
	return bytes.IndexByte(body[:min(len(body), 8000)], 0) >= 0
}

// shownLine makes what steers a terminal visible. Tabs stay, and so does the end
// of a line of Windows in a file.
func shownLine(d Deps, line string) string {
	end := ""
	if rest, ok := strings.CutSuffix(line, "\r"); ok {
		if line = rest; !d.IO.OutTerminal {
			end = "\r"
		}
	}
	var out strings.Builder
	for len(line) > 0 {
		r, size := utf8.DecodeRuneInString(line)
		switch {
		case r == '\t':
			out.WriteByte('\t')
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, `\x%02x`, line[0])
		case terminal.Safe(string(r)) == "":
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
		line = line[size:]
	}
	return out.String() + end
}

// coloured marks a line on a screen.
func coloured(d Deps, line string) string {
	if !d.IO.OutTerminal {
		return line
	}
	switch {
	case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"):
		return d.IO.Bold(line)
	case strings.HasPrefix(line, "@@"):
		return d.IO.Faint(line)
	case strings.HasPrefix(line, "-"):
		return d.IO.Warn(line)
	case strings.HasPrefix(line, "+"):
		return d.IO.Good(line)
	}
	return line
}

// lines shows the lines that differ between two versions of a small file,
// without those around them.
func lines(d Deps, before, after []byte) string {
	hunks, err := udiff.ToUnified("", "", string(before), udiff.Lines(string(before), string(after)), 0)
	if err != nil {
		return ""
	}
	var shown []string
	for line := range strings.Lines(hunks) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"):
		case strings.HasPrefix(line, "+"):
			shown = append(shown, "  "+d.IO.Good("+ "+terminal.Safe(line[1:])))
		case strings.HasPrefix(line, "-"):
			shown = append(shown, "  "+d.IO.Warn("- "+terminal.Safe(line[1:])))
		}
	}
	return strings.Join(shown, "\n")
}
