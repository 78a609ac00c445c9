package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// listing is what go list says of a program with three modules of others, the packages of
// which use each other.
const listing = `
{"ImportPath":"fmt","Imports":["os"]}
{"ImportPath":"example.org/b/deep","Imports":["fmt"],"Module":{"Path":"example.org/b","Version":"v2.0.0+incompatible","Sum":"h1:AAAA=","Dir":"DIR"}}
{"ImportPath":"example.org/a","Imports":["example.org/b/deep","fmt"],"Module":{"Path":"example.org/a","Version":"v1.0.0","Replace":{"Path":"example.org/fork","Version":"v1.0.1","Sum":"h1:BBBB="}}}
{"ImportPath":"example.org/local","Imports":null,"Module":{"Path":"example.org/local","Version":"v1.0.0","Sum":"h1:CCCC=","Replace":{"Path":"../local"}}}
{"ImportPath":"example.org/x/kern","Imports":["example.org/a","example.org/local"],"Module":{"Path":"example.org/x","Main":true}}
{"ImportPath":"example.org/x","Imports":["example.org/x/kern"],"Module":{"Path":"example.org/x","Main":true}}
`

// readModules reads the modules of what go list says.
func readModules(listed string) ([]module, error) {
	packages, err := readPackages(listed)
	if err != nil {
		return nil, err
	}
	return modulesIn(packages)
}

func TestReadModules(t *testing.T) {
	modules, err := readModules(listing)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range modules {
		got = append(got, strings.TrimSpace(m.Path+"@"+m.Version+" "+m.Sum+" "+strings.Join(m.Uses, ",")))
	}
	want := []string{
		"example.org/x@  example.org/fork,example.org/local",
		"example.org/b@v2.0.0+incompatible h1:AAAA=",
		"example.org/fork@v1.0.1 h1:BBBB= example.org/b",
		"example.org/local@",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, broken := range []string{"", "{", `{"ImportPath":"fmt"}`, `{"ImportPath":"a","Module":{"Path":"a"}}`} {
		if _, err := readModules(broken); err == nil {
			t.Errorf("%q is read", broken)
		}
	}
}

// TestBOM reads the list with cyclonedx-go, strictly, and holds its references.
func TestBOM(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), []byte("Apache License\nVersion 2.0\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n"+
		"without restriction, including without limitation the rights to use, copy, modify, merge, publish"), 0o600); err != nil {
		t.Fatal(err)
	}
	modules, err := readModules(strings.ReplaceAll(listing, "DIR", filepath.ToSlash(dir)))
	if err != nil {
		t.Fatal(err)
	}
	for _, compiler := range []string{"", "go1.26.8"} {
		b, err := newBOM(modules, facts{Licence: "EUPL-1.2"}, "1.2.0", "build", compiler)
		if err != nil {
			t.Fatal(err)
		}
		content, err := b.encode()
		if err != nil {
			t.Fatal(err)
		}
		var read cdx.BOM
		if err := cdx.NewBOMDecoder(strings.NewReader(string(content)), cdx.BOMFileFormatJSON).Decode(&read); err != nil {
			t.Fatal(err)
		}
		if read.SpecVersion != cdx.SpecVersion1_6 || read.Metadata.Component.Version != "1.2.0" || (*read.Metadata.Component.Licenses)[0].License.ID != "EUPL-1.2" {
			t.Errorf("%+v", read.Metadata.Component)
		}
		refs := map[string]bool{read.Metadata.Component.BOMRef: true}
		for _, c := range *read.Components {
			refs[c.BOMRef] = true
		}
		for _, d := range *read.Dependencies {
			if !refs[d.Ref] {
				t.Errorf("%s is not among the components", d.Ref)
			}
			delete(refs, d.Ref)
			for _, on := range deref(d.Dependencies) {
				if !strings.Contains(string(content), `"bom-ref": "`+on+`"`) {
					t.Errorf("%s needs %s, which is not among the components", d.Ref, on)
				}
			}
		}
		if len(refs) > 0 {
			t.Errorf("no dependencies of %v", refs)
		}
		for _, want := range []string{`"expression": "Apache-2.0 AND MIT"`, `pkg:golang/example.org/b@v2.0.0%2Bincompatible"`, `"value": "h1:BBBB="`} {
			if !strings.Contains(string(content), want) {
				t.Errorf("no %s in\n%s", want, content)
			}
		}
		if has := strings.Contains(string(content), "pkg:golang/std@1.26.8"); has != (compiler != "") {
			t.Errorf("compiler %q: std is in it: %v", compiler, has)
		}
	}
}

