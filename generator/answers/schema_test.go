package answers

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("answers.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("answers.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// asEditor reads data as an editor does: dates are text, the rest has its
// YAML type.
func asEditor(t *testing.T, data []byte) any {
	t.Helper()
	tree, problems := load(data)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return plain(t, tree.Content[0])
}

func plain(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(t, n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, c := range n.Content {
			list[i] = plain(t, c)
		}
		return list
	}
	if n.Tag == "!!timestamp" {
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		return n.Value
	}
	return v
}

// TestSchemaAcceptsWhatParseAccepts reads every example there is.
func TestSchemaAcceptsWhatParseAccepts(t *testing.T) {
	schema := compiled(t)
	files := []string{"testdata/verhuizing.yaml", "testdata/klein.yaml"}
	examples, err := filepath.Glob("../../examples/*/fieldlab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, examples...) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, problems := Parse(file, data)
		if len(problems) > 0 {
			t.Errorf("%s:\n%v", file, problems)
			continue
		}
		written, err := Marshal(d.Answers)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for _, text := range [][]byte{data, written, Canonical(d)} {
			if err := schema.Validate(asEditor(t, text)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// TestSchemaRefusesWhatParseRefuses changes the example in one place a time.
func TestSchemaRefusesWhatParseRefuses(t *testing.T) {
	schema := compiled(t)
	for _, c := range []struct{ old, replacement string }{
		{"version: 1", "version: one"},
		{"version: 1", `version: "1"`},
		{"version: 1\n", ""},
		{"  title: Verhuizing doorgeven\n  summary", "  summary"},
		{"  title: Verhuizing doorgeven\n  summary", "  title: \"\"\n  summary"},
		{"  title: Verhuizing doorgeven\n  summary", "  title: [a]\n  summary"},
		{"component:", "extra: 1\ncomponent:"},
		{"{name: Team Burgerzaken,", "{naam: Team Burgerzaken,"},
		{"{name: Team Burgerzaken,", "{name: {a: b},"},
		{"licence: EUPL-1.2", "licence: MIT"},
		{"type: bsn,", "type: burgerservicenummer,"},
		{"type: bsn,", ""},
		{"{name: bsn, type", "{type"},
		{"required: true", "required: ja"},
		{"required: true", `required: "true"`},
		{"min: 1", "min: een"},
		{"values: [ja, nee]", "values: ja"},
		{"operations: [bevraagAdressen]", "operations: bevraagAdressen"},
		{"operations: [bevraagAdressen]", "operations: [{path: /adressen}]"},
		{"operations: [bevraagAdressen]", "operations: [{name: a, method: PUT}]"},
		{"operations: [bevraagAdressen]", "operations: [{name: a, constants: [b]}]"},
		{"operations: [bevraagAdressen]", "operations: [[a]]"},
		{"fields: [nieuwAdres, toelichting]", "fields: [nieuwAdres, {name: los}]"},
		{"fields: [nieuwAdres, toelichting]", "fields: [nieuwAdres, {name: los, type: los}]"},
		{"fields: [nieuwAdres, toelichting]", "fields: [nieuwAdres, [a]]"},
		{"{gevonden: beoordelen, niet-gevonden: beoordelen}", "[gevonden, niet-gevonden]"},
		{"{gevonden: beoordelen, niet-gevonden: beoordelen}", "{gevonden: [beoordelen]}"},
		{"kind: decide", "kind: besluit"},
		{"audience: citizen", "audience: inwoner"},
		{"basis: publieke taak", "basis: taak"},
		{"ci: [github, gitlab]", "ci: [github, gitea]"},
		{"days: 5", "days: vijf"},
		{"days: 5", "days: 2.5"},
	} {
		source := strings.Replace(string(example(t)), c.old, c.replacement, 1)
		if source == string(example(t)) {
			t.Fatalf("%q is not in the example", c.old)
		}
		if _, problems := Parse("", []byte(source)); len(problems) == 0 {
			t.Errorf("%q: Parse sees nothing wrong", c.replacement)
		}
		if schema.Validate(asEditor(t, []byte(source))) == nil {
			t.Errorf("%q: the schema sees nothing wrong", c.replacement)
		}
	}
}

// TestSchemaHelpsEditors holds the forms that only the schema knows.
func TestSchemaHelpsEditors(t *testing.T) {
	schema := compiled(t)
	for _, c := range []struct{ old, replacement string }{
		{`"00000001001299757000"`, `"0000000100129975700"`},
		{"email: burgerzaken@s-hertogenbosch.nl", "email: burgerzaken"},
		{"#154273", "#15427"},
		{"P5Y", "5 jaar"},
		{"P5D", "P"},
		{"start: 2026-11-23", "start: 23-11-2026"},
		{"repository: https://", "repository: http://"},
	} {
		source := strings.Replace(string(example(t)), c.old, c.replacement, 1)
		if source == string(example(t)) {
			t.Fatalf("%q is not in the example", c.old)
		}
		if schema.Validate(asEditor(t, []byte(source))) == nil {
			t.Errorf("%q: the schema sees nothing wrong", c.replacement)
		}
	}
}

func TestSchemaIsTheSameEveryTime(t *testing.T) {
	first := Schema()
	for range 5 {
		if !bytes.Equal(first, Schema()) {
			t.Fatal("the schema differs")
		}
	}
}

// TestEveryKeyIsExplained walks all types: a key without help, and an example
// or form that does not fit, would show up in an editor only.
func TestEveryKeyIsExplained(t *testing.T) {
	seen := map[string]bool{}
	var walk func(s *shape)
	walk = func(s *shape) {
		if s == nil || seen[s.name] && s.name != "" {
			return
		}
		seen[s.name] = true
		walk(s.elem)
		for _, k := range s.keys {
			where := s.name + "." + k.name
			if k.name == "" || !strings.HasSuffix(k.doc, ".") && !strings.HasSuffix(k.doc, "?") {
				t.Errorf("%s: key %q, help %q", where, k.name, k.doc)
			}
			if _, bounded := ranges[k.form]; k.form != "" && patterns[k.form] == "" && !(bounded && k.shape.kind == integer) {
				t.Errorf("%s: form %q has no pattern", where, k.form)
			}
			walk(k.shape)
		}
	}
	walk(root)
	if len(seen) < 15 {
		t.Errorf("only %d types seen", len(seen))
	}
	for name := range onOneLine {
		if !seen[name] {
			t.Errorf("onOneLine names %s, which is no type", name)
		}
	}
	if reflect.TypeFor[Answers]().NumField() != len(root.keys) {
		t.Error("not every field of Answers is a key")
	}
}
