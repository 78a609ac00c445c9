package catalogue_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
)

// fields are all fields that the answers of an operation can have, as they are
// written in an answers file: from what is found, and from the answer for what
// stands beside that. The value says whether it is a field with a plain value.
func (d *document) fields(op *specified) map[string]bool {
	all := d.tree(answerOf(op))
	found := map[string]bool{}
	list := listOf(op, all)
	for path, p := range all {
		below, inList := strings.CutPrefix(path, list+".")
		if list != "" && inList {
			path = below
		}
		if path != "" && path != list && !strings.HasPrefix(list, path+".") {
			found[path] = !slices.Contains(p.types, "object") && !p.things
		}
	}
	return found
}

// listOf is the place of what is found; "" when that is the answer itself.
func listOf(op *specified, all map[string]*place) string {
	list := ""
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if all[path].things && path != "" && !strings.HasSuffix(op.path, "}") && (list == "" || strings.Count(path, ".") < strings.Count(list, ".")) {
			list = path
		}
	}
	if all[""].things {
		return ""
	}
	return list
}

// all are the fields of every operation.
func (d *document) all() map[string]bool {
	all := map[string]bool{}
	for _, op := range d.operations {
		for field, plain := range d.fields(&op) {
			all[field] = plain || all[field]
		}
	}
	return all
}

// TestFieldsAreWholePaths: what is proposed is written out, so that it cannot be
// that of a relative.
func TestFieldsAreWholePaths(t *testing.T) {
	for _, e := range catalogue.Entries() {
		doc := specification(t, e)
		all := doc.all()
		for _, f := range e.Fields {
			if _, has := all[f.Name]; !has {
				t.Errorf("%s: no answer has the whole path %s", e.Name, f.Name)
			}
		}
		for _, op := range e.Operations {
			has := doc.fields(doc.find(op.Name))
			for _, field := range op.Fields {
				if _, ok := has[field]; !ok {
					t.Errorf("%s %s: the answer has no whole path %s", e.Name, op.Name, field)
				}
			}
		}
	}
}

// TestTitles: people read words of every field, and no two values in one answer
// are called the same.
func TestTitles(t *testing.T) {
	for _, e := range catalogue.Entries() {
		doc := specification(t, e)
		all := doc.all()
		for field := range all {
			if title := e.Titles[field]; title == "" || len([]rune(title)) > 40 {
				t.Errorf("%s: the title of %s is %q", e.Name, field, title)
			}
		}
		for field := range e.Titles {
			if _, has := all[field]; !has {
				t.Errorf("%s: a title of %s, which no answer has", e.Name, field)
			}
		}
		for _, op := range doc.operations {
			twice := map[string]string{}
			for field, plain := range doc.fields(&op) {
				title := e.Titles[field]
				if other := twice[title]; plain && other != "" {
					t.Errorf("%s %s: %s and %s are both called %s", e.Name, op.OperationID, other, field, title)
				}
				if plain {
					twice[title] = field
				}
			}
		}
	}
}

// TestWarnings: what changes the meaning is a field that the source has, nobody
// asks for it, and the stand-in has somebody of whom it is so.
func TestWarnings(t *testing.T) {
	for _, e := range catalogue.Entries() {
		if len(e.Warnings) == 0 {
			t.Errorf("%s warns of nothing", e.Name)
		}
		all := specification(t, e).all()
		once := map[string]bool{} // a second one of a field would be taken for the first
		for _, w := range e.Warnings {
			if once[w.Field] {
				t.Errorf("%s warns twice of %s", e.Name, w.Field)
			}
			once[w.Field] = true
			known := func(field string) bool { return field == w.Field || strings.HasSuffix(field, "."+w.Field) }
			if !slices.ContainsFunc(slices.Collect(maps.Keys(all)), known) {
				t.Errorf("%s: no answer has %s", e.Name, w.Field)
			}
			if strings.TrimSpace(w.Text) == "" || !strings.HasSuffix(w.Text, ".") {
				t.Errorf("%s: %s says %q", e.Name, w.Field, w.Text)
			}
			raised := false
			for _, op := range parseAnswers(t, e).Operations {
				raised = raised || slices.ContainsFunc(op.Answers, func(g answerCase) bool { return raises(g.Answer, w) })
			}
			if !raised {
				t.Errorf("%s: no answer of the stand-in raises %q", e.Name, w.Text)
			}
			for _, op := range e.Operations {
				if slices.ContainsFunc(op.Fields, known) && e.Name == "brp-personen" { // which takes fields
					t.Errorf("%s %s asks for %s, which the source refuses", e.Name, op.Name, w.Field)
				}
			}
		}
	}
}

// raises says whether somewhere in a value the warning holds.
func raises(v any, w catalogue.Warning) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return raises(item, w) })
	case map[string]any:
		var at any = v
		for part := range strings.SplitSeq(w.Field, ".") {
			object, _ := at.(map[string]any)
			at = object[part]
		}
		return says(at, w.Values) || slices.ContainsFunc(slices.Collect(maps.Values(v)), func(below any) bool { return raises(below, w) })
	}
	return false
}

func says(v any, values []string) bool {
	switch v := v.(type) {
	case string:
		return v != "" && (len(values) == 0 || slices.Contains(values, v))
	case bool:
		return v && len(values) == 0
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return says(item, values) })
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), func(below any) bool { return says(below, values) })
	}
	return false
}

// TestWhatMakesPeopleThink: the people of the stand-in whose answers mean
// something else than they seem to.
func TestWhatMakesPeopleThink(t *testing.T) {
	brp, _ := catalogue.Find("brp-personen")
	w := readWorld(t)
	for bsn, want := range map[string]string{
		"999993653": "geheimhouding", "999991802": "in onderzoek", "999997968": "overleden", "999990524": "geëmigreerd", "999990408": "",
	} {
		var said []string
		for _, warning := range brp.Warnings {
			if raises(w.persons[bsn], warning) {
				said = append(said, warning.Text)
			}
		}
		if all := strings.Join(said, " "); !strings.Contains(all, want) || (want == "") != (all == "") {
			t.Errorf("of %s is said %q", bsn, all)
		}
	}
}

