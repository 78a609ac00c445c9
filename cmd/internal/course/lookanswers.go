package course

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// answers looks what the team said in fieldlab.yaml.
func (l *looker) answers(p spec) string {
	body, err := l.read(answers.FileName)
	if err != nil {
		return unreadable(answers.FileName, err)
	}
	d, found := answers.Parse(answers.FileName, []byte(body))
	if len(found) > 0 {
		return fmt.Sprintf("%s heeft een fout, op regel %d: %s", answers.FileName, found[0].Line, found[0].Text("nl"))
	}
	if p.subject == "key" {
		return key(p, body)
	}
	return subject(p, d.Answers)
}

// subject looks for a thing with a name.
func subject(p spec, a answers.Answers) string {
	missing := func(what string) string { return fmt.Sprintf("In %s staat geen %s.", answers.FileName, what) }
	switch p.subject {
	case "entity":
		if entity(a, p.name) == nil {
			return missing("entiteit " + p.name)
		}
	case "field":
		e := entity(a, p.within)
		if e == nil {
			return missing("entiteit " + p.within)
		}
		return field(p, e)
	case "step":
		return processStep(p, a)
	case "role":
		if !slices.ContainsFunc(a.Process.Roles, func(r answers.Role) bool { return r.Name == p.name }) {
			return missing("rol " + p.name)
		}
	case "source":
		return source(p, a)
	case "activity":
		if !slices.ContainsFunc(a.Privacy.Activities, func(v answers.Activity) bool { return v.Name == p.name }) {
			return missing("verwerkingsactiviteit " + p.name)
		}
	}
	return ""
}

func entity(a answers.Answers, name string) *answers.Entity {
	for i := range a.Register {
		if a.Register[i].Name == name {
			return &a.Register[i]
		}
	}
	return nil
}

func field(p spec, e *answers.Entity) string {
	for _, f := range e.Fields {
		switch {
		case f.Name != p.name:
		case p.kind != "" && f.Type != p.kind:
			return fmt.Sprintf("Het veld %s is er, maar is van soort %s. Gevraagd is %s.", p.name, f.Type, p.kind)
		default:
			return ""
		}
	}
	return fmt.Sprintf("In %s heeft %s nog geen veld %s.", answers.FileName, e.Name, p.name)
}

func processStep(p spec, a answers.Answers) string {
	for _, s := range a.Process.Steps {
		switch {
		case s.Name != p.name:
		case p.kind != "" && s.Kind != p.kind:
			return fmt.Sprintf("De processtap %s is er, maar is van soort %s. Gevraagd is %s.", p.name, s.Kind, p.kind)
		default:
			return ""
		}
	}
	return fmt.Sprintf("In %s heeft het proces nog geen processtap %s.", answers.FileName, p.name)
}

func source(p spec, a answers.Answers) string {
	for _, s := range a.Sources {
		switch {
		case s.Name != p.name:
		case p.kind != "" && !slices.ContainsFunc(s.Operations, func(o answers.Operation) bool { return o.Name == p.kind }):
			return fmt.Sprintf("De bron %s is er, maar krijgt de vraag %s nog niet.", p.name, p.kind)
		case p.keeps != "" && !slices.Contains(s.Purpose.Fields, p.keeps):
			return fmt.Sprintf("De bron %s is er, maar bij purpose.fields staat %s niet.", p.name, p.keeps)
		case p.drops != "" && slices.Contains(s.Purpose.Fields, p.drops):
			return fmt.Sprintf("Bij de bron %s staat %s nog bij purpose.fields.", p.name, p.drops)
		default:
			return ""
		}
	}
	return fmt.Sprintf("In %s staat nog geen bron %s.", answers.FileName, p.name)
}

// key looks at one answer.
func key(p spec, body string) string {
	tree, _ := answers.Tree([]byte(body))
	n := valueAt(tree, p.name)
	switch {
	case n == nil || n.Kind == yaml.ScalarNode && !hasText(n.Value):
		return fmt.Sprintf("In %s is %s nog niet ingevuld.", answers.FileName, p.name)
	case p.is != "" && n.Value != p.is:
		return fmt.Sprintf("In %s staat bij %s nog iets anders dan gevraagd is.", answers.FileName, p.name)
	case p.not != "" && n.Value == p.not:
		return fmt.Sprintf("In %s staat bij %s nog hetzelfde als aan het begin.", answers.FileName, p.name)
	}
	return ""
}

// valueAt follows a key such as privacy.activities[0].title.
func valueAt(n *yaml.Node, name string) *yaml.Node {
	for part := range strings.SplitSeq(strings.ReplaceAll(name, "[", ".["), ".") {
		if n == nil {
			return nil
		}
		if index, is := strings.CutPrefix(part, "["); is {
			i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
			if err != nil || n.Kind != yaml.SequenceNode || i < 0 || i >= len(n.Content) {
				return nil
			}
			n = n.Content[i]
			continue
		}
		n = child(n, part)
	}
	return n
}

func child(n *yaml.Node, name string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}
