package merge

import (
	"strings"
	"testing"
)

// api is a part of an openapi.yaml, and apiBoth what comes of it in TestYAML.
const api = `# De API.
openapi: 3.0.3
paths:
  /verhuizingen:
    get:
      tags: [verhuizingen]
components:
  schemas:
    Verhuizing:
      type: object
      required: [bsn, datum]
      properties:
        bsn: {type: string, title: BSN}
        datum: {type: string, format: date}
    # De lijst.
    VerhuizingLijst:
      type: object
`

const apiBoth = `# De API.
openapi: 3.0.3
paths:
  /zaken:
    get:
      tags: [zaken]
  /verhuizingen:
    get:
      tags: [verhuizingen, team]
components:
  schemas:
    Verhuizing:
      type: object
      required: [datum, telefoon, huur]
      properties:
        bsn: {type: string, title: Burgerservicenummer, minLength: 9}
        datum: {type: string, format: date-time}
        # Van ons.
        telefoon: {type: string}
        huur: {type: number}
    Nieuw:
      type: string
    # De lijst.
    VerhuizingLijst:
      type: object
`

// TestYAML: keys, entries and lists between brackets that both sides changed.
func TestYAML(t *testing.T) {
	t.Parallel()
	ours := replacedIn(t, api, "        datum: {type: string, format: date}\n", "        datum: {type: string, format: date}\n        # Van ons.\n        telefoon: {type: string}\n",
		"[bsn, datum]", "[bsn, datum, telefoon]", "title: BSN", "title: Burgerservicenummer", "[verhuizingen]", "[verhuizingen, team]")
	theirs := replacedIn(t, api, "        datum: {type: string, format: date}\n", "        datum: {type: string, format: date-time}\n        huur: {type: number}\n    Nieuw:\n      type: string\n",
		"[bsn, datum]", "[datum, huur]", "{type: string, title: BSN}", "{type: string, title: BSN, minLength: 9}", "  /verhuizingen:", "  /zaken:\n    get:\n      tags: [zaken]\n  /verhuizingen:")
	const list = "stappen:\n  - naam: a\n    uit: x\n"
	runCases(t, []sideCase{
		{"openapi", "2-diensten/openapi.yaml", api, ours, theirs, apiBoth, 0, false},
		{"CRLF", "2-diensten/openapi.yaml", api, strings.ReplaceAll(ours, "\n", "\r\n"), theirs, strings.ReplaceAll(apiBoth, "\n", "\r\n"), 0, false},
		{"entries of a list", "x.yml", list, list + "  - naam: b\n    uit: y\n", list + "  - naam: c\n    uit: z\n", list + "  - naam: b\n    uit: y\n  - naam: c\n    uit: z\n", 0, false},
		{"an entry changed and one added", "x.yml", list, "stappen:\n  - naam: a\n    uit: X # anders\n", list + "  - naam: c\n", "stappen:\n  - naam: a\n    uit: X # anders\n  - naam: c\n", 0, false},
		{"the same entry twice", "x.yml", list, list + "  - naam: b\n", list + "  - naam: b\n", list + "  - naam: b\n", 0, false},
		{"a key of two kinds", "x.yml", list, list + "vorm: a\n", list + "vorm: b\n", list + conflict("vorm: a\n", "vorm: b\n"), 1, false},
		{"a key twice, in two places", "x.yml", "a: 1\nb: 2\nc: 3\nd: 4\n", "z: 5\na: 1\nb: 2\nc: 3\nd: 4\n", "a: 1\nb: 2\nc: 3\nd: 4\nz: 6\n", "", 0, true},
		{"another indent", "x.yml", "a:\n  - b: 1\n    c: 2\n", "a:\n    - b: 1\n      c: 2\n      d: 3\n", "a:\n  - b: 1\n    c: 2\n    e: 4\n", "a:\n    - b: 1\n      c: 2\n      d: 3\n      e: 4\n", 0, false},
		{"a text of more lines", "x.yml", "a: |\n  een\n  twee\n  drie\nb: 1\n", "a: |\n  EEN\n  twee\n  drie\nb: 1\nx: 1\n", "a: |\n  een\n  twee\n  DRIE\nb: 1\ny: 1\n", "a: |\n  EEN\n  twee\n  DRIE\nb: 1\nx: 1\ny: 1\n", 0, false},
		{"brackets over more lines", "x.yml", "a: [\n  b,\n  c\n]\n", "a: [\n  b,\n  c,\n  d\n]\n", "a: [\n  b,\n  c,\n  e\n]\n", "a: [\n  b,\n  c,\n  d,\n  e\n]\n", 0, false},
		{"taken out and changed", "x.yml", "a: 1\nb: 2\n", "a: 1\n", "a: 1\nb: 3\n", "a: 1\n" + conflict("", "b: 3\n"), 1, false},
		{"no YAML of the team", "x.yml", "a: 1\nb: 2\n", "a: [1\nb: 2\n", "a: 2\nb: 2\n", conflict("a: [1\n", "a: 2\n") + "b: 2\n", 1, false},
		{"numbers added to a list", "x.yml", "a: [1, 2]\n", "a: [1, 2, 3]\n", "a: [1, 2, 4]\n", conflict("a: [1, 2, 3]\n", "a: [1, 2, 4]\n"), 1, false},
		{"two versions of one entry", "x.yml", "a: [x, y]\n", "a: [x, z]\n", "a: [x, w]\n", conflict("a: [x, z]\n", "a: [x, w]\n"), 1, false},
		{"two versions of one item", "x.yml", "a:\n  - x\n  - y\n", "a:\n  - x\n  - z\n", "a:\n  - x\n  - w\n", "a:\n  - x\n" + conflict("  - z\n", "  - w\n"), 1, false},
		{"a name that the other takes away", "x.yml", "a: &x 1\nb: 2\nc: 3\nd: 4\n", "a: &x 1\nb: 2\nc: 3\nd: 4\ne: *x\n", "a: 1\nb: 2\nc: 3\nd: 4\nf: 5\n", "a: 1\nb: 2\nc: 3\nd: 4\n" + conflict("e: *x\n", "f: 5\n"), 1, false},
		{"notes of both at one place", "x.yml", "a: 1\nb: 2\n", "a: 1\n# van ons\nb: 3\n", "a: 1\n# van hen\nb: 2\nc: 4\n", "a: 1\n# van ons\n# van hen\nb: 3\nc: 4\n", 0, false},
		{"numbers in a list", "x.yml", "a: [1, 2]\n", "a: [1, 3]\n", "a: [1, 4]\n", conflict("a: [1, 3]\n", "a: [1, 4]\n"), 1, false},
	})
}

