package generator_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// edit puts text before the first place where before stands; at the end when
// before is empty.
type edit struct{ before, text string }

// invented is a type that does not exist: the number of a care provider. Each
// edit is what somebody would do who reads CONTRIBUTING.md; a file that it does
// not name is not touched.
var invented = map[string]edit{
	"templates/component/kern/value/kind.go": {
		"\t{Name: \"reference\"",
		"\t{Name: \"agb\", Format: \"agb\", Pattern: `^[0-9]{8}$`, Control: Line, Input: Input{Mode: \"numeric\", Width: \"middel\", Hint: \"8 cijfers\"}, canonical: closed, check: matching(`^[0-9]{8}$`, \"Een AGB-code bestaat uit 8 cijfers\")},\n",
	},
	"generator/fieldtype/table.go": {
		"\t{\n\t\tName: \"reference\"",
		`	{
		Name: "agb", Go: "string", SQLite: "TEXT", Postgres: "TEXT", Distinct: true, Default: true,
		Expected: problem.Words{NL: "een AGB-code van 8 cijfers", EN: "an AGB code of 8 digits"},
		example:  each(func(i int) string { return "9999999" + string(rune('1'+i)) }),
	},
`,
	},
	"cmd/internal/text/nl/wizard.txt": {"", "\n[wizard.type.agb]\nAGB-code\n\n[wizard.find.agb]\nagb zorgverlener arts\n"},
	"cmd/internal/text/en/wizard.txt": {"", "\n[wizard.type.agb]\nAGB code\n\n[wizard.find.agb]\nagb doctor care\n"},
}

// lackingPlace is what the tests must say when one of the places is left out.
var lackingPlace = map[string]string{
	"templates/component/kern/value/kind.go": "type agb has no kind: add it to templates/component/kern/value/kind.go",
	"generator/fieldtype/table.go":           "type agb has no row in generator/fieldtype/table.go",
	"cmd/internal/text/nl/wizard.txt":        "type agb has no text wizard.type.agb in nl: add it to cmd/internal/text/nl/wizard.txt",
	"cmd/internal/text/en/wizard.txt":        "type agb has no text wizard.type.agb in en: add it to cmd/internal/text/en/wizard.txt",
}

// backticked are the names and commands in CONTRIBUTING.md.
var backticked = regexp.MustCompile("`([^`]+)`")

// TestContributingAddsAType follows CONTRIBUTING.md to the letter in a copy of
// this repository, for a type that does not exist.
func TestContributingAddsAType(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a copy of this repository")
	}
	places, check := contributing(t)
	copied := copyRepository(t)
	for _, place := range places {
		apply(t, copied, place)
	}
	if output, ok := run(copied, check+" -vet=off -short"); !ok {
		t.Fatalf("after what CONTRIBUTING.md says, %q fails:\n%s", check, output)
	}
	for _, place := range places {
		whole := read(t, filepath.Join(copied, place))
		write(t, filepath.Join(copied, place), read(t, filepath.Join("..", place)))
		if output, ok := run(copied, check+" -vet=off -run EveryType"); ok || !strings.Contains(output, lackingPlace[place]) {
			t.Errorf("without %s, %q does not say %q:\n%s", place, check, lackingPlace[place], output)
		}
		write(t, filepath.Join(copied, place), whole)
	}
	// make update, as far as a type has to do with it: the rest needs a network.
	for _, arguments := range []string{" -update", ""} {
		if output, ok := run(copied, "go test ./generator -vet=off -run ^(TestSchema|TestEveryFieldType)$"+arguments); !ok {
			t.Fatalf("make update: %s", output)
		}
	}
	generated(t, copied)
}

// generated makes a component in which the invented type occurs.
func generated(t *testing.T, copied string) {
	t.Helper()
	component := filepath.Join(copied, "component")
	if output, ok := run(copied, "go run ./cmd/fieldlab new "+component+" --no-git --answers examples/testdata/alle-veldtypen.yaml"); !ok {
		t.Fatal(output)
	}
	for name, want := range map[string]string{
		"2-diensten/openapi.yaml":  `agb: {type: string, format: agb, pattern: "^[0-9]{8}$"`,
		answers.SchemaFile:         `"agb"`,
		"kern/value/kind.go":       `Name: "agb"`,
		"5-interactie/schermen.go": `"agb"`,
	} {
		matches, _ := filepath.Glob(filepath.Join(component, filepath.FromSlash(name)))
		if len(matches) == 0 {
			t.Errorf("the component has no %s", name)
		} else if !strings.Contains(read(t, matches[0]), want) {
			t.Errorf("%s of the component does not hold %s", name, want)
		}
	}
}

// contributing reads the places and the command of "A field type".
func contributing(t *testing.T) (places []string, check string) {
	t.Helper()
	_, bullet, found := strings.Cut(read(t, "../CONTRIBUTING.md"), "- **A field type.**")
	bullet, _, ended := strings.Cut(bullet, "\n")
	bullet, _, _ = strings.Cut(bullet, " A type that is no text of one line")
	if !found || !ended {
		t.Fatal("CONTRIBUTING.md does not say how to add a field type")
	}
	for _, quoted := range backticked.FindAllStringSubmatch(bullet, -1) {
		switch name := quoted[1]; {
		case strings.HasPrefix(name, "go test "):
			check = name
		case strings.Contains(name, "/"):
			places = append(places, name)
		}
	}
	for _, place := range places {
		if _, known := invented[place]; !known {
			t.Errorf("CONTRIBUTING.md names %s, where nothing of a type stands", place)
		}
	}
	if len(places) > 4 || check == "" || !strings.Contains(bullet, "`make update`") || !strings.Contains(bullet, "`[wizard.type.NAME]`") {
		t.Errorf("CONTRIBUTING.md: %d places (at most 4), check %q, and make update and the key of the texts must be there:%s", len(places), check, bullet)
	}
	return places, check
}

// apply does in the copy what the edit of place says.
func apply(t *testing.T, copied, place string) {
	t.Helper()
	name := filepath.Join(copied, filepath.FromSlash(place))
	body, change := read(t, name), invented[place]
	if change.before == "" {
		write(t, name, body+change.text)
		return
	}
	if !strings.Contains(body, change.before) {
		t.Fatalf("%s holds no %q", place, change.before)
	}
	write(t, name, strings.Replace(body, change.before, change.text+change.before, 1))
}

// run runs a command line in folder, without quotes.
func run(folder, line string) (string, bool) {
	words := strings.Fields(line)
	command := exec.Command(words[0], words[1:]...)
	command.Dir = folder
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-trimpath") // the cache serves every copy
	output, err := command.CombinedOutput()
	return string(output), err == nil
}

// copyRepository copies what the generator is built from.
func copyRepository(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "cmd", "generator", "templates", "examples"} {
		err := filepath.WalkDir(filepath.Join("..", name), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			target := filepath.Join(to, strings.TrimPrefix(path, ".."))
			if entry.IsDir() {
				if ok, _ := filepath.Match(filepath.FromSlash("../examples/*/component"), path); ok {
					return fs.SkipDir // what is expected of an example is not needed
				}
				return os.MkdirAll(target, 0o755)
			}
			body, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(target, body, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}
