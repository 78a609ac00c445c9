package bundle

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// TestMake: what is in a bundle, the same bytes every time, on a stick as well.
func TestMake(t *testing.T) {
	parent := t.TempDir()
	r := aRequest(t, filepath.Join(parent, "a map", "stick"))
	made, err := Make(t.Context(), r)
	fatal(t, err)
	if made.Fieldlab != "1.2.3" || made.Go != "go1.26.8" || len(made.Missing) > 0 || len(made.Unchecked) != len(r.Systems) || made.Bytes == 0 {
		t.Errorf("%+v", made)
	}
	files := tree(t, r.Dir)
	if made.Files != len(files) {
		t.Errorf("%d files, said %d", len(files), made.Files)
	}
	for _, name := range []string{ReadMe, "LICENSE", "start-linux.sh", "start-windows.cmd", "fieldlab/windows-amd64/fieldlab.exe", "go/go1.26.8.windows-amd64.zip",
		"voorbeelden/verhuizing/fieldlab.yaml", "voorbeelden/verhuizing/README.md", "documenten/uitleg-bron.html", "documenten/fieldlab.html", File, SumsFile} {
		if _, there := files[name]; !there {
			t.Errorf("no %s", name)
		}
	}
	// As an empty stick is: a folder in which a system put things of its own.
	stick := filepath.Join(parent, "usb")
	put0(t, stick, "System Volume Information/x", nil)
	put0(t, stick, ".fieldlab-bezig-1/x", nil) // of one that was killed
	r.Dir = stick
	again, err := Make(t.Context(), r)
	fatal(t, err)
	other := tree(t, stick)
	delete(other, "System Volume Information/x")
	if !maps.Equal(files, other) || made.Mark != again.Mark {
		t.Errorf("another time other bytes: %s %s\n%v\n%v", made.Mark, again.Mark, slices.Sorted(maps.Keys(files)), slices.Sorted(maps.Keys(other)))
	}
	if faults, err := Verify(t.Context(), stick); err != nil || len(faults) > 0 {
		t.Errorf("%v, %v", faults, err)
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(stick, "start-linux.sh"))
		if err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("%v, %v", info, err)
		}
	}
}

// TestReplace: an older bundle gives way when that was asked, and to a whole one.
func TestReplace(t *testing.T) {
	dir := aBundle(t)
	before := tree(t, dir)
	r := aRequest(t, dir)
	_, err := Make(t.Context(), r)
	wants(t, err, "bundle.older")
	r.Replace = true
	r.Systems = []System{{"windows", "amd64"}}
	made, err := Make(t.Context(), r)
	fatal(t, err)
	after := tree(t, dir)
	if _, there := after["start-linux.sh"]; there || made.Files != len(after) || len(after) >= len(before) {
		t.Errorf("%v", slices.Sorted(maps.Keys(after)))
	}
	// Something else beside it is somebody's.
	put0(t, dir, "vakantie/foto.jpg", nil)
	_, err = Make(t.Context(), r)
	wants(t, err, "bundle.foreign")
	// What fails leaves what was there.
	fatal(t, os.RemoveAll(filepath.Join(dir, "vakantie")))
	put0(t, r.Release, "fieldlab_1.2.3_windows_amd64.zip", []byte("half"))
	_, err = Make(t.Context(), r)
	wants(t, err, "bundle.release-sum")
	if !maps.Equal(after, tree(t, dir)) {
		t.Error("changed")
	}
}

