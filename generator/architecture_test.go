package generator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	module = "github.com/commonground-fieldlab/fieldlab/"
	kern   = "templates/component/kern/"
)

// kinds is the one package of the component that the generator uses: what a
// type is, is said once, for the component and for whoever makes it. It imports
// only the standard library, so that the command stays light.
const kinds = "templates/component/kern/value"

// drawing is the other one, of the command: it draws the process of a team on a page
// as its component does. It imports kinds and the standard library.
const drawing = "templates/component/kern/bpmn"

// logins is a third, of the command: it knows as whom people log in. It imports the
// standard library.
const logins = "templates/component/kern/identity"

// allowed is the direction of imports: a package may import the packages on
// its line and nothing else of ours. A trailing /... stands for a folder.
// Packages that are not here may not exist.
var allowed = map[string][]string{
	"generator/problem":          {},
	"generator/naming":           {},
	"generator/quote":            {},
	"generator/catalogue":        {},
	"generator/fieldtype":        {"generator/problem", kinds},
	"generator/answers":          {"generator/fieldtype", "generator/problem", "generator/quote"},
	"generator/openapi":          {"generator/naming"},
	"generator/model":            {"generator/answers", "generator/catalogue", "generator/fieldtype", "generator/naming", "generator/openapi", "generator/problem"},
	"generator/ddl":              {"generator/model", "generator/quote"},
	"generator/render":           {"generator/ddl", "generator/model", "generator/quote"},
	"generator/plan":             {"generator/model", "generator/render"},
	"generator/tree":             {"generator/plan"},
	"generator/repository":       {},
	"generator/grow":             {"generator/answers", "generator/catalogue", "generator/fieldtype", "generator/naming", "generator/problem"},
	"generator/migration":        {"generator/ddl", "generator/fieldtype", "generator/grow", "generator/model", "generator/naming", "generator/problem", "generator/quote", kinds},
	"generator/merge":            {},
	"generator/base":             {"generator/merge", "generator/plan", "generator/render"},
	"generator/update":           {"generator", "generator/answers", "generator/base", "generator/grow", "generator/merge", "generator/migration", "generator/model", "generator/naming", "generator/pack", "generator/plan", "generator/problem", "generator/quote", "generator/repository", "generator/tree"},
	"generator/pack":             {"generator/model", "generator/plan", "generator/problem", "generator/quote", "generator/render"},
	"generator/check":            {"generator/quote"},
	"generator/check/adr":        {"generator/check"},
	"generator/check/governance": {"generator/check"},
	"generator/check/deliver":    {"generator/check"},
	"generator/check/source":     {"generator/check"},
	"generator/check/scan":       {},
	"generator/check/leftover":   {"generator/check", "generator/check/scan"},
	"generator/check/secret":     {"generator/check", "generator/check/scan"},
	"generator/check/own":        {"generator/check", "generator/answers", "generator/base", "generator/model", "generator/plan", "generator/problem"},
	"generator/check/probe":      {"generator/check", "generator/check/adr"},
	"generator/check/rules":      {"generator/check", "generator/check/...", "generator/repository"},
	"generator/check/checktest":  {"generator/check"},
	"generator":                  {"generator/answers", "generator/base", "generator/model", "generator/pack", "generator/plan", "generator/repository", "generator/tree", "generator/problem"},
	"templates":                  {},

	"cmd/fieldlab":             {"cmd/internal/cli"},
	"cmd/internal/release":     {"cmd/internal/cli", "cmd/internal/text"},
	"cmd/internal/terminal":    {},
	"cmd/internal/text":        {"generator/problem"},
	"cmd/internal/text/...":    {},
	"cmd/internal/failure":     {"generator/problem"},
	"cmd/internal/gowork":      {},
	"cmd/internal/arguments":   {"cmd/internal/failure", "cmd/internal/text", "generator/problem"},
	"cmd/internal/answersfile": {"cmd/internal/failure", "cmd/internal/terminal", "cmd/internal/text", "generator/answers", "generator/problem"},
	"cmd/internal/wizard":      {"cmd/internal/terminal", "cmd/internal/text", "generator/..."},
	"cmd/internal/evolve":      {"cmd/internal/...", "generator/..."},
	"cmd/internal/gotool":      {},
	"cmd/internal/verdict":     {"cmd/internal/arguments", "cmd/internal/page", "cmd/internal/terminal", "cmd/internal/text", "generator/check", "generator/quote"},
	"cmd/internal/page":        {"templates"},
	"cmd/internal/doctor":      {"cmd/internal/gotool", "cmd/internal/gowork", "cmd/internal/text", "generator/...", "templates"},
	"cmd/internal/bundle":      {"cmd/internal/gotool", "cmd/internal/page", "examples"},
	"cmd/internal/course":      {"cmd/internal/gotool", "generator/check", "generator/check/rules", "generator/answers", "generator/base", "generator/plan", "generator/problem", "generator/repository"},
	"cmd/internal/workshop":    {"cmd/internal/course", "cmd/internal/page", "examples", "generator/...", "generator", "templates", drawing, logins},
	"cmd/internal/serve":       {"cmd/internal/bundle", "cmd/internal/course", "cmd/internal/page", "cmd/internal/workshop"},
	"cmd/internal/cli":         {"cmd/internal/...", "generator/...", "generator", "templates", "examples"},
	"cmd/internal/cli/...":     {"cmd/internal/...", "generator/...", "generator", "templates", "examples"},

	"examples":                   {},
	"examples/internal/specimen": {},
	"examples/prestaties":        {kinds, "examples/internal/specimen"},
}

