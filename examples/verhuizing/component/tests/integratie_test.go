package tests

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// elsewhere are the layers in which no source is called: what stands there is
// for every question the client of layer 3.
var elsewhere = []string{"1-gegevens", "2-diensten", "4-proces", "5-interactie", "internal", "main.go"}

// mayBeNamed are the hosts that code outside layer 3 may name: of namespaces,
// and of pages for people. They are not called.
var mayBeNamed = []string{"www.w3.org", "www.omg.org", "camunda.org", "flowable.org", "operaton.org", "www.rdw.nl", "www.nationaleombudsman.nl"}

func TestGeenAdresVanEenBronBuitenLaag3(t *testing.T) {
	root := os.DirFS("..")
	files := 0
	sources := hostsOfSources(t, root)
	walkCode(t, root, elsewhere, func(name string, file *ast.File, raw string) {
		files++
		for _, host := range sources {
			if strings.Contains(strings.ToLower(raw), host) {
				t.Errorf("%s noemt %s, het adres van een bron; een bron is er alleen via de outway", name, host)
			}
		}
		if strings.HasPrefix(name, wiring) {
			return // holds the pages of the organisation itself
		}
		for _, host := range hostsIn(file) {
			if !slices.Contains(mayBeNamed, host) && !reachesNobody(host) {
				t.Errorf("%s noemt het webadres %s; wat van een ander komt, gaat via laag 3", name, host)
			}
		}
	})
	if files < 10 {
		t.Errorf("only %d files looked at", files)
	}
}

// reachesNobody says whether a host is from the names that never exist on the
// internet (RFC 6761): invented data may hold them.
func reachesNobody(host string) bool {
	return strings.HasSuffix(host, ".test") || strings.HasSuffix(host, ".invalid")
}

// callers of the web that code of layers 1, 2 and 4 may not use: their way out
// is layer 3.
var callers = []string{"Client", "DefaultClient", "DefaultTransport", "Get", "Head", "NewRequest", "NewRequestWithContext", "Post", "PostForm", "Transport"}

func TestAlleenDeOutwayGaatNaarBuiten(t *testing.T) {
	walkCode(t, os.DirFS(".."), []string{"1-gegevens", "2-diensten", "4-proces"}, func(name string, file *ast.File, _ string) {
		for _, call := range calling(file) {
			t.Errorf("%s gebruikt http.%s; een aanroep naar buiten gaat via laag 3", name, call)
		}
	})
}

// TestGeenVraagZonderVerwerkingsactiviteit looks at what the compiler cannot
// see: that the activity of each source is one that somebody named, and that
// what a source is asked for has an end.
func TestGeenVraagZonderVerwerkingsactiviteit(t *testing.T) {
	walkCode(t, os.DirFS(".."), append([]string{"3-integratie"}, elsewhere...), func(name string, file *ast.File, _ string) {
		for _, fault := range withoutPurpose(name, file) {
			t.Error(fault)
		}
	})
}

// TestDeControlesZienFouten proves that the checks above can fail.
func TestDeControlesZienFouten(t *testing.T) {
	root := fstest.MapFS{
		"3-integratie/bronnen/bag.go": {Data: []byte(`package bronnen
var b = integratie.Bron{Naam: "bag", Activiteit: logboek.NogNietVastgelegd, Velden: []string{}, Adressen: []string{"https://API.bag.test/v2"}}
var c = integratie.Bron{Naam: "kaal", Activiteit: logboek.Activiteit{Naam: "x"}}
var d = integratie.Bron{Activiteit: logboek.Activiteit{Naam: "x"}, Velden: []string{"y"}}
func (b *Bron) Vraag() { b.outway.Doe(ctx, logboek.Activiteit{}, v) }`)},
		"4-proces/a.go": {Data: []byte("package proces\nvar x = \"zie HTTPS://Kwaad.test:8443/x\" + `http://`\nvar y = http.Client{}\nfunc f() { http.Get(x) }")},
	}
	if got := hostsOfSources(t, root); !slices.Equal(got, []string{"api.bag.test"}) {
		t.Errorf("hosts of sources: %q", got)
	}
	for host, nobody := range map[string]bool{"kwaad.test": true, "kwaad.invalid": true, "kwaad.nl": false, "test": false, "kwaad.test.nl": false} {
		if reachesNobody(host) != nobody {
			t.Errorf("%s reaches nobody: %v", host, !nobody)
		}
	}
	faults := 0
	walkCode(t, root, []string{"3-integratie"}, func(name string, file *ast.File, _ string) { faults += len(withoutPurpose(name, file)) })
	if faults != 4 {
		t.Errorf("%d faults seen, want 4: no activity, no fields twice, a call for nothing", faults)
	}
	walkCode(t, root, []string{"4-proces"}, func(_ string, file *ast.File, _ string) {
		if got := hostsIn(file); !slices.Equal(got, []string{"kwaad.test"}) {
			t.Errorf("hosts: %q", got)
		}
		if got := calling(file); !slices.Equal(got, []string{"Client", "Get"}) {
			t.Errorf("calls: %q", got)
		}
	})
}

