package cli_test

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/versioncmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// damage is something that is wrong with a component. The commands that would
// change it refuse, say what is wrong and what to do, and write nothing.
type damage struct {
	name string
	do   func(t *testing.T, dir string)
	code int      // with which update ends; 0 is 1 or 2
	says []string // words of which update says at least one each
	only []string // commands; nil is all that change a component
}

// changing are the commands that change a component, as somebody types them there.
var changing = []string{
	"update",
	"update --dry-run",
	"update --check",
	"update --json",
	"add field verhuizing telefoon --type phone",
	"rename step beoordelen toetsen",
	"remove field toelichting --of verhuizing",
	"kern take outway",
}

// TestDamagedComponents: whatever lies in .fieldlab, in fieldlab.yaml or in the
// place of a file, nothing panics, nothing is written, inside or outside. Every
// damage is tried on update and on two other commands by turns; on all of them
// with FIELDLAB_E2E=all.
func TestDamagedComponents(t *testing.T) {
	generated(t, "verhuizing")
	generated(t, "adresonderzoek")
	for i, d := range slices.Concat(damagedBases(), hostilePlaces(), hostileJournals(), brokenAnswers()) {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			parent := t.TempDir()
			dir := filepath.Join(parent, "verhuizing")
			if err := os.CopyFS(dir, os.DirFS(components["verhuizing"])); err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Join(parent, "outside"), 0o755); err != nil {
				t.Fatal(err)
			}
			wait(t, dir)
			d.do(t, dir)
			before, times := sumOfTree(t, parent, true), sumOfTree(t, parent, false)
			commands := d.only
			switch {
			case commands == nil && os.Getenv("FIELDLAB_E2E") == "all":
				commands = changing
			case commands == nil:
				commands = []string{changing[0], changing[1+i%(len(changing)-1)], changing[1+(i+3)%(len(changing)-1)]}
			}
			for _, line := range commands {
				code, said := typed(t, dir, line)
				if code != 1 && code != 2 || d.code != 0 && code != d.code {
					t.Errorf("fieldlab %s ends with %d:\n%s", line, code, said)
				}
				for _, words := range d.says {
					if !slices.ContainsFunc(strings.Split(words, "|"), func(word string) bool { return strings.Contains(said, word) }) {
						t.Errorf("fieldlab %s does not say %q:\n%s", line, words, said)
					}
				}
				if now := sumOfTree(t, parent, false); now != times {
					t.Fatalf("fieldlab %s refuses and writes all the same:\n%s", line, difference(times, now))
				}
			}
			if after := sumOfTree(t, parent, true); after != before {
				t.Fatalf("something was written:\n%s", difference(before, after))
			}
		})
	}
}

// typed runs fieldlab in a folder, without a person, and gives all that it says.
func typed(t *testing.T, dir, line string) (code int, said string) {
	t.Helper()
	var out bytes.Buffer
	args := strings.Fields(line)
	if args[0] == "update" {
		args = append(args, dir)
	} else {
		args = append(args, "--dir", dir)
	}
	code = cli.Main(quietSystem(&out), args)
	return code, out.String()
}

// components are folders with what fieldlab makes, by example.
var components = map[string]string{}

// generated makes the component of an example.
func generated(t *testing.T, example string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), example)
	answers := filepath.Join("..", "..", "..", "examples", example, "fieldlab.yaml")
	var out bytes.Buffer
	if code := cli.Main(quietSystem(&out), []string{"new", dir, "--answers", answers, "--no-git"}); code != 0 {
		t.Fatalf("fieldlab new ends with %d:\n%s", code, out.String())
	}
	components[example] = dir
}

// quietSystem is a System without a person.
func quietSystem(out *bytes.Buffer) cli.System {
	return cli.System{
		IO:        &terminal.IO{In: strings.NewReader(""), Out: out, Err: out},
		Env:       func(name string) string { return map[string]string{"GIT_CONFIG_NOSYSTEM": "1"}[name] },
		Now:       time.Now,
		ConfigDir: func() (string, error) { return "", errors.New("none") },
		Version:   versioncmd.Version{Version: "1.2.3"},
		Signals:   func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) },
	}
}

// wait makes that an update is waiting: there is something to write.
func wait(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, "fieldlab.yaml")
	body := readFile(t, file)
	changed := strings.Replace(body, "title: Toelichting}", "title: Toelichting van nu}", 1)
	if changed == body {
		t.Fatal("nothing changed in fieldlab.yaml")
	}
	writeFile(t, file, changed)
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func writeFile(t *testing.T, file, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

// sumOfTree is every file, link and folder with its mode and its sum, or with the
// time at which it was written, a line each.
func sumOfTree(t *testing.T, dir string, read bool) string {
	t.Helper()
	var lines []string
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		line := strings.TrimPrefix(file, dir) + " " + info.Mode().String()
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			to, err := os.Readlink(file)
			lines = append(lines, line+" "+to)
			return err
		case !read:
			line += " " + info.ModTime().Format(time.RFC3339Nano)
		case info.Mode().IsRegular():
			in, err := os.Open(file)
			if err != nil {
				return err
			}
			defer func() { _ = in.Close() }()
			sum := sha256.New()
			if _, err := io.Copy(sum, in); err != nil {
				return err
			}
			line += " " + hex.EncodeToString(sum.Sum(nil))
		}
		lines = append(lines, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// difference are the lines that only one of two trees has.
func difference(before, after string) string {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	var all []string
	for _, line := range was {
		if !slices.Contains(is, line) {
			all = append(all, "- "+line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			all = append(all, "+ "+line)
		}
	}
	return strings.Join(all, "\n")
}

// bomb is a small file that becomes very large.
func bomb(t *testing.T, firstLine string) string {
	t.Helper()
	var packed bytes.Buffer
	packed.WriteString(firstLine)
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 1 << 8 { // 256 MiB
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return string(binary.BigEndian.AppendUint32(packed.Bytes(), crc32.ChecksumIEEE(packed.Bytes())))
}

// link puts a symbolic link in the place of a file or folder.
func link(t *testing.T, to, name string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a link needs rights here")
	}
	if err := os.RemoveAll(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, name); err != nil {
		t.Fatal(err)
	}
}
