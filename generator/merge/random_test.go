package merge

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const golden = "../../examples/verhuizing/component/"

// realFiles are files of each form, as a component has them.
func realFiles(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range []string{
		"1-gegevens/verhuizing.go", "3-integratie/bag.go", "4-proces/rollen.go", "4-proces/activiteiten.go", "5-interactie/schermen.go", "main.go",
		"2-diensten/openapi.yaml", "3-integratie/fsc.yaml", "publiccode.yml", "deploy/docker-compose.yml", ".gitlab-ci.yml", ".github/workflows/ci.yml", "fieldlab.yaml",
		"go.mod", "go.sum", "renovate.json", ".devcontainer/devcontainer.json", "deploy/openfsc/contracten/verbinding-bag.json",
		"4-proces/proces.bpmn", "docs/architectuur.svg", ".gitignore", "CHANGELOG.md", "README.md", "docs/privacy.md",
	} {
		body, err := os.ReadFile(filepath.Join(golden, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = body
	}
	return files
}

// touched is a file as somebody leaves it who changes lines here and there.
func touched(r *rand.Rand, body []byte, sign string) []byte {
	lines := split(body)
	// Often near the same place, so that the sides meet.
	around := []int{len(lines) / 3, len(lines) / 2, r.IntN(len(lines))}
	for n := range 1 + r.IntN(5) {
		at := min(max(0, around[r.IntN(3)]+r.IntN(5)-2), len(lines)-1)
		word := fmt.Sprintf("%s%d", sign, n)
		switch r.IntN(5) {
		case 0:
			lines = append(lines[:at:at], lines[at+1:]...)
		case 1: // a line like its neighbour
			line := strings.Replace(lines[at], firstWord(lines[at]), word, 1)
			lines = append(lines[:at:at], append([]string{line}, lines[at:]...)...)
		case 2:
			lines[at] = strings.Replace(lines[at], lastWord(lines[at]), word, 1)
		case 3: // in a list between brackets
			lines[at] = strings.Replace(lines[at], "]", ", "+word+"]", 1)
		case 4:
			end := min(len(lines), at+2+r.IntN(4))
			more := strings.Split(strings.ReplaceAll(strings.Join(lines[at:end], "\n"), firstWord(lines[at]), word), "\n")
			lines = append(lines[:end:end], append(more, lines[end:]...)...)
		}
		if len(lines) == 0 {
			return nil
		}
	}
	return joined(lines)
}

func firstWord(line string) string { return append(wordsOf([]byte(line)), "\x01")[0] }

func lastWord(line string) string {
	all := append([]string{"\x01"}, wordsOf([]byte(line))...)
	return all[len(all)-1]
}

// TestRandomForms changes real files on both sides at random: no word of the team
// may be lost, and what could be read before can be read after.
func TestRandomForms(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(29, 10))
	solved, all := 0, 0
	for name, body := range realFiles(t) {
		for range 40 {
			ours, theirs := touched(r, body, "onze"), touched(r, body, "hunne")
			got := Files(name, body, ours, theirs, labels)
			keepsWords(t, name, body, ours, got.Body)
			if got.Conflicts == 0 && name != "go.mod" {
				keepsWords(t, name, body, theirs, got.Body)
			}
			all++
			dos := func(body []byte) []byte { return bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n")) }
			if again := Files(name, body, dos(ours), theirs, labels); len(ours) > 0 && !bytes.Equal(again.Body, dos(got.Body)) {
				t.Errorf("%s: with CRLF it is another file:\n%q\n%q", name, again.Body, got.Body)
			}
			sound := formOf(name).sound
			if got.Conflicts > 0 {
				continue
			}
			solved++
			if sound != nil && sound(split(body)) && sound(split(ours)) && sound(split(theirs)) && !sound(split(got.Body)) {
				t.Errorf("%s: all could be read, and the result cannot:\n%s", name, got.Body)
			}
			if got := Hashed(name, LinesOf(body), ours, theirs, labels); got.Conflicts > 0 && strings.HasSuffix(name, ".go") && bytes.Equal(got.Body, ours) {
				t.Errorf("%s: with hashes it cannot be merged", name)
			}
		}
	}
	t.Logf("%d of %d merged", solved, all)
}
