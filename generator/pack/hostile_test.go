package pack_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// refusal reads a pack that must be refused, and gives what is said.
func refusal(t *testing.T, in fs.FS) string {
	t.Helper()
	began := time.Now()
	_, err := pack.Read(in)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %v to refuse", took)
	}
	var found problem.List
	if !errors.As(err, &found) {
		t.Fatalf("not refused: %v", err)
	}
	var said []string
	for _, p := range found {
		said = append(said, fmt.Sprintf("%s:%d %s %s", p.File, p.Line, p.Code, p.Text("en")))
	}
	return strings.Join(said, "\n")
}

// TestHostilePaths: where a pack puts a file. The threats that each row is about are
// those that other generators had (copier CVE-2025-55214, CVE-2026-34726; git
// CVE-2025-48384; Backstage CVE-2026-24046).
func TestHostilePaths(t *testing.T) {
	for name, code := range map[string]string{
		`a\b.md`:                                 "pack-path", // a separator on Windows
		"CON":                                    "pack-path",
		"docs/aux.md":                            "pack-path",
		"docs/nul .txt":                          "pack-path",
		"docs/a:b":                               "pack-path", // a stream of NTFS
		"docs/a. ":                               "pack-path",
		"-rf":                                    "pack-path", // an option (CVE-2022-24065)
		"docs/a\r.md":                            "pack-path",
		"docs/\u202etxt.md":                      "pack-path",
		"docs/e\u0301.md":                        "pack-path", // not in normal form C
		".git/hooks/pre-commit":                  "pack-path",
		".GIT/config":                            "pack-path",
		"sub/.git/config":                        "pack-path",
		"git~1/config":                           "pack-path",
		".tmpl":                                  "pack-path", // would be a file without a name
		strings.Repeat("a/", 80) + "b":           "pack-too-deep",
		strings.Repeat("a", 150):                 "pack-path",
		".gitmodules":                            "pack-forbidden",
		"sub/.gitattributes":                     "pack-forbidden",
		".gitignore.tmpl":                        "pack-forbidden",
		".githooks/pre-commit":                   "pack-forbidden",
		"kern/outway/outway.go":                  "pack-forbidden",
		"KERN/x.go":                              "pack-forbidden",
		".fieldlab/manifest.json":                "pack-forbidden",
		".Fieldlab/x":                            "pack-forbidden",
		"go.mod.tmpl":                            "pack-forbidden",
		"GO.SUM":                                 "pack-forbidden",
		"sub/go.mod":                             "pack-forbidden", // cuts a folder off
		"vendor/modules.txt":                     "pack-forbidden",
		"fieldlab.yaml":                          "pack-forbidden",
		"FieldLab.yaml.tmpl":                     "pack-forbidden",
		"CHANGELOG.md":                           "pack-forbidden",
		"LICENSE":                                "pack-forbidden",
		"1-gegevens/migraties/sqlite/0002_x.sql": "pack-forbidden",
		".vscode/tasks.json":                     "pack-forbidden",
		"sub/.envrc":                             "pack-forbidden",
		".devcontainer/devcontainer.json":        "pack-forbidden",
		".husky/pre-commit":                      "pack-forbidden",
		".pre-commit-config.yaml":                "pack-forbidden",
		".claude/settings.json":                  "pack-forbidden", // hooks of an assistant
		"sub/.mcp.json":                          "pack-forbidden",
		".Cursor/mcp.json.tmpl":                  "pack-forbidden",
		".exrc":                                  "pack-forbidden",
		".dir-locals.el":                         "pack-forbidden",
		".mise.toml":                             "pack-forbidden",
		"docs/Handleiding.LNK":                   "pack-forbidden", // one click
		"docs/x.hta":                             "pack-forbidden",
		"docs/x.url.tmpl":                        "pack-forbidden",
		"docs/x.desktop":                         "pack-forbidden",
		"main.syso":                              "pack-forbidden",
		"2-diensten/x.c":                         "pack-forbidden",
		"2-diensten/x.S":                         "pack-forbidden",
		"docs/[entity].md":                       "pack-segment-static",
		"docs/[entity]/[source].md.tmpl":         "pack-segments",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := refusal(t, folder(map[string]string{name: "x\n"}))
			if !strings.Contains(said, code) {
				t.Errorf("said %s, not %s", said, code)
			}
		})
	}
}

