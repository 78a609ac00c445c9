package course

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

const goodMain = `version: 1
name: proef
title: Een proef
case: verhuizing
plans:
  2: [{day: 1, part: ochtend, steps: [een]}, {day: 2, part: middag, steps: [twee]}]
`

const goodStep = `---
title: Een veld erbij
goal: Het veld {naam} is er.
minutes: 20
checks:
  - {name: Staat het veld er?, kind: answers, entity: verhuizing, field: telefoon, type: phone}
  - {name: De tests zijn groen, kind: tests}
recipe:
  - fieldlab: add field verhuizing telefoon --type phone --title "Uw nummer"
  - edit: {file: 5-interactie/schermen.go, from: "a", to: "b"}
  - write: {path: docs/nieuw.md, text: "# Nieuw"}
---
## Doen

Open {adres} en doe het.

` + "```" + `
## dit is geen kop
` + "```" + `

## Hint

Kijk {poort}.
`

// course makes files of a main file and steps, by name.
func files(main string, steps ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	if main != "" {
		fsys[Main] = &fstest.MapFile{Data: []byte(main)}
	}
	for i := 0; i+1 < len(steps); i += 2 {
		fsys[steps[i]] = &fstest.MapFile{Data: []byte(steps[i+1])}
	}
	return fsys
}

func TestRead(t *testing.T) {
	for _, ends := range []string{"\n", "\r\n"} {
		text := strings.ReplaceAll(goodStep, "\n", ends)
		c, err := Read(files(strings.ReplaceAll(goodMain, "\n", ends), "01-een.md", text, "02-twee.md", text, "README.md", "niets", "plaatje.svg", "x"))
		if err != nil {
			t.Fatal(err)
		}
		s := c.Step("2")
		if s == nil || s.ID != "twee" || c.Step("een").Number != 1 || c.Step("drie") != nil || c.Step("0") != nil {
			t.Fatalf("the steps are %+v", c.Steps)
		}
		if s.Minutes != 20 || len(s.Checks) != 2 || !s.Checks[1].Slow || s.Checks[0].Slow || s.Checks[1].Line != 7 {
			t.Errorf("step: %+v", s)
		}
		if got := strings.Join(s.Recipe[0].Fieldlab, "|"); got != "add|field|verhuizing|telefoon|--type|phone|--title|Uw nummer" {
			t.Errorf("recipe: %s", got)
		}
		if !strings.Contains(string(s.Do), "## dit is geen kop") || string(s.Hint) != "Kijk {poort}.\n" {
			t.Errorf("texts: %q, %q", s.Do, s.Hint)
		}
		if got := (Words{"verhuizing-zuid", 8110}).Fill("{naam} {adres} {nabootsing} {zaakId} {id}"); got != "verhuizing-zuid http://localhost:8110 http://localhost:8112 {zaakId} {id}" {
			t.Errorf("filled in: %s", got)
		}
		if len(c.For(2)) != 2 || len(c.For(4)) != 2 || len(c.Until("een")) != 1 || c.Until("geen") != nil || len(c.Days()) != 1 {
			t.Error("the plans choose something else")
		}
	}
}

