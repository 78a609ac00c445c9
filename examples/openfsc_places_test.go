package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/openfsc"
)

var unfilled = regexp.MustCompile(`"?<[a-zA-Z.]+>"?,?\s*$`)

// TestEveryPlaceFollowsFSC: what stands between < and > in a file for OpenFSC is
// filled from fsc.yaml, wherever it is repeated. Contracts are filled when they
// are proposed.
func TestEveryPlaceFollowsFSC(t *testing.T) {
	answers := filepath.Join(t.TempDir(), "fieldlab.yaml")
	deploy := t.TempDir()
	put := func(name, body string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(answers, "version: 1\ncomponent: {title: Aanvraag, organisation: {name: Gemeente}}\nregister: [{name: aanvraag, fields: [{name: postcode, type: postcode}]}]\nfsc: {ownPeer: true}\n")
	places := 0
	var files []string
	for name, body := range planned(t, answers) {
		rest, ok := strings.CutPrefix(name, "deploy/openfsc/")
		if !ok || strings.HasPrefix(rest, "contracten/") {
			continue
		}
		for line := range strings.Lines(body) {
			if unfilled.MatchString(line) {
				places++
			}
		}
		files = append(files, filepath.Join(deploy, "openfsc", filepath.FromSlash(rest)))
		put(files[len(files)-1], body)
	}
	file := fsc.File{Group: "groep", Directory: fsc.Directory{OIN: "1", Manager: "manager"}, Own: fsc.Peer{OIN: "2", Name: "naam"},
		Names: fsc.Names{Outway: "outway", Inway: "inway"},
		Addresses: fsc.Addresses{ManagerExternal: "a", Manager: "b", ManagerForInway: "c", Controller: "d", ControllerAdmin: "e",
			TransactionLog: "f", Inway: "https://inway", Outway: "https://outway"}}
	if _, err := openfsc.CheckFiles(deploy, file, true); err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			if unfilled.MatchString(line) {
				t.Errorf("%s: nothing fills %s", name, line)
			}
		}
	}
	if places < 15 {
		t.Errorf("only %d places", places)
	}
}
