package grow

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// examples are answers of which the model finds nothing wrong, by their file.
func examples(t testing.TB) map[string]*answers.Document {
	t.Helper()
	found := map[string]*answers.Document{}
	for _, pattern := range []string{"../../examples/*/fieldlab.yaml", "../../examples/testdata/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d, problems := answers.Parse(file, data); len(problems) == 0 && len(judged(file, d.Answers)) == 0 {
				found[file] = d
			}
		}
	}
	if len(found) < 5 {
		t.Fatalf("only %d examples", len(found))
	}
	return found
}

func judged(file string, a answers.Answers) problem.List {
	_, problems := model.New(a, os.DirFS(filepath.Dir(file)), model.Env{})
	return problems
}

// operation is one change with a word on what it was.
type operation struct {
	said string
	old  string // the name that changes
	run  func(a answers.Answers) (answers.Answers, []Note, error)
}

// some is one of a list.
func some(r *rand.Rand, items []string) string { return items[r.IntN(len(items))] }

// one is one of a list, or nonsense when that is empty, and now and then anyway.
func one[T any](r *rand.Rand, items []T, name func(T) string) string {
	if len(items) == 0 || r.IntN(20) == 0 {
		return "bestaat niet"
	}
	return name(items[r.IntN(len(items))])
}

var words = []string{"boom", "straat naam", "Aanvraag-datum", "Ölpeil", "kenmerk2", "hoogte", "vergunning", "postcode", "huisnummer", "bsn", "bag", "zaak", "een heel lange naam met veel woorden erin"}

// random is any change of a.
func random(r *rand.Rand, a answers.Answers) operation {
	word := words[r.IntN(len(words))]
	step, role := one(r, a.Process.Steps, stepName), one(r, a.Process.Roles, roleName)
	entity := one(r, a.Register, entityName)
	var fields []answers.Field
	for _, e := range a.Register {
		fields = append(fields, e.Fields...)
	}
	fields = append(fields, asked(a)...)
	switch r.IntN(9) {
	case 0, 1:
		kind := some(r, []string{"text", "date", "adres", "bsn", "integer", "postcode", "reference"})
		f := answers.Field{Name: word, Type: kind, Required: r.IntN(2) == 0, Entity: map[bool]string{true: one(r, a.Register, entityName)}[kind == "reference"]}
		var forms []string
		if r.IntN(3) == 0 {
			forms = []string{step}
		}
		return operation{"add field " + entity + " " + word + " " + kind, "", func(a answers.Answers) (answers.Answers, []Note, error) { return AddField(a, entity, f, forms) }}
	case 2:
		e := answers.Entity{Name: word, Fields: []answers.Field{{Name: "a", Type: "text"}}}
		return operation{"add entity " + word, "", func(a answers.Answers) (answers.Answers, []Note, error) { return AddEntity(a, e) }}
	case 3, 4:
		s := answers.Step{Name: word, Kind: some(r, []string{"form", "lookup", "decide", "task", "end"})}
		outcome := ""
		switch s.Kind {
		case "form":
			s.Role, s.Fields = role, []answers.StepField{{Name: one(r, fields, fieldName)}}
		case "lookup":
			s.Source = one(r, a.Sources, sourceName)
		case "decide":
			s.Role, s.Outcomes = role, []answers.Outcome{{Name: "ja"}, {Name: "nee", Next: step}}
		case "task":
			s.Role = role
		}
		if i := index(a.Process.Steps, stepName, step); i >= 0 && r.IntN(2) == 0 {
			outcome = one(r, a.Process.Steps[i].Outcomes, func(o answers.Outcome) string { return o.Name })
		}
		return operation{"add step " + word + " " + s.Kind + " after " + step + ":" + outcome, "", func(a answers.Answers) (answers.Answers, []Note, error) { return AddStep(a, s, step, outcome) }}
	case 5:
		return another(r, word)
	}
	return existing(r, a, word, fields)
}

// another is a new role, source or activity.
func another(r *rand.Rand, word string) operation {
	switch r.IntN(3) {
	case 0:
		x := answers.Role{Name: word, Audience: some(r, []string{"citizen", "company", "employee"})}
		return operation{"add role " + word, "", func(a answers.Answers) (answers.Answers, []Note, error) { return AddRole(a, x) }}
	case 1:
		x := answers.Source{Name: word, Catalogue: some(r, catalogue.Names())}
		return operation{"add source " + word + " " + x.Catalogue, "", func(a answers.Answers) (answers.Answers, []Note, error) { return AddSource(a, x) }}
	}
	x := answers.Activity{Name: word, Purpose: "Iets", Basis: "publieke taak"}
	return operation{"add activity " + word, "", func(a answers.Answers) (answers.Answers, []Note, error) { return AddActivity(a, x) }}
}

// existing is a change of something that is there: another name, or away.
func existing(r *rand.Rand, a answers.Answers, word string, fields []answers.Field) operation {
	ref := Ref{Kind: Kinds()[r.IntN(6)]}
	switch ref.Kind {
	case Entity:
		ref.Name = one(r, a.Register, entityName)
	case Field:
		ref.Name = one(r, fields, fieldName)
	case Step:
		ref.Name = one(r, a.Process.Steps, stepName)
	case Role:
		ref.Name = one(r, a.Process.Roles, roleName)
	case Source:
		ref.Name = one(r, a.Sources, sourceName)
	case Activity:
		ref.Name = one(r, a.Privacy.Activities, activityName)
	}
	if r.IntN(2) == 0 {
		title := ""
		if r.IntN(3) == 0 {
			title = "Een titel"
		}
		return operation{"rename " + string(ref.Kind) + " " + ref.Name + " " + word, ref.Name, func(a answers.Answers) (answers.Answers, []Note, error) {
			return Apply(a, Rename{Kind: ref.Kind, Old: ref.Name, New: word}, title)
		}}
	}
	to := ""
	if r.IntN(2) == 0 {
		to = one(r, a.Process.Steps, stepName)
	}
	return operation{"remove " + string(ref.Kind) + " " + ref.Name + " to " + to, "", func(a answers.Answers) (answers.Answers, []Note, error) { return Remove(a, ref, to) }}
}