// TestRightPaths are near those, and right.
func TestRightPaths(t *testing.T) {
	for _, name := range []string{".github/workflows/x.txt", ".gitlab-ci.yml", ".gitlab/x.md", "docs/.gitkeep", "docs/kern/x.md", "docs/fieldlab.yaml.md", "deploy/Dockerfile", "docs/[entity].md.tmpl", "5-interactie/stijl.css", "LICENSES/X.txt"} {
		if _, err := pack.Read(folder(map[string]string{name: "x: y\n"})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHostileFiles: what is no regular file, and what is too much.
func TestHostileFiles(t *testing.T) {
	with := func(name string, file *fstest.MapFile) fs.FS {
		in := folder(map[string]string{"docs/a.md": "a"})
		in[name] = file
		return in
	}
	many := func(n int, name func(int) string) fs.FS {
		in := folder(nil)
		for i := range n {
			in["files/"+name(i)] = &fstest.MapFile{Data: []byte("x")}
		}
		return in
	}
	for name, test := range map[string]struct {
		in   fs.FS
		code string
	}{
		"a link":               {with("files/x.md", &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("/etc/passwd")}), "pack-not-regular"},
		"a link for pack.yaml": {with("pack.yaml", &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("files/docs/a.md")}), "pack-not-regular"},
		"a link for files":     {fstest.MapFS{"pack.yaml": {Data: []byte(describing)}, "files": {Mode: fs.ModeSymlink, Data: []byte("/")}}, "pack-not-regular"},
		"a device":             {with("files/x", &fstest.MapFile{Mode: fs.ModeDevice}), "pack-not-regular"},
		"a pipe":               {with("files/x", &fstest.MapFile{Mode: fs.ModeNamedPipe}), "pack-not-regular"},
		"a socket":             {with("files/x", &fstest.MapFile{Mode: fs.ModeSocket}), "pack-not-regular"},
		"files is a file":      {fstest.MapFS{"pack.yaml": {Data: []byte(describing)}, "files": {Data: []byte("x")}}, "pack-not-regular"},
		"another folder":       {with("hooks/post.sh", &fstest.MapFile{Data: []byte("x")}), "pack-unknown"},
		"too large":            {with("files/x", &fstest.MapFile{Data: make([]byte, 1<<20+1)}), "pack-too-large"},
		"a large pack.yaml":    {with("pack.yaml", &fstest.MapFile{Data: make([]byte, 1<<20)}), "pack-too-large"},
		"too much": {func() fs.FS {
			in := folder(nil)
			for i := range 5 {
				in[fmt.Sprintf("files/%d", i)] = &fstest.MapFile{Data: make([]byte, 1<<20)}
			}
			return in
		}(), "pack-total"},
		"too many files":        {many(10_000, func(i int) string { return fmt.Sprintf("x%d", i) }), "pack-too-many"},
		"too many in folders":   {many(1000, func(i int) string { return fmt.Sprintf("%d/x%d", i%30, i) }), "pack-too-many"},
		"too many folders":      {many(301, func(i int) string { return fmt.Sprintf("d%d/x", i) }), "pack-too-many"},
		"nothing":               {fstest.MapFS{}, "pack-no-yaml"},
		"no more than its name": {folder(nil), "pack-empty"},
		"two cases":             {folder(map[string]string{"docs/a.md": "a", "docs/A.md": "b"}), "pack-twice"},
		"two cases of a folder": {folder(map[string]string{"docs/a.md": "a", "Docs/b.md": "b"}), "pack-twice"},
		"template and file":     {folder(map[string]string{"docs/a.md": "a", "docs/a.md.tmpl": "b"}), "pack-twice"},
		"file and folder":       {folder(map[string]string{"docs/a.tmpl": "a", "docs/a/b": "b"}), "pack-twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if said := refusal(t, test.in); !strings.Contains(said, test.code) {
				t.Errorf("said %s, not %s", said, test.code)
			}
		})
	}
}

// TestLinksOnDisk: also real links, in a chain, dangling, and of a folder on the way
// (copier CVE-2026-23968 and CVE-2026-23986, Backstage CVE-2026-24047).
func TestLinksOnDisk(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, secret, "s3cret")
	for name, link := range map[string]func(dir string) error{
		"a file":     func(dir string) error { return os.Symlink(secret, filepath.Join(dir, "files/docs/x.md")) },
		"inside":     func(dir string) error { return os.Symlink("a.md", filepath.Join(dir, "files/docs/x.md")) },
		"dangling":   func(dir string) error { return os.Symlink("nowhere", filepath.Join(dir, "files/docs/x.md")) },
		"itself":     func(dir string) error { return os.Symlink("x.md", filepath.Join(dir, "files/docs/x.md")) },
		"a folder":   func(dir string) error { return os.Symlink(filepath.Dir(secret), filepath.Join(dir, "files/x")) },
		"the folder": func(dir string) error { return os.Symlink("..", filepath.Join(dir, "files/x")) },
		"a chain": func(dir string) error {
			return errors.Join(os.Symlink("two", filepath.Join(dir, "files/one")), os.Symlink(secret, filepath.Join(dir, "files/two")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "pack.yaml"), describing)
			write(t, filepath.Join(dir, "files/docs/a.md"), "a\n")
			if err := link(dir); err != nil {
				t.Skip("no links here:", err)
			}
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			if said := refusal(t, root.FS()); !strings.Contains(said, "pack-not-regular") || strings.Contains(said, "s3cret") {
				t.Errorf("said %s", said)
			}
		})
	}
}

