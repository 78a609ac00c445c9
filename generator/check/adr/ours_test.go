package adr

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

const smallAPI = `openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /x: {get: {responses: {'200': {description: ja}}}}
`

func with(lines string) string { return strings.Replace(smallAPI, "paths:", lines+"paths:", 1) }

// judgedIn says which of the files are judged as descriptions of the repository's own API.
func judgedIn(t *testing.T, name string, config check.Config, files map[string]string) map[string]bool {
	t.Helper()
	tree := fstest.MapFS{}
	for name, body := range files {
		tree[name] = &fstest.MapFile{Data: []byte(body)}
	}
	r, err := check.OpenFS(tree, check.Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	r.Config = config
	result, err := check.Run(context.Background(), r, []check.Checker{Checker()})
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]bool{}
	for _, v := range result.Verdicts {
		for _, f := range v.Findings {
			if f.Rule == "adr-described" || f.Rule == "adr-readable" {
				judged[f.Path] = true
			}
		}
	}
	return judged
}

// TestOurs checks which descriptions are judged. None of the bodies says what the API is
// for, so that what is judged has a finding.
func TestOurs(t *testing.T) {
	t.Parallel()
	vng := "servers: [{url: 'https://zaken-api.vng.cloud/api/v1'}]\n"
	for _, test := range []struct {
		name, path, body string
		more             map[string]string
		repo             string
		config           []string
		ours             bool
	}{
		{name: "root", path: "openapi.yaml", body: smallAPI, ours: true},
		{name: "any name", path: "docs/verhuizingen.yml", body: smallAPI, ours: true},
		{name: "folder spec", path: "spec/openapi.json", body: `{"openapi":"3.0.3","info":{},"paths":{"/x":{}}}`, ours: true},
		{name: "key not first", path: "api.yaml", body: "info: {}\npaths: {/x: {}}\nopenapi: 3.0.3\n", ours: true},
		{name: "quoted key", path: "api.yaml", body: "\"openapi\": \"3.0.3\"\ninfo: {}\npaths: {/x: {}}\n", ours: true},
		{name: "crlf and bom", path: "api.yaml", body: "\ufeffinfo: {}\r\nopenapi: 3.0.3\r\npaths: {/x: {}}\r\n", ours: true},
		{name: "component", path: "2-diensten/openapi.yaml", body: with(vng), more: map[string]string{".fieldlab/manifest.json": "{}"}, ours: true},
		{name: "source of a component", path: "3-integratie/bag.openapi.yaml", body: smallAPI, more: map[string]string{".fieldlab/manifest.json": "{}"}},
		{name: "client", path: "src/clients/zaken/openapi.yaml", body: smallAPI},
		{name: "client in a longer name", path: "libs/zaken-client/openapi.yaml", body: smallAPI},
		{name: "stub", path: "stubs/brp.yaml", body: smallAPI},
		{name: "mock by its file", path: "docker/brp-mock.yaml", body: smallAPI},
		{name: "source", path: "bronnen/bag.yaml", body: smallAPI},
		{name: "test", path: "tests/openapi.yaml", body: smallAPI},
		{name: "example", path: "examples/openapi.yaml", body: smallAPI},
		{name: "national by its server", path: "api/zaken.yaml", body: with(vng)},
		{name: "national by its contact", path: "api/zaken.yaml", body: strings.Replace(smallAPI, "version:", "contact: {email: standaarden.ondersteuning@vng.nl}, version:", 1)},
		{name: "national by its title", path: "api/zaken.yaml", body: strings.Replace(smallAPI, "title: T", "title: Zaken API", 1)},
		{name: "listed by the team", path: "clients/openapi.yaml", body: smallAPI, config: []string{"clients/openapi.yaml"}, ours: true},
		{name: "not listed by the team", path: "openapi.yaml", body: smallAPI, config: []string{"api/other.yaml"}},
		{
			name: "of the publisher by publiccode.yml", path: "api/zaken.yaml", body: with(vng), ours: true,
			more: map[string]string{"publiccode.yml": "url: https://github.com/VNG-Realisatie/gemma-zaken\n"},
		},
		{
			name: "of the publisher by Git", path: "api/zaken.yaml", body: with(vng), ours: true,
			more: map[string]string{".git/config": "[remote \"origin\"]\n\turl = git@github.com:VNG-Realisatie/gemma-zaken.git\n"},
		},
		{
			name: "of the publisher by its folder", path: "api/openapi.yaml", repo: "mijn-taken-api", ours: true,
			body: strings.Replace(with(vng), "version:", "contact: {url: 'https://github.com/vng-realisatie/mijn-taken-api'}, version:", 1),
		},
		{
			name: "of the publisher that took the repository over", path: "api/openapi.yaml", ours: true,
			body: strings.Replace(smallAPI, "version:", "contact: {url: 'https://github.com/VNG-Realisatie/Haal-Centraal-WOZ-bevragen'}, version:", 1),
			more: map[string]string{".git/config": "[remote \"origin\"]\n\turl = https://github.com/kadaster/WOZ-bevragen.git\n"},
		},
		{
			name: "moved to an owner that publishes nothing else", path: "api/openapi.yaml", ours: true,
			body: strings.Replace(with(vng), "version:", "contact: {url: 'https://github.com/VNG-Realisatie/Haal-Centraal-WOZ-bevragen'}, version:", 1),
			more: map[string]string{".git/config": "[remote \"origin\"]\n\turl = https://github.com/gemeente-elders/WOZ-bevragen\n"},
		},
		{
			name: "a short name that ends many", path: "api/openapi.yaml", repo: "api",
			body: strings.Replace(with(vng), "version:", "contact: {url: 'https://github.com/VNG-Realisatie/zaken-api'}, version:", 1),
			more: map[string]string{".git/config": "[remote \"origin\"]\n\turl = https://github.com/gemeente-elders/api\n"},
		},
		{
			name: "a copy with a publiccode.yml of its own", path: "api/zaken.yaml", body: with(vng),
			more: map[string]string{"publiccode.yml": "url: https://github.com/gemeente-veenrade/verhuizingen\n"},
		},
		{
			name: "of somebody else by its contact", path: "api/x.yaml",
			body: strings.Replace(smallAPI, "version:", "contact: {url: 'https://github.com/gemeente-elders/x-api'}, version:", 1),
			more: map[string]string{"publiccode.yml": "url: https://github.com/gemeente-veenrade/verhuizingen\n"},
		},
		{
			name: "of somebody by its contact", path: "api/x.yaml", ours: true,
			body: strings.Replace(smallAPI, "version:", "contact: {url: 'https://github.com/gemeente-veenrade/x-api'}, version:", 1),
			more: map[string]string{"publiccode.yml": "url: https://github.com/gemeente-veenrade/verhuizingen\n"},
		},
		{
			name: "what a client is made from, with Maven", path: "vrs/src/main/resources/bsr.yaml", body: smallAPI,
			more: map[string]string{"vrs/pom.xml": "<generatorName>java</generatorName>\n<inputSpec>${project.basedir}/src/main/resources/bsr.yaml</inputSpec>\n"},
		},
		{
			name: "what a client is made from, with Gradle", path: "src/main/resources/bsr.yaml", body: smallAPI,
			more: map[string]string{"build.gradle.kts": "openApiGenerate {\n  generatorName.set(\"kotlin\")\n  inputSpec.set(\"$rootDir/src/main/resources/bsr.yaml\")\n}\n"},
		},
		{
			name: "what a server is made from", path: "src/main/resources/api.yaml", body: smallAPI, ours: true,
			more: map[string]string{"pom.xml": "<generatorName>spring</generatorName>\n<inputSpec>${project.basedir}/src/main/resources/api.yaml</inputSpec>\n<generatorName>java</generatorName>\n"},
		},
		{
			name: "what no client is made from", path: "src/main/resources/api.yaml", body: smallAPI, ours: true,
			more: map[string]string{"build.gradle": "openApiGenerate {\n  generatorName = 'java'\n  inputSpec = \"$rootDir/src/main/resources/bag.yaml\"\n}\n"},
		},
		{name: "only components", path: "shared.yaml", body: "openapi: 3.0.3\ninfo: {}\npaths: {}\ncomponents: {schemas: {A: {type: string}}}\n"},
		{name: "kind of Kubernetes", path: "crd.yaml", body: "kind: CustomResourceDefinition\nspec:\n  openapi: 3.0.3\n"},
		{name: "settings of a tool", path: "orval.yaml", body: "openapi: ./api/openapi.yaml\n"},
		{name: "settings with a folder", path: "x.yaml", body: "openapi:\n  version: 3.0.3\n"},
		{name: "lock file", path: "package-lock.json", body: `{"packages":{"node_modules/openapi":{"version":"3.0.3"}}}`},
		{name: "documentation", path: "openapi.md", body: "openapi: 3.0.3\n"},
		{name: "template", path: "charts/templates/openapi.yaml", body: "openapi: 3.0.3\ninfo: {{ .Values.info }}\n  x"},
		{name: "broken", path: "openapi.yaml", body: "openapi: 3.0.3\ninfo: [\n", ours: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{test.path: test.body}
			for name, body := range test.more {
				files[name] = body
			}
			if got := judgedIn(t, test.repo, check.Config{API: test.config}, files)[test.path]; got != test.ours {
				t.Errorf("judged: %v, expected %v", got, test.ours)
			}
		})
	}
}

