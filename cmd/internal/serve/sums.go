package serve

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// mostSums is how large a list of sums may be: that of a bundle has some hundreds of
// lines.
const mostSums = 4 << 20

// readSums reads the list of sums of a bundle: the files that it is of, and nothing
// else. A line is "<sha256>  <path>", as sha256sum writes it.
func readSums(root *os.Root, name string) (map[string]string, error) {
	body, err := readSmall(root, name, mostSums)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(body))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSuffix(lines.Text(), "\r")
		if line == "" {
			continue
		}
		sum, path, ok := strings.Cut(line, " ")
		path = strings.TrimPrefix(strings.TrimPrefix(path, " "), "*")
		raw, err := hex.DecodeString(sum)
		if !ok || err != nil || len(raw) != 32 || !plainPath(path) {
			return nil, fmt.Errorf("%s, regel %d: geen controlegetal met een bestand", name, n)
		}
		if _, twice := sums[path]; twice {
			return nil, fmt.Errorf("%s, regel %d: %s staat er twee keer in", name, n, path)
		}
		sums[path] = sum
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(sums) == 0 {
		return nil, fmt.Errorf("%s is leeg", name)
	}
	return sums, nil
}

// plainPath says whether a path stays in the bundle and is of a file that may be
// seen: no dot files, and nothing that Windows takes for something else.
func plainPath(path string) bool {
	if !fs.ValidPath(path) || path == "." || strings.ContainsAny(path, "\\:\x00") {
		return false
	}
	for part := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}
