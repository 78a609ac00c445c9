package adr

import (
	"bytes"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// candidate says by its name whether a file may be a description of an API of the
// repository itself.
func candidate(_ *check.Repo, f check.File) bool {
	switch f.Ext() {
	case ".yaml", ".yml", ".json":
		return !f.Test
	}
	return false
}

// looksLikeOne is quick: most YAML and JSON is something else.
func looksLikeOne(body []byte) bool {
	return bytes.Contains(body, []byte("openapi")) || bytes.Contains(body, []byte("swagger"))
}

// ours says whether a description is of an API of the repository itself.
func ours(_ *check.Repo, _ check.File, _ *Document) bool { return true }
