package pack_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// describing is a pack.yaml of few words.
const describing = "name: proef\nversion: \"1.0\"\n"

// folder is a pack as files: pack.yaml, and the rest below files/.
func folder(files map[string]string) fstest.MapFS {
	in := fstest.MapFS{pack.FileName: {Data: []byte(describing)}}
	for name, body := range files {
		if name != pack.FileName {
			name = pack.FilesFolder + "/" + name
		}
		in[name] = &fstest.MapFile{Data: []byte(body)}
	}
	return in
}

func readPack(t testing.TB, files map[string]string) *pack.Pack {
	t.Helper()
	p, err := pack.Read(folder(files))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// made makes the component of an example with a pack.
func made(t testing.TB, example string, own *pack.Pack) (plan.Plan, error) {
	t.Helper()
	files, _, err := generator.Fresh(generator.Request{Document: document(t, example), Pack: templates.Component(), Version: "1.2.3", Own: own})
	return files, err
}

// madeOf makes the component of answers with a pack.
func madeOf(t testing.TB, text string, own *pack.Pack) (plan.Plan, error) {
	t.Helper()
	found, problems := answers.Parse(answers.FileName, []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	files, _, err := generator.Fresh(generator.Request{Document: found, Pack: templates.Component(), Version: "1.2.3", Own: own})
	return files, err
}

func document(t testing.TB, example string) *answers.Document {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("../../examples", example, answers.FileName))
	if err != nil {
		t.Fatal(err)
	}
	found, problems := answers.Parse(answers.FileName, body)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return found
}

var exampleNames = []string{"verhuizing", "adresonderzoek", "melding-openbare-ruimte"}

// TestOurOwn lays our own templates over themselves: the same bytes come out, so
// the limits on a pack are none that ours would meet, and who starts from one of
// ours is not refused.
func TestOurOwn(t *testing.T) {
	built := templates.Component()
	ours := fstest.MapFS{pack.FileName: {Data: []byte(describing)}}
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if one, err := pack.Read(fstest.MapFS{pack.FileName: {Data: []byte(describing)}, "files/" + name: {Data: read(t, built, name)}}); err == nil && one.Has(name) {
			ours["files/"+name] = &fstest.MapFile{Data: read(t, built, name)}
		} else if !slices.ContainsFunc(notForPacks, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			t.Errorf("%s is refused as a file of a pack: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	own, err := pack.Read(ours)
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range exampleNames {
		plain, err := made(t, example, nil)
		if err != nil {
			t.Fatal(err)
		}
		laid, err := made(t, example, own)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, plain, laid)
	}
}

// notForPacks are the files of ours that no pack replaces.
var notForPacks = []string{
	"kern/", ".fieldlab/", ".gitattributes", ".gitignore", "3-integratie/.gitignore", "go.mod", "go.sum", "CHANGELOG.md", "LICENSE", ".devcontainer/", "1-gegevens/migraties/",
	// These two have quoters for a kind of file that a pack has none for.
	"deploy/openfsc/outway.env.voorbeeld", "deploy/openfsc/inway.env.voorbeeld",
}

func compare(t *testing.T, plain, laid plan.Plan) {
	t.Helper()
	count := 0
	for _, file := range plain {
		other := laid.Find(file.Path)
		switch {
		case other == nil:
			t.Errorf("%s is gone", file.Path)
		case file.Path == plan.ManifestPath || file.Path == plan.AnswersPath:
		case !bytes.Equal(file.Body, other.Body):
			t.Errorf("%s differs", file.Path)
		default:
			count++
		}
	}
	for _, file := range laid {
		if plain.Find(file.Path) == nil && !strings.HasPrefix(file.Path, pack.Folder+"/") {
			t.Errorf("%s came with it", file.Path)
		}
	}
	if count < 100 {
		t.Errorf("compared %d files only", count)
	}
}

func read(t testing.TB, in fs.FS, name string) []byte {
	t.Helper()
	body, err := fs.ReadFile(in, name)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
