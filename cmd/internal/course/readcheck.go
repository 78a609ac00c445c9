package course

import (
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// subjects are the keys of a check of the answers, with the key that goes along
// to find it and the one that says what kind it must be.
var subjects = map[string]struct{ with, is string }{
	"entity":   {},
	"field":    {with: "entity", is: "type"},
	"step":     {is: "of"},
	"role":     {},
	"source":   {},
	"activity": {},
	"key":      {},
}

func wordNames() []string { return slices.Sorted(maps.Keys(words)) }

// check reads one check; false when its kind is not known.
func (r *reader) check(n *yaml.Node, key string, s *Step) (Check, bool) {
	o, ok := r.object(n, key)
	if !ok {
		return Check{}, false
	}
	c := Check{Name: o.must("name", line), Line: n.Line + r.above, Kind: o.must("kind", line)}
	for _, word := range misspelt(c.Name) {
		r.add(o.values["name"], o.at("name"), problem.CourseWord, word, wordNames())
	}
	keys, known := kindKeys[c.Kind]
	if !known {
		if c.Kind != "" {
			r.note(o.values["kind"], problem.New(problem.ValueUnknown, o.at("kind"), c.Kind, Kinds()).Suggest(near(c.Kind, Kinds())))
		}
		return c, false
	}
	for i := 0; i < len(n.Content); i += 2 {
		name := n.Content[i]
		switch {
		case name.Value == "name" || name.Value == "kind" || slices.Contains(keys, name.Value):
		case len(keys) == 0:
			r.add(name, o.at(name.Value), problem.CourseNotFor, name.Value, c.Kind, []string{"name", "kind"})
		default:
			r.note(name, problem.New(problem.CourseNotFor, o.at(name.Value), name.Value, c.Kind, keys).Suggest(near(name.Value, keys)))
		}
	}
	c.Slow = c.Kind == tests || c.Kind == checked
	r.fill(&c, o, s)
	return c, c.Name != ""
}

// fill reads what belongs to the kind.
func (r *reader) fill(c *Check, o object, s *Step) {
	p := &c.spec
	switch c.Kind {
	case page:
		r.page(p, o)
	case file:
		p.path, p.contains, p.lacks, p.changed = o.must("path", line), o.text("contains", block), o.text("lacks", block), o.yes("changed")
		r.path(o, "path", p.path, false)
		if strings.Contains(path.Dir(p.path), "*") {
			r.add(o.values["path"], o.at("path"), problem.CoursePath, p.path)
		}
	case inAnswers:
		r.answers(p, o)
	case logged:
		p.line, p.role, p.source, p.failed = o.text("line", line), o.text("role", line), o.text("source", line), o.yes("failed")
		p.count = max(o.integer("count", 1, 1000), 1)
		if !o.has("line") && !o.has("role") && !o.has("source") {
			r.add(o.node, o.key, problem.CourseNeeds, []string{"line", "role", "source"})
		}
	case asked:
		c.Question = o.must("question", 2*line)
		r.hashes(p, o, c.Question)
	case planted:
		if p.plant = s.Plant; s.Plant == nil {
			r.add(o.node, o.key, problem.CourseNoPlant)
		}
	case checked:
		r.checked(p, o)
	}
}

func (r *reader) page(p *spec, o object) {
	p.path, p.layer, p.status = o.text("path", line), o.text("layer", line), o.integer("status", 100, 599)
	p.contains, p.lacks = o.text("contains", block), o.text("lacks", block)
	if p.path == "" {
		p.path = "/"
	}
	if !strings.HasPrefix(p.path, "/") || strings.HasPrefix(p.path, "//") || strings.ContainsAny(p.path, " \\#") {
		r.add(o.values["path"], o.at("path"), problem.CourseURLPath, p.path)
	}
	if p.status == 0 {
		p.status = 200
	}
	if p.layer == "" {
		p.layer = "interactie"
	}
	if _, known := layers[p.layer]; !known {
		r.add(o.values["layer"], o.at("layer"), problem.ValueUnknown, p.layer, slices.Sorted(maps.Keys(layers)))
	}
}

func (r *reader) answers(p *spec, o object) {
	given := slices.DeleteFunc(slices.Sorted(maps.Keys(subjects)), func(name string) bool { return !o.has(name) })
	if len(given) == 2 && given[0] == "entity" && given[1] == "field" {
		given = given[1:] // the field of that entity
	}
	if len(given) != 1 {
		r.add(o.node, o.key, problem.CourseOne, slices.Sorted(maps.Keys(subjects)))
		return
	}
	p.subject = given[0]
	p.name = o.text(p.subject, line)
	about := subjects[p.subject]
	if about.with != "" {
		p.within = o.must(about.with, line)
	}
	if about.is != "" {
		p.kind = o.text(about.is, line)
	}
	allowed := []string{"name", "kind", p.subject, about.with, about.is}
	switch p.subject {
	case "source":
		p.kind, p.keeps, p.drops = o.text("operation", line), o.text("keeps", line), o.text("drops", line)
		allowed = append(allowed, "operation", "keeps", "drops")
	case "key":
		p.is, p.not, allowed = o.text("is", block), o.text("not", block), append(allowed, "is", "not")
		if o.has("is") && o.has("not") {
			r.add(o.node, o.key, problem.CourseOne, []string{"is", "not"})
		}
	}
	for name, value := range o.values {
		if !slices.Contains(allowed, name) && slices.Contains(kindKeys[inAnswers], name) {
			r.add(value, o.at(name), problem.CourseNotFor, name, inAnswers+" ("+p.subject+")", slices.DeleteFunc(allowed, func(a string) bool { return a == "" }))
		}
	}
}

// checked reads a check of what fieldlab check says: of one rule, or of one group.
func (r *reader) checked(p *spec, o object) {
	p.rule, p.group = o.text("rule", line), o.text("group", line)
	if o.has("rule") == o.has("group") {
		r.add(o.node, o.key, problem.CourseOne, []string{"rule", "group"})
		return
	}
	key, value, known := "rule", p.rule, ruleNames()
	if o.has("group") {
		key, value, known = "group", p.group, groupNames()
	}
	if value != "" && !slices.Contains(known, value) {
		r.note(o.values[key], problem.New(problem.ValueUnknown, o.at(key), value, known).Suggest(near(value, known)))
	}
}

func (r *reader) hashes(p *spec, o object, question string) {
	if n := o.values["answer"]; n != nil {
		if answer := r.text(n, o.at("answer"), line); answer != "" {
			r.add(n, o.at("answer"), problem.CoursePlainAnswer, Hash(question, answer))
		}
		return
	}
	n := o.need("hash")
	if n == nil {
		return
	}
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = o.list("hash", maxChecks)
	}
	for _, each := range nodes {
		hash := r.text(each, o.at("hash"), line)
		if hash != "" && !regexHash.MatchString(hash) {
			r.add(each, o.at("hash"), problem.CourseHash, hash)
		}
		p.hashes = append(p.hashes, hash)
	}
}

