package course

import (
	"context"
	"fmt"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/rules"
)

// ruleNames are the rules that files show; what else there is, nobody sees in a course.
func ruleNames() []string {
	var all []string
	for _, r := range rules.List() {
		if r.By == check.Files {
			all = append(all, r.ID)
		}
	}
	slices.Sort(all)
	return all
}

func groupNames() []string {
	var all []string
	for _, g := range check.Groups() {
		all = append(all, string(g))
	}
	return all
}

// checked looks whether fieldlab check has nothing against the component: by a rule, or
// no error in a group. What the team accepted with a reason is no finding.
func (l *looker) checked(ctx context.Context, p spec) string {
	result, err := rules.Look(ctx, l.at.Dir, "", l.at.Now)
	if err != nil {
		return "De controle kon niet kijken. Probeer: fieldlab check"
	}
	asked := false
	for _, v := range result.Verdicts {
		if v.Rule.ID != p.rule && (string(v.Rule.Group) != p.group || v.Rule.Severity != check.Error) {
			continue
		}
		switch {
		case v.Outcome == check.Broken:
			return fmt.Sprintf("De controle vindt nog iets%s. Kijk met: fieldlab check --rule %s", placeOf(v), v.Rule.ID)
		case v.Outcome == check.NotChecked && p.rule != "":
			return "De controle kon dit niet nagaan. Kijk met: fieldlab check --rule " + p.rule
		}
		asked = true
	}
	if !asked {
		return "De controle kent " + p.rule + p.group + " niet."
	}
	return ""
}

// placeOf says where the first finding is that nobody accepted.
func placeOf(v check.Verdict) string {
	for _, f := range v.Findings {
		switch {
		case f.Accepted != "":
		case f.Path != "" && f.Line > 0:
			return fmt.Sprintf(" in %s, regel %d", f.Path, f.Line)
		case f.Path != "":
			return " in " + f.Path
		}
	}
	return ""
}
