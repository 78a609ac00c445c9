package generator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/templates"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// withAnswers is an example with other answers, by path and without what fieldlab
// keeps of it itself.
func withAnswers(t *testing.T, example string, changes ...string) map[string][]byte {
	t.Helper()
	r := request(t, example)
	for _, change := range changes {
		key, value, err := answers.SplitSet(change)
		if err == nil {
			err = r.Document.Set(key, value)
		}
		if err != nil {
			t.Fatalf("%s: %v", change, err)
		}
	}
	files, _, err := generator.Plan(r)
	if err != nil {
		t.Fatalf("%v: %v", changes, err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		if path.Dir(file.Path) != ".fieldlab" && file.Path != answers.FileName {
			all[file.Path] = file.Body
		}
	}
	return all
}

func differing(a, b map[string][]byte) []string {
	var names []string
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			names = append(names, name)
		}
	}
	for name := range b {
		if a[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestDefaultsChangeNothing: who says the default says nothing.
func TestDefaultsChangeNothing(t *testing.T) {
	for _, example := range []string{"verhuizing", "adresonderzoek", "melding-openbare-ruimte"} {
		before := withAnswers(t, "../examples/"+example)
		if names := differing(before, withAnswers(t, "../examples/"+example, "delivery.port=8080", "fieldlab.variant=0")); len(names) > 0 {
			t.Errorf("%s: the defaults change %v", example, names)
		}
		if bytes.Contains(before["main.go"], []byte("Port")) || bytes.Contains(before["4-proces/verloop.go"], []byte("Variant")) {
			t.Errorf("%s: a default is written out", example)
		}
	}
}

// ports are the numbers in a file that lie in the series from base on.
func ports(body []byte, base int) (found []string) {
	for n := base; n < base+4; n++ {
		if regexp.MustCompile(fmt.Sprintf(`\b%d\b`, n)).Match(body) {
			found = append(found, fmt.Sprint(n))
		}
	}
	return found
}

// container are the files in which 8080 and those after it are ports of production,
// of another program or of the network, and not of a laptop.
var container = map[string]bool{
	"deploy/Dockerfile": true, "docs/fsc.md": true, "deploy/openfsc/outway.env.voorbeeld": true, "deploy/openfsc/inway.env.voorbeeld": true,
	"deploy/openfsc/proef/compose.yaml": true, "docs/instellingen.md": true, // which says what production has
}

// TestPortIsTheSameEverywhere: with another base port nothing outside kern names
// the usual one any more, but for what is about production, and every file that
// named a port of a laptop names the new one.
func TestPortIsTheSameEverywhere(t *testing.T) {
	for _, example := range []string{"verhuizing", "adresonderzoek"} {
		more := []string{"fsc.compose=true"}
		before := withAnswers(t, "../examples/"+example, more...)
		after := withAnswers(t, "../examples/"+example, append(more, "delivery.port=20300")...)
		changed := differing(before, after)
		for name, body := range after {
			if strings.HasPrefix(name, "kern/") {
				if slices.Contains(changed, name) {
					t.Errorf("%s differs between two ports", name)
				}
				continue
			}
			had, left, has := ports(before[name], 8080), ports(body, 8080), ports(body, 20300)
			inCluster := container[name] || strings.HasPrefix(name, "deploy/helm/")
			if len(left) > 0 && !inCluster {
				t.Errorf("%s still names %v", name, left)
			}
			if len(has) < len(had) && !inCluster {
				t.Errorf("%s names %v, before %v", name, has, had)
			}
		}
		want := []string{".devcontainer/devcontainer.json", "README.en.md", "README.md", "deploy/docker-compose.yml",
			"deploy/openfsc/proef/fsc-aanbieder.yaml", "docs/instellingen.md", "docs/nabootsing.md", "docs/testgegevens.md", "main.go"}
		if example == "adresonderzoek" && !slices.Contains(changed, "docs/testgegevens.md") {
			want = slices.DeleteFunc(want, func(name string) bool { return name == "docs/testgegevens.md" })
		}
		if !slices.Equal(changed, want) {
			t.Errorf("%s: a port changes %v, want %v", example, changed, want)
		}
		if n := strings.Count(string(after["docs/instellingen.md"]), "8080"); n != 1 {
			t.Errorf("docs/instellingen.md names 8080 %d times; once, for production", n)
		}
		if !json.Valid(after[".devcontainer/devcontainer.json"]) {
			t.Error("the dev container is no JSON")
		}
	}
}

// TestPortBounds: the first and the last one that can be, in which every file is
// still right.
func TestPortBounds(t *testing.T) {
	for _, base := range []string{"1024", "65532"} {
		files := withAnswers(t, benchExample, "delivery.port="+base)
		if !bytes.Contains(files["main.go"], []byte("Port:    "+base+",")) {
			t.Errorf("%s: main.go is\n%s", base, files["main.go"])
		}
		for name, body := range files {
			if found := regexp.MustCompile(`PORT=(\d+)`).FindSubmatch(body); !strings.HasPrefix(name, "kern/") && found != nil && len(found[1]) > 4 && string(found[1]) > "65532" {
				t.Errorf("%s: %s advises %s", base, name, found[0])
			}
		}
	}
}

// TestVariantsDiffer: of a workshop no two teams begin with the same people, nor
// with the same rows; and who does it again gets the same.
func TestVariantsDiffer(t *testing.T) {
	roles := []identity.Role{{Name: "a", Citizen: true}, {Name: "b"}, {Name: "c", Company: true}}
	seen, rows := map[string]int{}, map[string]int{}
	for variant := range 13 {
		var first []string
		for _, u := range identity.Personas(roles, variant, nil)[:4] {
			first = append(first, u.Name)
		}
		if other, twice := seen[strings.Join(first, ", ")]; twice {
			t.Errorf("variants %d and %d begin with %v", other, variant, first)
		}
		seen[strings.Join(first, ", ")] = variant
		set := fmt.Sprint("fieldlab.variant=", variant)
		files := withAnswers(t, benchExample, set)
		body := string(files["1-gegevens/verhuizing.go"])
		if other, twice := rows[body]; twice {
			t.Errorf("variants %d and %d have the same rows", other, variant)
		}
		rows[body] = variant
		if names := differing(files, withAnswers(t, benchExample, set)); len(names) > 0 {
			t.Errorf("variant %d twice differs in %v", variant, names)
		}
	}
}

// TestTeamsBesideEachOtherShareNobody: four variants in a row have no inhabitant in
// common, and eleven no colleague.
func TestTeamsBesideEachOtherShareNobody(t *testing.T) {
	for _, c := range []struct {
		role  identity.Role
		teams int
	}{{identity.Role{Name: "a", Citizen: true}, 4}, {identity.Role{Name: "b"}, 11}} {
		taken := map[string]int{}
		for team := range c.teams {
			for _, u := range identity.Personas([]identity.Role{c.role}, team, nil)[:identity.PerRole] {
				if other, twice := taken[u.Name]; twice {
					t.Errorf("variants %d and %d both have %s", other, team, u.Name)
				}
				taken[u.Name] = team
			}
		}
	}
}

// TestVariantBelongsTogether: two components with one variant differ in their names
// only, and what is filled in for a variant is valid for every type.
func TestVariantBelongsTogether(t *testing.T) {
	a := withAnswers(t, benchExample, "fieldlab.variant=7")
	b := withAnswers(t, benchExample, "fieldlab.variant=7", "component.name=verhuizing-zuid")
	for _, name := range []string{"1-gegevens/verhuizing.go", "4-proces/verloop.go", "2-diensten/openapi.yaml"} {
		if strings.ReplaceAll(string(b[name]), "verhuizing-zuid", "verhuizing") != string(a[name]) {
			t.Errorf("%s differs with the name", name)
		}
	}
	bounds := [2]float64{3, 9}
	for _, name := range fieldtype.Names() {
		kind, _ := fieldtype.Of(name)
		for variant := range 64 {
			f := &fieldtype.Field{Name: "veld", Title: "Veld", Variant: variant, Values: []string{"a", "b", "c"}, Records: []string{fieldtype.UUID("x", 0)}}
			if kind.Number {
				f.Min, f.Max = &bounds[0], &bounds[1]
			}
			found := map[string]bool{}
			for i, e := range kind.Examples(f) {
				if e.Form == "" {
					t.Fatalf("%s, variant %d: example %d is empty", name, variant, i)
				}
				if _, fault := kind.Check(f, e.Form); fault != "" && !kind.Unwritten {
					t.Errorf("%s, variant %d: example %d, %s, is refused: %s", name, variant, i, e.Form, fault)
				}
				found[e.Form] = true
			}
			plain := *f
			plain.Variant = 0
			before := map[string]bool{}
			for _, e := range kind.Examples(&plain) {
				before[e.Form] = true
			}
			if kind.Distinct && len(found) < len(before) {
				t.Errorf("%s, variant %d: %d examples differ, in variant 0 %d", name, variant, len(found), len(before))
			}
		}
	}
}

// TestFirstAddressIsInTheBAG: the stand-in of the catalogue finds the first address
// of every variant.
func TestFirstAddressIsInTheBAG(t *testing.T) {
	bag, _ := catalogue.Find("bag")
	told := strings.Join(strings.Fields(string(bag.Answers())), " ") // on one line
	kind, _ := fieldtype.Of("adres")
	object, _ := fieldtype.Of("bag-id")
	homes := map[string]bool{}
	for variant := range 16 {
		f := &fieldtype.Field{Name: "adres", Variant: variant}
		var address struct {
			Postcode, Huisletter, Huisnummertoevoeging string
			Huisnummer                                 int
		}
		first := kind.Examples(f)[0]
		if err := json.Unmarshal([]byte(first.JSON), &address); err != nil {
			t.Fatal(err)
		}
		quoted := func(s string) string {
			if s == "" {
				return "null"
			}
			return `"` + s + `"`
		}
		asked := fmt.Sprintf(`"postcode": %q, "huisnummer": "%d", "huisletter": %s, "huisnummertoevoeging": %s`,
			strings.ReplaceAll(address.Postcode, " ", ""), address.Huisnummer, quoted(address.Huisletter), quoted(address.Huisnummertoevoeging))
		if !strings.Contains(told, asked) {
			t.Errorf("variant %d: the BAG has no answer to %s", variant, asked)
		}
		if id := object.Examples(f)[0].Form; !strings.Contains(told, `"adresseerbaarObjectIdentificatie": "`+id+`"`) {
			t.Errorf("variant %d: the BAG has no %s", variant, id)
		}
		homes[first.Form] = true
	}
	if len(homes) != fieldtype.Count {
		t.Errorf("only %v", slices.Sorted(maps.Keys(homes)))
	}
}

// TestEveryVariantOfEveryExample: whatever the variant is, a component comes out.
func TestEveryVariantOfEveryExample(t *testing.T) {
	files, err := filepath.Glob("../examples/*/fieldlab.yaml")
	more, _ := filepath.Glob("../examples/testdata/*.yaml")
	if files = append(files, more...); err != nil || len(files) < 6 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		for _, variant := range []int{1, 2, 4, 7, 11, 17, 33, 9999} {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			document, _ := answers.Parse(answers.FileName, data)
			if err := document.Set("fieldlab.variant", fmt.Sprint(variant)); err != nil {
				t.Fatal(err)
			}
			if _, _, err := generator.Plan(generator.Request{Document: document, Files: os.DirFS(filepath.Dir(file)), Pack: templates.Component(), Version: "test"}); err != nil {
				t.Errorf("%s, variant %d: %v", file, variant, err)
			}
		}
	}
}
