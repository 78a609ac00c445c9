package leftover_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/leftover"
)

func TestRules(t *testing.T) {
	checktest.Rules(t, leftover.Checker(), "testdata")
}

// TestLookAlikes holds what looks like a leftover and is none.
func TestLookAlikes(t *testing.T) {
	for name, file := range map[string][2]string{
		"a README of a project":       {"README.md", "# Verhuizing doorgeven\n\nThis project was once a skeleton application; see [Vite](https://vite.dev).\n"},
		"a README that is short":      {"README.md", "# Balie\n"},
		"a manual with an example":    {"docs/api.md", "Call https://api.example.com/zaken as John Doe, and replace <your-org> by yours.\n"},
		"a name with a word in it":    {"package.json", `{"name": "my-appointments", "dependencies": {"react-loading-skeleton": "3.1.0", "vite": "5"}}`},
		"a chart":                     {"helm/Chart.yaml", "name: verhuizing\ndescription: Skeleton of the house\n"},
		"a placeholder of a field":    {"src/form.tsx", `<input name="naam" placeholder="John Doe" /><input type="url" placeholder="https://example.com" />`},
		"a hint":                      {"src/nl.json", `{"naam.hint": "Bijvoorbeeld John Doe", "url.hint": "https://example.com"}`},
		"a help text":                 {"src/models.py", "url = URLField(\n    help_text=\"https://example.com/api\",\n)\nnaam = CharField(help_text=_(\"John Doe\"))\n"},
		"a comment":                   {"src/zaak.go", "// Such as https://example.com/zaken, of John Doe in the Appelstraat 1.\npackage zaak\n\n/*\n  fetch(\"http://localhost:8080/zaken\")\n*/\n"},
		"a docstring":                 {"src/zaak.py", "\"\"\"\nCall \"https://example.com/zaken\" for John Doe.\n\"\"\"\n"},
		"a default for development":   {"src/config.ts", `export const api = process.env.API_URL ?? "http://localhost:8080/api";`},
		"a default in Python":         {"src/conf/base.py", "API = config(\"API\", default=\"http://localhost:8000\")\nDEFAULTS = dict(\n    HOST=\"http://127.0.0.1:9200\",\n)\n"},
		"addresses that may ask":      {"src/cors.ts", `export const allowed = ["http://localhost:3000/app"];`},
		"a last resort":               {"src/conf/base.py", "if HOSTS:\n    BASE = HOSTS[0]\nelse:\n    BASE = \"https://example.com\"\n"},
		"an example for consumers":    {"src/serializers.py", "OpenApiExample(\n    \"antwoord\",\n    value={\n        \"naam\": \"John Doe\",\n        \"startdatum\": \"2024-12-01\",\n"},
		"a mock by its folder":        {"src/apimock/apis/klant.json", `{"name": "John Doe"}`},
		"a demo of the style":         {"src/templates/StyleDemo.html", "<p>Lorem ipsum</p>\n"},
		"a comparison":                {"src/a.ts", `if (url.startsWith("http://localhost/")) { console.log("https://example.com"); }`},
		"a message":                   {"main.go", `fmt.Println("Open http://localhost:8080/start")`},
		"a port of its own":           {"main.go", `address := "http://localhost:" + port`},
		"a compose file":              {"docker-compose.yml", "services:\n  web:\n    environment:\n      API_URL: http://localhost:8080/api\n      PASSWORD: changeme\n"},
		"settings of a laptop":        {".env", "APP_URL=http://localhost\nAPP_NAME=verhuizing\n"},
		"settings to copy":            {".env.example", "API_URL=https://example.com\nPASSWORD=changeme\n"},
		"a test":                      {"src/zaak.test.ts", `const zaak = { zaaktype: "http://localhost/zt/1", naam: "John Doe", startdatum: "2022-01-01" };`},
		"a story":                     {"src/Card.stories.tsx", `export const card = <Card name="Jane Doe" text="Lorem ipsum" />;`},
		"a mock":                      {"src/mocks-server/pom.ts", `const owner = "John Doe";`},
		"the name of a schema":        {"schemas/zaak.json", `{"$id": "https://example.com/zaak.json", "$schema": "http://json-schema.org/draft-07/schema#"}`},
		"a namespace":                 {"pom.xml", `<project xmlns="http://example.com/ns"><groupId>nl.duinstad</groupId></project>`},
		"a chart for others":          {"helm/values.yaml", "ingress:\n  host: verhuizing.example.nl\n  url: https://verhuizing.example.nl\n"},
		"a zaaktype of the catalogue": {"src/zaak.ts", `const zaak = { zaaktype: "https://openzaak.duinstad.nl/catalogi/api/v1/zaaktypen/1", object: "urn:x" };`},
		"a date in a query":           {"src/archief.go", `db.Exec("UPDATE zaken SET startdatum = '1900-01-01' WHERE id = 1")`},
		"a date of a catalogue":       {"catalogus/zaaktype.json", `{"beginGeldigheid": "2022-01-01", "startdatum": "2022-01-01"}`},
		"a petition":                  {"src/petitie.ts", `router.get("/petities", list); const carpet = "petrol"; const repeat = "/petition";`},
		"a bar":                       {"src/bar.ts", "export class BarChart {}\nconst bar = 1; // class Foo\n"},
		"a name like a sample":        {"src/namen.ts", `const johnDoeri = 1; const naam = "Lorem"; const plaats = "Voorbeeldstraten";`},
		"a template of a page":        {"templates/base.html", "<title>{{ project_name }}</title>\n"},
		"a template of a chart":       {"helm/templates/cm.yaml", "name: {{ .Values.project_name }}\n"},
		"a TODO of a developer":       {"src/a.ts", "// TODO: fill in the gaps between pages\n"},
		"the licence of Apache":       {"LICENSE", "Copyright [yyyy] [name of copyright owner]\n"},
		"a real contact":              {"SECURITY.md", "Mail security@duinstad.nl. Not example.com.\n"},
		"how to fork":                 {"CONTRIBUTING.md", "git clone https://github.com/your-username/verhuizing after you fork it\n"},
		"a person of a mail server":   {"src/mail.ts", `const from = "balie@duinstad.nl";`},
		"example as a word":           {"src/example-page.ts", "export const examplePage = 1;\n"},
		"a health check":              {"src/health.go", `http.Get("http://localhost:8080/healthz")`},
		"an Accept header":            {"src/a.ts", "const accept = '*/*';\nconst naam = `Piet`;\n"},
		"names with the word in them": {"src/a.go", "const changeMe = \"leftover-changeme\"\nlooked(changeMe)\n"},
		"words in a list":             {"src/words.go", `var words = []string{" foo", "pet", "lorem", "foobar"}`},
		"another API":                 {"specs/bag.yaml", "openapi: 3.0.3\ninfo:\n  title: Swagger Petstore\n  contact:\n    email: api@example.com\npaths:\n  /pets:\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if lines := checktest.Lines(checktest.Run(t, map[string]string{file[0]: file[1]}, leftover.Checker()), ""); len(lines) > 0 {
				t.Errorf("%s gives %q", file[0], lines)
			}
		})
	}
}

