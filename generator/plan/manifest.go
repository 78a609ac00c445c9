package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// ManifestVersion is the version of the manifest's format. Since 2 there is
// one sum for all of kern instead of a row for each of its files, and the owner
// "generated" is split into "kern" and "merged".
const ManifestVersion = 2

// Manifest is what a component remembers of its generation: enough to see
// afterwards which files were changed, and by whom they are maintained.
type Manifest struct {
	Version   int            `json:"version"`
	Generator string         `json:"generator"` // version of fieldlab
	Kern      string         `json:"kern"`      // KernSum
	Files     []ManifestFile `json:"files"`     // outside kern, sorted by path; the manifest itself is not in it
}

// ManifestFile is one file as it was generated.
type ManifestFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Owner  Owner  `json:"owner"`
}

// manifestOf makes the manifest of the files.
func manifestOf(files []File, version string) (File, error) {
	manifest := Manifest{Version: ManifestVersion, Generator: version, Kern: KernSum(files), Files: []ManifestFile{}}
	for _, file := range files {
		if file.Owner != Kern {
			manifest.Files = append(manifest.Files, ManifestFile{Path: file.Path, SHA256: sumOf(file.Body), Owner: file.Owner})
		}
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(manifest); err != nil {
		return File{}, err
	}
	return File{Path: ManifestPath, Mode: 0o644, Body: body.Bytes(), Owner: Merged}, nil
}

// sumOf is the SHA-256 of a file, in hexadecimal.
func sumOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
