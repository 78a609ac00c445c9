package proef

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// TestRulesSeeFaults proves that each rule can fail, and names the file.
func TestRulesSeeFaults(t *testing.T) {
	module := "module example.test/a\n"
	sources := []outway.Bron{{Name: "bag", Addresses: []string{"https://API.bag.test/v2"}}}
	files := func(pairs ...string) fs.FS {
		all := fstest.MapFS{"go.mod": {Data: []byte(module)}}
		for i := 0; i < len(pairs); i += 2 {
			all[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
		}
		return all
	}
	for name, c := range map[string]struct {
		faults []error
		want   []string
	}{
		"past a neighbour": {importFaults(files("5-interactie/a.go", "package a\nimport _ \"example.test/a/2-diensten\"\n")), []string{"5-interactie/a.go importeert 2-diensten"}},
		"a floor too far":  {importFaults(files("2-diensten/a.go", "package a\nimport _ \"example.test/a/3-integratie\"\n")), []string{"2-diensten/a.go importeert 3-integratie"}},
		"out of kern":      {importFaults(files("kern/rest/a.go", "package a\nimport _ \"example.test/a/4-proces\"\n")), []string{"kern/rest/a.go importeert 4-proces; kern"}},
		"as it should be": {importFaults(files("2-diensten/a.go", "package a\nimport (\n_ \"example.test/a/1-gegevens\"\n_ \"example.test/a/kern/rest\"\n_ \"net/http\"\n)\n",
			"4-proces/a.go", "package a\nimport (\n_ \"example.test/a/3-integratie\"\n_ \"example.test/a/eigen/outway\"\n)\n")), nil},
		"out of kern, not into a layer": {importFaults(files("kern/a.go", "package a\nimport _ \"example.test/a/eigen/outway\"\n")), []string{"kern/a.go importeert eigen/outway; kern"}},
		"one migration":                 {migrationFaults(files("1-gegevens/migraties/sqlite/0002_a.sql", "")), []string{"1-gegevens/migraties/postgres/0002_a.sql ontbreekt"}},
		"a column on one side": {migrationFaults(files("1-gegevens/migraties/sqlite/0002_a.sql", "ALTER TABLE t ADD COLUMN hond TEXT;", "1-gegevens/migraties/postgres/0002_a.sql", "-- hond\nALTER TABLE t ADD COLUMN hont TEXT;")),
			[]string{"noemt kolom ", "noemt kolom "}},
		"a column that takes the place of another": {migrationFaults(files("1-gegevens/migraties/sqlite/0002_a.sql", "ALTER TABLE t ADD COLUMN nat__nieuw INTEGER;\nALTER TABLE t DROP COLUMN nat;\nALTER TABLE t RENAME COLUMN nat__nieuw TO nat;",
			"1-gegevens/migraties/postgres/0002_a.sql", "ALTER TABLE t DROP CONSTRAINT t_nat_check;")), nil},
		"a source's host": {hostFaults(files("5-interactie/a.go", "package a\nvar x = \"https://api.bag.test\"\n"), sources), []string{"5-interactie/a.go noemt api.bag.test"}},
		"anybody's host":  {hostFaults(files("4-proces/a.go", "package a\nvar x = \"zie HTTPS://Kwaad.nl:8443/x\" + `http://`\n"), nil), []string{"4-proces/a.go noemt het webadres kwaad.nl"}},
		"texts of people": {hostFaults(files("4-proces/activiteiten.go", "package a\nvar x = \"https://wetten.nl\"\n", "1-gegevens/a.go", "package a\nvar x = \"https://wetten.nl\"\n"), nil), nil},
		"invented hosts":  {hostFaults(files("4-proces/a.go", "package a\nvar x = \"https://kwaad.test https://www.w3.org https://x.intern\"\n"), nil), nil},
		"a call outside":  {callFaults(files("4-proces/a.go", "package a\nvar y = http.Client{}\nfunc f() { http.Get(x) }\n")), []string{"http.Client", "http.Get"}},
		"a kept field": {keptFaults(files("3-integratie/bag.antwoorden.json", `{"dienst":"bag-d","specificatie":"s.yaml","operaties":[{"x":{"naam":1}}]}`, "s.yaml", "postcode:"),
			[]outway.Bron{{Name: "bag", Service: "bag-d", Fields: []outway.Field{{Name: "x.naam"}, {Name: "postcode"}, {Name: "postkode"}}}}), []string{"3-integratie/bag.go houdt veld postkode"}},
		"a kept field of one of two sources of a service": {keptFaults(files("3-integratie/bag.antwoorden.json", `{"dienst":"bag-d","specificatie":"s.yaml","operaties":[{"naam":"een"}]}`,
			"3-integratie/bag_twee.antwoorden.json", `{"dienst":"bag-d","specificatie":"t.yaml","operaties":[{"naam":"twee"}]}`, "s.yaml", "postcode:", "t.yaml", "huisnummer:"),
			[]outway.Bron{{Name: "bag", Service: "bag-d", Fields: []outway.Field{{Name: "postcode"}}}, {Name: "bag-twee", Service: "bag-d", Fields: []outway.Field{{Name: "huisnummer"}, {Name: "huisnumer"}}}}), []string{"3-integratie/bag_twee.go houdt veld huisnumer van bron bag-twee"}},
		"without purpose": {purposeFaults([]outway.Bron{{Name: "kaal", Activity: logboek.NotYetRecorded}}), []string{"kaal wordt bevraagd zonder", "kaal heeft geen velden"}},
		"with purpose":    {purposeFaults([]outway.Bron{{Name: "bag", Activity: logboek.Activity{URI: "urn:x"}, Fields: []outway.Field{{Name: "a"}}}}), nil},
	} {
		if len(c.faults) != len(c.want) {
			t.Errorf("%s: %v, want %q", name, c.faults, c.want)
			continue
		}
		for i, fault := range c.faults {
			if !strings.Contains(fault.Error(), c.want[i]) {
				t.Errorf("%s: %q, want %q", name, fault, c.want[i])
			}
		}
	}
	two := files("3-integratie/bag.antwoorden.json", `{"dienst":"bag-d","operaties":[{"naam":"een"}]}`, "3-integratie/bag_twee.antwoorden.json", `{"dienst":"bag-d","operaties":[{"naam":"twee"}]}`)
	if reply, err := readReply(two, "bag-d", "twee"); err != nil || reply.Answers != "3-integratie/bag_twee.antwoorden.json" {
		t.Errorf("an operation of the second source of a service: %+v, %v", reply, err)
	}
	for host, nobody := range map[string]bool{"kwaad.test": true, "kwaad.invalid": true, "kwaad.nl": false, "test": false, "kwaad.test.nl": false} {
		if reachesNobody(host) != nobody {
			t.Errorf("%s reaches nobody: %v", host, !nobody)
		}
	}
}

// TestKernKeepsTheRules: what a component is held to holds for the machinery of
// layers 1, 2 and 4 as well.
func TestKernKeepsTheRules(t *testing.T) {
	files, err := fs.Sub(os.DirFS("../.."), "kern")
	if err != nil {
		t.Fatal(err)
	}
	for room, folder := range map[string]string{"1-gegevens": "opslag", "2-diensten": "register", "4-proces": "proces"} {
		sub, err := fs.Sub(files, folder)
		if err != nil {
			t.Fatal(err)
		}
		all := fstest.MapFS{}
		entries, err := fs.ReadDir(sub, ".")
		if err != nil || len(entries) < 5 {
			t.Fatalf("%s: %d files, %v", folder, len(entries), err)
		}
		for _, e := range entries {
			if raw, err := fs.ReadFile(sub, e.Name()); err == nil {
				all[room+"/"+e.Name()] = &fstest.MapFile{Data: raw}
			}
		}
		for _, fault := range append(hostFaults(all, nil), callFaults(all)...) {
			t.Errorf("kern/%s: %v", folder, fault)
		}
	}
}