// TestCopiedOnce checks that the same description in two files is judged once.
func TestCopiedOnce(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"openapi.yaml":     smallAPI,
		"dist/openapi.yml": "# made\n" + smallAPI,
		"openapi.json":     `{"openapi":"3.0.3","info":{"title":"T","version":"1.0.0"},"paths":{"/x":{"get":{"responses":{"200":{"description":"ja"}}}}}}`,
	}
	if got := judgedIn(t, "", check.Config{}, files); len(got) != 1 {
		t.Errorf("judged: %v", got)
	}
}

// TestOthersAreSaid checks that nobody takes a description that was passed over for one
// that is right: Open Zaak serves the API that elsewhere is a copy.
func TestOthersAreSaid(t *testing.T) {
	t.Parallel()
	national := strings.Replace(smallAPI, "title: T", "title: Zaken API", 1)
	for _, test := range []struct {
		name  string
		files map[string]string
		said  bool
	}{
		{"only one of others", map[string]string{"src/zaken/openapi.yaml": national}, true},
		{"one of its own", map[string]string{"openapi.yaml": smallAPI, "src/zaken/openapi.yaml": national}, false},
		{"a client", map[string]string{"clients/zaken/openapi.yaml": national}, false},
		{"a part", map[string]string{"shared.yaml": "openapi: 3.0.3\ninfo: {}\npaths: {}\ncomponents: {schemas: {A: {type: string}}}\n"}, false},
	} {
		tree := fstest.MapFS{}
		for name, body := range test.files {
			tree[name] = &fstest.MapFile{Data: []byte(body)}
		}
		r, err := check.OpenFS(tree, check.Options{Name: "register"})
		if err != nil {
			t.Fatal(err)
		}
		result, err := check.Run(context.Background(), r, []check.Checker{Checker()})
		if err != nil {
			t.Fatal(err)
		}
		if said := missedCodes(result)["adr-others"]; said != test.said {
			t.Errorf("%s: said %v, expected %v", test.name, said, test.said)
		}
	}
}
