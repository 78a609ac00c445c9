package pack_test

import (
	"bytes"
	"errors"
	"go/format"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// TestHeader: the header is a comment in every language, below what has to come
// first, and an empty line before what follows.
func TestHeader(t *testing.T) {
	own := readPack(t, map[string]string{
		pack.FileName: describing + "header: |\n  +build ignore\n  go:build x */ y\n\n  SPDX-License-Identifier: EUPL-1.2\n",
		"x.sh":        "#!/bin/sh\necho x\n", "x.css": "a {}\n", "x.js": "let a = 1;\n", "x.toml": "a = 1\n", "x.sql": "SELECT 1;\n",
		"x.yaml": "# yaml-language-server: $schema=x\na: 1\n", "deploy/x/Dockerfile": "# syntax=docker/dockerfile:1\nFROM x\n",
		"x.json": "{}\n", "x.md": "x\n", "x.svg": "<svg/>\n",
		"x/x.go.tmpl": "//go:build linux\n\n// Package x is x.\npackage x\n",
	})
	files, err := made(t, "verhuizing", own)
	if err != nil {
		t.Fatal(err)
	}
	hash := "# - +build ignore\n# - go:build x * / y\n#\n# SPDX-License-Identifier: EUPL-1.2\n\n"
	slashes := strings.ReplaceAll(hash, "#", "//")
	for name, want := range map[string]string{
		"x.sh": "#!/bin/sh\n" + hash + "echo x\n", "x.yaml": "# yaml-language-server: $schema=x\n" + hash + "a: 1\n",
		"deploy/x/Dockerfile": "# syntax=docker/dockerfile:1\n" + hash + "FROM x\n", "x.toml": hash + "a = 1\n",
		"x.js": slashes + "let a = 1;\n", "x.sql": strings.ReplaceAll(hash, "#", "--") + "SELECT 1;\n",
		"x.css":  "/*\n" + strings.TrimSuffix(strings.ReplaceAll(hash, "#", " *"), "\n") + " */\n\na {}\n",
		"x.json": "{}\n", "x.md": "x\n", "x.svg": "<svg/>\n",
		"x/x.go": slashes + "//go:build linux\n\n// Package x is x.\npackage x\n",
	} {
		if got := string(files.Find(name).Body); got != want {
			t.Errorf("%s is\n%s\nnot\n%s", name, got, want)
		}
	}
	headers(t, files)
	if first, _, _ := strings.Cut(string(files.Find(plan.AnswersPath).Body), "\n"); !strings.HasPrefix(first, "# yaml-language-server:") {
		t.Errorf("fieldlab.yaml begins with %s", first)
	}
}

// TestHeaderSteersNothing: a line of the header that a program takes for more than a
// comment becomes an ordinary one. Docker runs what "# syntax=" names.
func TestHeaderSteersNothing(t *testing.T) {
	for _, line := range []string{"syntax=docker.io/evil/frontend", "SYNTAX = x/y", "escape=`", "check=skip=all", "yaml-language-server: $schema=http://a.example"} {
		own := readPack(t, map[string]string{
			pack.FileName: describing + "header: |\n  " + line + "\n", "x.yaml": "a: 1\n", "deploy/x/Dockerfile": "FROM x\n",
		})
		files, err := made(t, "verhuizing", own)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"x.yaml", "deploy/x/Dockerfile"} {
			if got := string(files.Find(name).Body); !strings.HasPrefix(got, "# - "+line+"\n\n") {
				t.Errorf("%s begins with %.60q", name, got)
			}
		}
	}
}

// headers checks where a header is in a whole component, and where it is not.
func headers(t *testing.T, files plan.Plan) {
	t.Helper()
	count := 0
	for _, file := range files {
		has := bytes.Contains(file.Body, []byte("SPDX-License-Identifier: EUPL-1.2"))
		switch {
		case file.Owner == plan.Kern || strings.HasPrefix(file.Path, ".fieldlab/") || file.Path == plan.AnswersPath || path.Ext(file.Path) == ".json":
			if has && !strings.HasPrefix(file.Path, pack.Folder) {
				t.Errorf("%s has the header", file.Path)
			}
		case path.Ext(file.Path) == ".go":
			if count++; !has {
				t.Errorf("%s has no header", file.Path)
			}
			if formatted, err := format.Source(file.Body); err != nil || !bytes.Equal(formatted, file.Body) {
				t.Errorf("%s is not formatted: %v", file.Path, err)
			}
		}
	}
	if count < 10 {
		t.Errorf("looked at %d files of Go", count)
	}
}

