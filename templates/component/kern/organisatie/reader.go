package organisatie

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// reader goes through one file and gathers all that is wrong with it.
type reader struct {
	file   string
	known  Known
	open   func(file string, most int64) ([]byte, error)
	made   Organisation
	faults []string
}

// fault notes what is wrong at a key. Name nothing of a value that is not needed:
// it may be anything.
func (r *reader) fault(n *yaml.Node, path, format string, args ...any) {
	where := r.file
	if n != nil && n.Line > 0 {
		where = fmt.Sprintf("%s regel %d", r.file, n.Line)
	}
	if path != "" {
		where += ", " + path
	}
	switch len(r.faults) {
	case maxFaults:
		r.faults = append(r.faults, r.file+": en zo staat er nog meer")
	case maxFaults + 1:
	default:
		r.faults = append(r.faults, where+": "+fmt.Sprintf(format, args...))
	}
}

// maxFaults is how many faults are named: who reads more of them reads none.
const maxFaults = 50

// yamlLine is where the library says that a line stands.
var yamlLine = regexp.MustCompile(`line (\d+)`)

// document is the one object of a file.
func (r *reader) document(raw []byte) (*yaml.Node, bool) {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	var doc yaml.Node
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) {
		r.fault(nil, "", "er staat niets in; laat de instelling weg, of zeg ten minste naam en oin")
		return nil, false
	}
	if err != nil {
		where := r.file
		if line := yamlLine.FindStringSubmatch(err.Error()); line != nil {
			where += " regel " + line[1]
		}
		r.faults = append(r.faults, where+": dit is geen YAML; kijk naar inspringen, dubbele punten en aanhalingstekens")
		return nil, false
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		r.fault(nil, "", "er staat meer dan één document in (---); één bestand is voor één organisatie")
		return nil, false
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		r.fault(top, "", "hier horen sleutels te staan, zoals naam: Gemeente Voorbeeld")
		return nil, false
	}
	return top, true
}

// key is one that an object may have, and what to do with its value.
type key struct {
	name string
	take func(n *yaml.Node, path string)
}

// object goes through the keys of an object; one that it does not know is a fault
// with what was probably meant. Its answer is which keys are there.
func (r *reader) object(n *yaml.Node, path string, keys ...key) map[string]*yaml.Node {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return r.named(n, path, names, "sleutel", func(name string, value *yaml.Node, at string) {
		keys[slices.Index(names, name)].take(value, at)
	})
}

// named goes through an object of which the keys are names that the component has.
func (r *reader) named(n *yaml.Node, path string, names []string, what string, take func(name string, n *yaml.Node, path string)) map[string]*yaml.Node {
	found := map[string]*yaml.Node{}
	if n.Kind != yaml.MappingNode {
		r.fault(n, path, "hier horen sleutels onder te staan (%s)", some(names))
		return found
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if name.Kind != yaml.ScalarNode {
			r.fault(name, path, "een sleutel is één woord")
			continue
		}
		at := join(path, shorten(name.Value))
		switch {
		case !slices.Contains(names, name.Value):
			r.fault(name, at, "deze %s is er niet%s", what, instead(name.Value, names))
		case found[name.Value] != nil:
			r.fault(name, at, "staat er twee keer")
		default:
			found[name.Value] = value
			if value.Kind == yaml.AliasNode {
				r.fault(value, at, "een verwijzing (*) kan hier niet; schrijf de waarde uit")
				continue
			}
			take(name.Value, value, at)
		}
	}
	return found
}

// text takes a value that is text and that every check accepts.
func (r *reader) text(to *string, checks ...func(string) error) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.ScalarNode {
			r.fault(n, path, "hier hoort één tekst te staan")
			return
		}
		if n.Tag != "!!str" {
			r.fault(n, path, "dit moet tekst zijn; zet er aanhalingstekens om")
			return
		}
		given := strings.TrimSpace(n.Value)
		for _, check := range checks {
			if err := check(given); err != nil {
				r.fault(n, path, "%v", err)
				return
			}
		}
		*to = given
	}
}

// list takes a list of texts.
func (r *reader) list(to *[]string, check func(string) error) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
			r.fault(n, path, "hier hoort een lijst te staan, zoals [afgewezen]")
			return
		}
		for i, item := range n.Content {
			var one string
			r.text(&one, check)(item, fmt.Sprintf("%s[%d]", path, i))
			if one != "" && !slices.Contains(*to, one) {
				*to = append(*to, one)
			}
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// shorten keeps a key that is a whole text out of a message.
func shorten(name string) string {
	const most = 60
	name = strings.Join(strings.Fields(value.Shown(name)), " ")
	if len([]rune(name)) > most {
		return string([]rune(name)[:most]) + "…"
	}
	return name
}

// some are the first few of many names.
func some(names []string) string {
	const few = 8
	if len(names) > few {
		return strings.Join(names[:few], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
