package check

import (
	"bytes"
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// ErrByHand says that exceptions cannot be written into a fieldlab-check.yaml of this
// shape without touching what somebody wrote there.
var ErrByHand = errors.New("the exceptions have to be written by hand")

// configHead begins a new fieldlab-check.yaml.
const configHead = `# Wat dit team besloot over wat "fieldlab check" vindt. Elke uitzondering heeft een
# reden en een laatste dag; daarna telt de bevinding weer mee.
version: 1
`

// Accept writes exceptions into a fieldlab-check.yaml, or into a new one when body is
// empty. Nothing that stands in it changes.
func Accept(body []byte, more []Exception) ([]byte, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte(configHead)
	}
	if !bytes.HasSuffix(body, []byte("\n")) {
		body = append(bytes.Clone(body), '\n')
	}
	before, faults := ParseConfig(body, func(string) bool { return true })
	if len(faults) > 0 {
		return nil, &ConfigError{Faults: faults}
	}
	line, indent, head, err := exceptionPlace(body)
	if err != nil {
		return nil, err
	}
	lines := bytes.SplitAfter(body, []byte("\n"))
	var text strings.Builder
	text.WriteString(head)
	for _, e := range more {
		e.write(&text, strings.Repeat(" ", indent))
	}
	whole := bytes.Join([][]byte{bytes.Join(lines[:line], nil), []byte(text.String()), bytes.Join(lines[line:], nil)}, nil)
	after, faults := ParseConfig(whole, func(string) bool { return true })
	if len(faults) > 0 || len(after.Exceptions) != len(before.Exceptions)+len(more) {
		return nil, ErrByHand
	}
	return whole, nil
}

// exceptionPlace says, of a file in block style, before which line (from 0) one more exception goes, how far it is
// indented, and what has to stand above it.
func exceptionPlace(body []byte) (line, indent int, head string, err error) {
	var document yaml.Node
	if err := yaml.Unmarshal(body, &document); err != nil || len(document.Content) == 0 {
		return 0, 0, "", ErrByHand
	}
	total := bytes.Count(body, []byte("\n"))
	root := document.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "exceptions" {
			continue
		}
		list := root.Content[i+1]
		if len(list.Content) == 0 {
			return 0, 0, "", ErrByHand
		}
		// The first lines of the list: what is above it stays above it.
		return list.Content[0].Line - 1, list.Column - 1, "", nil
	}
	return total, 2, "exceptions:\n", nil
}

// Lines are exceptions as they stand below "exceptions:", for somebody who writes them
// by hand.
func Lines(all []Exception) string {
	var text strings.Builder
	for _, e := range all {
		e.write(&text, "  ")
	}
	return text.String()
}

func (e Exception) write(to *strings.Builder, indent string) {
	to.WriteString(indent + "- rule: " + quote.YAML(e.Rule) + "\n")
	if e.Path != "" {
		to.WriteString(indent + "  path: " + quote.YAML(e.Path) + "\n")
	}
	to.WriteString(indent + "  reason: " + quote.YAML(e.Reason) + "\n")
	to.WriteString(indent + "  until: " + quote.YAML(e.Until) + "\n")
}