// TestJSON: objects by key, in the order and with the indent of ours.
func TestJSON(t *testing.T) {
	t.Parallel()
	const settings = "{\n  \"name\": \"a\",\n  \"extends\": [\"x\"],\n  \"deep\": {\"one\": 1}\n}\n"
	runCases(t, []sideCase{
		{"keys of both", "renovate.json", settings,
			"{\n    \"name\": \"A\",\n    \"extends\": [\"x\", \"y\"],\n    \"deep\": {\"one\": 1, \"two\": 2}\n}\n",
			"{\n  \"name\": \"a\",\n  \"extends\": [\"x\", \"z\"],\n  \"deep\": {\"one\": 1, \"three\": {\n    \"four\": 4\n  }},\n  \"new\": true\n}\n",
			"{\n    \"name\": \"A\",\n    \"extends\": [\"x\", \"y\", \"z\"],\n    \"deep\": {\"one\": 1, \"two\": 2, \"three\": {\n        \"four\": 4\n    }},\n    \"new\": true\n}\n", 0, false},
		{"the same key", "renovate.json", settings, strings.Replace(settings, `"a"`, `"b"`, 1), strings.Replace(settings, `"a"`, `"c"`, 1), "", 0, true},
		{"taken out and changed", "x.json", settings, strings.Replace(settings, "  \"extends\": [\"x\"],\n", "", 1), strings.Replace(settings, "[\"x\"]", "[\"x\", \"y\"]", 1), "", 0, true},
		{"two versions of one entry", "x.json", settings, strings.Replace(settings, "\"x\"", "\"y\"", 1), strings.Replace(settings, "\"x\"", "\"z\"", 1), "", 0, true},
		{"with comments", "x.json", "{\n  // a\n  \"a\": 1\n}\n", "{\n  // b\n  \"a\": 1\n}\n", "{\n  // a\n  \"a\": 2\n}\n", "", 0, true},
		{"broken by the team", "x.json", settings, settings + "}\n", strings.Replace(settings, `"a"`, `"c"`, 1), strings.Replace(settings, `"a"`, `"c"`, 1) + "}\n", 0, false},
		{"a key twice", "x.json", "{\n\"a\": 1,\n\"b\": 1,\n\"c\": 1\n}\n", "{\n\"z\": 1,\n\"a\": 1,\n\"b\": 1,\n\"c\": 1\n}\n", "{\n\"a\": 1,\n\"b\": 1,\n\"z\": 2,\n\"c\": 1\n}\n", "", 0, true},
		{"into an empty object", "x.json", "{\"a\": {}, \"b\": 1}\n", "{\"a\": {}, \"b\": 2}\n", "{\"a\": {\"c\": 1}, \"b\": 1}\n", "{\"a\": {\"c\": 1}, \"b\": 2}\n", 0, false},
	})
}

