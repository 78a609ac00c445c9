package plan

import (
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"golang.org/x/text/runes"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/render"
)

func component() *model.Component {
	return &model.Component{
		Title:    "Verhuizing doorgeven",
		Module:   "github.com/gemeente/verhuizing",
		Entities: []*model.Entity{{Name: naming.Names{File: "verhuizing"}}, {Name: naming.Names{File: "adres"}}},
		Sources:  []*model.Source{{Name: naming.Names{File: "bag"}}},
		Delivery: model.Delivery{GitLab: true},
		Files:    []model.ExtraFile{{Path: "bronnen/antwoord.json", Body: []byte(`{"own":true}`)}},
	}
}

func pack() fstest.MapFS {
	files := fstest.MapFS{
		"README.md.tmpl":                            {Data: []byte("# {{ md .Title }}\n")},
		".github/workflows/ci.yaml":                 {Data: []byte("on: push\n")},
		".gitlab-ci.yml.tmpl":                       {Data: []byte("stages: []\n")},
		"1-gegevens/[entity].go.tmpl":               {Data: []byte("package register // {{ .Entity.Name.File }}\n")},
		"3-integratie/[source].go.tmpl":             {Data: []byte("package bronnen // {{ .Source.Name.File }}\n")},
		"3-integratie/[source]/LEESMIJ.txt.tmpl":    {Data: []byte("{{ .Source.Name.File }}\n")},
		"deploy/start.sh":                           {Data: []byte("#!/bin/sh\n")},
		"1-gegevens/migraties/sqlite/0001.sql.tmpl": {Data: []byte("SELECT 1;\n")},
		"CHANGELOG.md.tmpl":                         {Data: []byte("# Changelog\n")},
		"kern/README.md":                            {Data: []byte("# kern\n")},
		"kern/start/start.go":                       {Data: []byte("package start\n")},
		"kern/start/start_test.go":                  {Data: []byte("package start\n")},
		"kern/start/testdata/a.txt":                 {Data: []byte("a\n")},
		"kern/start/testdata/diep/b.txt":            {Data: []byte("b\n")},
		"kern/proef/proef.go":                       {Data: []byte("package proef\n")},
		"2-diensten/routes_test.go.tmpl":            {Data: []byte("package diensten\n")},
	}
	for i := range 40 {
		files[fmt.Sprintf("docs/%02d.md.tmpl", i)] = &fstest.MapFile{Data: []byte("{{ .Title | md }}\n")}
	}
	return files
}

