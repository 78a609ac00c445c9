package governance

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

const (
	formatURL  = "https://yml.publiccode.tools/"
	formatName = "publiccode.yml 0.7.0"
)

func publiccodeRules() []check.Rule {
	rule := func(id string, severity check.Severity, source, url string) check.Rule {
		return check.Rule{ID: "publiccode-" + id, Group: check.Publiccode, Severity: severity, Source: source, URL: url}
	}
	format := func(id string, severity check.Severity, section string) check.Rule {
		r := rule(id, severity, formatName+section, formatURL+"schema.core.html")
		r.Official = []string{"publiccode-parser"}
		return r
	}
	return []check.Rule{
		rule("present", check.Warning, publicCode+"Make the codebase findable", publicCodeURL+"make-the-codebase-findable.html"),
		rule("name", check.Warning, formatName, formatURL),
		format("yaml", check.Error, ""),
		format("version", check.Error, ", publiccodeYmlVersion"),
		format("required", check.Error, ""),
		format("known-keys", check.Error, ""),
		format("types", check.Error, ""),
		format("values", check.Error, ""),
		format("length", check.Error, ", description"),
		format("addresses", check.Error, ""),
		format("dates", check.Error, ""),
		format("maintenance", check.Error, ", maintenance"),
		format("license", check.Error, ", legal.license"),
		format("files", check.Error, ", logo and screenshots"),
		format("deprecated", check.Warning, ""),
		rule("license-file", check.Warning, publicCode+"Publish with an open license", publicCodeURL+"publish-with-an-open-license.html"),
		rule("organisation", check.Note, formatName+", organisation.uri; TOOI", "https://standaarden.overheid.nl/tooi"),
		rule("dutch", check.Note, formatName+", description", formatURL+"schema.core.html"),
		rule("owner", check.Note, formatName+", legal.mainCopyrightOwner", formatURL+"schema.core.html"),
	}
}

// publiccodeFile is the file that describes the repository: the one in the root, else the
// first that is found.
func (l *look) publiccodeFile() (string, bool) {
	isIt := func(p string) bool {
		base := path.Base(p)
		return base == "publiccode.yml" || base == "publiccode.yaml"
	}
	if file, ok := l.find(func(p string) bool { return isIt(p) && !strings.Contains(p, "/") }); ok {
		return file, true
	}
	return l.find(isIt)
}

// publiccode is a file that is being judged.
type publiccode struct {
	*look
	file  string
	dir   string
	parts int // that were judged
}

// value is a text at its place.
type value struct {
	text string
	path string // of keys, such as "legal.license"
	node *yaml.Node
}

func (l *look) publiccode() {
	if len(l.paths) == 0 {
		return
	}
	file, ok := l.publiccodeFile()
	if l.hasProgram() || ok {
		l.to.Looked("publiccode-present")
	}
	if !ok {
		if l.hasProgram() {
			l.found("publiccode-present", "", "", 0)
		}
		return
	}
	if slices.ContainsFunc(l.repo.Files(), func(f check.File) bool { return f.Path == file && f.Test }) {
		return // data of a test
	}
	l.to.Looked("publiccode-name")
	switch {
	case path.Dir(file) != ".":
		l.found("publiccode-name", "place", file, 0)
	case file != "publiccode.yml":
		l.found("publiccode-name", "name", file, 0, file)
	}
	p := &publiccode{look: l, file: file, dir: path.Dir(file)}
	p.judge(l.texts[file])
}

func (p *publiccode) judge(body []byte) {
	p.to.Looked("publiccode-yaml")
	root := p.parse(body)
	if root == nil {
		return
	}
	p.to.Looked("publiccode-version", "publiccode-required", "publiccode-known-keys", "publiccode-types", "publiccode-deprecated")
	p.walk(root, publiccodeShape(), "")
	p.maintenance(root)
	p.dutchPractice(root)
	p.licenceFile(root)
}

// parse gives the keys of the file; nil when it says itself what is wrong.
func (p *publiccode) parse(body []byte) *yaml.Node {
	const rule = "publiccode-yaml"
	if !utf8.Valid(body) {
		p.found(rule, "encoding", p.file, 0)
		return nil
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(body)))
	var document, more yaml.Node
	if err := decoder.Decode(&document); err != nil || document.Kind == 0 || len(document.Content) == 0 || document.Content[0].Tag == "!!null" {
		if len(strings.TrimSpace(string(body))) == 0 || err == nil || err.Error() == "EOF" {
			p.found(rule, "empty", p.file, 0)
			return nil
		}
		line, what := yamlError(err)
		p.found(rule, "syntax", p.file, line, what)
		return nil
	}
	if decoder.Decode(&more) == nil {
		p.found(rule, "documents", p.file, more.Line)
		return nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		p.found(rule, "mapping", p.file, root.Line)
		return nil
	}
	return root
}

// yamlError takes the line out of a message of the YAML library.
func yamlError(err error) (line int, what string) {
	what = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(what, "line "); ok {
		if number, message, ok := strings.Cut(rest, ": "); ok {
			line, _ = strconv.Atoi(number)
			what = message
		}
	}
	return line, what
}

func (p *publiccode) at(rule, kind string, n *yaml.Node, args ...string) {
	p.to.Add(check.Finding{Rule: "publiccode-" + rule, Case: kind, Path: p.file, Line: n.Line, Column: n.Column, Args: args})
}

