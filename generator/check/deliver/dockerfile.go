package deliver

import (
	"bytes"
	"strings"
)

// instruction is one of a Dockerfile, with the lines it goes on over.
type instruction struct {
	name string // in capitals
	args string
	line int
}

// stage is a part of a Dockerfile from FROM to the next.
type stage struct {
	base  string // with the arguments filled in; "" when they are not known
	name  string
	line  int
	steps []instruction
}

// dockerfile is one that was read.
type dockerfile struct {
	path   string
	args   map[string]string // global ones with a default
	stages []stage
}

// maxSteps is more instructions than anybody writes.
const maxSteps = 5000

// parseDockerfile reads the instructions of a file.
func parseDockerfile(path string, body []byte) *dockerfile {
	d := &dockerfile{path: path, args: map[string]string{}}
	for _, step := range instructions(body) {
		switch {
		case step.name == "FROM":
			d.from(step)
		case len(d.stages) == 0 && step.name == "ARG":
			if name, value, found := strings.Cut(step.args, "="); found {
				d.args[strings.TrimSpace(name)] = unquoted(strings.TrimSpace(value))
			}
		case len(d.stages) > 0:
			last := &d.stages[len(d.stages)-1]
			last.steps = append(last.steps, step)
		}
	}
	return d
}

func instructions(body []byte) []instruction {
	var all []instruction
	var current *instruction
	number, until := 0, ""
	for line := range bytes.Lines(body) {
		number++
		text := strings.TrimSpace(string(line))
		switch {
		case until != "":
			if text == until {
				until = ""
				current = nil
			} else {
				current.more("\n", text)
			}
			continue
		case strings.HasPrefix(text, "#"), text == "":
			continue
		}
		more := strings.HasSuffix(text, `\`)
		text = strings.TrimSpace(strings.TrimSuffix(text, `\`))
		if current != nil {
			current.more(" ", text)
		} else {
			if len(all) >= maxSteps {
				return all
			}
			name, args, _ := strings.Cut(text, " ")
			all = append(all, instruction{strings.ToUpper(name), strings.TrimSpace(args), number})
			current = &all[len(all)-1]
		}
		if more {
			continue
		}
		if until = hereDocument(*current); until == "" {
			current = nil
		}
	}
	return all
}

// hereDocument is the line that ends the text below an instruction; "" without one.
func hereDocument(step instruction) string {
	if step.name != "RUN" && step.name != "COPY" {
		return ""
	}
	_, rest, found := strings.Cut(step.args, "<<")
	if !found || strings.HasPrefix(rest, "<") {
		return ""
	}
	word, _, _ := strings.Cut(strings.TrimPrefix(rest, "-"), " ")
	return strings.Trim(word, `"'`)
}

// maxArgs is how long an instruction is read.
const maxArgs = 20_000

func (step *instruction) more(between, text string) {
	if len(step.args)+len(text) < maxArgs {
		step.args += between + text
	}
}

func (d *dockerfile) from(step instruction) {
	words := strings.Fields(step.args)
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	s := stage{line: step.line}
	if base, known := d.filled(words[0]); known {
		s.base = base
	}
	if len(words) >= 3 && strings.EqualFold(words[1], "as") {
		s.name = words[2]
	}
	d.stages = append(d.stages, s)
}

// filled puts the global arguments in a text.
func (d *dockerfile) filled(text string) (string, bool) {
	return substitute(text, func(name string) (string, bool) {
		value, ok := d.args[name]
		if !ok || strings.Contains(value, "$") {
			return "", false
		}
		return value, true
	})
}

// substitute fills $X, ${X} and ${X:-default}; false when a value is not known.
func substitute(text string, value func(name string) (string, bool)) (string, bool) {
	var out strings.Builder
	for {
		at := strings.IndexByte(text, '$')
		if at < 0 {
			out.WriteString(text)
			return out.String(), true
		}
		out.WriteString(text[:at])
		text = text[at+1:]
		var name string
		if rest, braced := strings.CutPrefix(text, "{"); braced {
			end := strings.IndexByte(rest, '}')
			if end < 0 {
				return "", false
			}
			name, text = rest[:end], rest[end+1:]
		} else {
			end := 0
			for end < len(text) && (text[end] == '_' || text[end] >= '0' && text[end] <= '9' || text[end] >= 'a' && text[end] <= 'z' || text[end] >= 'A' && text[end] <= 'Z') {
				end++
			}
			name, text = text[:end], text[end:]
		}
		plain, fallback, hasDefault := strings.Cut(name, ":-")
		if !hasDefault {
			plain, fallback, hasDefault = strings.Cut(name, "-")
		}
		found, ok := value(plain)
		switch {
		case ok && (found != "" || !hasDefault):
			out.WriteString(found)
		case hasDefault && !strings.Contains(fallback, "$"):
			out.WriteString(fallback)
		default:
			return "", false
		}
	}
}

// stageNamed is the index of an earlier stage; -1 for none.
func (d *dockerfile) stageNamed(name string, before int) int {
	for i := before - 1; i >= 0; i-- {
		if d.stages[i].name != "" && strings.EqualFold(d.stages[i].name, name) {
			return i
		}
	}
	return -1
}

// user is as whom the last stage runs, and where that is said. kind is "root", "other" or
// "unknown".
func (d *dockerfile) user() (kind string, line int) {
	at := len(d.stages) - 1
	for range d.stages {
		s := d.stages[at]
		for i := len(s.steps) - 1; i >= 0; i-- {
			if s.steps[i].name == "USER" {
				name, known := d.filled(s.steps[i].args)
				name, _, _ = strings.Cut(name, ":")
				if name = strings.Trim(name, `"'`); known && (name == "root" || name == "0") {
					return "root", s.steps[i].line
				}
				return "other", s.steps[i].line
			}
		}
		earlier := d.stageNamed(s.base, at)
		if earlier < 0 {
			if s.base == "" {
				return "unknown", s.line
			}
			return parseImage(s.base).user(), s.line
		}
		at = earlier
	}
	return "unknown", 0
}

// isDockerfile says by its name whether a file describes an image, and not one for a desk.
func isDockerfile(name string) bool {
	lower := strings.ToLower(name)
	stem, isOne := strings.CutSuffix(lower, ".dockerfile")
	if !isOne {
		for _, prefix := range []string{"dockerfile", "containerfile"} {
			rest, found := strings.CutPrefix(lower, prefix)
			if found && (rest == "" || rest[0] == '.' || rest[0] == '-' || rest[0] == '_') {
				stem, isOne = rest, true
			}
		}
	}
	if !isOne {
		return false
	}
	if isForDesk(stem) {
		return false
	}
	for part := range strings.FieldsFuncSeq(stem, isBetween) {
		switch part {
		case "dockerignore", "md", "txt", "j2", "tmpl", "tpl", "template", "go", "js", "ts", "py", "php", "sh", "yml", "yaml", "json":
			return false
		}
	}
	return true
}

func isBetween(r rune) bool { return strings.ContainsRune(".-_", r) }

// isForDesk says whether a name says of a file that it is for who develops or tests.
func isForDesk(name string) bool {
	for part := range strings.FieldsFuncSeq(name, isBetween) {
		switch part {
		case "dev", "develop", "development", "local", "test", "tests", "ci", "debug", "e2e":
			return true
		}
	}
	return false
}
