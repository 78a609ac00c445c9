package base

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// Limits on what is read. A component has some 400 files and 2 MiB.
const (
	maxPacked   = 16 << 20 // of a file of the base
	maxUnpacked = 64 << 20
	maxFiles    = 10_000
	maxLines    = 4 << 20
)

// Read reads the base of the component in a folder. What is damaged, hostile or
// of a newer fieldlab is a Fault; fs.ErrNotExist says that the component has none.
func Read(component fs.FS) (*Base, error) {
	manifest, err := ReadManifest(component)
	if err != nil {
		return nil, err
	}
	if manifest.Version < plan.ManifestVersion {
		return nil, fmt.Errorf("%s: %w", RoomsPath, fs.ErrNotExist)
	}
	if err := sameModule(component, manifest); err != nil {
		return nil, err
	}
	rooms, err := readFile(component, RoomsPath)
	if err != nil {
		return nil, err
	}
	kern, err := readFile(component, KernPath)
	if err != nil {
		return nil, err
	}
	b := &Base{Manifest: manifest}
	if b.Files, err = readRooms(rooms, manifest); err != nil {
		return nil, err
	}
	b.Kern, err = readKern(kern, manifest)
	return b, err
}

// sameModule holds the base against go.mod, where that is: a base that came from
// another component would merge away half of this one.
func sameModule(component fs.FS, manifest plan.Manifest) error {
	body, err := readFile(component, "go.mod")
	if err != nil {
		return nil // the team may have none; what else differs shows by itself
	}
	for line := range strings.Lines(string(body)) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] != "module" {
			continue
		}
		if module := strings.Trim(fields[1], "\"`"); module != manifest.Module {
			return Fault{Code: Foreign, Path: plan.ManifestPath, Detail: manifest.Module + ", " + module}
		}
		return nil
	}
	return nil
}

// readFile reads a regular file that is reached without any link.
func readFile(component fs.FS, name string) ([]byte, error) {
	parts := strings.Split(name, "/")
	for i := range parts {
		at := strings.Join(parts[:i+1], "/")
		info, err := fs.Lstat(component, at)
		last := i == len(parts)-1
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
		case err != nil:
			return nil, err
		case last && !info.Mode().IsRegular(), !last && !info.IsDir():
			return nil, Fault{Code: Link, Path: at}
		case last && info.Size() > maxPacked:
			return nil, Fault{Code: TooLarge, Path: name}
		}
	}
	file, err := component.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, maxPacked+1))
	if err == nil && len(body) > maxPacked {
		err = Fault{Code: TooLarge, Path: name}
	}
	return body, err
}

// unpack checks the first line of a file of the base, and its checksum.
func unpack(name, magic string, body []byte) ([]byte, error) {
	if rest, found := bytes.CutPrefix(body, []byte(magic)); found {
		end := len(rest) - crc32.Size
		if end < 0 || binary.BigEndian.Uint32(rest[end:]) != crc32.ChecksumIEEE(body[:len(body)-crc32.Size]) {
			return nil, Fault{Code: Damaged, Path: name}
		}
		return rest[:end], nil
	}
	kind, _, _ := strings.Cut(magic, " ")
	line, _, _ := bytes.Cut(body[:min(len(body), 40)], []byte("\n"))
	if version, found := bytes.CutPrefix(line, []byte(kind+" ")); found && isNumber(version) {
		return nil, Fault{Code: Newer, Path: name, Detail: string(version)}
	}
	return nil, Fault{Code: Damaged, Path: name}
}

func isNumber(text []byte) bool {
	return len(text) > 0 && len(bytes.Trim(text, "0123456789")) == 0
}

// source reads what a stranger may have written: no more than there is room
// for, and after a first fault nothing more.
type source struct {
	name string
	in   io.ByteReader
	all  io.Reader
	err  error
}

// inflate reads a compressed stream.
func inflate(name string, packed []byte) *source {
	limited := &counting{in: flate.NewReader(bytes.NewReader(packed)), left: maxUnpacked}
	buffered := newBuffered(limited)
	return &source{name: name, in: buffered, all: buffered}
}

func (s *source) fail(code Code, detail string) {
	if s.err == nil {
		s.err = Fault{Code: code, Path: s.name, Detail: detail}
	}
}

// broken notes an error of reading.
func (s *source) broken(err error) {
	if errors.Is(err, errBomb) {
		s.fail(TooLarge, "")
	} else {
		s.fail(Damaged, "")
	}
}

// number reads a number that is at most limit.
func (s *source) number(limit uint64) int {
	if s.err != nil {
		return 0
	}
	n, err := binary.ReadUvarint(s.in)
	if err != nil {
		s.broken(err)
		return 0
	}
	if n > limit {
		s.fail(TooLarge, "")
		return 0
	}
	return int(n) // #nosec G115 -- Not above limit.
}