func of(t *testing.T) Plan {
	t.Helper()
	p, err := Of(component(), pack(), Options{Answers: []byte("version: 1\n"), Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOf(t *testing.T) {
	var got []string
	for _, file := range of(t) {
		if !strings.HasPrefix(file.Path, "docs/") {
			got = append(got, fmt.Sprintf("%s %o %s %s", file.Path, file.Mode, file.Owner, strings.TrimSpace(string(file.Body))))
		}
	}
	want := []string{
		".fieldlab/manifest.json 644 merged *",
		".gitlab-ci.yml 644 merged stages: []",
		"1-gegevens/adres.go 644 merged package register // adres",
		"1-gegevens/migraties/sqlite/0001.sql 644 team SELECT 1;",
		"1-gegevens/verhuizing.go 644 merged package register // verhuizing",
		"2-diensten/routes_test.go 644 merged package diensten",
		"3-integratie/bag.go 644 merged package bronnen // bag",
		"3-integratie/bag/LEESMIJ.txt 644 merged bag",
		"CHANGELOG.md 644 team # Changelog",
		"README.md 644 merged # Verhuizing doorgeven",
		`bronnen/antwoord.json 644 team {"own":true}`,
		"deploy/start.sh 755 merged #!/bin/sh",
		"fieldlab.yaml 644 team version: 1",
		"kern/README.md 644 kern # kern",
		"kern/VERSIE 644 kern fieldlab 1.2.3",
		"kern/proef/proef.go 644 kern package proef",
		"kern/start/start.go 644 kern package start",
	}
	if len(got) != len(want) {
		t.Fatalf("%d files, not %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if prefix, anyBody := strings.CutSuffix(want[i], "*"); got[i] != want[i] && !(anyBody && strings.HasPrefix(got[i], prefix)) {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}

// plain is a plan without where its files come from, which differs with the pack.
func plain(p Plan) Plan {
	for i := range p {
		p[i].Static = nil
	}
	return p
}

// TestDeterministic: the plan does not depend on the number of processors, the
// time zone, the language of the system or the order of the template.
func TestDeterministic(t *testing.T) {
	want := plain(of(t))
	for _, processors := range []int{1, 2, 8} {
		for _, zone := range []string{"Pacific/Auckland", "America/New_York"} {
			t.Setenv("TZ", zone)
			t.Setenv("LC_ALL", "tr_TR.UTF-8")
			before := runtime.GOMAXPROCS(processors)
			got := plain(of(t))
			runtime.GOMAXPROCS(before)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("another plan with %d processors in %s", processors, zone)
			}
		}
	}
}

// TestErrorsInOrder: the errors of several templates come all, in a fixed order.
func TestErrorsInOrder(t *testing.T) {
	broken := fstest.MapFS{}
	for _, name := range []string{"a", "b", "c", "d"} {
		broken[name+".md.tmpl"] = &fstest.MapFile{Data: []byte("{{ .Nowhere }}")}
	}
	var first string
	for range 20 {
		_, err := Of(component(), broken, Options{})
		if err == nil || strings.Count(err.Error(), "Nowhere") != 8 {
			t.Fatal(err)
		}
		if first == "" {
			first = err.Error()
		}
		if err.Error() != first {
			t.Fatalf("%v\nwas\n%s", err, first)
		}
	}
}

func TestHostilePacks(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"symbolic link":        {"link": {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink}},
		"device":               {"null": {Mode: fs.ModeDevice}},
		"hook":                 {".git/hooks/pre-commit": {Data: []byte("#!/bin/sh\n")}},
		"hook on Windows":      {"GIT~1/hooks/pre-commit": {Data: []byte("#!/bin/sh\n")}},
		"same name":            {"README.md": {}, "readme.md.tmpl": {}},
		"same output":          {"README.md": {}, "README.md.tmpl": {}},
		"own manifest":         {".fieldlab/manifest.json": {}},
		"static per entity":    {"[entity].go": {Data: []byte("package a\n")}},
		"two kinds of item":    {"[entity]-[source].md.tmpl": {}},
		"reserved name":        {"docs/aux.md": {}},
		"endless output":       {"a.md.tmpl": {Data: []byte(`{{ range until 10000 }}{{ range until 10000 }}0123456789{{ end }}{{ end }}`)}},
		"the answers file":     {"fieldlab.yaml": {}},
		"a file in its folder": {"bronnen": {Data: []byte("file")}},
		"the version of kern":  {"kern/VERSIE": {}},
		"a file named kern":    {"kern": {}},
		"another kern":         {"Kern/start/start.go": {}},
	} {
		if _, err := Of(component(), files, Options{Answers: []byte("version: 1\n")}); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestCheckPath(t *testing.T) {
	for _, path := range []string{
		"", ".", "..", "../x", "a/../b", "/a", "a//b", "a/", "./a", `a\b`, `C:\a`, "C:a", "a\x00b", "a\nb",
		".git", ".git/config", ".GIT/config", ".Git", "a/.git/b", ".git ", ".git.", ".git . ", "GIT~1", "git~2", ".git::$INDEX_ALLOCATION",
		".g\u200cit/config", ".gi\u202et", "\ufeff.git", "\uff0egit\u2028",
		"con", "CON.txt", "nul.tar.gz", "aux", "COM1", "com1.go", "lpt9", "com¹", "CONIN$", "a/prn/b", "nul .txt",
		"a.", "a ", " a", "a/b./c", "a<b", "a>b", `a"b`, "a|b", "a?b", "a*b", "a:b", "-rf", "a/--b",
		"e\u0301.txt", "a\xffb",
		strings.Repeat("a", 101), strings.Repeat("a/", 100) + "b",
	} {
		if err := CheckPath(path); err == nil {
			t.Errorf("%q was accepted", path)
		}
	}
	for _, path := range []string{
		".gitignore", ".gitattributes", ".github/workflows/ci.yaml", ".gitlab-ci.yml", "1-gegevens/zaken.go", "a.b/c", "é.txt", "console.go", "com.go", "a b.txt", "git/x", "LICENSE",
	} {
		if err := CheckPath(path); err != nil {
			t.Error(err)
		}
	}
}

func TestSameFile(t *testing.T) {
	for _, pair := range [][2]string{
		{"a.txt", "A.TXT"}, {"straße", "STRASSE"}, {"é", "É"}, {"A/b", "a/c"}, {"a", "a/b"}, {"A", "a/b"},
	} {
		if err := checkPaths([]File{{Path: pair[0]}, {Path: pair[1]}}, nil); err == nil {
			t.Errorf("%q and %q were accepted", pair[0], pair[1])
		}
	}
	if err := checkPaths([]File{{Path: "a/b"}, {Path: "a/c"}, {Path: "a.b"}, {Path: "ab/c"}}, nil); err != nil {
		t.Error(err)
	}
}

// FuzzCheckPath: a path that passes stays inside, whatever os.Root would say.
func FuzzCheckPath(f *testing.F) {
	for _, seed := range []string{"a/b", "../a", ".git/x", "con", "é", ". git", "..git", ".git ./x", ".g\u200cit"} {
		f.Add(seed)
	}
	invisible := runes.Remove(runes.In(unicode.Cf))
	f.Fuzz(func(t *testing.T, path string) {
		if CheckPath(path) != nil {
			return
		}
		if !fs.ValidPath(path) || path == "." {
			t.Errorf("%q is no valid path", path)
		}
		for segment := range strings.SplitSeq(path, "/") {
			// As the file systems of macOS and Windows read it: without what is
			// invisible, and without dots and spaces at the end.
			if strings.EqualFold(strings.TrimRight(invisible.String(segment), ". "), ".git") {
				t.Errorf("%q is inside .git", path)
			}
		}
	})
}

// TestRulesAreUsed: a rule about a file that is not in the pack is a mistake.
func TestRulesAreUsed(t *testing.T) {
	built := os.DirFS("../../templates/component")
	paths := slices.Concat(executables, teamOwned, []string{KernFolder})
	for _, rule := range conditions {
		paths = append(paths, rule.path)
	}
	for _, path := range paths {
		_, static := fs.Stat(built, path)
		_, templated := fs.Stat(built, path+render.Suffix)
		if static != nil && templated != nil {
			t.Errorf("rules.go speaks of %s, which is not in templates/component", path)
		}
	}
}

// TestOneFileOfAService: the contract for a service is one file, however many sources
// ask it.
func TestOneFileOfAService(t *testing.T) {
	c, files := component(), pack()
	c.Sources = append(c.Sources, &model.Source{Name: naming.Names{File: "bag_twee"}, Shares: c.Sources[0]})
	files["contract-[service].json.tmpl"] = &fstest.MapFile{Data: []byte("{}\n")}
	p, err := Of(c, files, Options{Answers: []byte("version: 1\n"), Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range p {
		if strings.HasPrefix(f.Path, "contract-") || strings.HasSuffix(f.Path, "LEESMIJ.txt") {
			got = append(got, f.Path)
		}
	}
	if want := "3-integratie/bag/LEESMIJ.txt 3-integratie/bag_twee/LEESMIJ.txt contract-bag.json"; strings.Join(got, " ") != want {
		t.Errorf("files %q", got)
	}
}
