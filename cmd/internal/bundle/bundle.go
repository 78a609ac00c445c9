// Package bundle puts everything on a stick that a room without network needs,
// checks it, and brings it to life on a laptop.
package bundle

import (
	"context"
	"io/fs"
)

// File is what a bundle says of itself, in its root; SumsFile has the checksum of
// every file but itself.
const (
	File     = "bundel.json"
	SumsFile = "SHA256SUMS"
)

// Manifest is what bundel.json holds.
type Manifest struct {
	Version  int      `json:"version"` // of this format; 1
	Fieldlab string   `json:"fieldlab"`
	Go       string   `json:"go"` // such as go1.26.8
	Systems  []System `json:"systems"`
	Missing  []string `json:"missing,omitempty"` // Go archives that are not there, by file name
}

// System is an operating system with a processor, in Go's words.
type System struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
}

// Read reads bundel.json of a bundle, on disk or from elsewhere.
func Read(files fs.FS) (Manifest, error) { return Manifest{}, fs.ErrNotExist }

// Fault is one file of a bundle that is not as it was made.
type Fault struct {
	Path string `json:"path"`
	Why  string `json:"why"` // missing, changed, extra, unreadable
}

// Verify holds every file of the bundle against its sum.
func Verify(ctx context.Context, dir string) ([]Fault, error) { return nil, nil }