// path judges a path at which a course looks, or where it writes. A course has
// nothing to do with what fieldlab, git and the workshop keep for themselves.
func (r *reader) path(o object, key, name string, writes bool) {
	if name == "" {
		return
	}
	if !writes {
		name = anyName.Replace(name) // a star stands for any name
	}
	if !mayLook(name) || writes && !mayWrite(name) {
		r.add(o.values[key], o.at(key), problem.CoursePath, o.values[key].Value)
	}
}

var anyName = strings.NewReplacer("*", "x")

func mayLook(name string) bool {
	if plan.CheckPath(name) != nil {
		return false
	}
	top, _, _ := strings.Cut(plan.Fold(name), "/")
	return top != ".data" && top != ".git" && !strings.HasSuffix(top, ".env")
}

// rooms are the folders in which a recipe may write; besides them the documents
// in the root.
var rooms = []string{"1-gegevens", "2-diensten", "3-integratie", "4-proces", "5-interactie", "tests", "docs"}

var documents = []string{"README.md", "README.en.md", "CHANGELOG.md", "CONTRIBUTING.md", "GOVERNANCE.md", "SECURITY.md", "publiccode.yml", "main.go"}

func mayWrite(name string) bool {
	if !mayLook(name) {
		return false
	}
	top, _, inside := strings.Cut(name, "/")
	return inside && slices.Contains(rooms, top) || slices.Contains(documents, name)
}