func write(t *testing.T, name, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestPackYAML: what stands in pack.yaml.
func TestPackYAML(t *testing.T) {
	for text, want := range map[string]string{
		"name: [a, b]\nversion: 1.0\n":                       "pack.yaml:1 pack-key-text",
		"name: a\n":                                          "pack-key-missing",
		"name: a\nversion: 1.0\nnam: b\n":                    `pack.yaml:3 pack-key-unknown unknown key "nam"`,
		"name: a\nname: b\nversion: 1.0\n":                   "pack.yaml:2 pack-key-twice",
		"name: A_b\nversion: 1.0\n":                          "pack-form-name",
		"name: ../../x\nversion: 1.0\n":                      "pack-form-name",
		"name: a\nversion: 1.0; rm\n":                        "pack-form-version",
		"name: a\nversion: latest\n":                         "pack-form-version",
		"name: a\nversion:\n":                                "pack-key-text",
		"name: &x a\nversion: *x\n":                          "pack-key-text",
		"name: !!binary YQ==\nversion: 1.0\n":                "pack-key-text",
		"name: a\nversion: 1.0\n---\nname: b\n":              "more than one document",
		"name: a\nversion: 1.0\nheader: \"a\\eb\"\n":         "U+1B",
		"name: a\nversion: 1.0\nheader: \"a\\u2028b\"\n":     "U+2028",
		"name: a\nversion: 1.0\nheader: \"{{ .Values }}\"\n": "pack-form-header",
		"name: a\nversion: 1.0\ntitle: |\n  a\n  b\n":        "pack-key-lines",
		"name: a\nversion: 1.0\nhooks: [rm]\n":               "pack-key-unknown",
		"name: a\nversion: 1.0\n\tx: 1\n":                    "pack-not-yaml",
		"\xff":                                               "pack-not-text",
		"":                                                   "pack-not-yaml",
		"- a\n":                                              "pack-not-yaml",
		strings.Repeat("[", 20_000):                          "pack-not-yaml",
		"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n":        "pack-key-unknown",
		"name: a\nversion: 1.0\nheader: " + strings.Repeat("x", 200) + "\n": "pack-key-long",
	} {
		said := refusal(t, folder(map[string]string{pack.FileName: text, "docs/a.md": "a"}))
		if !strings.Contains(said, want) {
			t.Errorf("%.60q: said %s\nnot %s", text, said, want)
		}
	}
}

// TestAllAtOnce: one reading says all that is wrong.
func TestAllAtOnce(t *testing.T) {
	said := refusal(t, folder(map[string]string{
		pack.FileName: "nam: x\n", "kern/a.go": "package a\n", "docs/a.md.tmpl": "een\n{{.Nergens}}\n{{.Title}}\n", "x.json": "{\n,}",
	}))
	for _, want := range []string{"pack.yaml:1 pack-key-unknown", "pack.yaml:0 pack-key-missing", "files/kern/a.go:0 pack-forbidden", "files/docs/a.md.tmpl:2 pack-no-field", "files/docs/a.md.tmpl:3 pack-unquoted", "files/x.json:2 pack-malformed"} {
		if !strings.Contains(said, want) {
			t.Errorf("said\n%s\nnot %s", said, want)
		}
	}
}

// TestTurnedAround: who reads a pack sees what it does; characters that turn the
// direction of text around show other code than runs (CVE-2021-42574).
func TestTurnedAround(t *testing.T) {
	for name, text := range map[string]string{
		"tests/a_test.go":      "package tests\n\n// a \u202e b\nvar A = 1\n",
		"tests/b_test.go.tmpl": "package tests\n\n// a \u2066 b\nvar A = 1\n",
		"docs/c.md.tmpl":       "{{/* \u202d */}}\n\nx\n", // in the template alone
		"docs/d.md":            "a\n\nb \u2069\n",
		"deploy/e":             "a\n\n\u202a\n",
		"ci/f.yml":             "a: 1\n\nb: \u202b\n",
	} {
		said := refusalOrNot(t, name, text)
		if !strings.Contains(said, "pack-malformed") || !strings.Contains(said, "U+20") {
			t.Errorf("%s: %s", name, said)
		}
	}
	for _, text := range []string{"مرحبا\n", "שלום\u200f\n", "👨\u200d👩\n"} {
		if said := refusalOrNot(t, "docs/x.md", text); said != "" {
			t.Errorf("%q: %s", text, said)
		}
	}
}

// refusalOrNot is what is said of a pack with one file; "" when it is sound.
func refusalOrNot(t *testing.T, name, text string) string {
	t.Helper()
	_, err := pack.Read(fstest.MapFS{
		pack.FileName:                 {Data: []byte("name: a\nversion: 1.0\n")},
		pack.FilesFolder + "/" + name: {Data: []byte(text)},
	})
	if err == nil {
		return ""
	}
	return refusal(t, fstest.MapFS{
		pack.FileName:                 {Data: []byte("name: a\nversion: 1.0\n")},
		pack.FilesFolder + "/" + name: {Data: []byte(text)},
	})
}