// TestMistakes: each mistake has its place, and all come at once.
func TestMistakes(t *testing.T) {
	step := func(from, to string) fstest.MapFS {
		if !strings.Contains(goodStep, from) {
			t.Fatalf("%q is not in the step", from)
		}
		return files(goodMain, "01-een.md", strings.Replace(goodStep, from, to, 1), "02-twee.md", goodStep)
	}
	check := func(keys string) fstest.MapFS {
		return step("{name: De tests zijn groen, kind: tests}", "{name: Iets, "+keys+"}")
	}
	main := func(from, to string) fstest.MapFS {
		return files(strings.Replace(goodMain, from, to, 1), "01-een.md", goodStep, "02-twee.md", goodStep)
	}
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string // file:line: key: code, sorted
	}{
		"nothing":            {files(""), "cursus.yaml:0: : course-no-file"},
		"no steps":           {files(goodMain), "cursus.yaml:6: plans.2[0].steps[0]: course-plan-step, cursus.yaml:6: plans.2[1].steps[0]: course-plan-step, cursus.yaml:0: : course-no-steps"},
		"a folder":           {fstest.MapFS{Main: {Data: []byte(goodMain)}, "01-een.md": {Data: []byte(goodStep)}, "02-twee.md/x": {}}, "02-twee.md:0: : course-unreadable, cursus.yaml:6: plans.2[1].steps[0]: course-plan-step"},
		"file name":          {files(goodMain, "01-een.md", goodStep, "02-twee.md", goodStep, "3-drie.md", goodStep), "3-drie.md:1: : course-file-name"},
		"gap":                {files(goodMain, "01-een.md", goodStep, "03-twee.md", goodStep), "03-twee.md:1: : course-number"},
		"twice":              {files(goodMain, "01-een.md", goodStep, "02-twee.md", goodStep, "03-een.md", goodStep), "03-een.md:1: : course-step-twice"},
		"too large":          {files(goodMain, "01-een.md", goodStep, "02-twee.md", strings.Repeat("x", maxFileSize+1)), "02-twee.md:0: : file-too-large, cursus.yaml:6: plans.2[1].steps[0]: course-plan-step"},
		"no front":           {step("---\n", ""), "01-een.md:1: : course-front"},
		"unknown key":        {step("minutes: 20", "minuten: 20"), "01-een.md:4: minuten: key-unknown"},
		"twice a key":        {step("minutes: 20", "title: a"), "01-een.md:4: title: key-duplicate"},
		"minutes":            {step("minutes: 20", "minutes: 0"), "01-een.md:4: minutes: course-range"},
		"no number":          {step("minutes: 20", "minutes: lang"), "01-een.md:4: minutes: want-integer"},
		"no yaml":            {step("minutes: 20", "\tminutes: 20"), "01-een.md:4: : tab-indent"},
		"anchor":             {step("minutes: 20", "minutes: &a 20"), "01-een.md:4: minutes: anchor"},
		"no goal":            {step("goal: Het veld {naam} is er.", "goal:"), "01-een.md:3: goal: value-empty"},
		"kind":               {check("kind: testen"), "01-een.md:7: checks[1].kind: value-unknown"},
		"no kind":            {check("kindd: tests"), "01-een.md:7: checks[1].kind: key-missing"},
		"not for the kind":   {check("kind: tests, path: x"), "01-een.md:7: checks[1].path: course-not-for"},
		"no file":            {check("kind: file, path: ../geheim, contains: x"), "01-een.md:7: checks[1].path: course-path"},
		"settings":           {check("kind: file, path: .env, contains: x"), "01-een.md:7: checks[1].path: course-path"},
		"data":               {check("kind: file, path: .DATA/x, contains: x"), "01-een.md:7: checks[1].path: course-path"},
		"git":                {check("kind: file, path: .git/config, contains: x"), "01-een.md:7: checks[1].path: course-path"},
		"elsewhere":          {check("kind: page, path: //elders.test/"), "01-een.md:7: checks[1].path: course-url-path"},
		"layer":              {check("kind: page, layer: gegevens"), "01-een.md:7: checks[1].layer: value-unknown"},
		"two subjects":       {check("kind: answers, role: a, step: b"), "01-een.md:7: checks[1]: course-one"},
		"no subject":         {check("kind: answers"), "01-een.md:7: checks[1]: course-one"},
		"field without":      {check("kind: answers, field: a"), "01-een.md:7: checks[1].entity: key-missing"},
		"type of a step":     {check("kind: answers, step: a, type: b"), "01-een.md:7: checks[1].type: course-not-for"},
		"is and not":         {check("kind: answers, key: a, is: b, not: c"), "01-een.md:7: checks[1]: course-one"},
		"log of nothing":     {check("kind: log"), "01-een.md:7: checks[1]: course-needs"},
		"plain answer":       {check("kind: answer, question: Wie?, answer: ik"), "01-een.md:7: checks[1].answer: course-plain-answer"},
		"no hash":            {check("kind: answer, question: Wie?, hash: ik"), "01-een.md:7: checks[1].hash: course-hash"},
		"nothing planted":    {check("kind: planted"), "01-een.md:7: checks[1]: course-no-plant"},
		"same name":          {step("De tests zijn groen", "Staat het veld er?"), "01-een.md:7: checks[1]: course-name-twice"},
		"shell":              {step("fieldlab: add field", "run: rm -rf"), "01-een.md:9: recipe[0].run: key-unknown"},
		"other command":      {step("fieldlab: add field verhuizing", "fieldlab: new field verhuizing"), "01-een.md:9: recipe[0].fieldlab: course-command"},
		"flag":               {step("--type phone", "--openapi /etc/passwd"), "01-een.md:9: recipe[0].fieldlab: course-flag"},
		"flag with value":    {step("--type phone", "--dir=/tmp"), "01-een.md:9: recipe[0].fieldlab: course-flag"},
		"short flag":         {step("--type phone", "-d x"), "01-een.md:9: recipe[0].fieldlab: course-flag"},
		"all flags after":    {step("--type phone", "-- --dir x"), "01-een.md:9: recipe[0].fieldlab: course-flag"},
		"quote":              {step(`"Uw nummer"`, `"Uw nummer`), "01-een.md:9: recipe[0].fieldlab: course-command"},
		"edit in kern":       {step("file: 5-interactie/schermen.go", "file: kern/start/run.go"), "01-een.md:10: recipe[1].edit.file: course-path"},
		"edit of the base":   {step("file: 5-interactie/schermen.go", "file: .fieldlab/manifest.json"), "01-een.md:10: recipe[1].edit.file: course-path"},
		"edit of nothing":    {step(`from: "a", to: "b"`, `from: "a", to: "a"`), "01-een.md:10: recipe[1].edit: course-same"},
		"write in workflows": {step("path: docs/nieuw.md", "path: .github/workflows/x.yml"), "01-een.md:11: recipe[2].write.path: course-path"},
		"heading":            {step("## Hint", "## Hints"), "01-een.md:13: : course-no-section, 01-een.md:21: : course-section"},
		"no heading":         {step("## Doen\n", ""), "01-een.md:13: : course-no-section, 01-een.md:14: : course-section"},
		"word":               {step("{adres}", "{adress}"), "01-een.md:15: : course-word"},
		"version":            {main("version: 1", "version: 2"), "cursus.yaml:1: version: version-newer"},
		"no version":         {main("version: 1", "version: x"), "cursus.yaml:1: version: version-unknown"},
		"name":               {main("name: proef", "name: Een Proef"), "cursus.yaml:2: name: course-name"},
		"days":               {main("  2:", "  4:"), "cursus.yaml:6: plans.4: course-days"},
		"day":                {main("day: 2", "day: 3"), "cursus.yaml:6: plans.2[1].day: course-day"},
		"part":               {main("part: middag", "part: avond"), "cursus.yaml:6: plans.2[1].part: value-unknown"},
		"unknown step":       {main("[twee]", "[drie]"), "cursus.yaml:6: plans.2[1].steps[0]: course-plan-step"},
		"order":              {main("[een]", "[twee]"), "cursus.yaml:6: plans.2[1].steps[0]: course-plan-order"},
		"order of days":      {main("day: 1", "day: 2, part: einde"), "cursus.yaml:6: plans.2[0].part: key-duplicate, cursus.yaml:6: plans.2[1]: course-plan-order"},
	} {
		t.Run(name, func(t *testing.T) {
			course, err := Read(c.files)
			var list problem.List
			if course != nil || !errors.As(err, &list) {
				t.Fatalf("got %+v, %v", course, err)
			}
			if got := places(list); got != c.want {
				t.Errorf("got  %s\nwant %s\n%v", got, c.want, err)
			}
		})
	}
}