// TestTurnedBack: when the last move fails, the older bundle is there again.
func TestTurnedBack(t *testing.T) {
	dir := aBundle(t)
	at, err := look(dir, true)
	fatal(t, err)
	s, err := begin(at)
	fatal(t, err)
	for _, name := range []string{"fieldlab/x", "teams/01-zuid.zip", File, SumsFile} {
		fatal(t, s.add(bytesItem(name, []byte("new"))))
	}
	put0(t, dir, "teams/of somebody else", nil) // in the meantime
	before := tree(t, dir)
	if err := s.finish(); err == nil {
		t.Error("the folder of somebody else was replaced")
	}
	fatal(t, os.RemoveAll(s.dir))
	after := tree(t, dir)
	maps.DeleteFunc(before, func(name, _ string) bool { return strings.HasPrefix(name, staging) })
	if !maps.Equal(before, after) {
		t.Errorf("%v\n%v", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
	}
}

// TestRefused: each with the sentence that says what to do, and nothing left.
func TestRefused(t *testing.T) {
	linux := System{"linux", "amd64"}
	for name, c := range map[string]struct {
		change func(*testing.T, *Request)
		key    string
	}{
		"file":           {func(t *testing.T, r *Request) { put0(t, filepath.Dir(r.Dir), filepath.Base(r.Dir), nil) }, "bundle.no-folder"},
		"full folder":    {func(t *testing.T, r *Request) { put0(t, r.Dir, "foto.jpg", nil) }, "bundle.not-empty"},
		"half a bundle":  {func(t *testing.T, r *Request) { put0(t, r.Dir, SumsFile, nil) }, "bundle.not-empty"},
		"no source":      {func(t *testing.T, r *Request) { r.Release, r.Clone = "", t.TempDir() }, "bundle.no-source"},
		"no release":     {func(t *testing.T, r *Request) { r.Release = filepath.Join(r.Dir, "x") }, "bundle.no-release-folder"},
		"no sums":        {func(t *testing.T, r *Request) { fatal(t, os.Remove(filepath.Join(r.Release, checksums))) }, "bundle.no-checksums"},
		"no system":      {func(_ *testing.T, r *Request) { r.Systems = Systems() }, "bundle.no-release"},
		"two releases":   {func(t *testing.T, r *Request) { put0(t, r.Release, "fieldlab_1.3.0_linux_amd64.tar.gz", nil) }, "bundle.two-releases"},
		"changed":        {func(t *testing.T, r *Request) { put0(t, r.Release, "fieldlab_1.2.3_linux_amd64.tar.gz", []byte("x")) }, "bundle.release-sum"},
		"not in the sum": {func(t *testing.T, r *Request) { put0(t, r.Release, checksums, nil) }, "bundle.release-sum"},
		"no program":     {withoutProgram, "bundle.no-program"},
		"no go folder":   {func(t *testing.T, r *Request) { r.GoDir = filepath.Join(r.Dir, "x") }, "bundle.no-go-folder"},
		"no archives":    {func(t *testing.T, r *Request) { r.GoDir = t.TempDir() }, "bundle.no-archives"},
		"old go": {func(t *testing.T, r *Request) {
			r.GoDir = t.TempDir()
			put0(t, r.GoDir, "go1.25.9.linux-amd64.tar.gz", aGo(t, "go1.25.9", linux))
		}, "bundle.old-go"},
		"another go": {func(t *testing.T, r *Request) {
			put0(t, r.GoDir, "go1.26.8.linux-amd64.tar.gz", aGo(t, "go1.26.7", linux))
		}, "bundle.no-go-inside"},
		"half a go": {func(t *testing.T, r *Request) {
			put0(t, r.GoDir, "go1.26.8.linux-amd64.tar.gz", aGo(t, "go1.26.8", linux)[:200])
		}, "bundle.archive"},
		"sum of go": {func(t *testing.T, r *Request) {
			put0(t, r.GoDir, "dl.json", []byte(`[{"version": "go1.26.8", "files": [{"filename": "go1.26.8.linux-amd64.tar.gz", "sha256": "`+aSum+`"}]}]`))
		}, "bundle.go-sum"},
		"beside go":   {func(t *testing.T, r *Request) { put0(t, r.GoDir, "go1.26.8.linux-amd64.tar.gz.sha256", []byte(aSum)) }, "bundle.go-sum"},
		"no workshop": {func(t *testing.T, r *Request) { r.Workshop = t.TempDir() }, "bundle.no-workshop"},
		"no teams":    {func(t *testing.T, r *Request) { r.Workshop = t.TempDir(); put0(t, r.Workshop, "teams/x.txt", nil) }, "bundle.no-workshop"},
		"broken go": {func(_ *testing.T, r *Request) {
			r.Go = func(context.Context, string) (gotool.Go, error) { return gotool.Go{}, &gotool.Refused{Said: "x"} }
		}, "bundle.go-refused"},
		"no go at all": {func(_ *testing.T, r *Request) {
			r.GoDir = ""
			r.Go = func(context.Context, string) (gotool.Go, error) { return gotool.Go{}, gotool.ErrNone }
		}, "bundle.needs-go"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := aRequest(t, filepath.Join(t.TempDir(), "stick"))
			c.change(t, &r)
			before := tree(t, filepath.Dir(r.Dir))
			_, err := Make(t.Context(), r)
			wants(t, err, c.key)
			if after := tree(t, filepath.Dir(r.Dir)); !maps.Equal(before, after) {
				t.Errorf("left %v", slices.Sorted(maps.Keys(after)))
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(r.Dir), ".*")); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

// withoutProgram is a release with an archive that does not hold what it should.
func withoutProgram(t *testing.T, r *Request) {
	body := tarGz(t, member{name: "README.md"})
	put0(t, r.Release, "fieldlab_1.2.3_linux_amd64.tar.gz", body)
	put0(t, r.Release, checksums, []byte(sumOf(body)+"  fieldlab_1.2.3_linux_amd64.tar.gz\n"))
	r.Systems = []System{{"linux", "amd64"}}
}

func TestCancelled(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	r := aRequest(t, filepath.Join(t.TempDir(), "stick"))
	r.Say = func(step, _ string) {
		if step == "write" {
			stop()
		}
	}
	if _, err := Make(ctx, r); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if left := tree(t, filepath.Dir(r.Dir)); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// TestGoArchives: published sums are used, and what is not there is said.
func TestGoArchives(t *testing.T) {
	linux, windows := System{"linux", "amd64"}, System{"windows", "amd64"}
	r := aRequest(t, filepath.Join(t.TempDir(), "stick"))
	r.Systems = []System{windows, linux}
	r.GoDir = filepath.Join(t.TempDir(), "[haakjes]")
	body := aGo(t, "go1.26.8", linux)
	put0(t, r.GoDir, "go1.26.8.linux-amd64.tar.gz", body)
	put0(t, r.GoDir, "go1.26.8.linux-amd64.tar.gz.sha256", []byte(strings.ToUpper(sumOf(body))+"\n"))
	put0(t, r.GoDir, "go1.26.7.linux-amd64.tar.gz", []byte("older, and not looked at"))
	put0(t, r.GoDir, "go1.26.8.linux-amd64.msi", nil)
	made, err := Make(t.Context(), r)
	fatal(t, err)
	want := []Download{{"windows/amd64", "go1.26.8.windows-amd64.zip", "https://go.dev/dl/go1.26.8.windows-amd64.zip"}}
	if len(made.Unchecked) > 0 || !slices.Equal(made.Missing, []string{want[0].File}) || !slices.Equal(made.Downloads, want) {
		t.Errorf("%+v", made)
	}
	m, err := Read(os.DirFS(r.Dir))
	if err != nil || !slices.Equal(m.Missing, made.Missing) || len(m.Systems) != 2 || m.Sizes["LICENSE"] == 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestChoose(t *testing.T) {
	linux, mac := System{"linux", "amd64"}, System{"darwin", "arm64"}
	all := []goArchive{{system: linux, version: "go1.26.8"}, {system: mac, version: "go1.26.8"}, {system: linux, version: "go1.26.10"}, {system: System{"linux", "s390x"}, version: "go1.27.0"}}
	for name, c := range map[string]struct {
		systems []System
		want    string
		n       int
	}{"both": {[]System{linux, mac}, "go1.26.8", 2}, "newest": {[]System{linux}, "go1.26.10", 1}, "none": {[]System{{"windows", "amd64"}}, "", 0}} {
		if got, chosen, err := choose(all, c.systems, "go1.26.0"); err != nil || got != c.want || len(chosen) != c.n {
			t.Errorf("%s: %s %v %v", name, got, chosen, err)
		}
	}
}

// TestTeams: a zip per team, with its Git, the same every time; what is a secret of
// the team or of a run stays.
func TestTeams(t *testing.T) {
	workshop := t.TempDir()
	for name, body := range map[string]string{"main.go": "package main\n", ".git/HEAD": "ref: refs/heads/main\n", ".data/rijen.db": "x", ".fieldlab/workshop/bord.json": "{}", ".fieldlab/workshop/team.json": "{}"} {
		put0(t, workshop, "teams/01-zuid/"+name, []byte(body))
	}
	fatal(t, os.MkdirAll(filepath.Join(workshop, "teams/01-zuid/.git/refs/tags"), 0o755))
	put0(t, workshop, "teams/geen team/x", nil)
	put0(t, workshop, "workshop.json", []byte("codes"))
	r := aRequest(t, filepath.Join(t.TempDir(), "stick"))
	r.Workshop = workshop
	_, err := Make(t.Context(), r)
	fatal(t, err)
	page, err := os.ReadFile(filepath.Join(r.Dir, ReadMe))
	fatal(t, err)
	own, other := strings.Index(string(page), "cd 01-zuid"), strings.Index(string(page), "fieldlab new")
	if own < 0 || own > other || !strings.Contains(string(page), "fieldlab workshop step") {
		t.Error("the first page does not begin with the component of the team")
	}
	made, err := Read(os.DirFS(r.Dir))
	if err != nil || !made.HasTeams() {
		t.Errorf("the bundle does not know that it has teams: %v", err)
	}
	file := filepath.Join(r.Dir, "teams", "01-zuid.zip")
	reader, err := zip.OpenReader(file)
	fatal(t, err)
	defer reader.Close()
	var names []string
	for _, f := range reader.File {
		names = append(names, f.Name)
		if !f.Modified.Equal(epoch) {
			t.Errorf("%s is of %s", f.Name, f.Modified)
		}
	}
	if got, want := strings.Join(names, " "), "01-zuid/ 01-zuid/.fieldlab/ 01-zuid/.fieldlab/workshop/ 01-zuid/.fieldlab/workshop/team.json 01-zuid/.git/ 01-zuid/.git/HEAD 01-zuid/.git/refs/ 01-zuid/.git/refs/tags/ 01-zuid/main.go"; got != want {
		t.Errorf("%s", got)
	}
	one, err := os.ReadFile(file)
	fatal(t, err)
	fatal(t, os.Chtimes(filepath.Join(workshop, "teams/01-zuid/main.go"), epoch, epoch))
	again, err := teams(workshop, t.TempDir())
	fatal(t, err)
	body, err := again[0].open()
	fatal(t, err)
	defer body.Close()
	if two, err := io.ReadAll(body); err != nil || string(one) != string(two) {
		t.Error("other bytes the second time")
	}
	if runtime.GOOS != "windows" {
		fatal(t, os.Symlink("/etc/passwd", filepath.Join(workshop, "teams/01-zuid/wachtwoorden")))
		_, err = teams(workshop, t.TempDir())
		wants(t, err, "bundle.link")
	}
}

// TestNoGo: a trainer without Go, who has an archive of it, needs no other one.
func TestNoGo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the Go of this test is a script")
	}
	r := aRequest(t, filepath.Join(t.TempDir(), "stick"))
	r.Systems = []System{here()}
	r.Go = func(context.Context, string) (gotool.Go, error) { return gotool.Go{}, gotool.ErrNone }
	body := tarGz(t, member{name: "go/VERSION", body: "go1.26.8\n"}, member{name: "go/src/runtime/x"},
		member{name: "go/bin/go", body: "#!/bin/sh\necho '{\"GOVERSION\": \"go1.26.8\", \"GOMODCACHE\": \"/x\"}'\n", mode: 0o755})
	put0(t, r.GoDir, here().archive("go1.26.8"), body)
	made, err := Make(t.Context(), r)
	if err != nil || made.Go != "go1.26.8" {
		t.Errorf("%+v, %v", made, err)
	}
}

// TestVerify: every way in which a file is not as it was made.
func TestVerify(t *testing.T) {
	for name, c := range map[string]struct {
		change func(dir string) error
		want   string
	}{
		"fine":    {func(string) error { return nil }, ""},
		"missing": {func(dir string) error { return os.Remove(filepath.Join(dir, ReadMe)) }, ReadMe + " missing"},
		"changed": {func(dir string) error { return flip(filepath.Join(dir, "LICENSE")) }, "LICENSE changed"},
		"longer":  {func(dir string) error { return add(filepath.Join(dir, "LICENSE"), "x") }, "LICENSE changed"},
		"cut off": {func(dir string) error { return os.Truncate(filepath.Join(dir, "go", here().archive("go1.26.8")), 20) }, "go/" + here().archive("go1.26.8") + " cut-off"},
		"extra":   {func(dir string) error { return os.WriteFile(filepath.Join(dir, "go", "x.zip"), nil, 0o644) }, "go/x.zip extra"},
		"folder":  {func(dir string) error { return os.MkdirAll(filepath.Join(dir, "foto", "zee"), 0o755) }, "foto/ extra"},
		"link": {func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "LICENSE")), os.Symlink(ReadMe, filepath.Join(dir, "LICENSE")))
		}, "LICENSE changed"},
		"manifest": {func(dir string) error { return add(filepath.Join(dir, File), "x") }, File + " changed"},
		"of macOS": {func(dir string) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, "go", "._x.zip"), nil, 0o644), os.Mkdir(filepath.Join(dir, ".Trashes"), 0o755))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := aBundle(t)
			fatal(t, c.change(dir))
			faults, err := Verify(t.Context(), dir)
			fatal(t, err)
			got := ""
			for _, f := range faults {
				got += f.Path + " " + f.Why
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "x")} {
		_, err := Verify(t.Context(), dir)
		wants(t, err, "bundle.none")
	}
}

func flip(file string) error {
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	body[len(body)/2] ^= 1
	return os.WriteFile(file, body, 0o644)
}

func add(file, more string) error {
	body, err := os.ReadFile(file)
	return errors.Join(err, os.WriteFile(file, append(body, more...), 0o644))
}

// TestManifestIsSmall: what a bundle says of itself is data that others read too.
func TestManifestIsSmall(t *testing.T) {
	dir := aBundle(t)
	body, err := fs.ReadFile(os.DirFS(dir), File)
	fatal(t, err)
	var m map[string]any
	if err := json.Unmarshal(body, &m); err != nil || m["version"] != 1.0 || m["go"] != "go1.26.8" || m["fieldlab"] != "1.2.3" {
		t.Errorf("%v, %s", err, body)
	}
}