// TestOver: a file comes in the place of ours, with or without .tmpl, and what
// differs from one of ours in case only is refused.
func TestOver(t *testing.T) {
	own := readPack(t, map[string]string{
		"README.md": "Van ons.\n", "renovate.json.tmpl": "{}\n", "docs/privacy.md.tmpl": "# {{.Title | md}}\n", "docs/nieuw/x.md": "x\n",
		".gitlab-ci.yml": "test:\n  script: [go test ./...]\n", "docs/[source]-bron.md.tmpl": "{{.Source.Title | md}}\n",
	})
	files, err := made(t, "verhuizing", own)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := made(t, "verhuizing", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"README.md": "Van ons.\n", "renovate.json": "{}\n", "docs/privacy.md": "# Verhuizing doorgeven\n", "docs/nieuw/x.md": "x\n",
		".gitlab-ci.yml": "test:\n  script: [go test ./...]\n", "docs/bag-bron.md": "Basisregistratie Adressen en Gebouwen (BAG)\n",
	} {
		file := files.Find(name)
		if file == nil || string(file.Body) != want || file.Owner != plan.Merged {
			t.Errorf("%s is %+v", name, file)
		}
	}
	if more := len(files) - len(plain) - len(own.Stored()); more != 2 {
		t.Errorf("%d files came beside those of the pack", more)
	}
	for name, code := range map[string]string{"readme.md": "pack-case", "Docs/x.md": "pack-case", "docs": "pack-in-the-way", "README.md/x.md": "pack-in-the-way"} {
		if said := wrong(t, name, "x\n"); !strings.Contains(said, code) {
			t.Errorf("%s: said %s", name, said)
		}
	}
}

// TestStored: the component keeps the pack, byte for byte, and what was edited is
// refused.
func TestStored(t *testing.T) {
	own := readPack(t, map[string]string{"docs/x.md": "a\r\nb\r\n", "docs/[source].md.tmpl": "{{.Source.Title | md}}\n"})
	kept := keep(own)
	again, err := pack.Stored(kept, own.Mark())
	if err != nil || again.Sum != own.Sum || string(again.Body("docs/x.md")) != "a\nb\n" {
		t.Fatalf("kept as %v, %v", again, err)
	}
	at := pack.Folder + "/files/docs/x.md"
	for name, change := range map[string]func(){
		"edited":  func() { kept[at].Data = []byte("c\n") },
		"deleted": func() { delete(kept, at) },
		"hostile": func() { kept[pack.Folder+"/files/kern/x.go"] = file("package x\n") },
		"renamed": func() { kept[pack.Folder+"/pack.yaml"].Data = []byte("name: ander\nversion: 1\n") },
	} {
		kept = keep(own)
		change()
		if _, err := pack.Stored(kept, own.Mark()); why(err) != pack.Edited {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := pack.Stored(fstest.MapFS{}, own.Mark()); why(err) != pack.Missing {
		t.Errorf("nothing kept: %v", err)
	}
	declared := own.Mark()
	declared.Version = "9"
	if _, err := pack.Stored(keep(own), declared); why(err) != pack.Edited {
		t.Errorf("another version: %v", err)
	}
}

func keep(own *pack.Pack) fstest.MapFS {
	kept := fstest.MapFS{}
	for _, one := range own.Stored() {
		kept[one.Path] = &fstest.MapFile{Data: bytes.Clone(one.Body)}
	}
	return kept
}

func file(body string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(body)} }

func why(err error) pack.Why {
	var refused pack.Refused
	if errors.As(err, &refused) {
		return refused.Why
	}
	return ""
}