func (s *source) byte() byte {
	if s.err != nil {
		return 0
	}
	b, err := s.in.ReadByte()
	if err != nil {
		s.broken(err)
	}
	return b
}

// bytes reads what is there, and makes no room for what is not.
func (s *source) bytes(n int) []byte {
	if s.err != nil {
		return nil
	}
	var out bytes.Buffer
	if n <= 1<<16 {
		out.Grow(n)
	}
	if _, err := io.CopyN(&out, s.all, int64(n)); err != nil {
		s.broken(err)
		return nil
	}
	return out.Bytes()
}

// path reads a path, which must come after the one before it.
func (s *source) path(before string) string {
	name := string(s.bytes(s.number(1000)))
	if s.err == nil && (plan.CheckPath(name) != nil || name <= before) {
		s.fail(BadPath, name)
	}
	return name
}

// end checks that nothing follows.
func (s *source) end() error {
	if s.err == nil {
		if _, err := s.in.ReadByte(); !errors.Is(err, io.EOF) {
			s.fail(Damaged, "")
		}
	}
	return s.err
}

// readRooms reads the text of the rooms, and holds it against the manifest.
func readRooms(body []byte, manifest plan.Manifest) (map[string][]byte, error) {
	packed, err := unpack(RoomsPath, roomsMagic, body)
	if err != nil {
		return nil, err
	}
	rows := make(map[string]plan.ManifestFile, len(manifest.Files))
	for _, row := range manifest.Files {
		rows[row.Path] = row
	}
	s := inflate(RoomsPath, packed)
	files := map[string][]byte{}
	before := ""
	for range s.number(maxFiles) {
		name := s.path(before)
		before = name
		s.byte() // the mode; only that of disk counts
		text := s.bytes(s.number(maxUnpacked))
		if s.err != nil {
			break
		}
		row, found := rows[name]
		if !found || !Remembered(name, row.Owner) || row.SHA256 != plan.SumOf(text) {
			s.fail(WrongSum, name)
			break
		}
		files[name] = text
	}
	return files, s.end()
}

// readKern reads the lines of kern, and holds the sums against the manifest.
func readKern(body []byte, manifest plan.Manifest) (map[string]Kern, error) {
	packed, err := unpack(KernPath, kernMagic, body)
	if err != nil {
		return nil, err
	}
	count, size := binary.Uvarint(packed)
	if size <= 0 || count > maxLines || uint64(len(packed)-size) < count*lineBytes { // #nosec G115 -- Both lengths; size is above zero.
		return nil, Fault{Code: Damaged, Path: KernPath}
	}
	unique := packed[size : size+int(count)*lineBytes]
	s := inflate(KernPath, packed[size+len(unique):])
	files := map[string]Kern{}
	sums := map[string]string{}
	before, used, total := "", 0, 0
	for range s.number(maxFiles) {
		name := s.path(before)
		before = name
		if s.err == nil && !strings.HasPrefix(name, plan.KernFolder+"/") {
			s.fail(BadPath, name)
		}
		sum := hex.EncodeToString(s.bytes(sha256.Size))
		isText := s.byte() == 1
		n := s.number(maxLines)
		if total += n; total > maxLines {
			s.fail(TooLarge, "")
		}
		if s.err != nil {
			break
		}
		kern := Kern{SHA256: sum}
		if isText {
			kern.Lines, used = s.lines(n, unique, used)
		} else if n > 0 {
			s.fail(Damaged, name)
		}
		files[name], sums[name] = kern, sum
	}
	if err := s.end(); err != nil {
		return nil, err
	}
	if plan.KernSumOf(sums) != manifest.Kern {
		return nil, Fault{Code: WrongSum, Path: KernPath}
	}
	return files, nil
}

// lines reads the numbers of lines; used are those that have come before.
func (s *source) lines(n int, unique []byte, used int) (merge.Lines, int) {
	lines := make(merge.Lines, 0, min(n, 1<<14))
	for range n {
		number := s.number(uint64(used)) // #nosec G115 -- A count.
		if s.err != nil {
			return nil, used
		}
		if number == 0 {
			used++
			number = used
		}
		if number*lineBytes > len(unique) {
			s.fail(Damaged, "")
			return nil, used
		}
		at := unique[(number-1)*lineBytes:]
		lines = append(lines, uint64(at[0])|uint64(at[1])<<8|uint64(at[2])<<16|uint64(at[3])<<24|uint64(at[4])<<32)
	}
	return lines, used
}
