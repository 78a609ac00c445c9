package doctor

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// oldestMinor is the first Go that a component can be built with.
const oldestMinor = 26

// telling are the packages that a component is made of, the most exposed first.
var telling = []string{"net/http", "net/http/internal/http2", "crypto/tls", "crypto/x509", "html/template", "mime/multipart", "net/textproto", "net/url", "encoding/xml", "encoding/asn1", "os", "net"}

// osv is what we need of an entry of the Go vulnerability database.
type osv struct {
	ID        string
	Withdrawn string
	Affected  []struct {
		Package struct{ Name string }
		Ranges  []struct {
			Events []struct{ Introduced, Fixed string }
		}
		Specific struct{ Imports []struct{ Path string } } `json:"ecosystem_specific"`
	}
}

// TestRenewFaultTable makes data/faults.json again of the Go vulnerability
// database, which is a module (its data is CC-BY 4.0):
//
//	go mod download -json golang.org/x/vulndb@latest      (in a folder outside this module)
//	FIELDLAB_VULNDB=<Dir of that> go test -run TestRenewFaultTable ./cmd/internal/doctor
//
// A release does that first.
func TestRenewFaultTable(t *testing.T) {
	dir := os.Getenv("FIELDLAB_VULNDB")
	if dir == "" {
		t.Skip("only to renew the table: FIELDLAB_VULNDB names no folder")
	}
	stamp := regexp.MustCompile(`@(v0\.0\.0-(\d{4})(\d{2})(\d{2})\d{6}-[0-9a-f]+)`).FindStringSubmatch(filepath.Clean(dir))
	if stamp == nil {
		t.Fatalf("%s does not say of which day it is", dir)
	}
	table := faultTable{
		Source:  "golang.org/x/vulndb@" + stamp[1],
		Licence: "CC-BY-4.0, The Go Authors",
		Date:    strings.Join(stamp[2:5], "-"),
	}
	paths, err := filepath.Glob(filepath.Join(dir, "data", "osv", "*.json"))
	if err != nil || len(paths) < 1000 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	minors := map[int]*minorTable{}
	for _, path := range paths {
		collect(t, path, minors)
	}
	for n := oldestMinor; minors[n] != nil; n++ {
		slices.SortStableFunc(minors[n].Faults, func(a, b fault) int {
			if rank := placeOf(a) - placeOf(b); rank != 0 {
				return rank
			}
			return strings.Compare(b.ID, a.ID) // the newest first
		})
		table.Minors = append(table.Minors, *minors[n])
	}
	body, err := json.MarshalIndent(table, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	// One fault on a line: small, and a change reads well.
	body = regexp.MustCompile(`\{\s+("id": [^\n]+)\s+("fixed": [^\n]+)\s+("package": [^\n]+)\s+\}`).ReplaceAll(body, []byte("{$1 $2 $3}"))
	if err := os.WriteFile("data/faults.json", append(body, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func placeOf(f fault) int {
	if at := slices.Index(telling, f.Package); at >= 0 {
		return at
	}
	return len(telling)
}

// collect notes the faults of one entry.
func collect(t *testing.T, path string, minors map[int]*minorTable) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var entry osv
	if err := json.Unmarshal(body, &entry); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	fixed := regexp.MustCompile(`^1\.(\d+)\.(\d+)$`) // what was mended before a minor came out is not in it
	for _, affected := range entry.Affected {
		if affected.Package.Name != "stdlib" || entry.Withdrawn != "" || len(affected.Specific.Imports) == 0 {
			continue
		}
		for _, r := range affected.Ranges {
			for _, event := range r.Events {
				found := fixed.FindStringSubmatch(event.Fixed)
				if found == nil {
					continue
				}
				n, _ := strconv.Atoi(found[1])
				patch, _ := strconv.Atoi(found[2])
				if n < oldestMinor || patch == 0 {
					continue
				}
				if minors[n] == nil {
					minors[n] = &minorTable{Go: "1." + found[1]}
				}
				minors[n].First = max(minors[n].First, patch)
				minors[n].Faults = append(minors[n].Faults, fault{ID: entry.ID, Fixed: patch, Package: affected.Specific.Imports[0].Path})
			}
		}
	}
}

// TestFaultTable: the table of the release can be read, and is of a day.
func TestFaultTable(t *testing.T) {
	table := knownFaults()
	if _, err := time.Parse(time.DateOnly, table.Date); err != nil || len(table.Minors) < 2 || !strings.HasPrefix(table.Source, "golang.org/x/vulndb@") {
		t.Fatalf("%v, %+v", err, table)
	}
	seen := map[string]bool{}
	for _, minor := range table.Minors {
		for _, f := range minor.Faults {
			if !regexp.MustCompile(`^GO-\d{4}-\d+$`).MatchString(f.ID) || f.Fixed < 1 || f.Fixed > minor.First || f.Package == "" || seen[minor.Go+f.ID] {
				t.Errorf("%s: %+v", minor.Go, f)
			}
			seen[minor.Go+f.ID] = true
		}
	}
}

func TestFaultsOf(t *testing.T) {
	table := faultTable{Minors: []minorTable{
		{Go: "1.26", First: 10, Faults: []fault{{"GO-1", 10, "net/http"}, {"GO-2", 3, "os"}}},
		{Go: "1.27", First: 3, Faults: []fault{{"GO-1", 3, "net/http"}}},
	}}
	for version, want := range map[string]struct {
		faults int
		first  string
		known  bool
	}{
		"go1.26.8":        {1, "1.26.10", true},
		"go1.26.2":        {2, "1.26.10", true},
		"go1.26":          {2, "1.26.10", true},
		"go1.26.3":        {1, "1.26.10", true},
		"go1.26.3-rc.1":   {1, "1.26.10", true},
		"go1.26.10":       {0, "1.26.10", true},
		"go1.26.8 X:none": {1, "1.26.10", true},
		"go1.27rc1":       {1, "1.27.3", true},
		"go1.28.0":        {0, "", false},
		"go1.2.6":         {0, "", false},
		"devel go1.28-ab": {0, "", false},
		"":                {0, "", false},
		"rubbish":         {0, "", false},
	} {
		faults, first, known := table.of(version)
		if len(faults) != want.faults || first != want.first || known != want.known {
			t.Errorf("%q: %v %q %v", version, faults, first, known)
		}
	}
	if table.newest() != "1.27.3" {
		t.Error(table.newest())
	}
	for _, c := range [][2]string{{"go1.9", "go1.26.0"}, {"go1.26rc1", "1.26.0"}, {"go1.25.9", "1.26"}, {"rubbish", "1.26"}} {
		if !older(c[0], c[1]) || older(c[1], c[0]) {
			t.Errorf("%s is not of before %s", c[0], c[1])
		}
	}
}
