package workshop

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const goodTeam = `{"number":1,"name":"Zuid","folder":"01-zuid","port":8100,"colour":"#154273","oin":"00000099000000000001","variant":1`

func put(t testing.TB, dir, name, body string) {
	t.Helper()
	at := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	mine := func(more string) string { return `{"version":1,"team":` + goodTeam + more + `},"days":3}` }
	for name, c := range map[string]struct {
		mine, progress string
		why            Why
	}{
		"good":             {mine: mine("")},
		"with progress":    {mine: mine(""), progress: `{"version":1,"steps":{"veld":{"checks":{"x":"2026-11-30T10:00:00Z"}}},"begun":"veld"}`},
		"a code":           {mine: mine(`,"code":"ACDEFG"`), why: Value},
		"later fieldlab":   {mine: `{"version":2,"what":1}`, why: Newer},
		"no version":       {mine: `{"team":` + goodTeam + `},"days":3}`, why: Value},
		"unknown key":      {mine: mine(`,"x":1`), why: Syntax},
		"no JSON":          {mine: "<html>", why: Syntax},
		"cut off":          {mine: mine("")[:50], why: Syntax},
		"twice":            {mine: mine("") + mine(""), why: Syntax},
		"days":             {mine: `{"version":1,"team":` + goodTeam + `},"days":4}`, why: Value},
		"port":             {mine: strings.Replace(mine(""), "8100", "80", 1), why: Value},
		"folder outside":   {mine: strings.Replace(mine(""), "01-zuid", "01-/../x", 1), why: Value},
		"colour":           {mine: strings.Replace(mine(""), "#154273", "red;}", 1), why: Value},
		"name with bidi":   {mine: strings.Replace(mine(""), "Zuid", "Zu\u202eid", 1), why: Value},
		"name with a tab":  {mine: strings.Replace(mine(""), "Zuid", `Zu\tid`, 1), why: Value},
		"damaged progress": {mine: mine(""), progress: `[]`, why: Syntax},
		"deep":             {mine: strings.Repeat("[", 100000), why: Syntax},
		"large":            {mine: strings.Repeat(" ", maxJSON+1), why: Large},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, Folder+"/"+mineFile, c.mine)
			if c.progress != "" {
				put(t, dir, Folder+"/"+ProgressFile, c.progress)
			}
			component, err := Open(dir)
			var damaged Damaged
			switch {
			case c.why == "" && (err != nil || component.Mine.Team.Name != "Zuid"):
				t.Errorf("got %+v, %v", component, err)
			case c.why != "" && (!errors.As(err, &damaged) || damaged.Why != c.why):
				t.Errorf("got %v, want %s", err, c.why)
			}
		})
	}
}

func TestOpenNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder without a workshop gives %v", err)
	}
	if _, err := Open(filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder gives %v", err)
	}
	if _, err := Read(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no workshop gives %v", err)
	}
	if s := Look(t.Context(), dir); s.Err == nil || s.Error == "" {
		t.Errorf("nothing gives %+v", s)
	}
}

// TestOpenFollowsNoLink: what a link shows is not of this component.
func TestOpenFollowsNoLink(t *testing.T) {
	good := t.TempDir()
	put(t, good, Folder+"/"+mineFile, `{"version":1,"team":`+goodTeam+`},"days":3}`)
	put(t, good, Folder+"/cursus/cursus.yaml", "x")
	for _, link := range []string{".fieldlab", Folder, Folder + "/" + mineFile, Folder + "/cursus", Folder + "/cursus/cursus.yaml", Folder + "/" + ProgressFile} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(dir, link)
		if err := os.RemoveAll(at); err != nil {
			t.Fatal(err)
		}
		// Also one that stays inside: a second way to a file is no way.
		if err := os.Rename(filepath.Join(good, ".fieldlab"), filepath.Join(dir, "elders")); err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(dir, "elders", strings.TrimPrefix(strings.TrimPrefix(link, ".fieldlab"), "/"))
		if err := os.Symlink(target, at); err != nil {
			t.Skip(err)
		}
		var damaged Damaged
		if _, err := Open(dir); !errors.As(err, &damaged) || damaged.Why != Link {
			t.Errorf("%s: got %v", link, err)
		}
		if err := os.Rename(filepath.Join(dir, "elders"), filepath.Join(good, ".fieldlab")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, Folder+"/"+mineFile, `{"version":1,"team":`+goodTeam+`},"days":3}`)
	c, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)
	c.Progress.Steps["veld"] = Done{Checks: map[string]time.Time{"<b>": at}, At: at}
	for range 2 {
		put(t, dir, Folder+"/.voortgang.json.nieuw", "of a run that was killed")
		if err := c.Save(); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(dir)
	if err != nil || !again.Progress.Steps["veld"].At.Equal(at) {
		t.Fatalf("got %+v, %v", again, err)
	}
	if entries, _ := os.ReadDir(filepath.Join(dir, Folder)); len(entries) != 2 {
		t.Errorf("left %v", entries)
	}
	elsewhere := filepath.Join(t.TempDir(), "x")
	put(t, filepath.Dir(elsewhere), "x", "theirs")
	os.Remove(filepath.Join(dir, Folder, ProgressFile))
	if err := os.Symlink(elsewhere, filepath.Join(dir, Folder, ProgressFile)); err != nil {
		t.Skip(err)
	}
	if err := c.Save(); err == nil {
		t.Error("wrote through a link")
	}
	if body, _ := os.ReadFile(elsewhere); string(body) != "theirs" {
		t.Error("changed a file elsewhere")
	}
}

func TestRead(t *testing.T) {
	whole := func(teams string) string { return `{"version":1,"case":"verhuizing","days":3,"teams":[` + teams + `]}` }
	one := goodTeam + `,"code":"ACDEFG"}`
	two := strings.NewReplacer("01-zuid", "02-oost", "ACDEFG", "ACDEFH").Replace(one)
	for name, c := range map[string]struct {
		body string
		why  Why
	}{
		"good":        {whole(one + "," + two), ""},
		"none":        {whole(""), Value},
		"no code":     {whole(goodTeam + "}"), Value},
		"look-alike":  {whole(strings.Replace(one, "ACDEFG", "ACDE0G", 1)), Value},
		"same code":   {whole(one + "," + strings.Replace(two, "ACDEFH", "ACDEFG", 1)), Twice},
		"same folder": {whole(one + "," + strings.Replace(two, "02-oost", "01-zuid", 1)), Twice},
		"too many":    {whole(strings.TrimSuffix(strings.Repeat(one+",", 1001), ",")), Value},
	} {
		dir := t.TempDir()
		put(t, dir, File, c.body)
		_, err := Read(dir)
		var damaged Damaged
		if c.why == "" && err != nil || c.why != "" && (!errors.As(err, &damaged) || damaged.Why != c.why) {
			t.Errorf("%s: got %v, want %q", name, err, c.why)
		}
	}
}

// FuzzOpen: whatever a component keeps, nothing panics.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"version":1,"team":`+goodTeam+`},"days":3}`), []byte(`{"version":1,"steps":{}}`))
	f.Fuzz(func(t *testing.T, mine, progress []byte) {
		dir := t.TempDir()
		put(t, dir, Folder+"/"+mineFile, string(mine))
		put(t, dir, Folder+"/"+ProgressFile, string(progress))
		if c, err := Open(dir); err == nil {
			c.State(t.Context())
			if err := c.Save(); err != nil {
				t.Error(err)
			}
		}
	})
}
