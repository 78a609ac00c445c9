package verdict

import (
	"fmt"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Text shows a result on the screen.
func Text(io *terminal.IO, t *text.Catalogue, r *check.Result) {
	for _, v := range r.Verdicts {
		for _, f := range v.Findings {
			fmt.Fprintf(io.Out, "%s:%d:%d: %s: %s [%s]\n", terminal.Safe(f.Path), f.Line, f.Column, v.Rule.Severity, terminal.Safe(Say(t, f)), f.Rule)
		}
	}
}