// places are the only packages that may import a module.
var places = map[string][]string{
	"github.com/AlecAivazis/survey/v2": {"cmd/internal/wizard"},
	"github.com/yuin/goldmark":         {"cmd/internal/page"},
	"github.com/go-git/":               {"generator/repository"},
	"github.com/spf13/":                {"cmd/internal/cli", "cmd/internal/cli/...", "cmd/internal/arguments", "cmd/internal/evolve"},
	"github.com/Masterminds/sprig":     {"generator/render"},
	"golang.org/x/mod/":                {"cmd/internal/bundle", "cmd/internal/doctor"},
	"github.com/getkin/kin-openapi":    {kern + "rest", kern + "nabootsing/bron"},
	"modernc.org/sqlite":               {kern + "opslag", "examples/prestaties"},
	"github.com/jackc/pgx":             {kern + "opslag", "examples/prestaties"},
	"github.com/VictoriaMetrics/":      {kern + "meting"},
}

type goPackage struct {
	ImportPath, Dir string
	Imports         []string
	GoFiles         []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Imports,GoFiles", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			t.Fatal(err)
		}
		found = append(found, p)
	}
}

func matchesAny(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		folder, all := strings.CutSuffix(pattern, "/...")
		return name == pattern || all && strings.HasPrefix(name, folder+"/")
	})
}

// TestImports holds the table above against the code.
func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		rules, known := rulesOf(name)
		for pattern, more := range allowed {
			if !known && matchesAny(name, []string{pattern}) {
				rules, known = more, true
			}
		}
		if !known {
			t.Errorf("package %s is not in the table of imports: give it its place", name)
		}
		for _, imported := range p.Imports {
			if own, ours := strings.CutPrefix(imported, module); ours && !matchesAny(own, rules) {
				t.Errorf("%s imports %s; it may import %v", name, own, rules)
			}
			for external, where := range places {
				if strings.HasPrefix(imported, external) && !matchesAny(name, where) {
					t.Errorf("%s imports %s; only %v may", name, imported, where)
				}
			}
		}
	}
}

// rulesOf is the row of a package that has one to itself.
func rulesOf(name string) (rules []string, known bool) {
	short, inside := strings.CutPrefix(name, kern)
	if !inside {
		rules, known = allowed[name]
		return rules, known
	}
	row, known := inKern[short]
	for _, other := range row {
		rules = append(rules, kern+other)
	}
	return rules, known
}

// TestRooms: the name of a file says whose it is. In kern is the machinery, real
// Go and the same for every component; around it is what the answers and the
// team make of it, all of it templates. So kern cannot import the rest, and
// what only kern may import is not in the rest either.
func TestRooms(t *testing.T) {
	inside, outside := 0, 0
	err := filepath.WalkDir("../templates/component", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := strings.TrimPrefix(filepath.ToSlash(path), "../")
		isKern, isTemplate := strings.HasPrefix(name, kern), strings.HasSuffix(name, ".tmpl")
		switch {
		case isKern && isTemplate:
			t.Errorf("%s depends on the answers; kern is the same for every component", name)
		case !isKern && strings.HasSuffix(name, ".go"):
			t.Errorf("%s is the same for every component, so it belongs in kern; or else it ends in .tmpl", name)
		case isKern && strings.HasSuffix(name, ".go"):
			inside++
			staysInKern(t, name, path)
		case strings.HasSuffix(name, ".go.tmpl"):
			outside++
			for external, where := range places {
				if strings.Contains(read(t, path), `"`+external) {
					t.Errorf("%s imports %s; only %v may", name, external, where)
				}
			}
		}
		return nil
	})
	if err != nil || inside == 0 || outside == 0 {
		t.Errorf("%d files of Go in kern and %d around it, %v", inside, outside, err)
	}
}

// staysInKern checks the imports of a file of kern, which may be a test.
func staysInKern(t *testing.T, name, path string) {
	t.Helper()
	for _, spec := range parse(t, path, parser.ImportsOnly).Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		if own, ours := strings.CutPrefix(imported, module+"templates/component"); ours && !strings.HasPrefix(own, "/kern/") {
			t.Errorf("%s imports %s, which is not in kern", name, imported)
		}
	}
}

