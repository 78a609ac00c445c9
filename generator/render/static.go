package render

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"sync"
)

// Static is a file of the pack that is no template: the same in every component
// but for what it imports.
type Static struct {
	Body []byte // as it stands in the pack; nobody changes it
	Own  []Own  // its imports of the pack, in their order

	sum  func() string
	memo sync.Map
}

// For is the file in a component of that module. Without imports of the pack it
// is Body itself.
func (s *Static) For(module string) []byte { return splice(s.Body, s.Own, module) }

// Sum is the SHA-256 of the file in hexadecimal, when it is the same in every
// component; "" when it is not.
func (s *Static) Sum() string {
	if len(s.Own) > 0 {
		return ""
	}
	return s.sum()
}

// Memo is where others keep what follows from the file alone.
func (s *Static) Memo() *sync.Map { return &s.memo }

// Static is the file of that name, which is no template. Its imports are looked
// for when it is first needed.
func (r *Renderer) Static(name string) (*Static, error) {
	r.mu.Lock()
	known, found := r.static[name]
	r.mu.Unlock()
	if found {
		return known, nil
	}
	body, err := fs.ReadFile(r.pack, name)
	if err != nil {
		return nil, err
	}
	s := &Static{Body: body}
	s.sum = sync.OnceValue(func() string {
		sum := sha256.Sum256(body)
		return hex.EncodeToString(sum[:])
	})
	if path.Ext(name) == ".go" {
		if s.Own, err = ownImports(name, body); err != nil {
			return nil, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, found := r.static[name]; found {
		return known, nil // of a goroutine that was first
	}
	r.static[name] = s
	return s, nil
}
