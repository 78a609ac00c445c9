package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// sums are the checksums of the files of a bundle, in hexadecimal, by name.
type sums map[string]string

// mostFiles is how many files a bundle may have; a real one has two hundred.
const mostFiles = 20_000

var sumLine = regexp.MustCompile(`^([0-9a-f]{64}) [ *](.+)$`)

// parseSums reads SHA256SUMS as sha256sum writes it. Names that lead elsewhere, or
// that are one file where capitals do not count, make all of it worthless.
func parseSums(body []byte) (sums, error) {
	found, seen := sums{}, map[string]bool{}
	for line := range strings.Lines(string(body)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		parts := sumLine.FindStringSubmatch(line)
		if parts == nil || len(found) >= mostFiles {
			return nil, refuse("bundle.damaged", SumsFile, line)
		}
		name := parts[2]
		if checkName(name) != "" || fold(name) == fold(SumsFile) || seen[fold(name)] {
			return nil, refuse("bundle.hostile", SumsFile, name)
		}
		seen[fold(name)] = true
		found[name] = parts[1]
	}
	for name := range found {
		for at, r := range name {
			if r == '/' && seen[fold(name[:at])] {
				return nil, refuse("bundle.hostile", SumsFile, name)
			}
		}
	}
	if found[File] == "" {
		return nil, refuse("bundle.damaged", SumsFile, File)
	}
	return found, nil
}

func (s sums) names() []string { return slices.Sorted(maps.Keys(s)) }

// format writes the file.
func (s sums) format() []byte {
	var out bytes.Buffer
	for _, name := range s.names() {
		out.WriteString(s[name] + "  " + name + "\n")
	}
	return out.Bytes()
}

// Mark is what tells the bundle in a folder from every other one, short enough to
// read out in a room: the beginning of the sum of SHA256SUMS.
func Mark(dir string) (string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", none(dir, err)
	}
	defer root.Close()
	body, err := readSmall(root.FS(), SumsFile)
	return mark(body), none(dir, err)
}

func mark(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])[:12]
}

func sumOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// sumOfFile reads a regular file to its end.
func sumOfFile(files fs.FS, name string) (sum string, size int64, err error) {
	file, err := files.Open(name)
	if err != nil {
		return "", 0, err
	}
	defer file.Close()
	hash := sha256.New()
	size, err = io.CopyBuffer(struct{ io.Writer }{hash}, struct{ io.Reader }{file}, make([]byte, 256<<10))
	return hex.EncodeToString(hash.Sum(nil)), size, err
}