// TestMod: requirements per module.
func TestMod(t *testing.T) {
	t.Parallel()
	const mod = "module example.test/a\n\ngo 1.26.0\n\nrequire (\n\tb.test/b v1.2.0\n\tc.test/c v1.0.0\n\td.test/d v1.9.0\n)\n\nrequire e.test/e v0.1.0 // indirect\n"
	runCases(t, []sideCase{
		{"each its own", "go.mod", mod,
			replacedIn(t, mod, "b v1.2.0", "b v1.10.0", "\tc.test/c v1.0.0\n", "\tc.test/c v1.0.0\n\tca.test/x v1.0.0\n", "d v1.9.0", "d v1.9.1", "go 1.26.0", "go 1.26.8") + "\nreplace c.test/c => ../c\n",
			replacedIn(t, mod, "b v1.2.0", "b v1.9.0", "\tc.test/c v1.0.0\n", "\tcb.test/y v1.0.0\n", "d v1.9.0", "d v1.10.0-rc.1", "go 1.26.0", "go 1.27.0"),
			"module example.test/a\n\ngo 1.27.0\n\nrequire (\n\tb.test/b v1.10.0\n\tca.test/x v1.0.0\n\tcb.test/y v1.0.0\n\td.test/d v1.10.0-rc.1\n)\n\nrequire e.test/e v0.1.0 // indirect\n\nreplace c.test/c => ../c\n", 0, false},
		{"taken out by fieldlab, moved by the team", "go.mod", mod, strings.Replace(mod, "c v1.0.0", "c v1.1.0", 1), replacedIn(t, mod, "\tc.test/c v1.0.0\n", "", "d v1.9.0", "d v1.9.3"),
			strings.NewReplacer("c v1.0.0", "c v1.1.0", "d v1.9.0", "d v1.9.3").Replace(mod), 0, false},
		{"needed directly by the team", "go.mod", mod, strings.Replace(mod, "e v0.1.0 // indirect", "e v0.1.0", 1), strings.Replace(mod, "e v0.1.0 //", "e v0.2.0 //", 1), strings.Replace(mod, "e v0.1.0 // indirect", "e v0.2.0", 1), 0, false},
		{"needed directly by fieldlab", "go.mod", mod, strings.Replace(mod, "e v0.1.0 //", "e v0.2.0 //", 1), strings.Replace(mod, "e v0.1.0 // indirect", "e v0.1.0", 1), strings.Replace(mod, "e v0.1.0 // indirect", "e v0.2.0", 1), 0, false},
		{"the same module at two places", "go.mod", mod, "require z.test/z v1.0.0\n\n" + mod, mod + "\nrequire z.test/z v1.1.0\n", "require z.test/z v1.1.0\n\n" + mod, 0, false},
		{"taken back by fieldlab, left alone by the team", "go.mod", mod, strings.Replace(mod, "b v1.2.0", "b v1.10.0", 1), strings.NewReplacer("b v1.2.0", "b v1.9.0", "d v1.9.0", "d v1.8.0").Replace(mod),
			strings.NewReplacer("b v1.2.0", "b v1.10.0", "d v1.9.0", "d v1.8.0").Replace(mod), 0, false},
		{"another name", "go.mod", mod, strings.Replace(mod, "example.test/a", "example.test/b", 1), strings.Replace(mod, "example.test/a", "example.test/c", 1),
			conflict("module example.test/b\n", "module example.test/c\n") + strings.TrimPrefix(mod, "module example.test/a\n"), 1, false},
		{"a version before the release", "go.mod", mod, strings.Replace(mod, "d v1.9.0", "d v1.10.0-rc.2", 1), strings.Replace(mod, "d v1.9.0", "d v1.10.0", 1), strings.Replace(mod, "d v1.9.0", "d v1.10.0", 1), 0, false},
		{"a version before the release of theirs", "go.mod", mod, strings.Replace(mod, "d v1.9.0", "d v1.10.0", 1), strings.Replace(mod, "d v1.9.0", "d v1.10.0-rc.2", 1), strings.Replace(mod, "d v1.9.0", "d v1.10.0", 1), 0, false},
		{"sums", "go.sum", "b v1.2.0 h1:x=\nb v1.2.0/go.mod h1:y=\n", "a v1.0.0 h1:1=\nb v1.10.0 h1:x=\nb v1.10.0/go.mod h1:y=\nb v1.2.0 h1:x=\nb v1.2.0/go.mod h1:y=\n", "b v1.2.0 h1:x=\nb v1.2.0/go.mod h1:y=\nb v1.9.0/go.mod h1:z=\n",
			"a v1.0.0 h1:1=\nb v1.2.0 h1:x=\nb v1.2.0/go.mod h1:y=\nb v1.9.0/go.mod h1:z=\nb v1.10.0 h1:x=\nb v1.10.0/go.mod h1:y=\n", 0, false},
		{"sums with markers", "go.sum", "b v1.2.0 h1:x=\n", "<<<<<<< HEAD\n", "b v1.3.0 h1:x=\n", "", 0, true},
	})
}

