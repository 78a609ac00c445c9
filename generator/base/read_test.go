package base_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// small is a component with a file of every kind.
func small(t testing.TB) fstest.MapFS {
	t.Helper()
	files := []plan.File{
		{Path: ".fieldlab/answers.schema.json", Body: []byte("{}\n"), Owner: plan.Merged},
		{Path: "docs/x.md", Body: []byte("een\ntwee\n"), Owner: plan.Merged},
		{Path: "docs/x.png", Body: []byte("\x89PNG\x00"), Owner: plan.Merged},
		{Path: "fieldlab.yaml", Body: []byte("version: 1\n"), Owner: plan.Team},
		{Path: "kern/VERSIE", Body: []byte("fieldlab 1\n"), Owner: plan.Kern},
		{Path: "kern/a.go", Body: []byte("package a\n\nvar x = 1\n\nvar x = 1\n"), Owner: plan.Kern},
		{Path: "kern/b.woff2", Body: []byte("\x00\x01"), Owner: plan.Kern},
		{Path: "kern/outway/o.go", Body: []byte("package outway\n"), Owner: plan.Merged, Mode: 0o755},
		{Path: "migratie.sql", Body: []byte("SELECT 1;\n"), Owner: plan.Team},
	}
	manifest := plan.Manifest{Version: plan.ManifestVersion, Generator: "1", Module: "x.test/y", Kern: plan.KernSum(files), Taken: []string{"outway"}}
	component := fstest.MapFS{"go.mod": {Data: []byte("// Of us.\nmodule x.test/y\n")}}
	for _, file := range files {
		if file.Owner != plan.Kern {
			manifest.Files = append(manifest.Files, plan.ManifestFile{Path: file.Path, SHA256: plan.SumOf(file.Body), Owner: file.Owner})
		}
	}
	made, err := base.Of(files)
	if err != nil {
		t.Fatal(err)
	}
	file, err := manifest.File()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range append(made, file) {
		component[one.Path] = &fstest.MapFile{Data: one.Body}
	}
	return component
}

