package repository

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"sort"
	"strings"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// pack collects objects in Git's pack format. go-git's own encoder wants the
// objects in a storage first, looks for deltas, and reads the pack back to
// index it; for one commit of files that are in memory that is most of the work.
type pack struct {
	body    bytes.Buffer
	deflate *zlib.Writer
	objects []packed
	known   map[plumbing.Hash]bool
}

// packed is where an object lies in the pack.
type packed struct {
	hash   plumbing.Hash
	offset uint64
	crc    uint32
}

// headerSize is the length of PACK, version and number of objects.
const headerSize = 12

func newPack() *pack {
	p := &pack{known: map[plumbing.Hash]bool{}}
	p.body.Write(make([]byte, headerSize))
	// The level that git itself uses for new objects; a later git gc does better.
	p.deflate, _ = zlib.NewWriterLevel(&p.body, zlib.BestSpeed)
	return p
}

// add adds an object once and returns its hash.
func (p *pack) add(kind plumbing.ObjectType, content []byte) (plumbing.Hash, error) {
	hash := hashOf(kind, content)
	if p.known[hash] {
		return hash, nil
	}
	p.known[hash] = true
	offset := p.body.Len()
	p.body.Write(entryHeader(kind, len(content)))
	p.deflate.Reset(&p.body)
	if _, err := p.deflate.Write(content); err != nil {
		return hash, err
	}
	if err := p.deflate.Close(); err != nil {
		return hash, err
	}
	crc := crc32.ChecksumIEEE(p.body.Bytes()[offset:])
	p.objects = append(p.objects, packed{hash: hash, offset: uint64(offset), crc: crc})
	return hash, nil
}

// encode adds a tree or commit.
func (p *pack) encode(o object.Object) (plumbing.Hash, error) {
	memory := &plumbing.MemoryObject{}
	if err := o.Encode(memory); err != nil {
		return plumbing.ZeroHash, err
	}
	reader, err := memory.Reader()
	if err != nil {
		return plumbing.ZeroHash, err
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return p.add(memory.Type(), content)
}

// hashOf names an object. Git's names are SHA-1; that the standard library's
// is used, without detection of forged collisions, is fine for our own files.
func hashOf(kind plumbing.ObjectType, content []byte) plumbing.Hash {
	digest := sha1.New()
	fmt.Fprintf(digest, "%s %d\x00", kind, len(content))
	digest.Write(content)
	return plumbing.Hash(digest.Sum(nil))
}

// entryHeader gives type and size: four bits of size in the first byte, seven
// in each next one, the high bit meaning that more follow.
func entryHeader(kind plumbing.ObjectType, size int) []byte {
	first := byte(kind)<<4 | byte(size&0x0f)
	header := []byte{first}
	for size >>= 4; size > 0; size >>= 7 {
		header[len(header)-1] |= 0x80
		header = append(header, byte(size&0x7f))
	}
	return header
}

// write ends the pack and writes it with its index.
func (p *pack) write(git billy.Filesystem) error {
	body := p.body.Bytes()
	copy(body, "PACK")
	binary.BigEndian.PutUint32(body[4:], 2)
	binary.BigEndian.PutUint32(body[8:], uint32(len(p.objects)))
	checksum := plumbing.Hash(sha1.Sum(body))
	p.body.Write(checksum[:])

	positions := new(idxfile.Writer)
	if err := positions.OnHeader(uint32(len(p.objects))); err != nil {
		return err
	}
	for _, o := range p.objects {
		positions.Add(o.hash, o.offset, o.crc)
	}
	if err := positions.OnFooter(checksum); err != nil {
		return err
	}
	table, err := positions.Index()
	if err != nil {
		return err
	}
	var idx bytes.Buffer
	if _, err := idxfile.NewEncoder(&idx).Encode(table); err != nil {
		return err
	}
	base := path.Join("objects", "pack", "pack-"+checksum.String())
	if err := writeReadOnly(git, base+".pack", p.body.Bytes()); err != nil {
		return err
	}
	return writeReadOnly(git, base+".idx", idx.Bytes())
}

// writeReadOnly writes a file that, as Git's objects, never changes.
func writeReadOnly(git billy.Filesystem, name string, content []byte) error {
	file, err := git.OpenFile(name, writeNew, 0o444)
	if err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// writeTree adds the tree of one folder, of which the entries all begin with
// prefix, and those of the folders in it. The entries are sorted by name.
func writeTree(p *pack, entries []*index.Entry, prefix string) (plumbing.Hash, error) {
	tree := &object.Tree{}
	for len(entries) > 0 {
		rest := entries[0].Name[len(prefix):]
		name, _, isFolder := strings.Cut(rest, "/")
		if !isFolder {
			tree.Entries = append(tree.Entries, object.TreeEntry{Name: name, Mode: entries[0].Mode, Hash: entries[0].Hash})
			entries = entries[1:]
			continue
		}
		folder := prefix + name + "/"
		count := sort.Search(len(entries), func(i int) bool { return !strings.HasPrefix(entries[i].Name, folder) })
		hash, err := writeTree(p, entries[:count], folder)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		tree.Entries = append(tree.Entries, object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: hash})
		entries = entries[count:]
	}
	sort.Sort(object.TreeEntrySorter(tree.Entries))
	return p.encode(tree)
}