// TestLists: files of lines that stand on their own, and Markdown.
func TestLists(t *testing.T) {
	t.Parallel()
	const table = "# Velden\n\n| veld | soort |\n|---|---|\n| bsn | bsn |\n\nSlot.\n"
	runCases(t, []sideCase{
		{".gitignore", ".gitignore", "/bin/\n", "/bin/\n\n# Van ons\n/tmp/\n/both/\n", "/bin/\n/dist/\n/both/\n", "/bin/\n\n# Van ons\n/tmp/\n/both/\n/dist/\n", 0, false},
		{"rows", "docs/privacy.md", table, strings.Replace(table, "bsn |\n\n", "bsn |\n| telefoon | phone |\n\n", 1), strings.Replace(table, "bsn |\n\n", "bsn |\n| huur | date |\n\n", 1),
			strings.Replace(table, "bsn |\n\n", "bsn |\n| telefoon | phone |\n| huur | date |\n\n", 1), 0, false},
		{"rows of a table lined up by an editor", "docs/privacy.md", table, replacedIn(t, table, "| veld | soort |\n|---|---|\n| bsn | bsn |", "| veld     | soort |\n|----------|-------|\n| bsn      | bsn   |\n| telefoon | phone |"), strings.Replace(table, "bsn |\n\n", "bsn |\n| huur | date |\n\n", 1),
			replacedIn(t, table, "| veld | soort |\n|---|---|\n| bsn | bsn |", "| veld     | soort |\n|----------|-------|\n| bsn      | bsn   |\n| telefoon | phone |\n| huur | date |"), 0, false},
		{"a row twice", "docs/privacy.md", table, strings.Replace(table, "bsn |\n\n", "bsn |\n| a | b |\n\n", 1), strings.Replace(table, "bsn |\n\n", "bsn |\n| a | c |\n\n", 1),
			strings.Replace(table, "bsn |\n\n", "bsn |\n"+conflict("| a | b |\n", "| a | c |\n")+"\n", 1), 1, false},
		{"items", "README.md", "Lijst:\n\n- a\n\nSlot.\n", "Lijst:\n\n- a\n- b\n  met meer\n\nSlot.\n", "Lijst:\n\n- a\n- c\n\nSlot.\n", "Lijst:\n\n- a\n- b\n  met meer\n- c\n\nSlot.\n", 0, false},
		{"sentences", "README.md", "Een.\n\nSlot.\n", "Een.\nOns.\n\nSlot.\n", "Een.\nHun.\n\nSlot.\n", "Een.\n" + conflict("Ons.\n", "Hun.\n") + "\nSlot.\n", 1, false},
		{"changelog", "CHANGELOG.md", "# W\n\n## Nieuw\n\n- a\n", "# W\n\n## Nieuw\n\n- a\n- b\n", "# W\n\n## Nieuw\n\n- a\n- c\n", "# W\n\n## Nieuw\n\n- a\n- b\n- c\n", 0, false},
		{"changelog with a heading", "CHANGELOG.md", "# W\n\n## Nieuw\n\n- a\n", "# W\n\n## Nieuw\n\n- a\n\n### Weg\n\n- b\n", "# W\n\n## Nieuw\n\n- a\n\n### Weg\n\n- c\n", "# W\n\n## Nieuw\n\n- a\n\n### Weg\n\n- b\n\n- c\n", 0, false},
	})
}
