package toegang

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

const (
	maxFaults   = 50 // that are named
	maxAfnemers = 1000
	maxTokens   = 2 // of one consumer: the old and the new one
)

// nameOf is how a consumer is called: what stands in logs holds no number of a
// person.
var (
	nameOf  = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	digits  = regexp.MustCompile(`[0-9]{8}`)
	yamlsay = regexp.MustCompile(`line (\d+): `)
)

// NameFault says what is wrong with the name of a consumer; "" when nothing is.
func NameFault(name string) string {
	if !nameOf.MatchString(name) || digits.MatchString(name) {
		return "een naam bestaat uit hoogstens 63 kleine letters, cijfers en streepjes, begint met een letter en bevat geen lang nummer, zoals zaaksysteem"
	}
	return ""
}

// reader reads one file.
type reader struct {
	path       string
	operations Operations
	taken      func([sha256.Size]byte) bool
	faults     Faults
	seen       map[[sha256.Size]byte]int // token: line
}

func (r *reader) fault(line int, format string, args ...any) {
	switch len(r.faults) {
	case maxFaults:
		r.faults = append(r.faults, fmt.Sprintf("AFNEMERS: %s: en zo staat er nog meer", r.path))
	case maxFaults + 1:
	default:
		r.faults = append(r.faults, fmt.Sprintf("AFNEMERS: %s regel %d: %s", r.path, line, fmt.Sprintf(format, args...)))
	}
}

// read gives the consumers, and puts what is wrong in faults. What is not what it
// should be is not repeated: it may be a token.
func (r *reader) read(text []byte) []*Afnemer {
	r.seen = map[[sha256.Size]byte]int{}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var root, more yaml.Node
	if err := d.Decode(&root); err != nil {
		r.unreadable(err)
		return nil
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		r.fault(max(more.Line, 1), "er staat een tweede document in; zet alles onder elkaar, zonder ---")
		return nil
	}
	top := root.Content[0]
	if !r.mapping(top, "afnemers") {
		return nil
	}
	entries := member(top, "afnemers")
	if entries == nil || entries.Kind != yaml.SequenceNode || len(entries.Content) > maxAfnemers {
		r.fault(top.Line, "schrijf onder afnemers: een lijst van hoogstens %d; afnemers: [] als er geen zijn", maxAfnemers)
		return nil
	}
	var all []*Afnemer
	lines := map[string]int{}
	for _, node := range entries.Content {
		a := r.entry(node)
		if a == nil {
			continue
		}
		if earlier, twice := lines[a.Name]; twice && a.Name != "" {
			r.fault(node.Line, "afnemer %s staat er al, op regel %d", a.Name, earlier)
		}
		lines[a.Name] = node.Line
		all = append(all, a)
	}
	return all
}

// unreadable is a fault of the form. The text of the error may quote the file.
func (r *reader) unreadable(err error) {
	if errors.Is(err, io.EOF) {
		r.fault(1, "het bestand is leeg; schrijf afnemers: [] als er geen zijn")
		return
	}
	line := 1
	if found := yamlsay.FindStringSubmatch(err.Error()); found != nil {
		line, _ = strconv.Atoi(found[1])
	}
	r.fault(line, "dit is geen YAML")
}

// mapping says whether a node is a mapping with these names and no others; each
// other one is a fault.
func (r *reader) mapping(node *yaml.Node, names ...string) bool {
	if node.Kind != yaml.MappingNode {
		r.fault(node.Line, "hier horen %s", strings.Join(names, ", "))
		return false
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		switch name := key.Value; {
		case key.Kind != yaml.ScalarNode || !slices.Contains(names, name):
			r.fault(key.Line, "%.40q kan hier niet; kies uit %s%s", key.Value, strings.Join(names, ", "), instead(key.Value, names))
		case seen[name]:
			r.fault(key.Line, "%s staat er twee keer", name)
		default:
			seen[name] = true
		}
	}
	return true
}

func member(node *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			return node.Content[i+1]
		}
	}
	return nil
}

