package repository

import (
	"sort"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// addTree adds the tree of one folder, of which the entries all begin with
// prefix, and those of the folders in it. The entries are sorted by name.
func addTree(p *pack, entries []*index.Entry, prefix string) (plumbing.Hash, error) {
	tree := &object.Tree{}
	for len(entries) > 0 {
		first := entries[0]
		name, _, isFolder := strings.Cut(first.Name[len(prefix):], "/")
		if !isFolder {
			tree.Entries = append(tree.Entries, object.TreeEntry{Name: name, Mode: first.Mode, Hash: first.Hash})
			entries = entries[1:]
			continue
		}
		folder := prefix + name + "/"
		count := sort.Search(len(entries), func(i int) bool { return !strings.HasPrefix(entries[i].Name, folder) })
		hash, err := addTree(p, entries[:count], folder)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		tree.Entries = append(tree.Entries, object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: hash})
		entries = entries[count:]
	}
	sort.Sort(object.TreeEntrySorter(tree.Entries))
	return p.encode(tree)
}