// TestOneFile: what may have to be replaced one day is imported in one file; the
// stand-in of a source, which is not for production, may know the library of
// its specification in more.
func TestOneFile(t *testing.T) {
	for _, external := range []string{"github.com/AlecAivazis/survey/v2", "github.com/getkin/kin-openapi"} {
		var files []string
		for _, p := range packages(t) {
			if p.ImportPath == module+"templates/component/kern/nabootsing/bron" {
				continue
			}
			for _, name := range p.GoFiles {
				file := parse(t, filepath.Join(p.Dir, name), parser.ImportsOnly)
				if slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
					return strings.HasPrefix(strings.Trim(spec.Path.Value, `"`), external)
				}) {
					files = append(files, name)
				}
			}
		}
		if len(files) > 1 {
			t.Errorf("%s is imported in %v; one file should know it", external, files)
		}
	}
}

// sideEffects are names that make a function depend on the moment or the
// machine, with the files in which they are at home.
var sideEffects = map[string][]string{
	"os.Exit":    {"cmd/fieldlab/", "cmd/internal/release/"},
	"os.Stdin":   {"cmd/fieldlab/", "cmd/internal/terminal/", "cmd/internal/cli/system.go"},
	"os.Stdout":  {"cmd/fieldlab/", "cmd/internal/terminal/", "cmd/internal/cli/system.go"},
	"os.Stderr":  {"cmd/fieldlab/", "cmd/internal/release/", "cmd/internal/terminal/", "cmd/internal/cli/system.go"},
	"time.Now":   {"cmd/fieldlab/", "cmd/internal/terminal/", "cmd/internal/cli/system.go"},
	"os.Getenv":  {"cmd/fieldlab/", "cmd/internal/terminal/", "cmd/internal/cli/system.go"},
	"time.Local": {},
}

// TestFiles checks every Go file of the generator and the command: its length,
// its comments, and that it takes clock, streams and environment as given.
func TestFiles(t *testing.T) {
	for _, folder := range []string{"../generator", "../cmd", "../templates"} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
				return err
			}
			file := parse(t, path, parser.ParseComments)
			name := strings.TrimPrefix(filepath.ToSlash(path), "../")
			checkFile(t, name, file)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func checkFile(t *testing.T, name string, file *parsedFile) {
	t.Helper()
	isTest := strings.HasSuffix(name, "_test.go")
	if file.lines >= 400 && !ast.IsGenerated(file.File) {
		t.Errorf("%s has %d lines; split it below 400", name, file.lines)
	}
	if isTest || strings.HasPrefix(name, "templates/component/") {
		return // components are held to their own rules
	}
	for _, declaration := range file.Decls {
		for _, exported := range undocumented(declaration) {
			t.Errorf("%s: %s has no doc comment", name, exported)
		}
	}
	ast.Inspect(file.File, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if base, ok := selector.X.(*ast.Ident); ok {
			used := base.Name + "." + selector.Sel.Name
			homes, watched := sideEffects[used]
			if watched && !slices.ContainsFunc(homes, func(home string) bool { return strings.HasPrefix(name, home) }) {
				t.Errorf("%s uses %s; it belongs in %v and is passed on from there", name, used, homes)
			}
		}
		return true
	})
}

// wellKnownMethods belong to interfaces that every reader knows.
var wellKnownMethods = []string{"Error", "Unwrap", "String", "Read", "Write", "Close"}

// undocumented lists the exported names of a declaration without a comment. A
// comment on a group counts for all in it.
func undocumented(declaration ast.Decl) []string {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		wellKnown := d.Recv != nil && slices.Contains(wellKnownMethods, d.Name.Name)
		if d.Doc == nil && d.Name.IsExported() && !wellKnown && (d.Recv == nil || exportedReceiver(d.Recv)) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		var names []string
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if d.Doc == nil && spec.Doc == nil && spec.Name.IsExported() {
					names = append(names, spec.Name.Name)
				}
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if d.Doc == nil && spec.Doc == nil && spec.Comment == nil && name.IsExported() {
						names = append(names, name.Name)
					}
				}
			}
		}
		return names
	}
	return nil
}

func exportedReceiver(fields *ast.FieldList) bool {
	kind := fields.List[0].Type
	if pointer, ok := kind.(*ast.StarExpr); ok {
		kind = pointer.X
	}
	name, ok := kind.(*ast.Ident)
	return ok && name.IsExported()
}

// TestPackageComments: every package says in one place what it is for.
func TestPackageComments(t *testing.T) {
	for _, p := range packages(t) {
		documented := false
		for _, name := range p.GoFiles {
			documented = documented || parse(t, filepath.Join(p.Dir, name), parser.ParseComments|parser.PackageClauseOnly).Doc != nil
		}
		if !documented && len(p.GoFiles) > 0 {
			t.Errorf("package %s has no package comment", p.ImportPath)
		}
	}
}

type parsedFile struct {
	*ast.File
	lines int
}

func parse(t *testing.T, path string, mode parser.Mode) *parsedFile {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, mode)
	if err != nil {
		t.Fatal(err)
	}
	return &parsedFile{File: file, lines: files.File(file.FileStart).LineCount()}
}
