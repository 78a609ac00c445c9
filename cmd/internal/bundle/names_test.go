package bundle

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"LEES-MIJ.html": "", "modules/cache/download/github.com/!masterminds/x/@v/v1.0.0+incompatible.zip": "",
		"teams/01-zuid.zip": "", "fieldlab/windows-amd64/fieldlab.exe": "",
		"": "path", ".": "path", "..": "path", "../x": "path", "/etc/passwd": "path", "a//b": "path", "a/": "path", "a/../b": "path",
		`a\b`: "character", "C:/x": "character", "a:b": "character", "a\x00": "character", "a\nb": "character", "é": "character", `a"b`: "character", "a*": "character",
		"a.": "end", "a /b": "end", " a": "end", "con": "reserved", "x/NUL.txt": "reserved", "com1.zip": "reserved",
		strings.Repeat("a", 201): "long",
	} {
		if got := checkName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestNamesOfSystems(t *testing.T) {
	for name, want := range map[string]bool{"System Volume Information": true, ".DS_Store": true, "._LEES-MIJ.html": true, ".Trash-1000": true, "foto.jpg": false, ".git": false} {
		if isOfSystem(name) != want {
			t.Error(name)
		}
	}
}

const aSum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestHostileSums(t *testing.T) {
	good := aSum + "  bundel.json\n"
	for body, key := range map[string]string{
		"":                                                     "bundle.damaged",
		"rommel":                                               "bundle.damaged",
		"<html>inloggen</html>":                                "bundle.damaged",
		aSum + "  LEES-MIJ.html\n":                             "bundle.damaged", // without bundel.json
		good + aSum + "  ../../etc/cron\n":                     "bundle.hostile",
		good + aSum + "  /etc/passwd\n":                        "bundle.hostile",
		good + aSum + "  C:\\x\n":                              "bundle.hostile",
		good + aSum + "  a\n" + aSum + "  A\n":                 "bundle.hostile",
		good + aSum + "  a\n" + aSum + "  a/b\n":               "bundle.hostile",
		good + aSum + "  a/b\n" + aSum + "  A\n":               "bundle.hostile",
		good + aSum + "  sha256sums\n":                         "bundle.hostile",
		good + strings.ToUpper(aSum) + "  x\n":                 "bundle.damaged",
		good + strings.Repeat("x", 1000) + "\n":                "bundle.damaged",
		good + aSum[:63] + "  x\n":                             "bundle.damaged",
		good + aSum + "  go/nul.zip\n":                         "bundle.hostile",
		good + aSum + "  go/x\x1b[2J\n":                        "bundle.hostile",
		good + aSum + "  " + strings.Repeat("y/", 200) + "z\n": "bundle.hostile",
	} {
		_, err := parseSums([]byte(body))
		wants(t, err, key)
	}
	found, err := parseSums([]byte(strings.ReplaceAll(good+aSum+" *a/b\n\n", "\n", "\r\n")))
	if err != nil || len(found) != 2 {
		t.Errorf("%v, %v", found, err)
	}
	if again, err := parseSums(found.format()); err != nil || len(again) != 2 {
		t.Errorf("%v, %v", again, err)
	}
}

func TestHostileManifests(t *testing.T) {
	for body, key := range map[string]string{
		"": "bundle.damaged", "[]": "bundle.damaged", "{}": "bundle.damaged", `{"version": 2, "go": "go1.26.8"}`: "bundle.newer",
		`{"version": 1, "go": "../../x"}`:                                          "bundle.damaged",
		`{"version": 1, "go": "go1.26.8", "systems": [{"os": "..", "arch": "x"}]}`: "bundle.damaged",
		`{"version": 1, "go": "go1.26.8", "sizes": {"../x": 3}}`:                   "bundle.damaged",
		`{"version": 1, "go": "go1.26.8", "sizes": {"x": -3}}`:                     "bundle.damaged",
		// Three of these are less than nothing, and there is room for that on every disk.
		`{"version": 1, "go": "go1.26.8", "sizes": {"x": 4611686018427387904}}`: "bundle.damaged",
		`{"version": 1, "go": "go1.26.8", "sizes": {"x": 4294967296}}`:          "bundle.damaged",
	} {
		_, err := parseManifest([]byte(body))
		wants(t, err, key)
	}
}

func FuzzSums(f *testing.F) {
	f.Add([]byte(aSum + "  bundel.json\n" + aSum + "  a/b\n"))
	f.Add([]byte(aSum + " *bundel.json\r\n" + aSum + "  ../b\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		found, err := parseSums(body)
		if err != nil {
			return
		}
		for name := range found {
			if checkName(name) != "" {
				t.Errorf("%q", name)
			}
		}
		if again, err := parseSums(found.format()); err != nil || len(again) != len(found) {
			t.Errorf("%v, %v", again, err)
		}
	})
}
