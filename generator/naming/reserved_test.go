package naming

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestGoKeywordsAreReserved(t *testing.T) {
	for k := token.BREAK; k <= token.VAR; k++ {
		if !reservedGo[k.String()] {
			t.Errorf("%s is missing", k)
		}
	}
	// The predeclared names come from the source of the language itself.
	file := parseStandard(t, "builtin/builtin.go")
	for _, declaration := range file.Decls {
		for _, name := range declared(declaration) {
			if !token.IsExported(name) && !reservedGo[name] {
				t.Errorf("%s is missing", name)
			}
		}
	}
}

// TestEverySystemIsAGoSuffix reads the systems that the installed Go knows.
func TestEverySystemIsAGoSuffix(t *testing.T) {
	file := parseStandard(t, "internal/syslist/syslist.go")
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		if literal, ok := pair.Key.(*ast.BasicLit); ok {
			found++
			if system, err := strconv.Unquote(literal.Value); err != nil || !goSuffix[system] {
				t.Errorf("%s is missing", literal.Value)
			}
		}
		return true
	})
	if found < 30 {
		t.Errorf("only %d systems found", found)
	}
}

func parseStandard(t *testing.T, name string) *ast.File {
	t.Helper()
	source := filepath.Join(build.Default.GOROOT, "src", filepath.FromSlash(name))
	if _, err := os.Stat(source); err != nil {
		t.Skipf("no source of the standard library: %v", err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func declared(d ast.Decl) []string {
	var names []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		names = append(names, d.Name.Name)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

var (
	importSpec = regexp.MustCompile(`(?m)^\s*(?:import\s+)?(?:(\w+)\s+)?"([\w./-]+)"\s*$`)
	version    = regexp.MustCompile(`^v\d+$`)
)

// TestImportsOfTemplatesAreReserved reads the templates: an answer that is
// called like an imported package would hide it.
func TestImportsOfTemplatesAreReserved(t *testing.T) {
	err := filepath.WalkDir("../../templates/component", func(file string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go.tmpl") {
			return err
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, match := range importSpec.FindAllStringSubmatch(string(source), -1) {
			if name := packageName(match[1], match[2]); name != "_" && !reservedGo[name] {
				t.Errorf("%s imports %q; add %s to reservedGo", file, match[2], name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func packageName(alias, imported string) string {
	if alias != "" {
		return alias
	}
	name := path.Base(imported)
	if version.MatchString(name) {
		name = path.Base(path.Dir(imported))
	}
	if _, after, ok := strings.Cut(name, "-"); ok && name[0] >= '0' && name[0] <= '9' {
		return after // 1-gegevens is package gegevens
	}
	return name
}
