//go:build ignore

// Command vulndb makes a vulnerability database that govulncheck reads without
// network, of the reports in the module golang.org/x/vulndb:
//
//	go run .ci/vulndb.go FOLDER
//	govulncheck -db file://FOLDER ./...
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// report is what the indexes need of a report, in the form of OSV.
type report struct {
	ID       string   `json:"id"`
	Modified string   `json:"modified"`
	Aliases  []string `json:"aliases,omitempty"`
	Affected []struct {
		Package struct{ Name string }
		Ranges  []struct {
			Events []struct{ Fixed string }
		}
	} `json:"affected,omitempty"`
}

// named is a report in the index of a module, and module a line of that index.
type named struct {
	ID       string `json:"id"`
	Modified string `json:"modified"`
	Fixed    string `json:"fixed,omitempty"`
}
type module struct {
	Path  string  `json:"path"`
	Vulns []named `json:"vulns"`
}

func main() {
	if len(os.Args) != 2 {
		fail("usage: go run .ci/vulndb.go FOLDER")
	}
	version, source := download()
	files, err := filepath.Glob(filepath.Join(source, "data", "osv", "*.json"))
	if err != nil || len(files) < 1000 {
		fail("%d reports in %s: %v", len(files), source, err)
	}
	var reports []report
	modules := map[string]*module{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		check(err)
		var r report
		check(json.Unmarshal(body, &r))
		write(body, "ID", r.ID+".json")
		for _, a := range r.Affected {
			m := modules[a.Package.Name]
			if m == nil {
				m = &module{Path: a.Package.Name}
				modules[a.Package.Name] = m
			}
			one := named{ID: r.ID, Modified: r.Modified}
			for _, ranged := range a.Ranges {
				for _, e := range ranged.Events {
					if e.Fixed != "" {
						one.Fixed = e.Fixed
					}
				}
			}
			m.Vulns = append(m.Vulns, one)
		}
		r.Affected = nil
		reports = append(reports, r)
	}
	var list []*module
	for _, m := range modules {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *module) int { return strings.Compare(a.Path, b.Path) })
	write(encode(list), "index", "modules.json")
	write(encode(reports), "index", "vulns.json")
	// The reports in the module carry no time of change: its version says how new it is.
	write([]byte(`{"modified":"2000-01-01T00:00:00Z"}`), "index", "db.json")
	fmt.Printf("%d reports, of golang.org/x/vulndb %s\n", len(reports), version)
}

func download() (version, dir string) {
	command := exec.Command("go", "mod", "download", "-json", "golang.org/x/vulndb@latest")
	command.Dir = os.TempDir() // outside every module
	out, err := command.Output()
	var got struct{ Version, Dir, Error string }
	if json.Unmarshal(out, &got) != nil || err != nil {
		fail("golang.org/x/vulndb cannot be had: %v %s", err, got.Error)
	}
	return got.Version, got.Dir
}

func encode(v any) []byte {
	body, err := json.Marshal(v)
	check(err)
	return body
}

func write(body []byte, path ...string) {
	name := filepath.Join(append([]string{os.Args[1]}, path...)...)
	check(os.MkdirAll(filepath.Dir(name), 0o755))
	check(os.WriteFile(name, body, 0o644))
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}
