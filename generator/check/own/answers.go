package own

import (
	"bytes"
	"cmp"
	"reflect"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// answers judges fieldlab.yaml, and whether the component is made of it.
func (l *look) answers() {
	if !l.r.Has(answers.FileName) {
		if l.r.IsComponent() {
			l.to.Add(check.Finding{Rule: ruleAnswers, Case: "missing", Path: answers.FileName})
		}
		return
	}
	body, err := l.r.Read(answers.FileName, check.MaxText)
	if err != nil {
		l.to.Miss(ruleAnswers, answers.FileName, "unreadable")
		return
	}
	l.to.Looked(ruleAnswers)
	document, problems := answers.Parse(answers.FileName, body)
	if len(problems) == 0 {
		_, found := model.New(document.Answers, l.r.FS(), model.Env{})
		problems = document.Place(found)
	}
	for _, p := range problems.Sorted() {
		l.to.Add(wrong(p))
	}
	if len(problems) == 0 {
		l.applied(document, body)
	}
}

// wrong is the finding of one problem. Its text is there in both languages already, and the
// catalogues each show their own: with a plus (%+[2]s), which changes nothing to a text and
// says to the test of the catalogues that they do not show the same value.
func wrong(p problem.Problem) check.Finding {
	return check.Finding{
		Rule: ruleAnswers, Case: "problem", Path: answers.FileName, Line: p.Line, Column: p.Column,
		Args: []string{cmp.Or(p.Key, answers.FileName), p.Text("nl"), p.Text("en")},
	}
}

// applied says that the answers were changed after the last update. Another order of the
// lines, or a comment, changes nothing.
func (l *look) applied(now *answers.Document, body []byte) {
	before, known := l.inBase(answers.FileName)
	if !known {
		return
	}
	l.to.Looked(ruleApplied)
	if bytes.Equal(before, body) {
		return
	}
	was, problems := answers.Parse(answers.FileName, before)
	if len(problems) == 0 && reflect.DeepEqual(was.Answers, now.Answers) {
		return
	}
	l.to.Add(check.Finding{Rule: ruleApplied, Path: plan.AnswersPath, Line: firstDifference(before, body)})
}

// firstDifference is the number of the first line that differs.
func firstDifference(before, now []byte) int {
	n := 0
	for n < len(before) && n < len(now) && before[n] == now[n] {
		n++
	}
	return check.LineAt(now, n)
}
