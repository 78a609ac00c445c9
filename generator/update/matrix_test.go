package update_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// deleted stands for a file that is not there.
const deleted = "\x00deleted"

const ten = "een\ntwee\ndrie\nvier\nvijf\nzes\nzeven\nacht\nnegen\ntien\n"

// lineOf replaces a line of ten.
func lineOf(text, line, by string) string { return strings.Replace(text, line+"\n", by+"\n", 1) }

// matrixCase is one file: what fieldlab made of it, what the team did, what
// fieldlab makes of it now, and what has to become of it.
type matrixCase struct {
	name      string
	path      string // docs/x.md when empty
	base      string
	theirs    string // of fieldlab
	edit      func(t *testing.T, dir string)
	action    update.Action // "" for no change
	why       string
	conflicts int
	beside    string // path; its content is that of fieldlab
	want      string // content; markers are looked at by conflicts
	also      func(t *testing.T, dir string)
}

func edit(name, text string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { write(t, dir, name, text) }
}

func remove(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func rename(from, to string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		body := read(t, dir, from)
		remove(from)(t, dir)
		write(t, dir, to, body)
	}
}

func both(edits ...func(*testing.T, string)) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		for _, one := range edits {
			one(t, dir)
		}
	}
}

func crlf(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }

// cases are the 29 of which every other tool loses something, and more.
func cases() []matrixCase {
	const x = "docs/x.md"
	changed := lineOf(ten, "negen", "negen van fieldlab")
	return []matrixCase{
		{name: "nothing", base: ten, theirs: ten, want: ten},
		{name: "only fieldlab", base: ten, theirs: changed, action: update.Replace, want: changed},
		{name: "only the team", base: ten, theirs: ten, edit: edit(x, lineOf(ten, "een", "1")), want: lineOf(ten, "een", "1")},
		{name: "far-apart edits", base: ten, theirs: changed, edit: edit(x, lineOf(ten, "een", "1")), action: update.Merge, want: lineOf(changed, "een", "1")},
		{name: "edits 2 lines apart", base: ten, theirs: changed, edit: edit(x, lineOf(ten, "zeven", "7")), action: update.Merge, want: lineOf(changed, "zeven", "7")},
		{name: "adjacent lines", path: "docs/x.txt", base: ten, theirs: changed, edit: edit("docs/x.txt", lineOf(ten, "acht", "8")), action: update.Merge, conflicts: 1},
		{name: "the same line", base: ten, theirs: changed, edit: edit(x, lineOf(ten, "negen", "9")), action: update.Merge, conflicts: 1},
		{name: "two insertions at one point", path: "docs/x.txt", base: ten, theirs: lineOf(ten, "vijf", "vijf\nvan fieldlab"), edit: edit("docs/x.txt", lineOf(ten, "vijf", "vijf\nvan het team")), action: update.Merge, conflicts: 1},
		{name: "the same change on both", base: ten, theirs: changed, edit: edit(x, changed), want: changed},
		{name: "the team deleted, fieldlab changed", base: ten, theirs: changed, edit: remove(x), action: update.Keep, why: update.WhyDeleted, want: deleted},
		{name: "the team deleted, fieldlab did not change", base: ten, theirs: ten, edit: remove(x), want: deleted},
		{name: "fieldlab deleted, the team changed", base: ten, theirs: deleted, edit: edit(x, lineOf(ten, "een", "1")), action: update.Keep, why: update.WhyGone, want: lineOf(ten, "een", "1")},
		{name: "fieldlab deleted, the team did not touch it", base: ten, theirs: deleted, action: update.Remove, want: deleted},
		{name: "both deleted", base: ten, theirs: deleted, edit: remove(x), want: deleted},
		{name: "the team renamed, fieldlab changed", base: ten, theirs: changed, edit: rename(x, "docs/eigen/y.md"), action: update.Replace, why: update.WhyMoved, want: deleted,
			also: holds("docs/eigen/y.md", changed)},
		{name: "the team renamed and edited, fieldlab changed", base: ten, theirs: changed, edit: both(rename(x, "uitleg/y.md"), edit("uitleg/y.md", lineOf(ten, "een", "1"))),
			action: update.Merge, why: update.WhyMoved, want: deleted, also: holds("uitleg/y.md", lineOf(changed, "een", "1"))},
		{name: "the team deleted and wrote something that is half like it", base: ten, theirs: changed, edit: both(remove(x), edit("docs/y.md", "een\ntwee\ndrie\nvier\nvijf\n6\n7\n8\n9\n10\n")),
			action: update.Keep, why: update.WhyDeleted, want: deleted, also: holds("docs/y.md", "een\ntwee\ndrie\nvier\nvijf\n6\n7\n8\n9\n10\n")},
		{name: "the team deleted a short file", base: "een\n", theirs: "twee\n", edit: both(remove(x), edit("docs/y.md", "een\ndrie\n")), action: update.Keep, why: update.WhyDeleted, want: deleted,
			also: holds("docs/y.md", "een\ndrie\n")},
		{name: "the team renamed, fieldlab deleted", base: ten, theirs: deleted, edit: rename(x, "docs/y.md"), want: deleted, also: holds("docs/y.md", ten)},
		{name: "both added, differ", base: deleted, theirs: ten, edit: edit(x, lineOf(ten, "een", "1")), action: update.Merge, why: update.WhyBoth, conflicts: 1},
		{name: "both added, the same", base: deleted, theirs: ten, edit: edit(x, ten), want: ten},
		{name: "only fieldlab added", base: deleted, theirs: ten, action: update.Add, want: ten},
		{name: "only the team added", base: deleted, theirs: deleted, edit: edit(x, ten), want: ten},
		{name: "binary: the team changed", path: "docs/x.bin", base: "a\x00b", theirs: "a\x00b", edit: edit("docs/x.bin", "a\x00team"), want: "a\x00team"},
		{name: "binary: fieldlab changed", path: "docs/x.bin", base: "a\x00b", theirs: "a\x00c", action: update.Replace, want: "a\x00c"},
		{name: "binary: both changed", path: "docs/x.bin", base: "a\x00b", theirs: "a\x00c", edit: edit("docs/x.bin", "a\x00team"), action: update.Keep, why: update.WhyForm, beside: "docs/x.bin.nieuw", want: "a\x00team"},
		{name: "CRLF, untouched", base: ten, theirs: changed, edit: edit(x, crlf(ten)), action: update.Replace, want: crlf(changed)},
		{name: "CRLF, edited", base: ten, theirs: changed, edit: edit(x, crlf(lineOf(ten, "een", "1"))), action: update.Merge, want: crlf(lineOf(changed, "een", "1"))},
		{name: "CRLF, nothing new", base: ten, theirs: ten, edit: edit(x, crlf(ten)), want: crlf(ten)},
		{name: "CRLF, as fieldlab makes it now", base: ten, theirs: changed, edit: edit(x, crlf(changed)), want: crlf(changed)},
		{name: "executable bit of the team", base: ten, theirs: changed, edit: func(t *testing.T, dir string) {
			if err := os.Chmod(filepath.Join(dir, x), 0o755); err != nil {
				t.Fatal(err)
			}
		}, action: update.Replace, want: changed, also: mode(x, 0o755)},
		{name: "executable bit of fieldlab", path: "deploy/x.sh", base: ten, theirs: changed, action: update.Replace, want: changed, also: mode("deploy/x.sh", 0o755)},
		{name: "executable bit that the team took away", path: "deploy/x.sh", base: ten, theirs: changed, edit: both(edit("deploy/x.sh", lineOf(ten, "een", "1")), chmod("deploy/x.sh", 0o600)), action: update.Merge,
			want: lineOf(changed, "een", "1"), also: mode("deploy/x.sh", 0o600)},
		{name: "a file became a folder at fieldlab", base: ten, theirs: deleted, action: update.Remove, want: "", also: holds("docs/x.md/deel.md", "deel\n")},
		{name: "a file became a folder at fieldlab, edited", base: ten, theirs: deleted, edit: edit(x, "anders\n"), action: update.Keep, why: update.WhyGone, want: "anders\n",
			also: holds("docs/x.md.nieuw/deel.md.nieuw", "deel\n")},
		{name: "a file became a folder at the team", base: ten, theirs: changed, edit: both(remove(x), edit("docs/x.md/mijn.txt", "van mij\n")), action: update.Keep, why: update.WhyInTheWay, beside: "docs/x.md.nieuw",
			want: "", also: holds("docs/x.md/mijn.txt", "van mij\n")},
		{name: "a folder is a file at the team", base: ten, theirs: changed, edit: both(remove("docs"), edit("docs", "van mij\n")), action: update.Keep, why: update.WhyInTheWay, beside: "docs.nieuw/x.md.nieuw",
			want: "", also: holds("docs", "van mij\n")},
		{name: "Latin-1", base: "caf\xe9\n" + ten, theirs: "caf\xe9\n" + changed, edit: edit(x, "caf\xe9\n"+lineOf(ten, "een", "\xe9\xe9n")), action: update.Merge, want: "caf\xe9\n" + lineOf(changed, "een", "\xe9\xe9n")},
		{name: "git-ignored and edited", path: "deploy/proef.env.voorbeeld", base: ten, theirs: changed, edit: both(edit(".gitignore", "*.voorbeeld\n"), edit("deploy/proef.env.voorbeeld", lineOf(ten, "een", "GEHEIM=1"))), action: update.Merge,
			want: lineOf(changed, "een", "GEHEIM=1")},
		{name: "fieldlab adds what the team has and Git ignores", base: deleted, theirs: ten, path: "local.txt", edit: both(edit(".gitignore", "local.txt\n"), edit("local.txt", "geheim\n")), action: update.Merge, why: update.WhyBoth, conflicts: 1},
		{name: "no end of line at the end", base: "a\nb\nc\nd\ne", theirs: "a\nb\nc\nd\ne\nf\n", edit: edit(x, "1\nb\nc\nd\ne"), action: update.Merge, want: "1\nb\nc\nd\ne\nf\n"},
		{name: "space and accents in the path", path: "docs/één twee.md", base: ten, theirs: changed, edit: edit("docs/één twee.md", lineOf(ten, "een", "1")), action: update.Merge, want: lineOf(changed, "een", "1")},
		{name: "empty file filled by the team", base: "", theirs: "", edit: edit(x, "van mij\n"), want: "van mij\n"},
		{name: "heading of equal signs", base: "Kop\n=======\n" + ten, theirs: "Kop\n=======\n" + changed, edit: edit(x, "Kop\n=======\n"+lineOf(ten, "een", "1")), action: update.Merge, want: "Kop\n=======\n" + lineOf(changed, "een", "1")},
		{name: "JSON: both changed the same", path: "docs/x.json", base: "{\"a\": 1}\n", theirs: "{\"a\": 2}\n", edit: edit("docs/x.json", "{\"a\": 3}\n"), action: update.Keep, why: update.WhyForm, beside: "docs/x.json.nieuw", want: "{\"a\": 3}\n"},
		{name: "link in the place of a file", base: ten, theirs: changed, edit: both(remove(x), link("../fieldlab.yaml", x)), action: update.Keep, why: update.WhyInTheWay, beside: "docs/x.md.nieuw", want: "", also: isLink(x)},
		{name: "link in the place of a folder", base: ten, theirs: changed, edit: both(remove("docs"), link("kern", "docs")), action: update.Keep, why: update.WhyInTheWay, beside: "docs.nieuw/x.md.nieuw", want: "", also: isLink("docs")},
		{name: "dangling link where fieldlab adds", base: deleted, theirs: ten, edit: both(edit("docs/z.md", ""), link("/nergens", x)), action: update.Keep, why: update.WhyInTheWay, beside: "docs/x.md.nieuw", want: "", also: isLink(x)},
		{name: "too large to read", base: ten, theirs: changed, edit: large(x), action: update.Keep, why: update.WhyInTheWay, beside: "docs/x.md.nieuw", want: ""},
		{name: "too large to read, nothing new", base: ten, theirs: ten, edit: large(x), want: ""},
		{name: "the same name in another case", base: deleted, theirs: ten, edit: edit("docs/X.MD", "van mij\n"), action: update.Keep, why: update.WhyCase, beside: "docs/x.md.nieuw", want: deleted, also: holds("docs/X.MD", "van mij\n")},
	}
}

