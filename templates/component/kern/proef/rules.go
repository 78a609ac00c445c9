package proef

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/openfsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// rules says where the code and the files of a component break its rules.
func rules(t *testing.T, o *Setup) {
	t.Helper()
	files := os.DirFS(root)
	for _, faults := range [][]error{
		importFaults(files), migrationFaults(files), hostFaults(files, o.Sources), callFaults(files),
		purposeFaults(o.Sources), keptFaults(files, o.Sources), contractFaults(files, o), answerFaults(files),
	} {
		for _, fault := range faults {
			t.Error(fault)
		}
	}
}

// mayImport says which rooms a room may import, besides kern and itself. Between
// layers is HTTP; what stands here is the client of the outway and the store
// under the API.
var mayImport = map[string][]string{
	"1-gegevens":   nil,
	"2-diensten":   {"1-gegevens"},
	"3-integratie": nil,
	"4-proces":     {"3-integratie"},
	"5-interactie": nil,
	"kern":         nil,
}

// importFaults names each import that reaches past a neighbour.
func importFaults(files fs.FS) (faults []error) {
	module := moduleOf(files)
	for room, allowed := range mayImport {
		walkCode(files, []string{room}, func(name string, file *ast.File, _ string) {
			for _, spec := range file.Imports {
				imported, _ := strconv.Unquote(spec.Path.Value)
				rest, own := strings.CutPrefix(imported, module+"/")
				other, _, _ := strings.Cut(rest, "/")
				_, isLayer := mayImport[other] // else it is a package of the team: what it took over from kern, say
				switch {
				case !own || other == "kern" || other == room || slices.Contains(allowed, other):
				case room == "kern":
					faults = append(faults, fmt.Errorf("%s importeert %s; kern is in elk component hetzelfde en kent niets van daarbuiten", name, rest))
				case isLayer:
					faults = append(faults, fmt.Errorf("%s importeert %s; laag %s spreekt die laag alleen aan via HTTP", name, rest, room))
				}
			}
		})
	}
	return faults
}

var moduleLine = regexp.MustCompile(`(?m)^module (\S+)$`)

func moduleOf(files fs.FS) string {
	raw, err := fs.ReadFile(files, "go.mod")
	if m := moduleLine.FindSubmatch(raw); err == nil && m != nil {
		return string(m[1])
	}
	return ""
}

// migrationFaults: a laptop runs the migrations of SQLite and production those of
// PostgreSQL, so one that is forgotten shows only there.
func migrationFaults(files fs.FS) (faults []error) {
	texts := map[string]map[string]string{"sqlite": {}, "postgres": {}}
	for database := range texts {
		found, err := fs.Glob(files, "1-gegevens/migraties/"+database+"/*.sql")
		if err != nil {
			return []error{err}
		}
		for _, file := range found {
			raw, err := fs.ReadFile(files, file)
			if err != nil {
				return []error{err}
			}
			text := sqlComment.ReplaceAllString(string(raw), "")
			texts[database][path.Base(file)] = text
		}
	}
	for database, other := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		for name, text := range texts[database] {
			there, known := texts[other][name]
			if !known {
				faults = append(faults, fmt.Errorf("1-gegevens/migraties/%s/%s ontbreekt; hij staat wel in %s", other, name, database))
				continue
			}
			for _, m := range addColumn.FindAllStringSubmatch(text, -1) {
				if mentions(text, "RENAME COLUMN "+m[1]) {
					continue // SQLite changes a column by letting another take its place
				}
				if !mentions(there, m[1]) {
					faults = append(faults, fmt.Errorf("1-gegevens/migraties/%s/%s noemt kolom %s niet; die komt er bij in %s", other, name, m[1], database))
				}
			}
		}
	}
	return faults
}

// What the rules read in a migration.
var (
	sqlComment = regexp.MustCompile(`--[^\n]*`)
	addColumn  = regexp.MustCompile(`(?i)\bADD\s+COLUMN\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?`)
)

// aboveTheOutway are the rooms in which no source is called: what stands there is
// for every question the client of layer 3.
var aboveTheOutway = []string{"1-gegevens", "2-diensten", "4-proces", "5-interactie", "main.go"}

// mayBeNamed are the hosts that code outside layer 3 may name: of namespaces,
// and of pages for people. They are not called.
var mayBeNamed = []string{"www.w3.org", "www.omg.org", "camunda.org", "flowable.org", "operaton.org", "www.rdw.nl", "www.nationaleombudsman.nl"}

// holdTexts are the places with texts for people, such as the page of a law, and
// with invented records: there another's address is read, not called.
var holdTexts = []string{"1-gegevens/", "4-proces/activiteiten.go", "5-interactie/"}

// hostFaults names the addresses of sources outside layer 3, and those of
// anybody else where layers 2 and 4 have their code.
func hostFaults(files fs.FS, sources []outway.Bron) (faults []error) {
	var hosts []string
	for _, b := range sources {
		for _, address := range b.Addresses {
			if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
				hosts = append(hosts, strings.ToLower(u.Hostname()))
			}
		}
	}
	walkCode(files, aboveTheOutway, func(name string, file *ast.File, raw string) {
		for _, host := range hosts {
			if strings.Contains(strings.ToLower(raw), host) {
				faults = append(faults, fmt.Errorf("%s noemt %s, het adres van een bron; een bron is er alleen via de outway", name, host))
			}
		}
		if slices.ContainsFunc(holdTexts, func(place string) bool { return strings.HasPrefix(name, place) }) {
			return
		}
		for _, host := range hostsIn(file) {
			if !slices.Contains(mayBeNamed, host) && !reachesNobody(host) {
				faults = append(faults, fmt.Errorf("%s noemt het webadres %s; wat van een ander komt, gaat via laag 3", name, host))
			}
		}
	})
	return faults
}

