package doctorcmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/doctor"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// headline is the answer in one sentence.
func headline(d Deps, counts map[doctor.State]int, about string) string {
	const head = "doctor.head."
	switch wrong := counts[doctor.Wrong]; {
	case wrong == 1:
		return d.Text.T(head + "one-wrong" + about)
	case wrong > 1:
		return d.Text.T(head+"wrong"+about, wrong)
	case counts[doctor.Mind] > 0:
		return d.Text.T(head + "ready-mind" + about)
	}
	return d.Text.T(head + "ready" + about)
}

// indent is where the words of a finding begin.
const indent = "        "

// show is one finding that needs somebody.
func show(d Deps, state doctor.State, s doctor.Said) {
	mark := d.Text.T("doctor.mark." + string(state))
	coloured := d.IO.Bold(mark)
	if state == doctor.Wrong {
		coloured = d.IO.Warn(mark)
	}
	out := func(words string) { fmt.Fprintln(d.IO.Out, words) }
	words := d.IO.Wrap(terminal.SafeLines(s.What), indent)
	gap := strings.Repeat(" ", max(1, len(indent)-len([]rune(mark))))
	out(coloured + gap + strings.TrimPrefix(words, indent))
	out(d.IO.Wrap(terminal.SafeLines(s.Why), indent))
	if s.Line != "" {
		out(indent + d.IO.Good("> ") + terminal.Safe(s.Line)) // never wrapped: it is copied
	}
	if s.Do != "" {
		out(d.IO.Wrap(terminal.SafeLines(s.Do), indent))
	}
}

// unseen says what was not looked at, by reason.
func unseen(d Deps, found []doctor.Finding) {
	var reasons []string
	names := map[string][]string{}
	for _, f := range found {
		if f.State != doctor.Unknown {
			continue
		}
		s := f.Say(d.Text)
		if !slices.Contains(reasons, s.What) {
			reasons = append(reasons, s.What)
		}
		if !slices.Contains(names[s.What], s.Name) {
			names[s.What] = append(names[s.What], s.Name)
		}
	}
	for _, reason := range reasons {
		words := d.Text.T("doctor.unseen", strings.Join(names[reason], ", "), reason)
		fmt.Fprintln(d.IO.Out, d.IO.Wrap(terminal.Safe(words), ""))
	}
}

// fine names in one paragraph what is in order, and was not named before: several
// checks look at the folder, and at the settings of Go.
func fine(d Deps, found []doctor.Finding) {
	var names, named []string
	for _, f := range found { // the worst first
		s := f.Say(d.Text)
		if f.State != doctor.OK {
			named = append(named, s.Name)
		} else if !slices.Contains(named, s.Name) && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	if len(names) > 0 {
		words := d.Text.T("doctor.fine", strings.Join(names, ", "))
		fmt.Fprintln(d.IO.Out, d.IO.Wrap(terminal.Safe(words), ""))
	}
}
