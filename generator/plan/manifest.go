package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// ManifestVersion is the version of the manifest's format. Since 2 there is
// one sum for all of kern instead of a row for each of its files, and the owner
// "generated" is split into "kern" and "merged". Since 3 it names the module,
// and what the team took over or kept; a base lies beside it.
const ManifestVersion = 3

// Manifest is what a component remembers of its generation: enough to see
// afterwards which files were changed, and by whom they are maintained.
type Manifest struct {
	Version   int            `json:"version"`
	Generator string         `json:"generator"`       // version of fieldlab
	Module    string         `json:"module"`          // of the component, as go.mod had it
	Kern      string         `json:"kern"`            // KernSum
	Taken     []string       `json:"taken,omitempty"` // packages of kern that are the team's
	Kept      []string       `json:"kept,omitempty"`  // columns and tables that stay although no answer names them
	Files     []ManifestFile `json:"files"`           // outside kern, and of what was taken in it; sorted by path, without .fieldlab/ itself but for the schema
}

// ManifestFile is one file as it was generated.
type ManifestFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Owner  Owner  `json:"owner"`

	// Written is the sum of the file as the last update that changed it left it, with
	// what the team wrote; "" when that is SHA256.
	Written string `json:"written,omitempty"`
}

// manifestOf makes the manifest of the files.
func manifestOf(files []File) Manifest {
	for i := range files {
		if files[i].SHA256 == "" {
			files[i].SHA256 = SumOf(files[i].Body)
		}
	}
	manifest := Manifest{Version: ManifestVersion, Kern: KernSum(files), Files: []ManifestFile{}}
	for _, file := range files {
		if file.Owner != Kern {
			manifest.Files = append(manifest.Files, ManifestFile{Path: file.Path, SHA256: file.SHA256, Owner: file.Owner})
		}
	}
	return manifest
}

// File is the manifest as it lies in a component.
func (m Manifest) File() (File, error) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return File{}, err
	}
	return File{Path: ManifestPath, Mode: 0o644, Body: body.Bytes(), Owner: Merged}, nil
}

// SumOf is the SHA-256 of a file, in hexadecimal.
func SumOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
