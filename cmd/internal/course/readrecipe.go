package course

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// commands are what a recipe may do with fieldlab, and flags are what it may say
// with them: nothing that names a file or a folder, and nothing that commits.
var (
	commands = []string{"add", "rename", "remove"}
	things   = []string{"entity", "field", "step", "role", "source", "activity"}
	flags    = []string{
		"activity", "after", "anonymous", "audience", "basis", "catalogue", "default", "drop", "empty", "example", "explanation",
		"field", "form", "help-text", "input", "kind", "max", "max-length", "min", "new", "next", "of", "operation", "outcome",
		"plural", "provider", "provider-oin", "purpose", "reason", "refers-to", "rename", "replace", "required", "result",
		"retention", "retention-source", "right", "role", "set-default", "source", "step", "term", "title", "to", "type", "value",
	}
)

// operation reads one operation of a recipe.
func (r *reader) operation(n *yaml.Node, key string) (Operation, bool) {
	op := Operation{Line: n.Line + r.above}
	o, ok := r.object(n, key, "fieldlab", "edit", "write")
	if !ok {
		return op, false
	}
	if len(n.Content) != 2 {
		r.add(n, key, problem.CourseOne, []string{"fieldlab", "edit", "write"})
		return op, false
	}
	switch {
	case o.has("fieldlab"):
		op.Fieldlab = r.command(o)
	case o.has("edit"):
		op.Edit = r.edit(o.values["edit"], o.at("edit"))
	case o.has("write"):
		op.Write = r.write(o.values["write"], o.at("write"))
	}
	return op, op.Fieldlab != nil || op.Edit != nil || op.Write != nil
}

func (r *reader) edit(n *yaml.Node, key string) *Edit {
	o, ok := r.object(n, key, "file", "from", "to")
	if !ok {
		return nil
	}
	e := &Edit{File: o.must("file", line), From: o.must("from", block)}
	if to := o.need("to"); to != nil {
		if to.Kind != yaml.ScalarNode {
			r.add(to, o.at("to"), problem.WantText, found(to))
		} else if e.To = to.Value; len(e.To) > block {
			r.add(to, o.at("to"), problem.CourseTooLong, block)
		}
	}
	if o.has("from") && o.has("to") && e.From == e.To {
		r.add(n, key, problem.CourseSame)
	}
	r.editPath(o, e.File)
	return e
}

// editPath: an edit may change the answers too, of which no file is written anew.
func (r *reader) editPath(o object, name string) {
	r.path(o, "file", name, name != "fieldlab.yaml")
}

func (r *reader) write(n *yaml.Node, key string) *File {
	o, ok := r.object(n, key, "path", "text")
	if !ok {
		return nil
	}
	f := &File{Path: o.must("path", line), Text: o.must("text", block)}
	r.path(o, "path", f.Path, true)
	return f
}

// command reads what is typed after "fieldlab".
func (r *reader) command(o object) []string {
	n := o.values["fieldlab"]
	typed := r.text(n, o.at("fieldlab"), 1000)
	if typed == "" {
		return nil
	}
	args, closed := Split(typed)
	if !closed || len(args) < 3 || !slices.Contains(commands, args[0]) || !slices.Contains(things, args[1]) {
		r.add(n, o.at("fieldlab"), problem.CourseCommand, typed)
		return nil
	}
	for _, arg := range args[2:] {
		if flag := flagOf(arg); flag != "" && !slices.Contains(flags, flag) {
			r.add(n, o.at("fieldlab"), problem.CourseFlag, arg)
			return nil
		}
	}
	return args
}

// flagOf is the flag that an argument is, and "-" for what only looks like one.
func flagOf(arg string) string {
	name, long := strings.CutPrefix(arg, "--")
	name, _, _ = strings.Cut(name, "=")
	switch {
	case !strings.HasPrefix(arg, "-"):
		return ""
	case !long || name == "":
		return "-"
	}
	return name
}

// Split takes a command line apart at its spaces; quotes of either kind hold
// words together. There is nothing else to it: no shell ever reads it. False
// says that a quote is not closed.
func Split(typed string) (args []string, closed bool) {
	var arg strings.Builder
	quote, within := rune(0), false
	for _, c := range typed {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			arg.WriteRune(c)
		case c == '"' || c == '\'':
			quote, within = c, true
		case c == ' ' || c == '\t' || c == '\n':
			if within {
				args = append(args, arg.String())
			}
			arg.Reset()
			within = false
		default:
			arg.WriteRune(c)
			within = true
		}
	}
	if within {
		args = append(args, arg.String())
	}
	return args, quote == 0
}