func deref(list *[]string) []string {
	if list == nil {
		return nil
	}
	return *list
}

// TestSBOM: writes once, agrees after that, and says of every module what is otherwise.
func TestSBOM(t *testing.T) {
	ctx := context.Background()
	p, said := little(t)
	check := p
	check.Args = []string{"--controleer"}
	if err := sbom(ctx, check); err == nil || !strings.Contains(err.Error(), "er is geen deploy/sbom.cdx.json: werk het bij") {
		t.Error(err)
	}
	if err := sbom(ctx, p); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(p.path(sbomFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := sbom(ctx, check); err != nil || !strings.Contains(said.String(), "klopt: 0 modules") {
		t.Errorf("%v\n%s", err, said)
	}
	// A release is another version of the component.
	put(t, p, "CHANGELOG.md", "## 1.0.0\n")
	if err := sbom(ctx, check); err == nil || !strings.Contains(err.Error(), "example.org/proef/parkeren: 0.0.0, het component gebruikt 1.0.0") {
		t.Error(err)
	}
	put(t, p, "CHANGELOG.md", "")
	put(t, p, sbomFile, strings.Replace(string(first), `"components": []`,
		`"components": [{"type": "library", "name": "example.org/weg", "version": "v1.0.0", "purl": "x", "bom-ref": "x"}]`, 1))
	if err := sbom(ctx, check); err == nil || !strings.Contains(err.Error(), "example.org/weg: v1.0.0, het component gebruikt het niet meer") {
		t.Error(err)
	}
	put(t, p, sbomFile, "{")
	if err := sbom(ctx, check); err == nil || !strings.Contains(err.Error(), "niet te lezen") {
		t.Error(err)
	}
	if err := sbom(ctx, p); err != nil {
		t.Error(err)
	}
	if again, err := os.ReadFile(p.path(sbomFile)); err != nil || string(again) != string(first) {
		t.Errorf("%v\n%s", err, again)
	}
	p.Args = []string{"--controlleer"}
	if err := sbom(ctx, p); err == nil || !strings.Contains(err.Error(), "alleen --controleer") {
		t.Error(err)
	}
}

func TestDiffers(t *testing.T) {
	modules, err := readModules(strings.ReplaceAll(listing, `"Dir":"DIR"`, `"Dir":""`))
	if err != nil {
		t.Fatal(err)
	}
	want, err := newBOM(modules, facts{Licence: "EUPL-1.2"}, "1.2.0", "pre-build", "")
	if err != nil {
		t.Fatal(err)
	}
	content, err := want.encode()
	if err != nil {
		t.Fatal(err)
	}
	old := strings.NewReplacer("v1.0.1", "v1.0.0", "h1:AAAA=", "h1:DDDD=").Replace(string(content))
	err = differs([]byte(old), want)
	for _, line := range []string{"example.org/fork: v1.0.0, het component gebruikt v1.0.1", "example.org/b: de licentie of de som is anders"} {
		if !strings.Contains(err.Error(), line) {
			t.Errorf("no %q in %v", line, err)
		}
	}
	if strings.Contains(err.Error(), "local") {
		t.Error(err)
	}
}

func TestLicencesIn(t *testing.T) {
	for want, text := range map[string]string{
		"BSD-3-Clause": "Redistribution and use in source and binary forms,\nwith or without ... may be used to endorse or promote products",
		"BSD-2-Clause": "Redistribution  and use in source and binary forms, with or without modification",
		"MPL-2.0":      "Mozilla Public License Version 2.0",
		"":             "All rights reserved.",
	} {
		if got := strings.Join(licencesIn(text), " "); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}