func holds(name, want string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if got := read(t, dir, name); got != want {
			t.Errorf("%s holds %q, not %q", name, got, want)
		}
	}
}

func mode(name string, want fs.FileMode) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
}

func chmod(name string, to fs.FileMode) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.Chmod(filepath.Join(dir, name), to); err != nil {
			t.Fatal(err)
		}
	}
}

// large makes a file of more than an update reads, without room on disk.
func large(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.Truncate(filepath.Join(dir, name), 65<<20); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() != 65<<20 {
				t.Errorf("%s is another one now: %v", name, err)
			}
		})
	}
}

func link(to, name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
}

func isLink(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if info, err := os.Lstat(filepath.Join(dir, name)); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v", name, err)
		}
	}
}

// TestMatrix: no edit is lost in any of the cases.
func TestMatrix(t *testing.T) {
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}

func (c matrixCase) run(t *testing.T) {
	path := c.path
	if path == "" {
		path = "docs/x.md"
	}
	before, after := map[string]string{}, map[string]string{}
	if c.base != deleted {
		before[path] = c.base
	}
	if c.theirs != deleted {
		after[path] = c.theirs
	}
	if strings.HasPrefix(c.name, "a file became a folder at fieldlab") {
		after[path+"/deel.md"] = "deel\n"
	}
	dir := made(t, pack(before), sheet)
	if c.edit != nil {
		c.edit(t, dir)
	}
	request := update.Request{Dir: dir, Pack: pack(after), Version: "1.0.0"}
	u := find(t, request)
	c.check(t, u, path)
	apply(t, u)
	c.onDisk(t, dir, path)
	if len(u.Conflicts()) > 0 {
		c.backAndForth(t, dir, request)
		return
	}
	if again := find(t, request); again.Waiting() {
		t.Errorf("a second update waits: %+v", again.Changes)
	}
}