// resolve follows an alias one step; aliases of aliases do not exist in YAML.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// isNothing is a value that is not there: a key without a value, or null.
func isNothing(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// maxParts is more than any description has: aliases can make many parts of a few.
const maxParts = 5000

// walk holds a value against its shape.
func (p *publiccode) walk(n *yaml.Node, s *shape, at string) {
	if n = resolve(n); isNothing(n) || p.parts > maxParts {
		return
	}
	p.parts++
	switch s.kind {
	case objectKind:
		p.object(n, s, at)
	case languageKind:
		p.languages(n, s, at)
	case oneOrMore:
		if n.Kind == yaml.ScalarNode {
			p.walk(n, s.item, at)
			return
		}
		fallthrough
	case listKind:
		if n.Kind != yaml.SequenceNode {
			p.at("types", "list", n, at)
			return
		}
		for i, item := range n.Content {
			p.walk(item, s.item, at+"["+strconv.Itoa(i)+"]")
		}
	case boolKind:
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
			p.at("types", "boolean", n, at)
		}
	default:
		if n.Kind != yaml.ScalarNode {
			p.at("types", "text", n, at)
		} else if s.test != nil {
			s.test(p, value{n.Value, at, n})
		}
	}
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func (p *publiccode) object(n *yaml.Node, s *shape, at string) {
	if n.Kind != yaml.MappingNode {
		p.at("types", "object", n, at)
		return
	}
	there := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if name.Value == "<<" {
			continue
		}
		if _, twice := there[name.Value]; twice {
			p.at("yaml", "twice", name, join(at, name.Value))
			continue
		}
		there[name.Value] = value
		k := slices.IndexFunc(s.keys, func(k key) bool { return k.name == name.Value })
		if k < 0 {
			p.unknown(name, join(at, name.Value))
			continue
		}
		if by := s.keys[k].deprecated; by != "" && !isNothing(resolve(value)) {
			p.deprecated(name, join(at, name.Value), by)
		}
		p.walk(value, s.keys[k].shape, join(at, name.Value))
	}
	for _, k := range s.keys {
		if k.required && isMissing(there[k.name], k.shape) {
			p.missing(n, there[k.name], join(at, k.name), k.shape)
		}
	}
	if at == "" && there["it"] != nil && there["IT"] != nil {
		p.at("values", "both", there["it"], "it", "IT")
	}
}

// unknown says that a key is not in the format. The key nl is what CommonGroundChecker
// wants and the official parser refuses: the format wins.
func (p *publiccode) unknown(name *yaml.Node, at string) {
	kind := ""
	if at == "nl" {
		kind = "nl"
	}
	p.at("known-keys", kind, name, at)
}

func (p *publiccode) deprecated(name *yaml.Node, at, by string) {
	if by == "-" {
		p.at("deprecated", "drop", name, at)
	} else {
		p.at("deprecated", "use", name, at, by)
	}
}

// isMissing says whether a required value is not there, or is empty.
func isMissing(n *yaml.Node, s *shape) bool {
	if n == nil {
		return true
	}
	n = resolve(n)
	switch {
	case isNothing(n):
		return true
	case n.Kind == yaml.ScalarNode:
		return n.Value == "" && s.kind == textKind
	}
	return len(n.Content) == 0 && (s.kind == listKind || s.kind == languageKind) && n.Kind != yaml.ScalarNode
}

// missing names what has to be there; of a whole part that is missing, all of it.
func (p *publiccode) missing(parent, n *yaml.Node, at string, s *shape) {
	where := parent
	if n != nil {
		where = n
	}
	if s.kind != objectKind {
		p.at("required", "", where, at)
		return
	}
	for _, k := range s.keys {
		if k.required {
			p.at("required", "", where, join(at, k.name))
		}
	}
}

func (p *publiccode) languages(n *yaml.Node, s *shape, at string) {
	if n.Kind != yaml.MappingNode {
		p.at("types", "object", n, at)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, texts := n.Content[i], n.Content[i+1]
		p.language(value{name.Value, join(at, name.Value), name})
		if isNothing(resolve(texts)) {
			texts = &yaml.Node{Kind: yaml.MappingNode, Line: name.Line, Column: name.Column}
		}
		p.walk(texts, s.item, join(at, name.Value))
	}
}

// get finds a value by its keys; nil when it is not there.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, name := range keys {
		if n = resolve(n); n.Kind != yaml.MappingNode {
			return nil
		}
		i := 0
		for ; i+1 < len(n.Content) && n.Content[i].Value != name; i += 2 {
		}
		if i+1 >= len(n.Content) {
			return nil
		}
		n = n.Content[i+1]
	}
	if n = resolve(n); isNothing(n) {
		return nil
	}
	return n
}

func getText(n *yaml.Node, keys ...string) string {
	if n = get(n, keys...); n != nil && n.Kind == yaml.ScalarNode {
		return n.Value
	}
	return ""
}

// maintenance asks whom to reach, which depends on its type.
func (p *publiccode) maintenance(root *yaml.Node) {
	section := get(root, "maintenance")
	if section == nil || section.Kind != yaml.MappingNode {
		return
	}
	p.to.Looked("publiccode-maintenance")
	contacts, contractors := get(section, "contacts"), get(section, "contractors")
	switch kind := getText(section, "type"); kind {
	case "contract":
		if contractors == nil {
			p.at("maintenance", "contractors", section, kind)
		}
	case "internal", "community":
		if contacts == nil {
			p.at("maintenance", "contacts", section, kind)
		}
		fallthrough
	default:
		if contractors != nil {
			p.at("maintenance", "no-contractors", contractors, kind)
		}
	}
}
