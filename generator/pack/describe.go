package pack

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

var regexLine = regexp.MustCompile(`line ([0-9]+)`)

// A key of pack.yaml.
type key struct {
	name     string
	required bool
	lines    int // how many at most
	longest  int // characters of one line
	form     func(string) bool
	into     func(*Pack) *string
}

var keys = []key{
	{"name", true, 1, 50, model.IsPackName, func(p *Pack) *string { return &p.Name }},
	{"version", true, 1, 40, model.IsPackVersion, func(p *Pack) *string { return &p.Version }},
	{"title", false, 1, 100, nil, func(p *Pack) *string { return &p.Title }},
	{"description", false, 40, 1000, nil, func(p *Pack) *string { return &p.Description }},
	{"header", false, 40, 120, isHeader, func(p *Pack) *string { return &p.Header }},
}

// isHeader refuses what some kinds of file would take for more than a comment: a
// chart of Helm reads {{ also there.
func isHeader(text string) bool {
	return !strings.Contains(text, "{{") && !strings.Contains(text, "}}")
}

// describe reads pack.yaml.
func (p *Pack) describe() (found problem.List) {
	add := func(at *yaml.Node, code problem.Code, args ...any) {
		one := problem.New(code, "", args...).At(FileName, 0, 0)
		if at != nil {
			one = one.At(FileName, at.Line, at.Column)
		}
		found = append(found, one)
	}
	if !utf8.Valid(p.yaml) {
		add(nil, problem.PackNotText)
		return found
	}
	top, err := oneDocument(p.yaml)
	if err != nil {
		line := 0
		if match := regexLine.FindStringSubmatch(err.Error()); match != nil {
			line, _ = strconv.Atoi(match[1])
		}
		add(&yaml.Node{Line: line, Column: 1}, problem.PackNotYAML, strings.TrimPrefix(err.Error(), "yaml: "))
		return found
	}
	if top == nil || top.Kind != yaml.MappingNode {
		add(nil, problem.PackNotYAML, "no mapping of keys to values")
		return found
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(top.Content); i += 2 {
		name, value := top.Content[i], top.Content[i+1]
		at := slices.IndexFunc(keys, func(k key) bool { return k.name == name.Value })
		switch {
		case name.Kind != yaml.ScalarNode || at < 0:
			add(name, problem.PackKeyUnknown, name.Value, names())
			found[len(found)-1].Suggestion = nearest(name.Value)
		case seen[name.Value]:
			add(name, problem.PackKeyTwice, name.Value)
		default:
			seen[name.Value] = true
			p.take(keys[at], value, add)
		}
	}
	for _, k := range keys {
		if k.required && !seen[k.name] {
			add(nil, problem.PackKeyMissing, k.name)
		}
	}
	return found
}

// oneDocument gives the top of the only document.
func oneDocument(source []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(source))
	var document, more yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document")
	}
	if len(document.Content) != 1 {
		return nil, nil
	}
	return document.Content[0], nil
}

// take takes the value of a key.
func (p *Pack) take(k key, value *yaml.Node, add func(*yaml.Node, problem.Code, ...any)) {
	if value.Kind != yaml.ScalarNode || value.Tag == "!!null" || value.Anchor != "" || value.Style&yaml.TaggedStyle != 0 {
		add(value, problem.PackKeyText, k.name)
		return
	}
	text := strings.TrimSpace(value.Value)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
		for _, r := range line {
			if !unicode.IsPrint(r) {
				add(value, problem.PackKeyCharacter, k.name, "U+"+strings.ToUpper(strconv.FormatInt(int64(r), 16)))
				return
			}
		}
		if utf8.RuneCountInString(line) > k.longest {
			add(value, problem.PackKeyLong, k.name, k.longest)
			return
		}
	}
	switch {
	case text == "" && k.required:
		add(value, problem.PackKeyMissing, k.name)
	case len(lines) > k.lines:
		add(value, problem.PackKeyLines, k.name, k.lines)
	case k.form != nil && text != "" && !k.form(text):
		add(value, problem.Code("pack-form-"+k.name), text)
	default:
		*k.into(p) = strings.Join(lines, "\n")
	}
}

func names() []string {
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = k.name
	}
	return all
}

// nearest is the key that somebody probably meant; "" for none.
func nearest(word string) string {
	for _, name := range names() {
		if len(word) < 40 && problem.Distance(word, name) <= 2 {
			return name
		}
	}
	return ""
}