// check looks at what is said.
func (c matrixCase) check(t *testing.T, u *update.Update, path string) {
	t.Helper()
	var found *update.Change
	for i, change := range u.Changes {
		switch {
		case change.Path == "CHANGELOG.md", strings.HasSuffix(change.Path, "/deel.md"):
		case found != nil:
			t.Errorf("one more change: %+v", change)
		default:
			found = &u.Changes[i]
		}
	}
	switch {
	case found == nil && c.action != "":
		t.Errorf("no change; want %s", c.action)
	case found == nil:
	case found.Action != c.action || found.Why != c.why || found.Conflicts != c.conflicts || found.Beside != c.beside:
		t.Errorf("%s %s, why %q, %d conflicts, beside %q", found.Action, found.Path, found.Why, found.Conflicts, found.Beside)
	case found.Path != path && c.why != update.WhyMoved:
		t.Errorf("the change is of %s", found.Path)
	}
}

// onDisk looks at what is there.
func (c matrixCase) onDisk(t *testing.T, dir, path string) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, path))
	switch {
	case c.want == deleted && err == nil:
		t.Errorf("%s is there: %q", path, body)
	case c.conflicts > 0:
		if bytes.Count(body, []byte("<<<<<<< ")) != c.conflicts {
			t.Errorf("%s holds %q", path, body)
		}
	case c.want != deleted && c.want != "" && string(body) != c.want:
		t.Errorf("%s holds %q, not %q", path, body, c.want)
	}
	if c.beside != "" {
		holds(c.beside, c.theirs)(t, dir)
	}
	if c.also != nil {
		c.also(t, dir)
	}
}
