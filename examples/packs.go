package examples

import (
	"embed"
	"io/fs"
)

//go:embed all:pakketten/huisstijl
var packs embed.FS

// Pack is the example of an own pack, to copy.
func Pack() fs.FS {
	pack, err := fs.Sub(packs, "pakketten/huisstijl")
	if err != nil {
		return packs // cannot be: the path is a constant
	}
	return pack
}
