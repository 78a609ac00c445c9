package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"
)

// The part of CycloneDX 1.6 that says which modules are in a Go program. The
// names are those of the standard.
type (
	bom struct {
		Schema       string       `json:"$schema"`
		Format       string       `json:"bomFormat"`
		SpecVersion  string       `json:"specVersion"`
		SerialNumber string       `json:"serialNumber"`
		Version      int          `json:"version"`
		Metadata     metadata     `json:"metadata"`
		Components   []component  `json:"components"`
		Dependencies []dependency `json:"dependencies"`
	}
	metadata struct {
		Timestamp string      `json:"timestamp"`
		Lifecycle []lifecycle `json:"lifecycles"`
		Component component   `json:"component"`
	}
	lifecycle struct {
		Phase string `json:"phase"`
	}
	component struct {
		Type       string     `json:"type"`
		Ref        string     `json:"bom-ref"`
		Name       string     `json:"name"`
		Version    string     `json:"version"`
		Hashes     []hash     `json:"hashes,omitempty"`
		Licenses   []licenced `json:"licenses,omitempty"`
		PURL       string     `json:"purl"`
		Properties []property `json:"properties,omitempty"`
	}
	hash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	licenced struct {
		License struct {
			ID string `json:"id"`
		} `json:"license"`
	}
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	dependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn,omitempty"`
	}
)

// sbom reads from a Go program what its linker noted: the modules that are in
// it, with their sums, and the Go that made it. Nothing is guessed, so an SBOM of
// another tool on the same file names the same modules.
func sbom(binary, version string, made time.Time) ([]byte, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	main := module("application", info.Main.Path, version, "")
	main.Hashes = []hash{{Algorithm: "SHA-256", Content: fmt.Sprintf("%x", sum)}}
	main.Licenses = make([]licenced, 1)
	main.Licenses[0].License.ID = "EUPL-1.2"
	for _, setting := range info.Settings {
		main.Properties = append(main.Properties, property{Name: "fieldlab:build:" + setting.Key, Value: setting.Value})
	}
	components := []component{module("library", "std", strings.TrimPrefix(info.GoVersion, "go"), "")}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		components = append(components, module("library", m.Path, m.Version, m.Sum))
	}
	top := dependency{Ref: main.Ref}
	dependencies := []dependency{}
	for _, c := range components {
		top.DependsOn = append(top.DependsOn, c.Ref)
		dependencies = append(dependencies, dependency{Ref: c.Ref})
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6",
		SerialNumber: serial(sum), Version: 1,
		Metadata: metadata{
			Timestamp: made.Format(time.RFC3339), Lifecycle: []lifecycle{{Phase: "build"}}, Component: main,
		},
		Components: components, Dependencies: append([]dependency{top}, dependencies...),
	})
	return out.Bytes(), err
}

func module(kind, path, version, sum string) component {
	// A version may have a plus, as in +incompatible, which an address may not.
	purl := "pkg:golang/" + path + "@" + url.QueryEscape(version)
	c := component{Type: kind, Ref: purl, Name: path, Version: version, PURL: purl}
	if sum != "" {
		// The sum of go.sum is over the tree of the module, not over a file: it is no
		// hash in the sense of CycloneDX.
		c.Properties = []property{{Name: "fieldlab:go.sum", Value: sum}}
	}
	return c
}

// serial is a UUID of version 8 made of the sum of the program: the same bytes
// have the same list.
func serial(sum [sha256.Size]byte) string {
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[0:4], id[4:6], id[6:8], id[8:10], id[10:16])
}