// TestNoPersonInAnAddress: a person's number stands in no path and no query, of
// which every machine on the way keeps a log.
func TestNoPersonInAnAddress(t *testing.T) {
	for _, e := range catalogue.Entries() {
		doc := specification(t, e)
		for _, op := range doc.operations {
			for _, ref := range op.Parameters {
				name := strings.ToLower(ref.Value.Name)
				if strings.Contains(name, "bsn") || strings.Contains(name, "burgerservicenummer") || strings.Contains(name, "persoon__identificatie") {
					t.Errorf("%s %s: %s is asked in the %s", e.Name, op.OperationID, ref.Value.Name, ref.Value.In)
				}
			}
		}
	}
}

// TestSeveralKeysFind: each question finds something with at least two answers
// to its form, and with another nothing, in the way of the source.
func TestSeveralKeysFind(t *testing.T) {
	for _, e := range catalogue.Entries() {
		doc := specification(t, e)
		for _, op := range parseAnswers(t, e).Operations {
			entry, _ := e.Operation(op.Name)
			asked := map[string]bool{}
			list := listOf(doc.find(op.Name), doc.tree(answerOf(doc.find(op.Name))))
			for _, g := range op.Answers {
				var key []string
				for _, p := range entry.Needs() {
					if value, has := g.With[p.Name].(string); has {
						key = append(key, value)
					}
				}
				if len(key) > 0 && finds(g.Answer, list) {
					asked[strings.Join(key, " ")] = true
				}
			}
			if len(asked) < 2 {
				t.Errorf("%s %s finds something only with %v", e.Name, op.Name, slices.Collect(maps.Keys(asked)))
			}
			if byID := strings.HasSuffix(op.Path, "}"); byID != (op.Otherwise.Status == 404) && e.Name != "kvk" && op.Name != "GetZakelijkGerechtigden" {
				t.Errorf("%s %s: when nothing is found the status is %d", e.Name, op.Name, op.Otherwise.Status)
			}
		}
	}
}

// finds says whether an answer has something in its list, or is something itself.
func finds(answer any, list string) bool {
	if list != "" {
		for part := range strings.SplitSeq(list, ".") {
			object, _ := answer.(map[string]any)
			answer = object[part]
		}
	}
	if items, is := answer.([]any); is {
		return len(items) > 0
	}
	return answer != nil
}

// TestExactAddresses: an exact question is one of the source, and the stand-in
// answers it as the BAG does: 38 is not 38-2, and 36 not 36 A.
func TestExactAddresses(t *testing.T) {
	for _, e := range catalogue.Entries() {
		doc := specification(t, e)
		for _, op := range e.Operations {
			if op.Exact == nil {
				continue
			}
			for _, name := range append([]string{op.Exact.Name}, op.Exact.When...) {
				if doc.find(op.Name).parameter(name, "query") == nil {
					t.Errorf("%s %s asks no %s", e.Name, op.Name, name)
				}
			}
			source := standIn(t, e)
			i := slices.IndexFunc(parseAnswers(t, e).Operations, func(o operation) bool { return o.Name == op.Name })
			answers := parseAnswers(t, e).Operations[i]
			for number, found := range map[string][2]int{"34": {1, 1}, "36": {1, 2}, "38": {0, 1}, "99": {0, 0}} {
				for exact, count := range found {
					question := map[string]any{"postcode": "1028BC", "huisnummer": number}
					if exact == 0 {
						question[op.Exact.Name] = op.Exact.Value
					}
					var got []any
					objects(ask(t, source, answers, question), "huisnummer", func(o map[string]any) { got = append(got, o) })
					if len(got) != count {
						t.Errorf("%s %s %v finds %d", e.Name, op.Name, question, len(got))
					}
				}
			}
		}
	}
	for _, e := range catalogue.Entries() {
		for _, op := range e.Operations {
			has := func(name string) bool {
				return slices.ContainsFunc(op.Parameters, func(p catalogue.Parameter) bool { return p.Name == name })
			}
			if has("huisnummer") && (!has("huisletter") || !has("huisnummertoevoeging")) {
				t.Errorf("%s %s asks half an address", e.Name, op.Name)
			}
			number := slices.IndexFunc(op.Fields, func(f string) bool { return strings.HasSuffix("."+f, ".huisnummer") })
			if number >= 0 && (!slices.Contains(op.Fields, strings.TrimSuffix(op.Fields[number], "nummer")+"letter") || !slices.Contains(op.Fields, op.Fields[number]+"toevoeging")) {
				t.Errorf("%s %s shows half an address", e.Name, op.Name)
			}
		}
	}
}

// TestAuthenticationIsAsSpecified: what a component does to be let in, which it
// reads in the specification, is what people are told.
func TestAuthenticationIsAsSpecified(t *testing.T) {
	for _, e := range catalogue.Entries() {
		doc, err := openapi.Read(e.Specification())
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range doc.Operations() {
			kind := "none"
			if s := op.Security(); s != nil {
				kind = s.Kind
				if s.JWT {
					kind = "zgw-jwt"
				}
				if s.Header != e.Auth.Header {
					t.Errorf("%s %s: the header is %s", e.Name, op.ID, s.Header)
				}
			}
			if kind != e.Auth.Kind {
				t.Errorf("%s %s: authentication is %s, and people are told %s", e.Name, op.ID, kind, e.Auth.Kind)
			}
		}
	}
}
