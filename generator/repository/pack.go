package repository

import (
	"bufio"
	"bytes"
	"crypto/sha1" // #nosec G505 -- What Git names objects by.
	"encoding/binary"
	"hash"
	"hash/adler32"
	"hash/crc32"
	"io"
	"path"
	"strconv"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// pack collects objects for one file in Git's pack format. go-git's own
// encoder wants the objects in a storage first, looks for deltas, and reads
// the pack back to index it; for one commit of files that are in memory that
// is most of the work.
type pack struct {
	objects []packed
	known   map[plumbing.Hash]bool
}

// packed is an object, and where it lies once it is written.
type packed struct {
	hash    plumbing.Hash
	kind    plumbing.ObjectType
	content []byte
}

func newPack() *pack { return &pack{known: map[plumbing.Hash]bool{}} }

// add adds an object once and returns its hash. The content must not change
// until the pack is written.
func (p *pack) add(kind plumbing.ObjectType, content []byte) plumbing.Hash {
	hash := hashOf(kind, content)
	if !p.known[hash] {
		p.known[hash] = true
		p.objects = append(p.objects, packed{hash: hash, kind: kind, content: content})
	}
	return hash
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
	return p.add(memory.Type(), content), nil
}

// hashOf names an object. Git's names are SHA-1; that the standard library's
// is used, without detection of forged collisions, is fine for our own files.
func hashOf(kind plumbing.ObjectType, content []byte) plumbing.Hash {
	header := append(kind.Bytes(), ' ')
	header = append(strconv.AppendInt(header, int64(len(content)), 10), 0)
	digest := sha1.New() // #nosec G401 -- What Git names objects by.
	digest.Write(header)
	digest.Write(content)
	return plumbing.Hash(digest.Sum(nil))
}

// write writes the pack and its index.
func (p *pack) write(git billy.Filesystem) error {
	positions := new(idxfile.Writer)
	if err := positions.OnHeader(uint32(len(p.objects))); err != nil { // #nosec G115 -- The count that the format has room for; memory ends before.
		return err
	}
	// The name of both files is the checksum, which is known at the end.
	const temporary = "objects/pack/tmp_pack"
	var checksum plumbing.Hash
	err := writeReadOnly(git, temporary, func(w io.Writer) (err error) {
		checksum, err = p.encodeTo(w, positions)
		return err
	})
	if err != nil {
		return err
	}
	if err := positions.OnFooter(checksum); err != nil {
		return err
	}
	base := path.Join("objects", "pack", "pack-"+checksum.String())
	if err := settle(git, temporary, base+".pack"); err != nil {
		return err
	}
	table, err := positions.Index()
	if err != nil {
		return err
	}
	// A pack with half an index would make the repository unreadable: the index too
	// appears at once.
	const temporaryIndex = "objects/pack/tmp_idx"
	err = writeReadOnly(git, temporaryIndex, func(w io.Writer) error {
		_, err := idxfile.NewEncoder(w).Encode(table)
		return err
	})
	if err != nil {
		return err
	}
	return settle(git, temporaryIndex, base+".idx")
}

// settle gives a file its name. One that has the name already has the same content:
// the name is made of it.
func settle(git billy.Filesystem, temporary, name string) error {
	if _, err := git.Lstat(name); err == nil {
		return git.Remove(temporary)
	}
	return git.Rename(temporary, name)
}

// writeReadOnly writes a file that, as Git's objects, never changes.
func writeReadOnly(git billy.Filesystem, name string, write func(io.Writer) error) error {
	file, err := git.OpenFile(name, writeNew, 0o444)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<16)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}

// encodeTo writes the objects and tells positions where each one is.
func (p *pack) encodeTo(out io.Writer, positions *idxfile.Writer) (plumbing.Hash, error) {
	w := &packWriter{out: out, sum: sha1.New()} // #nosec G401 -- What Git names objects by.
	w.write([]byte("PACK"))
	w.write(binary.BigEndian.AppendUint32(nil, 2))
	w.write(binary.BigEndian.AppendUint32(nil, uint32(len(p.objects)))) // #nosec G115 -- The count that the format has room for; memory ends before.
	for _, o := range p.objects {
		offset := w.written
		w.crc = 0
		w.write(entryHeader(o.kind, len(o.content)))
		w.store(o.content)
		positions.Add(o.hash, offset, w.crc)
	}
	checksum := plumbing.Hash(w.sum.Sum(nil))
	w.write(checksum[:])
	return checksum, w.err
}

// packWriter keeps the sums that a pack asks for. After an error it writes
// nothing more; the error is looked at once, at the end.
type packWriter struct {
	out     io.Writer
	sum     hash.Hash // of the pack
	crc     uint32    // of the current object
	written uint64
	err     error
}

func (w *packWriter) write(p []byte) {
	if w.err == nil {
		_, w.err = w.out.Write(p)
	}
	w.sum.Write(p)
	w.crc = crc32.Update(w.crc, crc32.IEEETable, p)
	w.written += uint64(len(p))
}

// maxStored is the most that one stored block of deflate holds.
const maxStored = 0xffff

// store writes content as a zlib stream (RFC 1950, RFC 1951) of stored blocks.
// To compress took more processor time than the whole rest of the commit, for
// a few hundred kilobytes; the first git gc, or any server, packs it tighter.
func (w *packWriter) store(content []byte) {
	w.write([]byte{0x78, 0x01})
	rest := content
	for {
		block := rest[:min(len(rest), maxStored)]
		rest = rest[len(block):]
		last := byte(0)
		if len(rest) == 0 {
			last = 1
		}
		header := binary.LittleEndian.AppendUint16([]byte{last}, uint16(len(block))) // #nosec G115 -- A block of at most 65535 bytes.
		w.write(binary.LittleEndian.AppendUint16(header, ^uint16(len(block))))       // #nosec G115 -- A block of at most 65535 bytes.
		w.write(block)
		if last == 1 {
			break
		}
	}
	w.write(binary.BigEndian.AppendUint32(nil, adler32.Checksum(content)))
}

// entryHeader gives type and size: four bits of size in the first byte, seven
// in each next one, the high bit meaning that more follow.
func entryHeader(kind plumbing.ObjectType, size int) []byte {
	header := bytes.NewBuffer(make([]byte, 0, 8))
	current := byte(kind)<<4 | byte(size&0x0f) // #nosec G115 -- The bits that the format has room for; more follow below.
	for size >>= 4; size > 0; size >>= 7 {
		header.WriteByte(current | 0x80)
		current = byte(size & 0x7f)
	}
	header.WriteByte(current)
	return header.Bytes()
}
