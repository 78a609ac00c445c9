package start

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// does runs a command of the attic, and gives what it says.
func (a *attic) does(run func(context.Context, Settings, []string, io.Reader, io.Writer) error, in io.Reader, args ...string) (string, error) {
	a.Helper()
	var out strings.Builder
	err := run(a.Context(), a.s, args, in, &out)
	return out.String(), err
}

// names are those of the files in a folder.
func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// reads is a reader that is one function.
type reads func([]byte) (int, error)

func (r reads) Read(p []byte) (int, error) { return r(p) }

func TestReservekopieAndTerugzetten(t *testing.T) {
	a, ids := newAttic(t, "toegekend", "afgewezen")
	file := filepath.Join(a.folder, "kopie")
	said, err := a.does(a.parts.backUp, nil, file)
	if err != nil || !strings.Contains(said, "waarvan 2 zaken, in "+file) {
		t.Fatal(said, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error("the mode of the file: ", info.Mode(), err)
	}
	if got := names(t, a.folder); len(got) != 1 {
		t.Errorf("the folder holds %v", got)
	}
	before, _ := os.ReadFile(file)
	if text, err := gzip.NewReader(bytes.NewReader(before)); err != nil {
		t.Error(err)
	} else if head, err := io.ReadAll(io.LimitReader(text, 400)); err != nil || strings.Contains(string(head), unknown) {
		t.Errorf("nobody can take version %s: %s %v", unknown, head, err)
	}
	if _, err := a.does(a.parts.backUp, nil, file); err == nil || !strings.Contains(err.Error(), "is er al") {
		t.Errorf("over what is there: %v", err)
	}
	if after, _ := os.ReadFile(file); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
	if _, err := a.does(a.parts.restore, nil, file); err == nil || !strings.Contains(err.Error(), "er is niets teruggezet") || !strings.Contains(err.Error(), "niet leeg") {
		t.Errorf("into the same database: %v", err)
	}
	a.s.Data = filepath.Join(t.TempDir(), "nieuw", "gegevens.db")
	if said, err := a.does(a.parts.restore, nil, file); err != nil || !strings.Contains(said, "waarvan 2 zaken") || !strings.Contains(said, "Start nu het component") {
		t.Fatal(said, err)
	}
	a.query("UPDATE zaken SET omschrijving = 'terug' WHERE id = ?", ids[1])
	// Through a pipe.
	var piped bytes.Buffer
	if err := a.parts.backUp(t.Context(), a.s, []string{"-"}, nil, &piped); err != nil {
		t.Fatal(err)
	}
	a.s.Data = filepath.Join(t.TempDir(), "nog-een.db")
	if said, err := a.does(a.parts.restore, &piped, "-"); err != nil || !strings.Contains(said, "waarvan 2 zaken") {
		t.Fatal(said, err)
	}
}

// TestReservekopieInAFolder has a name of its own, and takes away those that are old
// and what runs that were killed left: nothing else.
func TestReservekopieInAFolder(t *testing.T) {
	a, _ := newAttic(t, "toegekend")
	name := a.parts.Pages.Name
	at := func(days int) string { return time.Now().AddDate(0, 0, -days).UTC().Format(backupMoment) }
	old := []string{name + "-" + at(31) + ".reservekopie", name + "-" + at(400) + ".reservekopie", name + "-" + at(2) + ".reservekopie.abcdefgh.deel"}
	kept := []string{
		name + "-" + at(29) + ".reservekopie", name + "-" + at(0) + ".reservekopie.abcdefgh.deel", name + "-20200101T000000Z.reservekopie.age", "ander-20200101T000000Z.reservekopie",
		name + "-2-20200101T000000Z.reservekopie", name + "-20209999T000000Z.reservekopie", "aantekeningen.txt",
	}
	for _, file := range append(old, kept...) {
		if err := os.WriteFile(filepath.Join(a.folder, file), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(a.folder, name+"-20200102T000000Z.reservekopie"), 0o700); err != nil {
		t.Fatal(err)
	}
	said, err := a.does(a.parts.backUp, nil, a.folder, "--bewaar", "30")
	if err != nil || strings.Count(said, "Verwijderd: ") != len(old) {
		t.Fatal(said, err)
	}
	left := strings.Join(names(t, a.folder), "\n")
	for _, file := range kept {
		if !strings.Contains(left, file) {
			t.Errorf("%s is gone", file)
		}
	}
	for _, file := range old {
		if strings.Contains(left, file) {
			t.Errorf("%s is still there", file)
		}
	}
	if n := len(names(t, a.folder)); n != len(kept)+2 {
		t.Errorf("%d files: %s", n, left)
	}
}

// TestAReservekopieThatFailsLeavesNothing, neither in its own folder nor where it
// would be put back.
func TestAReservekopieThatFailsLeavesNothing(t *testing.T) {
	a, _ := newAttic(t, "toegekend")
	file := filepath.Join(a.folder, "kopie")
	stopped, stop := context.WithCancel(t.Context())
	err := whole(file, func(io.Writer) error {
		if got := names(t, a.folder); len(got) != 1 || !strings.HasSuffix(got[0], ".deel") {
			t.Errorf("while it is written the folder holds %v", got)
		}
		stop()
		return stopped.Err()
	})
	if !errors.Is(err, context.Canceled) || len(names(t, a.folder)) != 0 {
		t.Errorf("after %v the folder holds %v", err, names(t, a.folder))
	}
	if err := a.parts.backUp(stopped, a.s, []string{file}, nil, io.Discard); err == nil || err.Error() != "onderbroken: er is geen reservekopie gemaakt" || len(names(t, a.folder)) != 0 {
		t.Errorf("after %v the folder holds %v", err, names(t, a.folder))
	}
	err = whole(file, func(io.Writer) error { return os.WriteFile(file, []byte("van een ander"), 0o600) })
	if raw, _ := os.ReadFile(file); err == nil || string(raw) != "van een ander" || len(names(t, a.folder)) != 1 {
		t.Errorf("a file that came meanwhile: %v, %s", err, raw)
	}

	good := filepath.Join(a.folder, "goed")
	if _, err := a.does(a.parts.backUp, nil, good); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	leaving, leave := context.WithCancel(t.Context())
	a.s.Data = filepath.Join(t.TempDir(), "onderbroken.db")
	stopsIt := io.MultiReader(bytes.NewReader(raw[:len(raw)/2]), reads(func([]byte) (int, error) { leave(); return 0, io.EOF }))
	if err := a.parts.restore(leaving, a.s, []string{"-"}, stopsIt, io.Discard); err == nil || err.Error() != "onderbroken: er is niets teruggezet" {
		t.Errorf("somebody stops it: %v", err)
	}
	if _, err := os.Stat(a.s.Data); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("that leaves a database: %v", err)
	}
	half := filepath.Join(a.folder, "half")
	if err := os.WriteFile(half, raw[:len(raw)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{half: "afgebroken", filepath.Join(a.folder, "weg"): "niet te lezen", a.folder: "is a directory", file: "geen reservekopie"} {
		a.s.Data = filepath.Join(t.TempDir(), "gegevens.db")
		if _, err := a.does(a.parts.restore, nil, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
		if _, err := os.Stat(a.s.Data); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s leaves a database: %v", name, err)
		}
	}
	if _, err := a.does(a.parts.backUp, nil, filepath.Join(a.folder, "niets")); err == nil || !strings.Contains(err.Error(), "nog geen database") {
		t.Errorf("a copy of nothing: %v", err)
	}
}

// TestAReservekopieOfSomethingElse: with another key nobody would find what is
// theirs, and another component has other tables.
func TestAReservekopieOfSomethingElse(t *testing.T) {
	a, _ := newAttic(t, "toegekend")
	file := filepath.Join(a.folder, "kopie")
	if _, err := a.does(a.parts.backUp, nil, file); err != nil {
		t.Fatal(err)
	}
	a.s.Data = filepath.Join(t.TempDir(), "gegevens.db")
	own := a.parts.Pages.Name
	a.parts.Pages.Name = "ander-component"
	if _, err := a.does(a.parts.restore, nil, file); err == nil || !strings.Contains(err.Error(), `van component "`+own+`" en niet van "ander-component"`) {
		t.Errorf("of another component: %v", err)
	}
	a.parts.Pages.Name = own
	a.env[logboek.KeyEnv] = strings.Repeat("QUJD", 10) + "QUI="
	if _, err := a.does(a.parts.restore, nil, file); err == nil || !strings.Contains(err.Error(), "LOGBOEK_SLEUTEL is een andere") {
		t.Errorf("with another key: %v", err)
	}
	if said, err := a.does(a.parts.restore, nil, file, "--andere-sleutel"); err != nil {
		t.Error(said, err)
	}
}

func TestHowTheyAreCalled(t *testing.T) {
	a, _ := newAttic(t)
	for _, args := range [][]string{{}, {""}, {"a", "b"}, {"--zomaar", "a"}, {"a", "--zomaar"}, {"a", "--bewaar", "3"}, {a.folder, "--bewaar", "0"}, {a.folder, "--bewaar", "x"}, {a.folder, "--bewaar", "99999"}} {
		if said, err := a.does(a.parts.backUp, nil, args...); !errors.Is(err, errUsage) || said != "" {
			t.Errorf("reservekopie %q: %v", args, err)
		}
	}
	for _, args := range [][]string{{}, {"a", "b"}, {"--zomaar", "a"}} {
		if _, err := a.does(a.parts.restore, nil, args...); !errors.Is(err, errUsage) {
			t.Errorf("terugzetten %q: %v", args, err)
		}
	}
	for _, run := range []func(context.Context, Settings, []string, io.Reader, io.Writer) error{a.parts.backUp, a.parts.restore} {
		if said, err := a.does(run, nil, "--help"); err != nil || !strings.Contains(said, "Gebruik:") {
			t.Errorf("help: %q, %v", said, err)
		}
	}
	if got := names(t, a.folder); len(got) != 0 {
		t.Errorf("the folder holds %v", got)
	}
}