func places(list problem.List) string {
	var all []string
	for _, p := range list {
		all = append(all, strings.Join([]string{p.File + ":" + strconv.Itoa(p.Line), " " + p.Key, " " + string(p.Code)}, ":"))
	}
	return strings.Join(all, ", ")
}

// TestLinks: a step that is a link is not followed.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{Main: goodMain, "02-twee.md": goodStep, "../elders.md": goodStep} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join("..", "elders.md"), filepath.Join(dir, "01-een.md")); err != nil {
		t.Skip("no links here: ", err)
	}
	if _, err := Read(os.DirFS(dir)); err == nil || !strings.Contains(err.Error(), "01-een.md") {
		t.Errorf("a link was followed: %v", err)
	}
}

func TestHash(t *testing.T) {
	hash := Hash("Wie?", "De  Medewerker.")
	for answer, right := range map[string]bool{"de medewerker": true, ` "De medewerker" `: true, "medewerker": false, "": false} {
		if matches([]string{Hash("Wie?", "iets anders"), hash}, answer) != right {
			t.Errorf("%q: %v", answer, !right)
		}
	}
	if !regexHash.MatchString(hash) {
		t.Error(hash)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(goodMain), []byte(goodStep))
	f.Add([]byte("plans: {2: [{}]}"), []byte("---\nchecks: [{kind: page}, {kind: log}, {kind: answers}, {kind: answer}]\n---\n"))
	f.Add([]byte("plans: []"), []byte("---\nchecks: {}\nplant: 1\nrecipe: [1, {edit: 1}, {write: []}, {fieldlab: \"'\"}]\n---\n## Doen\n"))
	f.Fuzz(func(t *testing.T, main, step []byte) {
		c, err := Read(files(string(main), "01-een.md", string(step)))
		if (c == nil) == (err == nil) {
			t.Errorf("%v and %v", c, err)
		}
		if c != nil && (len(c.Steps) != 1 || c.Name == "" || c.Steps[0].Title == "" || len(c.Steps[0].Checks) == 0) {
			t.Errorf("a course with nothing in it: %+v", c)
		}
	})
}
