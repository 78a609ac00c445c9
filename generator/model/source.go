package model

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// source is a Source while it is being derived.
type source struct {
	*Source
	key      string
	given    answers.Source
	entry    *catalogue.Entry  // nil when not from the catalogue
	reasons  map[string]string // per field as the answers write it
	note     string            // what the catalogue says of its answers
	openapi  *openapi.Document // nil without one
	examples map[*Operation]*tree
	forms    map[*Operation]*form // of answers; of those of which nobody knows there is none
	unnamed  bool                 // nobody said who offers it
	unknown  bool                 // one of its operations is not in the specification
	written  map[string]string    // whole path of a purpose field as the answers have it
	tooMuch  bool                 // its specification unfolds into more than can be judged
	unread   bool                 // its description could not be had, which is reported
	unclear  bool                 // one of its purpose fields is wrong, which is reported
}

var (
	regexService   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$`)
	regexDotted    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*$`)
	regexParameter = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,99}$`)
)

func (b *builder) sources() {
	var scope naming.Scope
	own := b.c.Name.Path + "-diensten"
	taken := map[string]*Source{grantEnv(own): {Service: own}}
	for i, a := range b.a.Sources {
		key := at("sources", i)
		s := &source{Source: &Source{Name: b.name(&scope, key+".name", a.Name)}, key: key, given: a, examples: map[*Operation]*tree{}, forms: map[*Operation]*form{}}
		b.origin(s)
		s.Provider.OIN = or(b.oin(key+".provider.oin", a.Provider.OIN), s.Provider.OIN)
		s.Provider.Name = or(b.line(key+".provider.name", a.Provider.Name, 150), s.Provider.Name)
		s.Title = b.logged(key+".title", or(b.line(key+".title", a.Title, 150), or(s.proposedTitle(b.a.Sources), naming.Title(a.Name))))
		if s.Provider.Name == "" {
			s.Provider.Name, s.unnamed = s.Title, true
		}
		b.service(s, taken)
		b.access(s)
		b.purpose(s)
		b.reasons(s)
		b.operations(s)
		b.loginSettings(s)
		if !s.tooMuch {
			b.purposeInSpecification(s)
			b.purposeInExamples(s)
		}
		b.keeps(s)
		if !s.tooMuch {
			b.kept(s)
		}
		b.own = append(b.own, s)
		b.c.Sources = append(b.c.Sources, s.Source)
	}
	b.clientNames()
}

// clientNames gives the types of each operation their name, and reports sources
// whose clients would declare one Go name twice: all clients live in one package,
// and what declares a name is not the source alone. The spelling matters: Go tells
// newBag from NewBag.
func (b *builder) clientNames() {
	taken := map[string]string{}
	take := func(key, name, raw string) {
		if other, twice := taken[name]; twice {
			b.add(problem.NameCollision, key, raw, other, name)
			return
		}
		taken[name] = raw
	}
	uses := map[string]int{} // of the name of an operation
	for _, s := range b.own {
		for _, op := range s.Operations {
			uses[op.Name.Go]++
		}
	}
	for _, s := range b.own {
		if s.Name.Go == "" {
			continue
		}
		take(s.key+".name", s.Name.Go, s.Name.Raw)
		take(s.key+".name", "New"+s.Name.Go, s.Name.Raw)
		for i, op := range s.Operations {
			if op.Name.Go == "" {
				continue
			}
			base := op.Name.Go
			if uses[base] > 1 {
				base = s.Name.Go + base
			}
			op.InputType, op.AnswerType = base+"Input", base+"Answer"
			if op.Shape != nil && op.Shape.Kind != "object" && op.Shape.Kind != "list" {
				op.Shape = nil // of something unknown no type can be made
			}
			key := at(s.key+".operations", i) + ".name"
			take(key, op.InputType, s.Name.Raw+" "+op.Name.Raw)
			if op.Shape != nil { // otherwise it has no type of its own
				take(key, op.AnswerType, s.Name.Raw+" "+op.Name.Raw)
			}
		}
	}
}

// origin finds out where the description of the source comes from.
func (b *builder) origin(s *source) {
	a := s.given
	if a.Catalogue != "" && a.OpenAPI != "" {
		b.add(problem.CatalogueAndOpenAPI, s.key+".catalogue")
	}
	if a.OpenAPI != "" {
		if s.openapi = b.readOpenAPI(s.key+".openapi", a.OpenAPI); s.openapi != nil {
			s.Specification, s.BaseURLs = a.OpenAPI, s.openapi.Servers()
		}
		s.unread = s.openapi == nil
	}
	if a.Catalogue != "" {
		if b.oneOf(s.key+".catalogue", a.Catalogue, catalogue.Names()...) {
			b.fromEntry(s, a.Catalogue)
		} else {
			s.unread = true
		}
	}
}

// purpose is doelbinding: which activity, and which fields are needed for it.
func (b *builder) purpose(s *source) {
	a, key := s.given.Purpose, s.key+".purpose"
	switch {
	case a.Activity == "":
		b.suggest(first(b.activityNames()), problem.PurposeActivity, key+".activity", s.given.Name)
	default:
		if s.Activity = b.activity(a.Activity); s.Activity == nil {
			b.suggest(closest(a.Activity, b.activityNames()), problem.ActivityUnknown, key+".activity", a.Activity)
		}
	}
	if len(a.Fields) == 0 {
		b.add(problem.PurposeFields, key+".fields", s.given.Name)
	}
	for i, field := range a.Fields {
		switch {
		case !regexDotted.MatchString(field) || len(field) > 200:
			b.add(problem.SourceFieldForm, at(key+".fields", i), field)
			s.unclear = true
		case slices.Contains(s.Fields, field):
			b.add(problem.NameCollision, at(key+".fields", i), field, field, field)
		default:
			s.Fields = append(s.Fields, field)
		}
	}
}

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// operations derives the questions that are put to the source. A source of the
// catalogue has a usual question, which need not be named.
func (b *builder) operations(s *source) {
	given := s.given.Operations
	if len(given) == 0 && s.entry != nil {
		given = []answers.Operation{{Name: s.entry.Standard().Name}}
	}
	if len(given) == 0 && !s.unread {
		b.add(problem.NoOperations, s.key+".operations", s.given.Name)
	}
	var scope naming.Scope
	for i, a := range given {
		key := at(s.key+".operations", i)
		op := &Operation{Name: b.name(&scope, key+".name", a.Name)}
		op.Title = b.logged(key+".name", naming.Title(a.Name))
		s.Operations = append(s.Operations, op)
		if op.Name.Path == "" {
			continue
		}
		b.operation(s, op, key, s.listed(a))
	}
}

// operation fills op from the catalogue, the OpenAPI file or the answers; what
// the answers say wins.
func (b *builder) operation(s *source, op *Operation, key string, a answers.Operation) {
	explicit := a.Path != ""
	switch {
	case s.openapi != nil && (s.openapi.Operation(a.Name) != nil || !explicit):
		if !b.fromOpenAPI(s, op, key, a) {
			b.unsure.asking(op)
			return
		}
		if s.entry != nil {
			b.askAsListed(s, op, a)
			s.cases(op, a.Name)
		}
	case s.unread && !explicit:
		b.unsure.asking(op)
		return
	}
	b.explicit(s, op, key, a)
	b.variables(key, op)
	b.example(s, op, key, a)
}

// explicit puts what the answers say over what is known.
func (b *builder) explicit(s *source, op *Operation, key string, a answers.Operation) {
	known := op.Path != ""
	if a.Path != "" {
		b.path(op, key, a.Path)
	}
	op.Method = or(a.Method, or(op.Method, "GET"))
	b.oneOf(key+".method", op.Method, "GET", "POST")
	if op.Path == "" {
		op.Path, op.Guessed = "/"+op.Name.Path, true
	}
	if len(a.Parameters) > 0 {
		op.Parameters = b.parameters(op, key, a.Parameters)
	} else if op.Guessed || a.Path != "" && !known {
		op.Parameters = b.inputsOf(s, op)
	}
	for _, name := range pathParameters(op.Path) {
		if !slices.ContainsFunc(op.Parameters, func(p Parameter) bool { return p.Name == name }) {
			op.Parameters = append(op.Parameters, Parameter{Name: name, In: "path", Required: true})
		}
	}
	b.constants(op, key, a.Constants)
}

var regexPath = regexp.MustCompile(`^(/([A-Za-z0-9_.~-]|\{[A-Za-z_][A-Za-z0-9_.-]*\})+)+/?$`)

// pathOK accepts the path of an operation. A segment of dots would lead to
// another path, below that of another service.
func pathOK(path string) bool {
	dots := func(segment string) bool { return segment != "" && strings.Trim(segment, ".") == "" }
	return regexPath.MatchString(path) && len(path) <= 500 && !slices.ContainsFunc(strings.Split(path, "/"), dots)
}

func (b *builder) path(op *Operation, key, path string) {
	path = strings.TrimSpace(path)
	if !pathOK(path) {
		b.add(problem.PathForm, key+".path", path)
		return
	}
	op.Path = path
}

var regexBraces = regexp.MustCompile(`\{([^{}]*)\}`)

// pathParameters are the names between braces.
func pathParameters(path string) []string {
	var names []string
	for _, m := range regexBraces.FindAllStringSubmatch(path, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// place says where a parameter goes when nobody said so.
func place(op *Operation, name string) string {
	switch {
	case slices.Contains(pathParameters(op.Path), name):
		return "path"
	case op.Method == "POST":
		return "body"
	}
	return "query"
}

// parameters are those in the answers. A question mark at the end makes one
// optional, [] makes it a list.
func (b *builder) parameters(op *Operation, key string, given []string) []Parameter {
	var out []Parameter
	for i, raw := range given {
		name, optional := strings.CutSuffix(strings.TrimSpace(raw), "?")
		name, list := strings.CutSuffix(name, "[]")
		where := at(key+".parameters", i)
		if !regexParameter.MatchString(name) {
			b.add(problem.ParameterForm, where, raw)
			b.unsure.asking(op)
			continue
		}
		if slices.ContainsFunc(out, func(p Parameter) bool { return p.Name == name }) {
			b.add(problem.NameCollision, where, name, name, name)
			continue
		}
		p := Parameter{Name: name, In: place(op, name), Required: !optional, List: list}
		for _, known := range op.Parameters {
			if known.Name == name {
				p = known
				p.Required = !optional
			}
		}
		out = append(out, p)
	}
	return out
}

// inputsOf are the parameters that the steps fill: all we know of a source that
// nobody described.
func (b *builder) inputsOf(s *source, op *Operation) []Parameter {
	var out []Parameter
	for _, step := range b.a.Process.Steps {
		if !same(s.Name, step.Source) || step.Operation != "" && !same(op.Name, step.Operation) || step.Operation == "" && s.Operations[0] != op {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(step.Input)) {
			if regexParameter.MatchString(name) && !slices.ContainsFunc(out, func(p Parameter) bool { return p.Name == name }) {
				out = append(out, Parameter{Name: name, In: place(op, name), Required: true})
			}
		}
	}
	return out
}

func (b *builder) constants(op *Operation, key string, given map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		where := key + ".constants." + name
		switch value := b.line(where, given[name], 500); {
		case !regexParameter.MatchString(name):
			b.add(problem.ParameterForm, where, name)
		default:
			op.Constants = slices.DeleteFunc(op.Constants, func(c Constant) bool { return c.Name == name })
			op.Constants = append(op.Constants, Constant{Name: name, In: place(op, name), Value: value})
		}
	}
	slices.SortFunc(op.Constants, func(a, b Constant) int { return strings.Compare(a.Name, b.Name) })
	op.Parameters = slices.DeleteFunc(op.Parameters, func(p Parameter) bool {
		return slices.ContainsFunc(op.Constants, func(c Constant) bool { return c.Name == p.Name })
	})
}

// variables gives each parameter a Go identifier and the type of its value.
func (b *builder) variables(key string, op *Operation) {
	var scope naming.Scope
	for i := range op.Parameters {
		p := &op.Parameters[i]
		names, err := scope.Add(p.Name)
		if err != nil {
			b.add(problem.ParameterForm, key+".parameters", p.Name)
		}
		p.Field = names.Go
		p.Type = or(p.Type, "string")
	}
}
