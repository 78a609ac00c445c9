package bundle

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// limits are what an archive may grow to. One that says it is small may still
// unpack to a disk full, so what counts is what comes out.
type limits struct {
	files int
	bytes int64
}

var (
	goLimits      = limits{files: 60_000, bytes: 2 << 30} // a Go is 16 000 files, 300 MB
	releaseLimits = limits{files: 1_000, bytes: 512 << 20}
)

// entry is a regular file in an archive.
type entry struct {
	name string
	exec bool
	body io.Reader
}

// hostile says that an archive is not what it should be.
func hostile(archive, what string) error { return refuse("bundle.hostile", archive, what) }

// unpack gives every regular file in an archive, in order. What else there may be
// in one, a link or a device, is in no archive that a bundle is made of.
func unpack(file *os.File, l limits, visit func(entry) error) error {
	name := file.Name()
	var err error
	if strings.HasSuffix(name, ".zip") {
		err = unpackZip(file, l, visit)
	} else {
		err = unpackTar(file, l, visit)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) ||
		errors.Is(err, tar.ErrHeader) || errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrAlgorithm) {
		return &Error{Key: "bundle.archive", Args: []any{base(name), err.Error()}, Err: err}
	}
	return err
}

func base(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

func unpackTar(file *os.File, l limits, visit func(entry) error) error {
	zipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	b := &budget{archive: base(file.Name()), limits: l}
	for reader := tar.NewReader(zipped); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			// To the last byte: only then the sum of all of it was right.
			_, err = io.Copy(io.Discard, io.LimitReader(zipped, 1<<20))
			return err
		}
		if err != nil {
			return err
		}
		switch header.Typeflag {
		case tar.TypeDir, tar.TypeXGlobalHeader:
			// A folder takes nothing in an archive, and reading it some time.
			if b.limits.files--; b.limits.files < 0 {
				return hostile(b.archive, header.Name)
			}
			continue
		case tar.TypeReg:
		default:
			return hostile(b.archive, header.Name)
		}
		if err := b.give(header.Name, header.FileInfo().Mode(), reader, visit); err != nil {
			return err
		}
	}
}

func unpackZip(file *os.File, l limits, visit func(entry) error) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	reader, err := zip.NewReader(file, info.Size())
	if err != nil {
		return err
	}
	b := &budget{archive: base(file.Name()), limits: l}
	for _, member := range reader.File {
		mode := member.Mode()
		if mode.IsDir() {
			continue
		}
		if !mode.IsRegular() {
			return hostile(b.archive, member.Name)
		}
		body, err := member.Open()
		if err != nil {
			return err
		}
		err = b.give(member.Name, mode, body, visit)
		body.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// budget is what is left of the limits.
type budget struct {
	archive string
	limits  limits
}

func (b *budget) give(name string, mode fs.FileMode, body io.Reader, visit func(entry) error) error {
	if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\\:") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return hostile(b.archive, name)
	}
	if b.limits.files--; b.limits.files < 0 {
		return hostile(b.archive, fmt.Sprintf("%s ...", name))
	}
	counted := &counter{from: io.LimitReader(body, b.limits.bytes+1)}
	if err := visit(entry{name: name, exec: mode&0o111 != 0, body: counted}); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, counted); err != nil { // what was not wanted counts as well
		return err
	}
	if b.limits.bytes -= counted.n; b.limits.bytes < 0 {
		return hostile(b.archive, name)
	}
	return nil
}

type counter struct {
	from io.Reader
	n    int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
