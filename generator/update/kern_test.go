package update_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

const startPath = "kern/start/start.go"

func startText(version int) string {
	return fmt.Sprintf("package start\n\n// Start starts version %d.\nfunc Start() {}\n\n// Stop stops.\nfunc Stop() {}\n\n// Wait waits.\nfunc Wait() {}\n", version)
}

// TestKern: kern is replaced as one folder when nobody edited it, and file by
// file when somebody did.
func TestKern(t *testing.T) {
	t.Parallel()
	mine := strings.Replace(startText(1), "// Wait waits.", "// Wait waits for us.", 1)
	for name, c := range map[string]struct {
		edit  func(t *testing.T, dir string)
		files int
		want  string // of the changes that are named
		also  func(t *testing.T, dir string)
	}{
		"untouched": {nil, 3, "", holds(startPath, startText(2))},
		"edited elsewhere": {edit(startPath, mine), 2, "merge kern/start/start.go 0;",
			both(holds(startPath, strings.Replace(mine, "version 1", "version 2", 1)), holds("kern/nieuw/nieuw.go", "package nieuw\n"))},
		"edited where fieldlab does":         {edit(startPath, strings.Replace(startText(1), "version 1", "versie 1", 1)), 2, "merge kern/start/start.go 1;", nil},
		"edited where fieldlab does nothing": {edit("kern/outway/outway.go", "package outway\n\n// Ask asks us.\nfunc Ask() {}\n"), 3, "", holds("kern/outway/outway.go", "package outway\n\n// Ask asks us.\nfunc Ask() {}\n")},
		"a file more":                        {edit("kern/start/eigen.go", "package start\n"), 3, "", holds("kern/start/eigen.go", "package start\n")},
		"a file that fieldlab adds as well":  {edit("kern/nieuw/nieuw.go", "package nieuw // van mij\n"), 2, "merge kern/nieuw/nieuw.go 1;", nil},
		"a file less, that goes":             {remove("kern/oud/oud.go"), 2, "", holds(startPath, startText(2))},
		"a file less, that changes":          {remove(startPath), 2, "keep kern/start/start.go 0;", nil},
		"edited, and goes":                   {edit("kern/oud/oud.go", "package oud // van mij\n"), 2, "keep kern/oud/oud.go 0;", holds("kern/oud/oud.go", "package oud // van mij\n")},
		"no kern at all":                     {remove("kern"), 1, "keep kern/start/start.go 0;", nil},
		"a link":                             {both(remove(startPath), link("../outway/outway.go", startPath)), 2, "keep kern/start/start.go 0 kern/start/start.go.nieuw;", isLink(startPath)},
		"a link for the folder":              {both(remove("kern"), link("docs", "kern")), 0, "keep kern/VERSIE 0 kern.nieuw/VERSIE.nieuw;keep kern/nieuw/nieuw.go 0 kern.nieuw/nieuw/nieuw.go.nieuw;keep kern/start/start.go 0 kern.nieuw/start/start.go.nieuw;", isLink("kern")},
		"windows ends":                       {edit(startPath, crlf(startText(1))), 3, "", holds(startPath, crlf(startText(2)))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := made(t, pack(map[string]string{startPath: startText(1), "kern/oud/oud.go": "package oud\n", "docs/x.md": "x\n"}), sheet)
			if c.edit != nil {
				c.edit(t, dir)
			}
			r := update.Request{Dir: dir, Pack: pack(map[string]string{startPath: startText(2), "kern/nieuw/nieuw.go": "package nieuw\n", "docs/x.md": "x\n"}), Version: "2.0.0"}
			u := find(t, r)
			said := ""
			for _, change := range u.Kern.Changes {
				said += strings.TrimSpace(fmt.Sprintf("%s %s %d %s", change.Action, change.Path, change.Conflicts, change.Beside)) + ";"
			}
			if said != c.want || u.Kern.Files != c.files {
				t.Errorf("%d files, and %s", u.Kern.Files, said)
			}
			apply(t, u)
			if c.also != nil {
				c.also(t, dir)
			}
			if len(u.Conflicts()) > 0 {
				return
			}
			if again := find(t, r); again.Waiting() {
				t.Errorf("a second update waits: %+v, %d", again.Kern.Changes, again.Kern.Files)
			}
		})
	}
}

// TestTake: a package becomes the team's with its tests, and is merged from then
// on.
func TestTake(t *testing.T) {
	t.Parallel()
	files := func(version int) map[string]string {
		return map[string]string{startPath: startText(version), "kern/start/start_test.go": "package start\n", "kern/start/testdata/x.txt": "x\n",
			"kern/start/diep/diep.go": fmt.Sprintf("package diep // %d\n", version)}
	}
	dir := made(t, pack(files(1)), sheet)
	mine := strings.Replace(startText(1), "// Wait waits.", "// Wait waits for us.", 1)
	write(t, dir, startPath, mine) // edited before it was taken
	u := find(t, update.Request{Dir: dir, Pack: pack(files(1)), Version: "1.0.0", Take: []string{"start"}})
	if !u.Waiting() || len(u.Conflicts()) > 0 {
		t.Fatalf("take gives %+v", u.Kern)
	}
	apply(t, u)
	holds(startPath, mine)(t, dir)
	holds("kern/start/start_test.go", "package start\n")(t, dir)
	holds("kern/start/testdata/x.txt", "x\n")(t, dir)
	b, err := base.Read(os.DirFS(dir))
	if err != nil || len(b.Manifest.Taken) != 1 || b.Files[startPath] == nil || b.Kern[startPath].SHA256 != "" || b.Kern["kern/start/diep/diep.go"].SHA256 == "" {
		t.Fatalf("the base is %v, %v", b.Manifest, err)
	}
	if find(t, update.Request{Dir: dir, Pack: pack(files(1)), Version: "1.0.0"}).Waiting() {
		t.Error("a second update waits")
	}
	// A newer fieldlab: what was taken is merged and said, the rest of kern replaced.
	r := update.Request{Dir: dir, Pack: pack(files(2)), Version: "2.0.0"}
	u = find(t, r)
	if len(u.Kern.Changes) != 1 || u.Kern.Changes[0].Action != update.Merge || u.Kern.Changes[0].Why != update.WhyTaken || u.Kern.Files != 1 {
		t.Errorf("the update is %+v", u.Kern)
	}
	apply(t, u)
	holds(startPath, strings.Replace(mine, "version 1", "version 2", 1))(t, dir)
	holds("kern/start/diep/diep.go", "package diep // 2\n")(t, dir)
	// One that fieldlab has no more stays with the team.
	later := pack(map[string]string{"kern/start/diep/diep.go": "package diep // 3\n"})
	delete(later, startPath)
	u = find(t, update.Request{Dir: dir, Pack: later, Version: "3.0.0"})
	apply(t, u)
	holds("kern/start/start_test.go", "package start\n")(t, dir)
	if _, err := os.Stat(filepath.Join(dir, startPath)); err != nil {
		t.Error(err)
	}
	if again := find(t, update.Request{Dir: dir, Pack: later, Version: "3.0.0"}); again.Waiting() {
		t.Errorf("a second update waits: %+v %d", again.Kern.Changes, again.Kern.Files)
	}
	_, err = update.Find(context.Background(), update.Request{Dir: dir, Pack: later, Version: "3.0.0", Take: []string{"nergens"}})
	var unknown plan.UnknownPackage
	if !errors.As(err, &unknown) || unknown.Name != "nergens" {
		t.Errorf("an unknown package gives %v", err)
	}
}
