package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
)

// sbomFile is the committed list of what the component is made of, and imageBOM that of
// an image, beside it.
const (
	sbomFile = "deploy/sbom.cdx.json"
	imageBOM = imageFolder + "/sbom.cdx.json"
)

// The part of CycloneDX 1.6 that says which modules a Go program is made of. The
// names are those of the standard. There is no time and no number of its own in it:
// the same modules give the same file.
type (
	bom struct {
		Schema       string          `json:"$schema"`
		Format       string          `json:"bomFormat"`
		SpecVersion  string          `json:"specVersion"`
		Version      int             `json:"version"`
		Metadata     bomMetadata     `json:"metadata"`
		Components   []bomComponent  `json:"components"`
		Dependencies []bomDependency `json:"dependencies"`
	}
	bomMetadata struct {
		Lifecycles []bomLifecycle `json:"lifecycles"`
		Component  bomComponent   `json:"component"`
	}
	bomLifecycle struct {
		Phase string `json:"phase"`
	}
	bomComponent struct {
		Type       string        `json:"type"`
		Ref        string        `json:"bom-ref"`
		Name       string        `json:"name"`
		Version    string        `json:"version,omitempty"`
		Licenses   []bomLicence  `json:"licenses,omitempty"`
		PURL       string        `json:"purl"`
		Properties []bomProperty `json:"properties,omitempty"`
	}
	// bomLicence is one licence, or an expression of more than one.
	bomLicence struct {
		License    *bomLicenceID `json:"license,omitempty"`
		Expression string        `json:"expression,omitempty"`
	}
	bomLicenceID struct {
		ID string `json:"id"`
	}
	bomProperty struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	bomDependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn,omitempty"`
	}
)

// sbom writes the list of what the component is made of, or compares.
func sbom(ctx context.Context, p place) error {
	check := slices.Equal(p.Args, []string{"--controleer"})
	if len(p.Args) > 0 && !check {
		return fmt.Errorf("%q: alleen --controleer kan achter sbom staan", strings.Join(p.Args, " "))
	}
	f, err := readFacts(p)
	if err != nil {
		return err
	}
	packages, err := packagesOf(ctx, p)
	if err != nil {
		return err
	}
	modules, err := modulesIn(packages)
	if err != nil {
		return err
	}
	want, err := newBOM(modules, f, f.Released, "pre-build", "")
	if err != nil {
		return err
	}
	content, err := want.encode()
	if err != nil {
		return err
	}
	there, err := os.ReadFile(p.path(sbomFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if bytes.Equal(there, content) {
		p.note("%s klopt: %d modules", sbomFile, len(want.Components))
		return nil
	}
	if check {
		return differs(there, want)
	}
	p.note("%s is bijgewerkt: %d modules", sbomFile, len(want.Components))
	if err := os.MkdirAll(p.path("deploy"), 0o750); err != nil {
		return err
	}
	return os.WriteFile(p.path(sbomFile), content, 0o600)
}

// differs says what is otherwise in the committed list.
func differs(there []byte, want bom) error {
	const advice = "werk het bij, met go run ./kern/bouw sbom, en leg het vast"
	if there == nil {
		return fmt.Errorf("er is geen %s: %s", sbomFile, advice)
	}
	var old bom
	if err := json.Unmarshal(there, &old); err != nil {
		return fmt.Errorf("%s is niet te lezen (%w): %s", sbomFile, err, advice)
	}
	byName := func(b bom) map[string]bomComponent {
		all := map[string]bomComponent{b.Metadata.Component.Name: b.Metadata.Component}
		for _, c := range b.Components {
			all[c.Name] = c
		}
		return all
	}
	var lines []string
	before, now := byName(old), byName(want)
	for name, c := range now {
		switch b, found := before[name]; {
		case !found:
			lines = append(lines, name+": ontbreekt, het component gebruikt "+c.Version)
		case b.Version != c.Version:
			lines = append(lines, fmt.Sprintf("%s: %s, het component gebruikt %s", name, b.Version, c.Version))
		case fmt.Sprint(b) != fmt.Sprint(c):
			lines = append(lines, name+": de licentie of de som is anders")
		}
	}
	for name, c := range before {
		if _, found := now[name]; !found {
			lines = append(lines, name+": "+c.Version+", het component gebruikt het niet meer")
		}
	}
	slices.Sort(lines)
	if len(lines) == 0 {
		lines = []string{"de vorm, of welke module welke gebruikt, is anders"}
	}
	return fmt.Errorf("%s klopt niet meer; %s:\n  %s", sbomFile, advice, strings.Join(lines, "\n  "))
}

// newBOM lists modules, of which the first is the component itself. compiler is the
// version of Go that made the program, when there is one.
func newBOM(modules []module, f facts, version, phase, compiler string) (bom, error) {
	refs := map[string]string{}
	main := listed("application", modules[0].Path, version)
	main.Licenses = licences([]string{f.Licence})
	refs[modules[0].Path] = main.Ref
	b := bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata:   bomMetadata{Lifecycles: []bomLifecycle{{Phase: phase}}, Component: main},
		Components: []bomComponent{},
	}
	if compiler != "" {
		std := listed("library", "std", strings.TrimPrefix(compiler, "go"))
		std.Licenses = licences([]string{"BSD-3-Clause"})
		b.Components = append(b.Components, std)
	}
	for _, m := range modules[1:] {
		c := listed("library", m.Path, m.Version)
		if m.Dir != "" {
			found, err := licencesOf(m.Dir)
			if err != nil {
				return bom{}, err
			}
			c.Licenses = licences(found)
		}
		if m.Sum != "" {
			// That of go.sum is over the tree of a module, not over a file: it is no hash
			// in the sense of CycloneDX.
			c.Properties = []bomProperty{{Name: "fieldlab:go.sum", Value: m.Sum}}
		}
		refs[m.Path] = c.Ref
		b.Components = append(b.Components, c)
	}
	for _, m := range modules {
		d := bomDependency{Ref: refs[m.Path]}
		if m.Main && compiler != "" {
			d.DependsOn = append(d.DependsOn, b.Components[0].Ref)
			b.Dependencies = append(b.Dependencies, bomDependency{Ref: b.Components[0].Ref})
		}
		for _, name := range m.Uses {
			d.DependsOn = append(d.DependsOn, refs[name])
		}
		b.Dependencies = append(b.Dependencies, d)
	}
	return b, nil
}

func listed(kind, name, version string) bomComponent {
	purl := "pkg:golang/" + name
	if version != "" {
		// A version may have a plus, as in +incompatible, which an address may not.
		purl += "@" + url.QueryEscape(version)
	}
	return bomComponent{Type: kind, Ref: purl, Name: name, Version: version, PURL: purl}
}

func licences(ids []string) []bomLicence {
	switch len(ids) {
	case 0:
		return nil
	case 1:
		if !strings.Contains(ids[0], " ") {
			return []bomLicence{{License: &bomLicenceID{ID: ids[0]}}}
		}
	}
	return []bomLicence{{Expression: strings.Join(ids, " AND ")}}
}

func (b bom) encode() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(b)
	return out.Bytes(), err
}
