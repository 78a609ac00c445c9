package check

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// ConfigName is the file in which a team says what it decided about the check. A
// repository needs none.
const ConfigName = "fieldlab-check.yaml"

// Never is the FailOn with which nothing fails the check.
const Never Severity = "never"

// Config is what stands in it.
type Config struct {
	FailOn     Severity            // findings from this severity on fail the check; "" is Error
	API        []string            // descriptions of the API of this repository itself, when the names do not tell
	Ignore     []string            // what is not this project's: patterns as Matches takes them
	Layers     map[string][]string // folders of each layer, when the names do not tell
	Exceptions []Exception
}

// layerNames are the keys of Layers, from the top.
var layerNames = []string{"interactie", "proces", "integratie", "diensten", "gegevens"}

// Exception is a finding that somebody accepted for a while.
type Exception struct {
	Rule   string
	Path   string // a pattern as Matches takes it; "" is everywhere
	Reason string
	Until  string // the last day, as 2006-01-02
	Line   int    // in the file
}

// ConfigFault is a mistake in the file.
type ConfigFault struct {
	Line, Column int
	Code         string   // case of the text of rule check-config
	Args         []string // values of its text
}

// ConfigError is a fieldlab-check.yaml with mistakes, in which nothing is written.
type ConfigError struct{ Faults []ConfigFault }

func (e *ConfigError) Error() string { return ConfigName + ": wrong" }

// Matches says whether a path is what a pattern means: the path itself, a folder (with
// or without a slash at the end) or a pattern of path.Match, of the whole path or, when
// it has no slash, of the last part.
func Matches(pattern, name string) bool {
	pattern = strings.TrimPrefix(pattern, "./")
	folder := strings.TrimSuffix(strings.TrimSuffix(pattern, "/**"), "/")
	if name == folder || strings.HasPrefix(name, folder+"/") {
		return true
	}
	if matched, _ := path.Match(pattern, name); matched {
		return true
	}
	matched, _ := path.Match(pattern, path.Base(name)) // never of a pattern with a slash
	return matched
}

// accept marks a finding that an exception covers on a day.
func (c Config) accept(f Finding, today string) Finding {
	for _, e := range c.Exceptions {
		if e.covers(f) && today <= e.Until {
			f.Accepted, f.Until = e.Reason, e.Until
			break
		}
	}
	return f
}

// covers says whether a finding is what the exception is about, over or not.
func (e Exception) covers(f Finding) bool {
	return e.Rule == f.Rule && (e.Path == "" || Matches(e.Path, f.Path))
}

// Limits on the file.
const (
	maxConfig = 256 << 10
	maxListed = 2000 // exceptions

	// Each file is held against each pattern.
	maxPatterns = 300
)

// ParseConfig reads the file. All mistakes are said at once; a Config with mistakes is
// not to be used. knows says which rules there are.
func ParseConfig(body []byte, knows func(rule string) bool) (Config, []ConfigFault) {
	p := &configReader{knows: knows}
	if len(body) > maxConfig {
		p.fault(nil, "too-large")
		return Config{}, p.faults
	}
	var document yaml.Node
	if len(bytes.TrimSpace(body)) == 0 {
		return p.config, nil
	}
	if err := yaml.Unmarshal(body, &document); err != nil {
		p.faults = append(p.faults, ConfigFault{Line: lineOf(err), Code: "not-yaml"})
		return Config{}, p.faults
	}
	if len(document.Content) == 0 {
		return p.config, nil
	}
	p.mapping(document.Content[0], p.key)
	slices.SortStableFunc(p.faults, func(a, b ConfigFault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return p.config, p.faults
}

// lineOf is the line that the reader of YAML names; it names none when that is the first.
func lineOf(err error) int {
	_, rest, found := strings.Cut(err.Error(), "line ")
	if !found {
		return 1
	}
	line := 0
	for _, c := range rest {
		if c < '0' || c > '9' || line > 1_000_000 {
			break
		}
		line = line*10 + int(c-'0')
	}
	return line
}

type configReader struct {
	config Config
	faults []ConfigFault
	knows  func(string) bool
}

func (p *configReader) fault(at *yaml.Node, code string, args ...string) {
	f := ConfigFault{Code: code, Args: args}
	if at != nil {
		f.Line, f.Column = at.Line, at.Column
	}
	p.faults = append(p.faults, f)
}

// mapping goes over the keys of a mapping.
func (p *configReader) mapping(n *yaml.Node, key func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.fault(n, "want-mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		if seen[name] {
			p.fault(n.Content[i], "twice", name)
			continue
		}
		seen[name] = true
		key(n.Content[i], n.Content[i+1])
	}
}

func (p *configReader) key(key, value *yaml.Node) {
	switch key.Value {
	case "version":
		if value.Value != "1" {
			p.fault(value, "version", value.Value)
		}
	case "failOn":
		p.config.FailOn = Severity(value.Value)
		if !slices.Contains([]Severity{Error, Warning, Note, Never}, p.config.FailOn) {
			p.fault(value, "fail-on", value.Value)
		}
	case "api":
		p.config.API = p.patterns(value)
	case "ignore":
		p.config.Ignore = p.patterns(value)
	case "layers":
		p.config.Layers = map[string][]string{}
		p.mapping(value, func(key, value *yaml.Node) {
			if !slices.Contains(layerNames, key.Value) {
				p.fault(key, "layer", key.Value)
				return
			}
			p.config.Layers[key.Value] = p.patterns(value)
		})
	case "exceptions":
		if value.Kind != yaml.SequenceNode {
			p.fault(value, "want-list")
			return
		}
		if len(value.Content) > maxListed {
			p.fault(value, "too-large")
			return
		}
		for _, item := range value.Content {
			p.exception(item)
		}
	default:
		p.fault(key, "unknown-key", key.Value)
	}
}

func (p *configReader) patterns(n *yaml.Node) []string {
	if n.Kind != yaml.SequenceNode {
		p.fault(n, "want-list")
		return nil
	}
	if len(n.Content) > maxPatterns {
		p.fault(n, "too-large")
		return nil
	}
	var all []string
	for _, item := range n.Content {
		if text, ok := p.text(item); ok {
			if _, err := path.Match(text, ""); err != nil {
				p.fault(item, "pattern", text)
			}
			all = append(all, text)
		}
	}
	return all
}

func (p *configReader) text(n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" || len(n.Value) > 1000 {
		p.fault(n, "want-text")
		return "", false
	}
	return n.Value, true
}

func (p *configReader) exception(n *yaml.Node) {
	e := Exception{Line: n.Line}
	before := len(p.faults)
	p.mapping(n, func(key, value *yaml.Node) {
		text, ok := p.text(value)
		switch key.Value {
		case "rule":
			if e.Rule = text; ok && !p.knows(text) {
				p.fault(value, "unknown-rule", text)
			}
		case "path":
			e.Path = text
		case "reason":
			e.Reason = text
		case "until":
			if e.Until = text; ok {
				if _, err := time.Parse(time.DateOnly, text); err != nil {
					p.fault(value, "date", text)
				}
			}
		default:
			p.fault(key, "unknown-key", key.Value)
		}
	})
	if len(p.faults) > before {
		return
	}
	for _, required := range []struct{ name, value string }{{"rule", e.Rule}, {"reason", e.Reason}, {"until", e.Until}} {
		if required.value == "" {
			p.fault(n, "missing", required.name)
		}
	}
	p.config.Exceptions = append(p.config.Exceptions, e)
}