// reachesNobody says whether a host is from the names that never exist on the
// internet (RFC 6761): invented data may hold them.
func reachesNobody(host string) bool {
	return strings.HasSuffix(host, ".test") || strings.HasSuffix(host, ".invalid")
}

// callers of the web that layers 1, 2 and 4 may not use: their way out is layer 3.
var callers = []string{"Client", "DefaultClient", "DefaultTransport", "Get", "Head", "NewRequest", "NewRequestWithContext", "Post", "PostForm", "Transport"}

func callFaults(files fs.FS) (faults []error) {
	walkCode(files, []string{"1-gegevens", "2-diensten", "4-proces"}, func(name string, file *ast.File, _ string) {
		each(file, func(s *ast.SelectorExpr) {
			if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "http" && slices.Contains(callers, s.Sel.Name) {
				faults = append(faults, fmt.Errorf("%s gebruikt http.%s; een aanroep naar buiten gaat via laag 3", name, s.Sel.Name))
			}
		})
	})
	return faults
}

// purposeFaults looks at what the compiler cannot see: that the activity of each
// source is one that somebody named, and that what is kept of an answer has an end.
func purposeFaults(sources []outway.Bron) (faults []error) {
	for _, b := range sources {
		if b.Activity.URI == "" || b.Activity == logboek.NotYetRecorded {
			faults = append(faults, fmt.Errorf("3-integratie: bron %s wordt bevraagd zonder verwerkingsactiviteit", b.Name))
		}
		if len(b.Fields) == 0 {
			faults = append(faults, fmt.Errorf("3-integratie: bron %s heeft geen velden die nodig zijn; dan is er niets te vragen", b.Name))
		}
	}
	return faults
}

// keptFaults names the fields that a source should keep of its answers and of
// which nothing in its files has heard: a name that is spelled wrong keeps nothing.
func keptFaults(files fs.FS, sources []outway.Bron) (faults []error) {
	for _, b := range sources {
		found, err := findAnswers(files, b.Service)
		if err != nil {
			faults = append(faults, fmt.Errorf("bron %s: %w", b.Name, err))
			continue
		}
		known := ""
		for _, answers := range found {
			if answers.Specification == "" {
				known = ""
				break // nobody has said yet what the source answers
			}
			raw, _ := fs.ReadFile(files, answers.name)
			spec, _ := fs.ReadFile(files, answers.Specification)
			known += string(raw) + string(spec)
		}
		if known == "" {
			continue
		}
		for _, field := range b.Fields {
			if !strings.Contains(known, field.Name[strings.LastIndexByte(field.Name, '.')+1:]) {
				faults = append(faults, fmt.Errorf("%s.go houdt veld %s van bron %s; dat staat niet in haar antwoorden en niet in haar specificatie", clientOf(b, found), field.Name, b.Name))
			}
		}
	}
	return faults
}

// clientOf is the file of a source, without its extension: beside the answers file
// with its name, for other sources may ask the same service.
func clientOf(b outway.Bron, found []answersFile) string {
	own := strings.ReplaceAll(b.Name, "-", "_")
	i := slices.IndexFunc(found, func(f answersFile) bool { return strings.HasPrefix(path.Base(f.name), own+".") })
	return strings.TrimSuffix(found[max(i, 0)].name, ".antwoorden.json")
}

// contractFaults: fsc.yaml names files that are there, and what repeats it says
// the same.
func contractFaults(files fs.FS, o *Setup) (faults []error) {
	exists := func(service, contract string) {
		if _, err := fs.Stat(files, contract); err != nil {
			faults = append(faults, fmt.Errorf("3-integratie/fsc.yaml: contract van %s: %w", service, err))
		}
	}
	for _, s := range o.FSC.Consumed {
		exists(s.Name, s.Contract)
	}
	for _, s := range o.FSC.Offered {
		exists(s.Name, s.Contract)
	}
	differing, err := openfsc.CheckFiles(filepath.Join(root, "deploy"), o.FSC, false)
	if err != nil {
		faults = append(faults, err)
	}
	for _, d := range differing {
		faults = append(faults, fmt.Errorf("%s; draai: go run ./kern/beheer bestanden", d))
	}
	return faults
}

// answerFaults: the stand-ins can read what they should answer, and it is about
// nobody who exists.
func answerFaults(files fs.FS) (faults []error) {
	found, err := bron.Find(files)
	if err != nil {
		return []error{err}
	}
	var log bytes.Buffer
	if _, err := bron.All(files, slog.New(slog.NewTextHandler(&log, nil)), found...); err != nil {
		faults = append(faults, err)
	}
	if log.Len() > 0 {
		faults = append(faults, errors.New(strings.TrimSpace(log.String())))
	}
	return faults
}

// walkCode parses the Go files below folders, without those of tests.
func walkCode(root fs.FS, folders []string, look func(name string, file *ast.File, raw string)) {
	for _, folder := range folders {
		_ = fs.WalkDir(root, folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return nil //nolint:nilerr // a room that is not there has no code
			}
			raw, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			if file, err := parser.ParseFile(token.NewFileSet(), name, raw, 0); err == nil {
				look(name, file, string(raw))
			}
			return nil
		})
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