func (r *reader) entry(node *yaml.Node) *Afnemer {
	if !r.mapping(node, "naam", "tokens", "operaties", "oin") {
		return nil
	}
	a := &Afnemer{operations: map[string]bool{}}
	where := "een afnemer: "
	if name := member(node, "naam"); name == nil || name.Kind != yaml.ScalarNode {
		r.fault(node.Line, "een afnemer heeft een naam")
	} else if fault := NameFault(name.Value); fault != "" {
		r.fault(name.Line, "%s", fault)
	} else {
		a.Name = name.Value
		where = a.Name + ": "
	}
	if given := member(node, "oin"); given != nil {
		if a.OIN = given.Value; given.Kind != yaml.ScalarNode || !value.Formats["oin"](given.Value) {
			r.fault(given.Line, "%seen oin is een nummer van 20 cijfers, tussen aanhalingstekens", where)
		}
	}
	r.tokens(a, node, where)
	for _, one := range r.texts(node, where, "operaties") {
		r.operation(a, one, where)
	}
	return a
}

// texts are the texts of a list that must not be empty.
func (r *reader) texts(node *yaml.Node, where, name string) (all []*yaml.Node) {
	given := member(node, name)
	if given == nil || given.Kind != yaml.SequenceNode || len(given.Content) == 0 {
		line := node.Line
		if given != nil {
			line = given.Line
		}
		r.fault(line, "%s%s is een lijst, met minstens één regel", where, name)
		return nil
	}
	for _, one := range given.Content {
		if one.Kind != yaml.ScalarNode {
			r.fault(one.Line, "%sbij %s horen teksten", where, name)
			continue
		}
		all = append(all, one)
	}
	return all
}

func (r *reader) tokens(a *Afnemer, node *yaml.Node, where string) {
	given := r.texts(node, where, "tokens")
	if len(given) > maxTokens {
		r.fault(given[maxTokens].Line, "%sten hoogste %d tokens: het oude en het nieuwe", where, maxTokens)
	}
	for _, one := range given {
		raw, err := hex.DecodeString(one.Value)
		sum := [sha256.Size]byte(append(raw, make([]byte, sha256.Size)...))
		earlier, twice := r.seen[sum]
		switch {
		case err != nil || len(raw) != sha256.Size:
			r.fault(one.Line, "%shier hoort de sha256 van een token: 64 tekens 0-9 en a-f. Zet hier nooit het token zelf; go run . afnemer maakt beide", where)
			continue
		case sum == sha256.Sum256(nil):
			r.fault(one.Line, "%sdit is de sha256 van niets", where)
		case r.taken != nil && r.taken(sum):
			r.fault(one.Line, "%sdit is het token van het component zelf (COMPONENT_TOKEN); een afnemer krijgt een eigen token", where)
		case twice:
			r.fault(one.Line, "%sdit token staat er al, op regel %d", where, earlier)
		}
		r.seen[sum] = one.Line
		a.tokens = append(a.tokens, sum)
	}
}

func (r *reader) operation(a *Afnemer, node *yaml.Node, where string) {
	id := node.Value
	if fault := r.operations.Fault(id, a.operations[id]); fault != "" {
		r.fault(node.Line, "%s%s", where, fault)
	}
	a.operations[id] = true
}

// instead says what was probably meant; "" when that is not to be seen.
func instead(wrong string, names []string) string {
	if name := value.Meant(wrong, names); name != "" {
		return "; bedoelt u " + name + "?"
	}
	return ""
}

// Fault says why a consumer cannot have an operation; twice is when it was named
// before. It is "" when nothing is wrong.
func (o Operations) Fault(id string, twice bool) string {
	switch {
	case slices.Contains(o.Own, id):
		return "operatie " + id + " is alleen voor de lagen van dit component zelf"
	case !slices.Contains(o.Offered, id):
		return o.unknown(id)
	case twice:
		return "operatie " + id + " staat er twee keer"
	}
	return ""
}

// unknown says that there is no such operation, and which one was meant.
func (o Operations) unknown(id string) string {
	text := fmt.Sprintf("operatie %.60q staat niet in 2-diensten/openapi.yaml", id)
	if like := instead(id, o.Offered); like != "" {
		return text + like
	}
	return text + "; kies uit " + strings.Join(o.Offered, ", ")
}
