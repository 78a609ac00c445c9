package answers

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

const small = `# van ons
version: 1
component: # het component
  title: Proef # nog bedenken
  organisation: {name: Gemeente Proef}
register:
  # een
  - name: zaak
    fields:
      - {name: a, type: text}
`

func TestSet(t *testing.T) {
	for _, c := range []struct{ key, value, want string }{
		{"component.title", "Verhuizing: doorgeven", "  title: 'Verhuizing: doorgeven' # nog bedenken\n"},
		{"component.title", "007", `  title: "007" # nog bedenken` + "\n"},
		{"component.name", "verhuizing", "  name: verhuizing\n"},
		{"component.organisation.oin", "00000001001299757000", `organisation: {name: Gemeente Proef, oin: "00000001001299757000"}`},
		{"component.contact.email", "a@b.nl", "  contact: {email: a@b.nl}\n"},
		{"register[0].fields[0].type", "date", "      - {name: a, type: date}\n"},
		{"register[0].fields[0].required", "true", "      - {name: a, type: text, required: true}\n"},
		{"register[0].fields[0].min", "1.5", "min: 1.5}\n"},
		{"register[0].fields[1]", "{name: b, type: enum, values: [ja, nee]}", "      - {name: b, type: enum, values: [ja, nee]}\n"},
		{"register[0].plural", "zaken", "    plural: zaken\n"},
		{"delivery.ci", "[github]", "delivery: {ci: [github]}\n"},
		{"delivery.ci[0]", "github", "delivery: {ci: [github]}\n"},
		{"fieldlab.days", "3", "fieldlab: {days: 3}\n"},
		{"fieldlab.start", "2026-11-23", "2026-11-23"},
		{"sources", "[]", "sources: []\n"},
		{"component.summary", "", `summary: ""`},
		{"component.summary", "a=b # c", "'a=b # c'"},
		{"component.summary", "ja?", "summary: ja?\n"},
	} {
		d, _ := Parse("fieldlab.yaml", []byte(small))
		if err := d.Set(c.key, c.value); err != nil {
			t.Errorf("%s=%s: %v", c.key, c.value, err)
			continue
		}
		source := string(d.Source)
		if !strings.Contains(source, c.want) || !strings.HasPrefix(source, "# van ons\nversion: 1\ncomponent: # het component\n") || !strings.Contains(source, "# een\n") {
			t.Errorf("%s=%s gives\n%s", c.key, c.value, source)
		}
		again, problems := Parse("fieldlab.yaml", d.Source)
		if len(problems) > 0 || len(d.Problems()) > 0 || !reflect.DeepEqual(again.Answers, d.Answers) {
			t.Errorf("%s=%s: %v, %v\n%s", c.key, c.value, problems, d.Problems(), source)
		}
	}
}

func TestSetMakesWhatIsMissing(t *testing.T) {
	d, problems := Parse("", []byte("version: 1\n"))
	if len(problems) == 0 {
		t.Fatal("nothing is missing")
	}
	for _, argument := range []string{
		"component.title=Proef",
		"component.organisation.name=Gemeente Proef",
		"sources[0].name=bag",
		"sources[0].operations[0]=bevraagAdressen",
		"sources[0].operations[0].path=/adressen",
		"process.steps[0].name=a",
		"process.steps[0].kind=form",
		"process.steps[0].fields[0]=bsn",
		"process.steps[0].fields[1].name=los",
		"process.steps[0].fields[1].type=text",
		"process.steps[0].outcomes.akkoord=b",
		"process.steps[0].input.bsn=a",
	} {
		key, value, err := SplitSet(argument)
		if err == nil {
			err = d.Set(key, value)
		}
		if err != nil {
			t.Fatalf("%s: %v", argument, err)
		}
	}
	if len(d.Problems()) > 0 {
		t.Errorf("%v\n%s", d.Problems(), d.Source)
	}
	a := d.Answers
	step := a.Process.Steps[0]
	if !reflect.DeepEqual(a.Sources[0].Operations[0], Operation{Name: "bevraagAdressen", Path: "/adressen"}) ||
		step.Fields[1].Inline == nil || step.Outcomes[0].Next != "b" || step.Input["bsn"] != "a" {
		t.Errorf("%+v", a)
	}
}

func TestSetRefuses(t *testing.T) {
	for argument, want := range map[string]string{
		"component":                  "set-form",
		"=x":                         "set-form",
		"component.titel=x":          "key-unknown (title)",
		"componint.title=x":          "key-unknown (component)",
		"component..title=x":         "set-path",
		"component.title.x=x":        "set-path",
		"component[0]=x":             "set-path",
		"register[0=x":               "set-path",
		"register[x].name=x":         "set-path",
		"register[-1].name=x":        "set-path",
		"register[0]x=x":             "set-path",
		"register[]=x":               "set-path",
		"register[=x":                "set-path",
		"register[7].name=x":         "set-path",
		"register.name=x":            "set-path",
		"component.title=a\x1bb":     "set-not-text",
		"delivery.ci=[a":             "not-closed",
		"fieldlab.days=":             "want-integer",
		"fieldlab.days=[1]":          "want-integer",
		"register[0].fields[0][0]=x": "set-path",
	} {
		d, _ := Parse("", []byte(small))
		before := *d
		key, value, err := SplitSet(argument)
		if err == nil {
			err = d.Set(key, value)
		}
		if got := codeOf(err); got != want {
			t.Errorf("%s: %s, want %s", argument, got, want)
		}
		if !reflect.DeepEqual(before, *d) {
			t.Errorf("%s changes the document", argument)
		}
	}
	for argument, want := range map[string]string{
		"component.licence=MIT":             "value-unknown",
		"register[0].fields[0].required=ja": "want-boolean",
		"fieldlab.days=vijf":                "want-integer",
		"delivery.ci=github":                "want-list",
		"component.organisation={nam: x}":   "key-unknown",
		"component.title=":                  "value-empty",
		"sources=[{name: &a b}]":            "anchor",
		"version=7":                         "version-newer",
	} {
		d, _ := Parse("", []byte(small))
		key, value, _ := SplitSet(argument)
		if err := d.Set(key, value); err != nil {
			t.Errorf("%s: %v", argument, err)
		}
		if found := d.Problems(); len(found) == 0 || !strings.Contains(summary(found), want) {
			t.Errorf("%s: %v", argument, d.Problems())
		}
	}
}

func codeOf(err error) string {
	if err == nil {
		return "accepted"
	}
	p, ok := errors.AsType[problem.Problem](err)
	switch {
	case !ok:
		return err.Error()
	case p.Suggestion != "":
		return string(p.Code) + " (" + p.Suggestion + ")"
	}
	return string(p.Code)
}

func TestSetInABadFile(t *testing.T) {
	d, _ := Parse("", []byte("a: [\n"))
	if d.Set("component.title", "x") == nil {
		t.Error("a file that is no YAML can be changed")
	}
	d, _ = Parse("", []byte("- a\n"))
	if d.Set("component.title", "x") == nil {
		t.Error("a list can be changed")
	}
}
