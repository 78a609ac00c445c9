package evolve

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// lines shows the lines that differ between two versions of a small file,
// without those around them.
func lines(d Deps, before, after []byte) string {
	hunks, err := udiff.ToUnified("", "", string(before), udiff.Lines(string(before), string(after)), 0)
	if err != nil {
		return ""
	}
	var shown []string
	for n, line := range strings.Split(hunks, "\n") {
		line = strings.TrimRight(line, "\r")
		switch {
		case n < 2: // the names of the files
		case strings.HasPrefix(line, "+"):
			shown = append(shown, "  "+d.IO.Bold("+ "+terminal.Safe(line[1:])))
		case strings.HasPrefix(line, "-"):
			shown = append(shown, "  "+d.IO.Faint("- "+terminal.Safe(line[1:])))
		}
	}
	return strings.Join(shown, "\n")
}
