package answers

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// TestTextIsTakenAsItStands reads values that YAML readers like to turn into
// something else.
func TestTextIsTakenAsItStands(t *testing.T) {
	for _, value := range []string{"00000001001299757000", "010", "0x1F", "1e3", "1_000", "ja", "nee", "yes", "no", "on", "true", "null",
		"2026-11-23", "12:30", "1.10", ".5", "y", "N", "NaN", "0o7", "Ge\u00ebvalueerd (ja/nee)", "70% verkocht?", "{{ .Title }}"} {
		source := "version: 1\ncomponent:\n  title: " + value + "\n  organisation: {name: x}\n"
		if strings.HasPrefix(value, "{") {
			source = strings.Replace(source, value, "'"+value+"'", 1)
		}
		d, problems := Parse("", []byte(source))
		if len(problems) > 0 || d.Answers.Component.Title != value {
			t.Errorf("%q became %q, %v", value, d.Answers.Component.Title, problems)
		}
	}
}

func TestQuestionMarksInOneLine(t *testing.T) {
	d, problems := Parse("", []byte("version: 1\ncomponent: {title: Woont u samen?, summary: Echt? Ja?, organisation: {name: Wie dan?}} # hoezo?\n"))
	c := d.Answers.Component
	if len(problems) > 0 || c.Title != "Woont u samen?" || c.Summary != "Echt? Ja?" || c.Organisation.Name != "Wie dan?" {
		t.Errorf("%+v, %v", c, problems)
	}
	if err := d.Set("component.name", "samen"); err != nil || !strings.Contains(string(d.Source), "# hoezo?") {
		t.Errorf("%v\n%s", err, d.Source)
	}
}

func TestKeysWithoutAValue(t *testing.T) {
	source := "version: 1\ncomponent:\n  title: a\n  summary:\n  organisation: {name: b}\n  contact:\nregister:\nsources: ~\n" +
		"process:\n  steps:\ndelivery: {ci: }\nfieldlab: {days: }\n"
	d, problems := Parse("", []byte(source))
	want := Answers{Version: 1, Component: Component{Title: "a", Organisation: Organisation{Name: "b"}}}
	if len(problems) > 0 || !reflect.DeepEqual(d.Answers, want) {
		t.Errorf("%+v, %v", d.Answers, problems)
	}
}

func TestPlace(t *testing.T) {
	d, _ := Parse("fieldlab.yaml", example(t))
	for key, want := range map[string]Position{
		"":                                   {2, 1},
		"component.organisation.oin":         {7, 58},
		"component.organisation":             {7, 3},
		"component.organisation.kvk":         {7, 3},
		"register[0].fields[2].type":         {18, 34},
		"register[0].fields[2]":              {18, 9},
		"register[0].fields[9].type":         {15, 5},
		"process.steps[1].outcomes.gevonden": {41, 145},
		"process.steps[0].fields[1]":         {40, 87},
		"sources[0].operations[0]":           {29, 18},
		"nergens":                            {2, 1},
	} {
		placed := d.Place(problem.List{problem.New(problem.KeyMissing, key, "x")})
		if got := (Position{placed[0].Line, placed[0].Column}); got != want || placed[0].File != "fieldlab.yaml" {
			t.Errorf("%q is at %v, want %v", key, got, want)
		}
	}
	kept := d.Positions.Place(problem.List{problem.New(problem.KeyMissing, "component", "x").At("", 99, 3)})
	if kept[0].Line != 99 {
		t.Error("a place that is known is lost")
	}
}

