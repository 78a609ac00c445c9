package fieldtype

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// The places where a type has its rows.
const (
	ownRow  = "generator/fieldtype/table.go"
	kindRow = "templates/component/kern/value/kind.go"
)

// lacking says what a type still needs, and where; known is false when package
// value has no row for it.
func lacking(t Type, known bool) []string {
	var faults []string
	need := func(there bool, what, where string) {
		if !there {
			faults = append(faults, "type "+t.Name+" has no "+what+": add it to "+where)
		}
	}
	need(known, "kind", kindRow)
	if !known {
		return faults
	}
	need(t.Go != "", "Go type", ownRow)
	need(t.SQLite != "" && t.Postgres != "", "column types", ownRow)
	need(t.example != nil, "example values", ownRow)
	if !t.Unwritten {
		free := t.kind.Control == value.Lines || t.kind.Input.Prose || t.kind.Control == value.Choice
		need(t.kind.Checks() || t.check != nil, "check", kindRow)
		need(free || t.Number || t.Expected.NL != "", "Dutch words for what was expected", ownRow)
		need(free || t.Number || t.Expected.EN != "", "English words for what was expected", ownRow)
	}
	if t.kind.Checks() {
		need(t.kind.Format != "", "format", kindRow)
	}
	if t.kind.Control == value.Line && t.Go == "string" && !t.kind.Input.Prose {
		need(t.kind.Input.Hint != "" || t.kind.Input.Type != "", "hint for the person who fills it in", kindRow)
	}
	return faults
}

// TestEveryTypeIsComplete names what was forgotten when a type was added. The
// texts of the command are compared in cmd/internal/wizard.
func TestEveryTypeIsComplete(t *testing.T) {
	for _, name := range value.Names() {
		if _, ok := Of(name); !ok {
			t.Errorf("type %s has no row in %s", name, ownRow)
		}
	}
	owner := map[string]string{}
	for i, name := range Names() {
		kind, _ := Of(name)
		_, known := value.Of(name)
		for _, fault := range lacking(kind, known) {
			t.Error(fault)
		}
		if slices.Contains(Names()[:i], name) {
			t.Errorf("type %s stands in the table twice", name)
		}
		if kind.kind.Pattern != "" {
			regexp.MustCompile(kind.kind.Pattern)
		}
		if kind.Personal && (kind.Filter != Never || kind.Sort == FromTheStart) {
			t.Errorf("%s is personal data and may not stand in a URL", name)
		}
		for _, parameter := range kind.Parameters {
			if owner[parameter] != "" || parameter != strings.ToLower(parameter) {
				t.Errorf("parameter %s of %s is not in small letters, or one of %s as well", parameter, name, owner[parameter])
			}
			owner[parameter] = name
		}
	}
	if !t.Failed() && len(Names()) != len(value.Names()) {
		t.Errorf("%d types and %d kinds", len(Names()), len(value.Names()))
	}
}

// TestWhatIsLackingIsNamed breaks a row in every way that somebody can, and
// uses it nevertheless: no half type ends in a nil pointer.
func TestWhatIsLackingIsNamed(t *testing.T) {
	whole, _ := Of("kvk")
	for _, test := range []struct {
		want  string
		broke func(*Type)
	}{
		{"has no Go type: add it to " + ownRow, func(k *Type) { k.Go = "" }},
		{"has no column types: add it to " + ownRow, func(k *Type) { k.Postgres = "" }},
		{"has no example values: add it to " + ownRow, func(k *Type) { k.example = nil }},
		{"has no Dutch words", func(k *Type) { k.Expected.NL = "" }},
		{"has no English words", func(k *Type) { k.Expected.EN = "" }},
		{"has no kind: add it to " + kindRow, func(k *Type) { k.kind = value.Kind{} }},
		{"has no format: add it to " + kindRow, func(k *Type) { k.kind.Format = "" }},
		{"has no hint", func(k *Type) { k.kind.Input.Hint = "" }},
		{"has no check: add it to " + kindRow, func(k *Type) {
			k.kind, _ = value.Of("enum")
			k.kind.Control = value.Line
		}},
	} {
		broken := whole
		test.broke(&broken)
		faults := lacking(broken, broken.kind.Name != "")
		if len(faults) == 0 || !strings.Contains(faults[0], test.want) {
			t.Errorf("%q is not named but %v", test.want, faults)
		}
		field := sample("kvk")
		broken.Check(field, "69599084")
		if examples := broken.Examples(field); len(examples) != Count || broken.OpenAPI(field, examples[0].JSON) == "" {
			t.Errorf("%q: examples %v", test.want, examples)
		}
	}
	if faults := lacking(whole, true); len(faults) > 0 {
		t.Errorf("a whole type lacks %v", faults)
	}
}

// The tests of a component fill in the example of a schema, and follow it past a
// question to a source: an address abroad is asked nobody. The whole has no example, for
// the linter of the design rules.
func TestTheExampleOfAnAddressAnywhereCanBeAskedAbout(t *testing.T) {
	if strings.Contains(sharedAnyAddress, "\n      example:") || !strings.Contains(sharedAnyAddress, "enum: [Adres,") {
		t.Error("AdresOveral has an example of the whole, or begins with an address abroad")
	}
	_, abroad, _ := strings.Cut(sharedAnyAddress, "regel1:")
	if !strings.Contains(sharedAnyAddress, "example: Dorpsstraat") || strings.Contains(abroad, "example:") {
		t.Error("the examples of AdresOveral are not those of an address in the Netherlands alone")
	}
}