// walkCode parses the Go files below folders, without those of tests.
func walkCode(t *testing.T, root fs.FS, folders []string, look func(name string, file *ast.File, raw string)) {
	t.Helper()
	for _, folder := range folders {
		err := fs.WalkDir(root, folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			raw, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, raw, 0)
			if err == nil {
				look(name, file, string(raw))
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

// each visits the nodes of one kind.
func each[N ast.Node](file ast.Node, visit func(N)) {
	ast.Inspect(file, func(n ast.Node) bool {
		if n, ok := n.(N); ok {
			visit(n)
		}
		return true
	})
}

var webAddress = regexp.MustCompile("(?i)https?://[^\\s\"'`<>)]+")

// hostsIn lists the hosts of the web addresses in the texts of a file. A text
// of our own such as https://logboek.intern is an example for people.
func hostsIn(file ast.Node) []string {
	var hosts []string
	each(file, func(literal *ast.BasicLit) {
		for _, address := range webAddress.FindAllString(literal.Value, -1) {
			u, err := url.Parse(address)
			if err != nil {
				continue
			}
			host := strings.ToLower(u.Hostname())
			if host != "" && !strings.HasSuffix(host, ".intern") && !slices.Contains(hosts, host) {
				hosts = append(hosts, host)
			}
		}
	})
	return hosts
}

// hostsOfSources lists the hosts under which the sources know themselves.
func hostsOfSources(t *testing.T, root fs.FS) []string {
	t.Helper()
	var hosts []string
	walkCode(t, root, []string{"3-integratie/bronnen"}, func(_ string, file *ast.File, _ string) {
		each(file, func(pair *ast.KeyValueExpr) {
			if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "Adressen" {
				hosts = append(hosts, hostsIn(pair.Value)...)
			}
		})
	})
	return hosts
}

// calling lists what a file uses to call somebody.
func calling(file *ast.File) []string {
	var calls []string
	each(file, func(s *ast.SelectorExpr) {
		if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "http" && slices.Contains(callers, s.Sel.Name) {
			calls = append(calls, s.Sel.Name)
		}
	})
	return calls
}

// withoutPurpose lists the sources without an activity or without fields, and
// the calls for no activity.
func withoutPurpose(name string, file *ast.File) []string {
	var faults []string
	each(file, func(literal *ast.CompositeLit) {
		if typeName(literal.Type) != "Bron" || !strings.HasPrefix(name, "3-integratie/bronnen/") {
			return
		}
		given := map[string]ast.Expr{}
		for _, element := range literal.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				given[typeName(pair.Key)] = pair.Value
			}
		}
		if activity := given["Activiteit"]; activity == nil || typeName(activity) == "NogNietVastgelegd" || empty(activity) {
			faults = append(faults, name+": een bron wordt bevraagd zonder verwerkingsactiviteit")
		}
		if fields := given["Velden"]; fields == nil || empty(fields) {
			faults = append(faults, name+": een bron heeft geen velden die nodig zijn; dan is er niets te vragen")
		}
	})
	each(file, func(call *ast.CallExpr) {
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || method.Sel.Name != "Doe" || len(call.Args) != 3 {
			return
		}
		if activity := call.Args[1]; typeName(activity) == "NogNietVastgelegd" || empty(activity) {
			faults = append(faults, name+": een aanroep zonder verwerkingsactiviteit")
		}
	})
	return faults
}

// typeName is the last part of a name.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// empty says whether an expression is a literal without contents.
func empty(e ast.Expr) bool {
	literal, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			element = pair.Value
		}
		if text, ok := element.(*ast.BasicLit); !ok || text.Kind != token.STRING {
			return false
		} else if value, err := strconv.Unquote(text.Value); err != nil || value != "" {
			return false
		}
	}
	return true
}