// TestSkeletonItself: what a skeleton is for is no leftover there.
func TestSkeletonItself(t *testing.T) {
	files := map[string]string{
		"cookiecutter.json": "{}",
		"README.md":         "# Project title\n",
		"package.json":      `{"name": "my-app"}`,
		"chart/Chart.yaml":  "name: {{ cookiecutter.slug }}\n",
	}
	if lines := checktest.Lines(checktest.Run(t, files, leftover.Checker()), ""); len(lines) > 0 {
		t.Errorf("a skeleton gives %q", lines)
	}
	delete(files, "cookiecutter.json")
	if lines := checktest.Lines(checktest.Run(t, files, leftover.Checker()), ""); len(lines) != 3 {
		t.Errorf("what came of a skeleton gives %q", lines)
	}
}

// TestItsOwnName: what is called so by right is no leftover.
func TestItsOwnName(t *testing.T) {
	tree := fstest.MapFS{
		"README.md":    {Data: []byte("# API Connector\n")},
		"package.json": {Data: []byte(`{"name": "petstorebundle"}`)},
	}
	for name, want := range map[string]int{"api-connector": 1, "PetStoreBundle": 1, "pwa-verhuizen": 2, "my-skeleton": 0} {
		r, err := check.OpenFS(tree, check.Options{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		result, err := check.Run(t.Context(), r, []check.Checker{leftover.Checker()})
		if err != nil {
			t.Fatal(err)
		}
		if lines := checktest.Lines(result, ""); len(lines) != want {
			t.Errorf("in %s: %q", name, lines)
		}
	}
}

// TestOpenPoints: what stands on the list of the hand-over is not told twice.
func TestOpenPoints(t *testing.T) {
	files := map[string]string{
		".fieldlab/manifest.json": "{}",
		"helm/values.yaml":        "ingress:\n  host: verhuizing.duinstad.test\n",
		"docs/overdracht.md":      "## Nog in te vullen\n\n| Wat | Waar |\n|---|---|\n| Naam | `values.yaml` |\n",
	}
	if lines := checktest.Lines(checktest.Run(t, files, leftover.Checker()), ""); !slices.Equal(lines, []string{"leftover-open-points docs/overdracht.md:1 1"}) {
		t.Errorf("with a list: %q", lines)
	}
	files["docs/overdracht.md"] = "# Overdracht\n"
	if lines := checktest.Lines(checktest.Run(t, files, leftover.Checker()), ""); !slices.Equal(lines, []string{"leftover-stand-in helm/values.yaml:2 verhuizing.duinstad.test 1"}) {
		t.Errorf("without a list: %q", lines)
	}
}

// FuzzFile looks for input that makes the checker panic, hang, or tell of a line that is
// not there.
func FuzzFile(f *testing.F) {
	f.Add("a.ts", "const naam = \"John Doe\";\n/* \"Lorem ipsum\"")
	f.Add("README.md", "\xef\xbb\xbf# Skeleton Application\n\xff")
	f.Add("values.yaml", "image: ghcr.io/a/skeleton-app\nhost: a.test\n")
	f.Add("openapi.yaml", "openapi: 3.0.3\ninfo:\n  contact:\n    email: a@example.com")
	f.Add("a.py", "\"\"\"")
	f.Fuzz(func(t *testing.T, name, body string) {
		if name == "" || strings.ContainsAny(name, "\x00\\/") || strings.Contains(name, "..") || name == "." {
			t.Skip()
		}
		for _, v := range checktest.Run(t, map[string]string{name: body}, leftover.Checker()).Verdicts {
			for _, m := range v.Missed {
				t.Errorf("%s: %s", v.Rule.ID, m.Why)
			}
			for _, found := range v.Findings {
				if found.Line > strings.Count(body, "\n")+1 {
					t.Errorf("%+v", found)
				}
			}
		}
	})
}