// TestRead: what was written comes back, and no more than that is kept.
func TestRead(t *testing.T) {
	b, err := base.Read(small(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]byte{"docs/x.md": []byte("een\ntwee\n"), "fieldlab.yaml": []byte("version: 1\n"), "kern/outway/o.go": []byte("package outway\n")}
	if !reflect.DeepEqual(b.Files, want) {
		t.Errorf("files %q", b.Files)
	}
	if len(b.Kern) != 3 || b.Kern["kern/b.woff2"].Lines != nil || !reflect.DeepEqual(b.Kern["kern/a.go"].Lines, merge.LinesOf([]byte("package a\n\nvar x = 1\n\nvar x = 1\n"))) {
		t.Errorf("kern %v", b.Kern)
	}
	if b.Kern["kern/a.go"].SHA256 != plan.SumOf([]byte("package a\n\nvar x = 1\n\nvar x = 1\n")) || b.Manifest.Module != "x.test/y" {
		t.Errorf("kern %v, manifest %v", b.Kern, b.Manifest)
	}
}

// TestReadExamples: real components come back, and give the same bytes again.
func TestReadExamples(t *testing.T) {
	t.Parallel()
	for _, example := range examples {
		p := planOf(t, example)
		component := fstest.MapFS{}
		for _, file := range p {
			component[file.Path] = &fstest.MapFile{Data: file.Body}
		}
		b, err := base.Read(component)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range p {
			switch {
			case file.Owner == plan.Kern:
				if b.Kern[file.Path].SHA256 != plan.SumOf(file.Body) || !reflect.DeepEqual(b.Kern[file.Path].Lines, merge.LinesOf(file.Body)) && base.IsText(file.Body) {
					t.Errorf("%s is not kept", file.Path)
				}
			case base.Remembered(file.Path, file.Owner) && base.IsText(file.Body):
				if !bytes.Equal(b.Files[file.Path], file.Body) {
					t.Errorf("%s is not kept", file.Path)
				}
			}
		}
		again, err := base.Of(p)
		if err != nil || !bytes.Equal(again[0].Body, p.Find(base.RoomsPath).Body) || !bytes.Equal(again[1].Body, p.Find(base.KernPath).Body) {
			t.Errorf("%s: other bytes the second time, %v", example, err)
		}
	}
}

// packed makes a file of the base of what a stranger thought of.
func packed(head string, plain []byte) []byte {
	out := bytes.NewBufferString(head)
	w, _ := flate.NewWriter(out, flate.BestCompression)
	_, _ = w.Write(plain)
	_ = w.Close()
	return binary.BigEndian.AppendUint32(out.Bytes(), crc32.ChecksumIEEE(out.Bytes()))
}

// rooms makes the plain text of a basis.
func rooms(files ...string) []byte {
	plain := binary.AppendUvarint(nil, uint64(len(files)/2))
	for i := 0; i < len(files); i += 2 {
		plain = append(binary.AppendUvarint(plain, uint64(len(files[i]))), files[i]...)
		plain = append(plain, 0)
		plain = append(binary.AppendUvarint(plain, uint64(len(files[i+1]))), files[i+1]...)
	}
	return plain
}

const roomsHead, kernHead = "fieldlab-basis 1\n", "fieldlab-kern 1\n"

// fallen is a body in which a bit of a line of kern is another.
func fallen(body []byte) []byte {
	other := bytes.Clone(body)
	other[len(kernHead)+3] ^= 4
	return other
}

// TestHostile: what is not what fieldlab wrote is refused with what it is.
func TestHostile(t *testing.T) {
	number := func(n uint64) []byte { return binary.AppendUvarint(nil, n) }
	for name, c := range map[string]struct {
		path string
		file *fstest.MapFile
		want base.Code
	}{
		"empty":                           {base.RoomsPath, &fstest.MapFile{}, base.Damaged},
		"something else":                  {base.RoomsPath, &fstest.MapFile{Data: []byte("PK\x03\x04")}, base.Damaged},
		"cut short":                       {base.RoomsPath, &fstest.MapFile{Data: small(t)[base.RoomsPath].Data[:40]}, base.Damaged},
		"one byte more":                   {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, append(rooms("docs/x.md", "een\ntwee\n"), 0))}, base.Damaged},
		"a bit that fell over":            {base.KernPath, &fstest.MapFile{Data: fallen(small(t)[base.KernPath].Data)}, base.Damaged},
		"something behind it":             {base.RoomsPath, &fstest.MapFile{Data: append(small(t)[base.RoomsPath].Data, "meer"...)}, base.Damaged},
		"newer":                           {base.RoomsPath, &fstest.MapFile{Data: []byte("fieldlab-basis 2\nx")}, base.Newer},
		"newer kern":                      {base.KernPath, &fstest.MapFile{Data: []byte("fieldlab-kern 12\nx")}, base.Newer},
		"another text":                    {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, rooms("docs/x.md", "anders\n"))}, base.WrongSum},
		"a file not in the manifest":      {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, rooms("docs/y.md", "een\ntwee\n"))}, base.WrongSum},
		"a file of the team":              {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, rooms("migratie.sql", "SELECT 1;\n"))}, base.WrongSum},
		"a path that climbs":              {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, rooms("../x", "x"))}, base.BadPath},
		"an absolute path":                {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, rooms("/etc/passwd", "x"))}, base.BadPath},
		"into .git":                       {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, rooms(".git/config", "x"))}, base.BadPath},
		"twice":                           {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, rooms("docs/x.md", "een\ntwee\n", "docs/x.md", "een\ntwee\n"))}, base.BadPath},
		"too many files":                  {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, number(1<<40))}, base.TooLarge},
		"a huge file that is not there":   {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, append(append(number(1), append(number(9), "docs/x.md\x00"...)...), number(60<<20)...))}, base.Damaged},
		"a larger file than there may be": {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, append(append(number(1), append(number(9), "docs/x.md\x00"...)...), number(1<<62)...))}, base.TooLarge},
		"a bomb":                          {base.RoomsPath, &fstest.MapFile{Data: packed(roomsHead, append(append(number(2), append(number(9), "docs/x.md\x00"...)...), append(number(64<<20), make([]byte, 65<<20)...)...))}, base.TooLarge},
		"larger than is read":             {base.RoomsPath, &fstest.MapFile{Data: make([]byte, 17<<20)}, base.TooLarge},
		"a link":                          {base.RoomsPath, &fstest.MapFile{Data: []byte("../fieldlab.yaml"), Mode: fs.ModeSymlink}, base.Link},
		"a link for the folder":           {".fieldlab", &fstest.MapFile{Data: []byte("elders"), Mode: fs.ModeSymlink}, base.Link},
		"a folder":                        {base.KernPath + "/x", &fstest.MapFile{}, base.Link},
		"kern: nothing":                   {base.KernPath, &fstest.MapFile{Data: packed(kernHead+"\x00", number(0))}, base.WrongSum},
		"kern: more lines than there are": {base.KernPath, &fstest.MapFile{Data: packed(kernHead+"\xff\xff\xff\x7f", nil)}, base.Damaged},
		"kern: outside it":                {base.KernPath, &fstest.MapFile{Data: packed(kernHead+"\x00", append(append(number(1), append(number(7), "main.go"...)...), make([]byte, 34)...))}, base.BadPath},
		"kern: endless lines":             {base.KernPath, &fstest.MapFile{Data: packed(kernHead+"\x00", append(append(append(number(1), append(number(6), "kern/a"...)...), append(make([]byte, 32), 1)...), number(1<<30)...))}, base.TooLarge},
		"kern: a line that is not there":  {base.KernPath, &fstest.MapFile{Data: packed(kernHead+"\x00", append(append(append(number(1), append(number(6), "kern/a"...)...), append(make([]byte, 32), 1)...), 1, 0))}, base.Damaged},
		"no manifest":                     {plan.ManifestPath, &fstest.MapFile{Data: []byte("{")}, base.Damaged},
		"another module":                  {"go.mod", &fstest.MapFile{Data: []byte("module x.test/z\n")}, base.Foreign},
	} {
		component := small(t)
		if c.path == ".fieldlab" || strings.HasPrefix(c.path, base.KernPath+"/") {
			delete(component, base.KernPath)
		}
		component[c.path] = c.file
		_, err := base.Read(component)
		var fault base.Fault
		if !errors.As(err, &fault) || fault.Code != c.want {
			t.Errorf("%s: %v, not %s", name, err, c.want)
		}
	}
}

