package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// ManifestVersion is the version of the manifest's format.
const ManifestVersion = 1

// Manifest is what a component remembers of its generation: enough to see
// afterwards which files were changed, and by whom they are maintained.
type Manifest struct {
	Version   int            `json:"version"`
	Generator string         `json:"generator"` // version of fieldlab
	Files     []ManifestFile `json:"files"`     // sorted by path; the manifest itself is not in it
}

// ManifestFile is one file as it was generated.
type ManifestFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Owner  Owner  `json:"owner"`
}

// manifestOf makes the manifest of the files.
func manifestOf(files []File, version string) (File, error) {
	manifest := Manifest{Version: ManifestVersion, Generator: version, Files: make([]ManifestFile, len(files))}
	for i, file := range files {
		sum := sha256.Sum256(file.Body)
		manifest.Files[i] = ManifestFile{Path: file.Path, SHA256: hex.EncodeToString(sum[:]), Owner: file.Owner}
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(manifest); err != nil {
		return File{}, err
	}
	return File{Path: ManifestPath, Mode: 0o644, Body: body.Bytes(), Owner: Generated}, nil
}