// excused are mistakes in what the person gave, which package model judges: a
// reserved name, or one that belongs to a date.
var excused = map[problem.Code]bool{problem.NameReserved: true, problem.DateName: true, problem.NameCollision: true}

// local fails when a change touches lines that are not its own: a new name
// changes the lines that hold the old one, and what is added only those that lead
// to it.
func local(t *testing.T, op operation, before, after string) {
	t.Helper()
	now := map[string]int{}
	for line := range strings.Lines(after) {
		now[line]++
	}
	var gone []string
	for line := range strings.Lines(before) {
		if now[line]--; now[line] < 0 {
			gone = append(gone, line)
		}
	}
	verb, rest, _ := strings.Cut(op.said, " ")
	_, name, _ := strings.Cut(rest, " ")
	switch {
	case verb == "add" && len(gone) > 7:
		t.Errorf("%s changed %q", op.said, gone)
	case verb == "rename":
		for _, line := range gone {
			title := strings.ToLower(naming.Title(op.old))
			if low := strings.ToLower(line); !strings.Contains(low, strings.ToLower(op.old)) && !strings.Contains(low, title) && !strings.Contains(line, "title:") && !strings.Contains(line, "input:") {
				t.Errorf("%s (%s) changed %q", op.said, name, line)
			}
		}
	}
}

// described says whether only an OpenAPI file says what a question takes; that is
// for package model to read.
func described(a answers.Answers) bool {
	return slices.ContainsFunc(a.Sources, func(s answers.Source) bool { return s.OpenAPI != "" })
}

// TestSound: whatever is asked for, what comes out is as sound as it was, or it
// is refused. The answers that go in stay as they are, and what comes out can be
// written into the text.
func TestSound(t *testing.T) {
	for file, d := range examples(t) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(12, uint64(len(file))))
			done := 0
			for round := range rounds {
				done += walk(t, r, file, dressed(t, round, d), round%4 < 2)
			}
			if done < rounds/2 {
				t.Errorf("only %d changes were made", done)
			}
		})
	}
}

// dressed gives answers written in another way: with other line ends, with other
// indentation, or all within brackets.
func dressed(t *testing.T, round int, d *answers.Document) *answers.Document {
	t.Helper()
	text := string(d.Source)
	switch round % 4 {
	case 1:
		text = strings.ReplaceAll(text, "\n", "\r\n")
	case 2, 3:
		var tree yaml.Node
		if err := yaml.Unmarshal(d.Source, &tree); err != nil {
			return d // what only the shield of package answers can read
		}
		if round%4 == 3 {
			inBrackets(&tree)
		}
		var b bytes.Buffer
		encoder := yaml.NewEncoder(&b)
		encoder.SetIndent(4)
		if err := encoder.Encode(&tree); err != nil {
			t.Fatal(err)
		}
		text = b.String()
	}
	again, problems := answers.Parse(d.File, []byte(text))
	if len(problems) > 0 {
		return d
	}
	return again
}

// inBrackets writes a tree as one value in brackets; what stood beside it goes.
func inBrackets(n *yaml.Node) {
	if n.HeadComment, n.LineComment, n.FootComment = "", "", ""; n.Kind != yaml.ScalarNode {
		n.Style = yaml.FlowStyle
	} else if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		n.Style = yaml.DoubleQuotedStyle
	}
	for _, c := range n.Content {
		inBrackets(c)
	}
}

// rounds is how many times everything is done; more find more.
const rounds = 8

// walk makes some changes one after the other, and gives how many were made.
func walk(t *testing.T, r *rand.Rand, file string, d *answers.Document, lines bool) (done int) {
	t.Helper()
	var said []string
	for range 6 {
		op := random(r, d.Answers)
		before := clone(d.Answers)
		now, notes, err := op.run(d.Answers)
		if !reflect.DeepEqual(before, d.Answers) {
			t.Fatalf("%s changed what went in", op.said)
		}
		said = append(said, op.said)
		if err != nil {
			if list := (problem.List)(nil); !errors.As(err, &list) || len(list) == 0 {
				t.Fatalf("%s: %v is no list of problems", op.said, err)
			}
			if len(notes) > 0 || !reflect.DeepEqual(now, d.Answers) {
				t.Fatalf("%s was refused and did something", op.said)
			}
			continue
		}
		if found := judged(file, now); len(found) > 0 {
			for _, p := range found {
				if !excused[p.Code] && !(described(now) && p.Code == problem.InputNothing) {
					t.Errorf("%s: %v", strings.Join(said, ", "), found)
					break
				}
			}
			continue
		}
		text, err := d.Rewrite(now)
		if err != nil {
			t.Fatalf("%s: %v", strings.Join(said, ", "), err)
		}
		if lines {
			local(t, op, string(d.Source), string(text))
		}
		next, problems := answers.Parse(file, text)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", strings.Join(said, ", "), problems)
		}
		d = next
		done++
	}
	return done
}
