package update

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// TransitionPath says where zaken go that are at a step that is gone.
const TransitionPath = "4-proces/overgang.yaml"

// Stays is what the team writes for a step of which the zaken end their course
// on the process under which they began.
const Stays = "blijft"

const transitionHead = `# Waar zaken heen gaan die bij een stap staan die er niet meer is: "oude-stap: nieuwe-stap".
# Of "oude-stap: blijft": die zaken maken het proces af waaronder ze begonnen.
`

// steps writes the lines of Request.Steps, and takes away those of steps that came
// back: kern refuses a line about a step that is there.
func (f *finder) steps() error {
	back := f.cameBack()
	if len(f.r.Steps)+len(back) == 0 {
		return nil
	}
	in, err := f.disk.look(TransitionPath)
	if err != nil {
		return err
	}
	change := Change{Path: TransitionPath, Action: Add, Mode: 0o644}
	switch in.kind {
	case absent:
		if len(f.r.Steps) == 0 {
			return nil
		}
		change.After = withSteps([]byte(transitionHead), f.r.Steps, back)
	case file:
		if change.Before, err = f.disk.read(TransitionPath, in.info); err != nil {
			return err
		}
		change.Action, change.seen, change.Mode = Merge, in.info, in.info.Mode().Perm()
		change.After = withSteps(change.Before, f.r.Steps, back)
	default:
		return base.Fault{Code: base.Link, Path: TransitionPath}
	}
	if !bytes.Equal(change.Before, change.After) {
		f.report(change)
	}
	return nil
}

// cameBack are the steps that the answers have now, and did not have before.
func (f *finder) cameBack() map[string]bool {
	back := map[string]bool{}
	for _, step := range f.now.Answers.Process.Steps {
		back[step.Name] = true
	}
	for _, step := range f.old.Answers.Process.Steps {
		delete(back, step.Name)
	}
	return back
}

// transitions are the steps of which the file says something. What cannot be
// read says nothing: kern judges the file, at the start.
func (f *finder) transitions() map[string]bool {
	said := map[string]bool{}
	in, err := f.disk.look(TransitionPath)
	if err != nil || in.kind != file {
		return said
	}
	body, err := f.disk.read(TransitionPath, in.info)
	if err != nil {
		return said
	}
	for line := range strings.Lines(string(body)) {
		if key, _, ok := transition(line); ok {
			said[key] = true
		}
	}
	return said
}

// withSteps puts lines in the text: at the place of one that says something
// else of the step, or at the end. Where zaken went to a step that is gone now,
// they go where those of that step go, or stay as they do. What it says of a step
// that came back goes away.
func withSteps(text []byte, steps map[string]string, back map[string]bool) []byte {
	ends := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		ends = "\r\n"
	}
	left := map[string]string{}
	for old, to := range steps {
		left[old] = to
	}
	var out strings.Builder
	for line := range strings.Lines(string(text)) {
		bare := strings.TrimRight(line, "\r\n")
		key, value, ok := transition(bare)
		to, again := left[key]
		if !again && ok && back[key] {
			continue
		}
		if !again {
			to, again = steps[value]
		}
		if !ok || !again {
			out.WriteString(line)
			continue
		}
		delete(left, key)
		out.WriteString(quote.YAML(key) + ": " + quote.YAML(to) + comment(bare) + line[len(bare):])
	}
	if written := out.String(); written != "" && !strings.HasSuffix(written, "\n") {
		out.WriteString(ends)
	}
	names := make([]string, 0, len(left))
	for name := range left {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		out.WriteString(quote.YAML(name) + ": " + quote.YAML(left[name]) + ends)
	}
	return []byte(out.String())
}

// transition reads one line of the file.
func transition(line string) (from, to string, ok bool) {
	if line == "" || line[0] == ' ' || line[0] == '\t' || line[0] == '#' {
		return "", "", false
	}
	var one map[string]string
	if len(line) > 1000 || yaml.Unmarshal([]byte(line), &one) != nil || len(one) != 1 {
		return "", "", false
	}
	for from, to = range one {
	}
	return from, to, true
}

// comment is what stands behind the value of a line.
func comment(line string) string {
	var node yaml.Node
	if yaml.Unmarshal([]byte(line), &node) != nil || len(node.Content) != 1 || len(node.Content[0].Content) != 2 {
		return ""
	}
	mapping := node.Content[0]
	for _, said := range []string{mapping.Content[1].LineComment, mapping.Content[0].LineComment, mapping.LineComment} {
		if said != "" {
			return " " + said
		}
	}
	return ""
}
