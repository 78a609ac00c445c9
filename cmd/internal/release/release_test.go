package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

var made = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// TestSBOM lists what is in the program of this test.
func TestSBOM(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	first, err := sbom(program, "1.2.3+build", made)
	if err != nil {
		t.Fatal(err)
	}
	again, err := sbom(program, "1.2.3+build", made)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same program has another list the second time (%v)", err)
	}
	var list bom
	if err := json.Unmarshal(first, &list); err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Components) != len(info.Deps)+1 || len(list.Dependencies) != len(list.Components)+1 {
		t.Errorf("%d modules, %d components and %d dependencies", len(info.Deps), len(list.Components), len(list.Dependencies))
	}
	seen := map[string]bool{}
	for _, c := range list.Components {
		if c.Version == "" || seen[c.Ref] || !regexp.MustCompile(`^pkg:golang/[^ +]+@[^ +]+$`).MatchString(c.PURL) {
			t.Errorf("component %+v", c)
		}
		seen[c.Ref] = true
	}
	if !seen["pkg:golang/std@"+info.GoVersion[2:]] {
		t.Error("the standard library is not named")
	}
	if got := list.Metadata.Component.PURL; got != "pkg:golang/github.com/commonground-fieldlab/fieldlab@1.2.3%2Bbuild" {
		t.Errorf("the program itself is %s", got)
	}
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	about := list.Metadata.Component
	if len(about.Licenses) != 1 || about.Licenses[0].License.ID != "EUPL-1.2" {
		t.Errorf("the licence is %v", about.Licenses)
	}
	if list.SerialNumber != serial(sha256.Sum256(content)) {
		t.Errorf("serial number %s is not that of the program", list.SerialNumber)
	}
	if !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(list.SerialNumber) {
		t.Errorf("serial number %s", list.SerialNumber)
	}
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	noProgram := filepath.Join(dir, "no-program")
	if err := os.WriteFile(noProgram, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{},
		{"-version", "1", "man", dir},
		{"-version", "1", "-date", "yesterday", "man", dir},
		{"-date", "2026-11-23T10:00:00Z", "man", dir},
		{"-version", "1", "-date", "2026-11-23T10:00:00Z", "sbom", dir},
		{"-version", "1", "-date", "2026-11-23T10:00:00Z", "sbom", noProgram, filepath.Join(dir, "list")},
	} {
		if err := run(args); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
	if err := run([]string{"-version", "1", "-date", "2026-11-23T10:00:00Z", "man", dir}); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"man1/fieldlab.1.gz", "nl/man1/fieldlab-new.1.gz"} {
		if _, err := os.Stat(filepath.Join(dir, page)); err != nil {
			t.Error(err)
		}
	}
}