// TestManifest: the same of the manifest alone.
func TestManifest(t *testing.T) {
	sum := strings.Repeat("a", 64)
	row := func(path string) string {
		return `{"version":3,"kern":"` + sum + `","files":[{"path":` + path + `,"sha256":"` + sum + `","owner":"merged"}]}`
	}
	for text, want := range map[string]base.Code{
		``:                               base.Damaged,
		`[]`:                             base.Damaged,
		`{"version":"3"}`:                base.Damaged,
		`{"version":0}`:                  base.Damaged,
		`{"version":-1}`:                 base.Damaged,
		`{"version":1}`:                  base.TooOld,
		`{"version":4}`:                  base.Newer,
		`{"version":3}`:                  base.Damaged,
		row(`"../x"`):                    base.BadPath,
		row(`"a//b"`):                    base.BadPath,
		row(`"kern/a.go"`):               base.BadPath,
		row(`".fieldlab/basis"`):         base.BadPath,
		row(`".FIELDLAB/Manifest.json"`): base.BadPath,
		strings.Replace(row(`"a"`), sum+`","owner`, `x","owner`, 1):                               base.Damaged,
		strings.Replace(row(`"a"`), `merged`, `kern`, 1):                                          base.Damaged,
		strings.Replace(row(`"a"`), `"files"`, `"taken":["../.."],"files"`, 1):                    base.BadPath,
		strings.Replace(row(`"b"`), `]}`, `,{"path":"a","sha256":"`+sum+`","owner":"team"}]}`, 1): base.BadPath,
	} {
		_, err := base.ParseManifest([]byte(text))
		var fault base.Fault
		if !errors.As(err, &fault) || fault.Code != want {
			t.Errorf("%s: %v, not %s", text, err, want)
		}
	}
	for _, text := range []string{row(`"a"`), strings.Replace(row(`"a"`), "3", "2", 1)} {
		if _, err := base.ParseManifest([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	var m plan.Manifest
	if err := json.Unmarshal(small(t)[plan.ManifestPath].Data, &m); err != nil || m.Taken[0] != "outway" {
		t.Error(m, err)
	}
}

// TestNone: a component of before has no base, which is no fault.
func TestNone(t *testing.T) {
	component := small(t)
	component[plan.ManifestPath].Data = bytes.Replace(component[plan.ManifestPath].Data, []byte(`"version": 3`), []byte(`"version": 2`), 1)
	if _, err := base.Read(component); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("version 2: %v", err)
	}
	if _, err := base.Read(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing: %v", err)
	}
	for _, path := range []string{base.RoomsPath, base.KernPath, plan.ManifestPath} {
		component := small(t)
		delete(component, path)
		if _, err := base.Read(component); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("without %s: %v", path, err)
		}
	}
}

// FuzzRead: whatever lies there, it is read or refused, and what is read fits.
func FuzzRead(f *testing.F) {
	seed := small(f)
	f.Add(seed[plan.ManifestPath].Data, seed[base.RoomsPath].Data, seed[base.KernPath].Data)
	f.Add([]byte(`{"version":3}`), packed(roomsHead, rooms("a", "b")), packed(kernHead+"\x00", []byte{0}))
	f.Fuzz(func(t *testing.T, manifest, basis, kern []byte) {
		component := fstest.MapFS{plan.ManifestPath: {Data: manifest}, base.RoomsPath: {Data: basis}, base.KernPath: {Data: kern}}
		b, err := base.Read(component)
		if err != nil {
			if !errors.As(err, new(base.Fault)) && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("an error for nobody: %v", err)
			}
			return
		}
		for path := range b.Files {
			if plan.CheckPath(path) != nil {
				t.Errorf("path %q", path)
			}
		}
		for path := range b.Kern {
			if plan.CheckPath(path) != nil || !strings.HasPrefix(path, "kern/") {
				t.Errorf("path %q", path)
			}
		}
	})
}

// FuzzInside: the same behind the sums, for whoever can make those.
func FuzzInside(f *testing.F) {
	f.Add(rooms("docs/x.md", "een\ntwee\n"), []byte{1}, []byte("abcde"))
	f.Fuzz(func(t *testing.T, plain, lines, unique []byte) {
		component := small(t)
		component[base.RoomsPath] = &fstest.MapFile{Data: packed(roomsHead, plain)}
		if _, err := base.Read(component); err != nil && !errors.As(err, new(base.Fault)) {
			t.Errorf("an error for nobody: %v", err)
		}
		component = small(t)
		head := kernHead + string(binary.AppendUvarint(nil, uint64(len(unique)/5))) + string(unique)
		component[base.KernPath] = &fstest.MapFile{Data: packed(head, lines)}
		if _, err := base.Read(component); err != nil && !errors.As(err, new(base.Fault)) {
			t.Errorf("an error for nobody: %v", err)
		}
	})
}