func TestCanonical(t *testing.T) {
	body := "version: 1\ncomponent: {title: a, organisation: {name: b}} # blijft\n"
	want := "# yaml-language-server: $schema=.fieldlab/answers.schema.json\n" + body
	for name, source := range map[string]string{
		"bare":           body,
		"canonical":      want,
		"no line end":    strings.TrimSuffix(body, "\n"),
		"windows":        "\uFEFF" + strings.ReplaceAll(body, "\n", "\r\n"),
		"old mac":        strings.ReplaceAll(body, "\n", "\r"),
		"another schema": "# yaml-language-server: $schema=../x.json\n" + body,
	} {
		d, problems := Parse("", []byte(source))
		if len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
		if got := string(Canonical(d)); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	d, _ := Parse("", []byte("# Van team A\n#yaml-language-server: $schema=x\n\n"+body))
	if got := string(Canonical(d)); got != "# yaml-language-server: $schema=.fieldlab/answers.schema.json\n# Van team A\n\n"+body {
		t.Errorf("%q", got)
	}
}

func TestMigrations(t *testing.T) {
	f := format{version: 3, migrations: map[int]func(*yaml.Node){
		1: func(top *yaml.Node) { top.Content[2].Value = "component" },
		2: func(top *yaml.Node) { child(top, "component").Content[0].Value = "title" },
	}}
	d, problems := f.parse("", []byte("version: 1\nonderdeel: # hier\n  titel: Proef\n  organisation: {name: x, naam: y}\n"))
	if len(problems) != 1 || problems[0].Line != 4 || d.Answers.Component.Title != "Proef" || d.Answers.Version != 3 {
		t.Errorf("%+v, %v", d.Answers, problems)
	}
	if source := string(d.Source); !strings.Contains(source, "version: 3\ncomponent: # hier\n  title: Proef\n") {
		t.Errorf("source %q", source)
	}
	for version, want := range map[string]problem.Code{"0": problem.VersionUnknown, "-1": problem.VersionUnknown, "4": problem.VersionNewer} {
		if _, problems := f.parse("", []byte("version: "+version+"\nwat: dan ook\n")); len(problems) != 1 || problems[0].Code != want {
			t.Errorf("version %s: %v", version, problems)
		}
	}
}

// TestMarshalIsReadBack writes made-up answers and reads them back.
func TestMarshalIsReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		var a Answers
		makeUp(random, reflect.ValueOf(&a).Elem(), key{shape: root})
		a.Version = Version
		data, err := Marshal(a)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		d, problems := Parse("", data)
		if len(problems) > 0 || !reflect.DeepEqual(d.Answers, a) {
			t.Fatalf("%v\n%s\n%+v\n%+v", problems, data, d.Answers, a)
		}
		if strings.Contains(string(data), "? ") && strings.HasPrefix(string(data), "?") {
			t.Fatal("a complex key")
		}
		if again, _ := Marshal(d.Answers); string(again) != string(data) {
			t.Fatalf("written twice it differs\n%s\n%s", data, again)
		}
	}
}

var words = []string{"verhuizing", "Gemeente 's-Hertogenbosch", "70% verkocht?", "a: b", "# geen commentaar", "- a", "{{ .x }}",
	"regel een\nregel twee\n", " spatie ", "null", "yes", "1e3", "0o7", "007", "é", "🎉", "<b>", "\"", "'", "\\", "~", "&a", "*a", "!x",
	"[a, b]", "{a: b}", "@x", "`x`", "%d", "a#b", "a #b", "=", "<<", ",", "?", "|", ">", "\ttab", "...", "---", "a\\0b", "true"}

// makeUp fills v as a team could: what is required, and the rest sometimes.
func makeUp(random *rand.Rand, v reflect.Value, k key) {
	maybe := func() bool { return random.IntN(3) > 0 }
	switch v.Kind() {
	case reflect.String:
		if len(k.enum) > 0 {
			v.SetString(k.enum[random.IntN(len(k.enum))])
			return
		}
		v.SetString(words[random.IntN(len(words))])
	case reflect.Int:
		v.SetInt(int64(1 + random.IntN(9)))
	case reflect.Float64:
		v.SetFloat([]float64{0, -1.5, 1e21, 20, math.Pi, 1e-9}[random.IntN(6)])
	case reflect.Bool:
		v.SetBool(maybe())
	case reflect.Map:
		m := map[string]string{}
		for range 1 + random.IntN(3) {
			m[words[random.IntN(len(words))]] = words[random.IntN(len(words))]
		}
		v.Set(reflect.ValueOf(m))
	case reflect.Slice:
		n := 1 + random.IntN(3)
		if k.shape.kind == outcomes {
			list := make([]Outcome, n)
			for i := range list {
				list[i] = Outcome{words[i*7+random.IntN(7)], words[random.IntN(len(words))]}
			}
			v.Set(reflect.ValueOf(list))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			makeUp(random, v.Index(i), key{shape: k.shape.elem, enum: k.enum})
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		makeUp(random, v.Elem(), k)
	case reflect.Struct:
		if k.shape.kind == stepField {
			f := StepField{Name: "veld"}
			if maybe() {
				f.Inline = new(Field)
				makeUp(random, reflect.ValueOf(f.Inline).Elem(), key{shape: k.shape.elem})
				f.Name = f.Inline.Name
			}
			v.Set(reflect.ValueOf(f))
			return
		}
		for _, k := range k.shape.keys {
			if k.required || maybe() {
				makeUp(random, v.Field(k.field), k)
			}
		}
	}
}

func TestMarshalOfWhatIsNotComplete(t *testing.T) {
	data, err := Marshal(Answers{Component: Component{Summary: "nog bezig"}})
	if err == nil || !strings.Contains(err.Error(), "title") {
		t.Errorf("%v", err)
	}
	if d, _ := Parse("", data); d.Answers.Component.Summary != "nog bezig" {
		t.Errorf("%s", data)
	}
}
