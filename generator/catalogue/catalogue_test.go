package catalogue_test

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// valid says whether a value passes the check of a field type.
func valid(kind, value string) bool {
	ft, known := fieldtype.Of(kind)
	_, fault := ft.Check(&fieldtype.Field{}, value)
	return known && fault == ""
}

func TestEveryFolderIsAnEntry(t *testing.T) {
	folders, err := fs.ReadDir(os.DirFS("."), "entries")
	if err != nil {
		t.Fatal(err)
	}
	if len(catalogue.Entries()) != len(folders) {
		t.Errorf("%d entries of %d folders: one is not in the list of names, or its bron.yaml has an unknown key", len(catalogue.Entries()), len(folders))
	}
	for _, folder := range folders {
		e, ok := catalogue.Find(folder.Name())
		if !ok || e.Name != folder.Name() || len(e.Specification()) == 0 || len(e.Answers()) == 0 {
			t.Errorf("%s: found %v, or it lacks openapi.yaml or antwoorden.json", folder.Name(), ok)
		}
	}
	if _, ok := catalogue.Find("../bag"); ok {
		t.Error("Find leaves its folder")
	}
}

// TestEntriesAreComplete: what people are shown is there, and nothing in it
// has to be filled in.
func TestEntriesAreComplete(t *testing.T) {
	services := map[string]string{}
	for _, e := range catalogue.Entries() {
		for what, text := range map[string]string{
			"titel": e.Title, "kort": e.Short, "uitleg": e.About, "aanbieder": e.Provider.Name, "dienst": e.Service, "authenticatie": e.Auth.Kind,
			"toegang.bij": e.Access.With, "toegang.hoe": e.Access.How, "toegang.waar": e.Access.Where, "toegang.duur": e.Access.Duration, "toegang.tekent": e.Access.Signs,
		} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s has no %s", e.Name, what)
			}
		}
		if e.Provider.OIN != "" && !valid("oin", e.Provider.OIN) {
			t.Errorf("%s: OIN %s", e.Name, e.Provider.OIN)
		}
		if !slices.Contains([]string{"apikey", "oauth2", "zgw-jwt"}, e.Auth.Kind) || (e.Auth.Kind == "apikey") != (e.Auth.Header != "") {
			t.Errorf("%s: authentication %+v", e.Name, e.Auth)
		}
		if e.Checked != "ja" && e.Checked != "deels" || e.Checked == "deels" && e.Caveat == "" {
			t.Errorf("%s: nagegaan %q without a reservation", e.Name, e.Checked)
		}
		if other := services[e.Service]; other != "" {
			t.Errorf("%s and %s have one service", e.Name, other)
		}
		services[e.Service] = e.Name
		for _, link := range append([]string{e.Access.Where}, e.Facts...) {
			if !strings.HasPrefix(link, "https://") {
				t.Errorf("%s: %q is no source of a fact", e.Name, link)
			}
		}
		if len(e.Facts) == 0 || len(e.Personas) == 0 || len(e.Access.Questions) == 0 || len(e.BaseURLs) == 0 || len(e.Fields) == 0 {
			t.Errorf("%s lacks facts, personas, questions, base URLs or fields", e.Name)
		}
		for _, b := range e.BaseURLs {
			if !regexp.MustCompile(`^https://[a-z0-9.-]+/\S*[^/]$`).MatchString(b.URL) {
				t.Errorf("%s: base URL %q", e.Name, b.URL)
			}
		}
	}
}

// TestOperations holds the questions of an entry against its specification
// and its answers.
func TestOperations(t *testing.T) {
	types := fieldtype.Names()
	for _, e := range catalogue.Entries() {
		doc, answers := specification(t, e), parseAnswers(t, e)
		standard := 0
		for _, op := range e.Operations {
			if op.Default {
				standard++
			}
			spec := doc.find(op.Name)
			if spec == nil {
				t.Errorf("%s: the specification has no %s", e.Name, op.Name)
				continue
			}
			known := doc.inputs(spec, op.Constants)
			for _, p := range op.Parameters {
				if !slices.Contains(known, p.Name) || !slices.Contains(types, p.Type) {
					t.Errorf("%s %s: parameter %s (%s); the specification has %v", e.Name, op.Name, p.Name, p.Type, known)
				}
			}
			for _, c := range op.Choices {
				if len(doc.inputs(spec, map[string]string{"type": c.Name})) == 0 {
					t.Errorf("%s %s: no choice %s", e.Name, op.Name, c.Name)
				}
			}
			i := slices.IndexFunc(answers.Operations, func(a operation) bool { return a.Name == op.Name })
			if i < 0 || answers.Operations[i].Method != spec.method || answers.Operations[i].Path != spec.path {
				t.Errorf("%s %s: no answers at %s %s", e.Name, op.Name, spec.method, spec.path)
				continue
			}
			for _, field := range op.Fields {
				if !answers.Operations[i].holds(field) {
					t.Errorf("%s %s: no answer holds the proposed field %s", e.Name, op.Name, field)
				}
			}
		}
		if standard != 1 || e.Standard().Name == "" {
			t.Errorf("%s has %d default operations", e.Name, standard)
		}
		if len(doc.operations) != len(e.Operations) || len(answers.Operations) != len(e.Operations) {
			t.Errorf("%s: %d operations, %d in the specification, %d with answers", e.Name, len(e.Operations), len(doc.operations), len(answers.Operations))
		}
		properties := doc.properties(t)
		for _, field := range e.Fields {
			for part := range strings.SplitSeq(field.Name, ".") {
				if !properties[part] {
					t.Errorf("%s: the specification has no field %s", e.Name, field.Name)
				}
			}
		}
	}
}

func TestStandardAndNeeds(t *testing.T) {
	bag, _ := catalogue.Find("bag")
	var needs []string
	for _, p := range bag.Standard().Needs() {
		needs = append(needs, p.Name)
	}
	if bag.Standard().Name != "bevraagAdressen" || !slices.Equal(needs, []string{"postcode", "huisnummer"}) {
		t.Errorf("the BAG asks by default %s with %v", bag.Standard().Name, needs)
	}
	if len(bag.Standard().Parameters) != 4 {
		t.Error("Needs changed the parameters")
	}
	if _, ok := bag.Operation("bestaatNiet"); ok {
		t.Error("an operation that does not exist is found")
	}
}
