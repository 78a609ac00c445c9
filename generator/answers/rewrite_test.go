package answers

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const styles = `version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}

# register
register:
  - name: boom # eik
    title: 'Boom'
    fields:
      # eerst de soort
      - {name: soort, type: text} # welke
      - name: hoogte
        type: integer

      # los

      # van het blad
      - {name: blad, type: text, help: "Van het \"blad\"", required: true}
    retention: {period: P5Y} # vijf

sources: [] # nog niets

process:
  title: Kap
  subject: boom
  roles: [{name: inwoner, audience: citizen},
          {name: chef, audience: employee}]
  steps:
    - name: vraag
      kind: form
      role: inwoner
      fields: [
        soort, # een
        hoogte,
        blad # drie
      ]
      next: kies

    # de keuze
    - name: kies
      kind: decide
      role: chef
      outcomes:
        ja: klaar # goed
        nee: weg
      help: >
        Kijk goed
        uit.

    - {name: klaar, kind: end}
    - {name: weg, kind: end}
privacy:
  activities:
  - name: kap
    title: Kappen
`

// rewriteCases are changes with the lines that go and come. A line of the
// difference begins with - or +.
var rewriteCases = map[string]struct {
	change func(a *Answers)
	want   string
}{
	"a field at the end": {func(a *Answers) {
		f := &a.Register[0].Fields
		*f = append(*f, Field{Name: "leeftijd", Type: "integer", Title: "Hoe oud?"})
	}, `
+      - {name: leeftijd, type: integer, title: "Hoe oud?"}`},
	"a field goes with what is right above it": {func(a *Answers) {
		a.Register[0].Fields = a.Register[0].Fields[:2]
	}, `
-
-      # van het blad
-      - {name: blad, type: text, help: "Van het \"blad\"", required: true}`},
	"the first field goes": {func(a *Answers) { a.Register[0].Fields = a.Register[0].Fields[1:] }, `
-      # eerst de soort
-      - {name: soort, type: text} # welke`},
	"another name": {func(a *Answers) {
		a.Register[0].Name, a.Process.Subject, a.Register[0].Title = "struik", "struik", "'t Struikje"
		a.Register[0].Fields[1].Name = "lengte"
		a.Process.Steps[0].Fields[1].Name = "lengte"
	}, `
-  - name: boom # eik
-    title: 'Boom'
+  - name: struik # eik
+    title: '''t Struikje'
-      - name: hoogte
+      - name: lengte
-  subject: boom
+  subject: struik
-        hoogte,
+        lengte,`},
	"a key comes and goes": {func(a *Answers) {
		a.Register[0].Fields[0].Required, a.Register[0].Fields[1].Required, a.Register[0].Fields[2].Required = true, true, false
		a.Register[0].Plural = "bomen"
		a.Register[0].Retention.Source = "Lijst, 1.2"
	}, `
+    plural: bomen
-      - {name: soort, type: text} # welke
+      - {name: soort, type: text, required: true} # welke
+        required: true
-      - {name: blad, type: text, help: "Van het \"blad\"", required: true}
-    retention: {period: P5Y} # vijf
+      - {name: blad, type: text, help: "Van het \"blad\""}
+    retention: {period: P5Y, source: "Lijst, 1.2"} # vijf`},
	"a step in between": {func(a *Answers) {
		s := a.Process.Steps
		s[0].Next = "kijk"
		a.Process.Steps = append([]Step{s[0], {Name: "kijk", Kind: "task", Role: "chef", Next: "kies"}}, s[1:]...)
	}, `
+      next: kijk
+
+    - name: kijk
+      kind: task
+      role: chef`},
	"an end": {func(a *Answers) {
		s := a.Process.Steps
		s[1].Outcomes = append(s[1].Outcomes, Outcome{"later", "uitgesteld"})
		a.Process.Steps = append(s, Step{Name: "uitgesteld", Kind: "end", Result: "later"})
	}, `
+        later: uitgesteld
+    - {name: uitgesteld, kind: end, result: later}`},
	"a list over lines": {func(a *Answers) {
		a.Process.Steps[0].Fields = []StepField{{Name: "soort"}, {Name: "blad"}, {Name: "ander"}}
		a.Process.Roles = append(a.Process.Roles, Role{Name: "baas", Audience: "employee"})
	}, `
-          {name: chef, audience: employee}]
+          {name: chef, audience: employee},
+          {name: baas, audience: employee}]
-        hoogte,
-        blad # drie
+        blad, # drie
+        ander`},
	"an empty list": {func(a *Answers) {
		a.Sources = []Source{{Name: "bag", Catalogue: "bag", Operations: []Operation{{Name: "bevraagAdressen"}}, Purpose: Purpose{Activity: "kap", Fields: []string{"postcode"}}}}
	}, `
-sources: [] # nog niets
+sources: # nog niets
+  - name: bag
+    catalogue: bag
+    operations: [bevraagAdressen]
+    purpose: {activity: kap, fields: [postcode]}`},
	"nothing left": {func(a *Answers) { a.Register = nil; a.Process.Subject = "" }, `
-register:
-  - name: boom # eik
-    title: 'Boom'
-    fields:
-      # eerst de soort
-      - {name: soort, type: text} # welke
-      - name: hoogte
-        type: integer
-
-      # los
-
-      # van het blad
-      - {name: blad, type: text, help: "Van het \"blad\"", required: true}
-    retention: {period: P5Y} # vijf
+register: []
-  subject: boom`},
	"an outcome gets another name": {func(a *Answers) { a.Process.Steps[1].Outcomes[0] = Outcome{"akkoord", "klaar"} }, `
-        ja: klaar # goed
+        akkoord: klaar # goed`},
	"folded": {func(a *Answers) { a.Process.Steps[1].Help = "Nu: anders" }, `
-      help: >
-        Kijk goed
-        uit.
+      help: "Nu: anders"`},
	"an activity": {func(a *Answers) {
		a.Privacy.Activities = append(a.Privacy.Activities, Activity{Name: "plant", Title: "Planten"})
	}, `
+  - name: plant
+    title: Planten`},
	"a key of the top": {func(a *Answers) { a.Interaction.Colour = "#154273" }, `
+interaction: {colour: "#154273"}`},
}

func TestRewrite(t *testing.T) {
	for name, c := range rewriteCases {
		for style, eol := range map[string]string{"LF": "\n", "CRLF": "\r\n", "CR": "\r"} {
			source := strings.ReplaceAll(styles, "\n", eol)
			d, problems := Parse("", []byte(source))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			to := tidy(reflect.ValueOf(d.Answers)).Interface().(Answers)
			c.change(&to)
			out, err := d.Rewrite(to)
			if err != nil {
				t.Errorf("%s (%s): %v", name, style, err)
				continue
			}
			if string(d.Source) != source {
				t.Errorf("%s: the document itself changed", name)
			}
			if got := lineDiff(source, string(out), eol); got != c.want {
				t.Errorf("%s (%s): got%s\nwant%s", name, style, got, c.want)
			}
		}
	}
}

// TestRewriteBrackets: commas and comments within brackets.
func TestRewriteBrackets(t *testing.T) {
	const head = "version: 1\ncomponent: {title: P, organisation: {name: G}}\nregister: [{name: a, fields: [{name: b, type: enum, values: "
	for _, c := range []struct{ before, values, after string }{
		{"[a, b, c]", "a b", "[a, b]"},
		{"[a, b, c]", "a c", "[a, c]"},
		{"[a, b, c]", "b c", "[b, c]"},
		{"[a, b, c,]", "a b", "[a, b,]"},
		{"[ a , b ]", "a b c", "[ a , b, c ]"},
		{"[a, b]", "c a d b e", "[c, a, d, b, e]"},
		{"[a, # over a\n b, c]", "b c", "[b, c]"},
		{"[a, # over a\n b, c]", "a c", "[a, # over a\n c]"},
		{"[a, b,\n # over c\n c]", "a c", "[a,\n # over c\n c]"},
		{"[\n  a,\n  # over b\n  b, # b\n  c\n]", "a c", "[\n  a,\n  c\n]"},
		{"[\n  a,\n  b\n]", "a", "[\n  a\n]"},
		{"[\n  a,\n  b,\n]", "a", "[\n  a,\n]"},
		{"[\n  a,\n  b\n]", "a b c d", "[\n  a,\n  b,\n  c,\n  d\n]"},
		{"[\n  a,\n  b,\n]", "a b c", "[\n  a,\n  b,\n  c,\n]"},
		{"[\n  a,\n  b]", "a b c", "[\n  a,\n  b,\n  c]"},
		{"[\n  a,\n  b]", "c a b", "[\n  c,\n  a,\n  b]"},
		{"[\n  a,\n  b,\n  c\n]", "a b d e", "[\n  a,\n  b,\n  d,\n  e\n]"},
		{"[\n  a,\n  b, # b\n  c\n]", "d a b e f", "[\n  d,\n  a,\n  b, # b\n  e,\n  f\n]"},
		{"[\n  a,\n  b,\n  c]", "d a b e f", "[\n  d,\n  a,\n  b,\n  e,\n  f]"},
		{"['a', 'b']", "a b c", "['a', 'b', 'c']"},
		{"[\"a\", b]", "a b c", "[\"a\", b, c]"},
		{"[a, b]", "p q", "[p, q]"},
		{"[a, b]", "p q r", "[p, q, r]"},
	} {
		d, problems := Parse("", []byte(head+c.before+"}]}]\n"))
		if len(problems) > 0 {
			t.Fatal(c.before, problems)
		}
		to := tidy(reflect.ValueOf(d.Answers)).Interface().(Answers)
		to.Register[0].Fields[0].Values = strings.Fields(c.values)
		out, err := d.Rewrite(to)
		if err != nil {
			t.Errorf("%q to %s: %v", c.before, c.values, err)
		} else if got := strings.TrimSuffix(strings.TrimPrefix(string(out), head), "}]}]\n"); got != c.after {
			t.Errorf("%q to %s: got %q, want %q", c.before, c.values, got, c.after)
		}
	}
}

// TestRewriteByHand: what cannot be written without losing a comment, or not at
// all, is said with its place and what belongs there; and never half done.
func TestRewriteByHand(t *testing.T) {
	d, problems := Parse("fieldlab.yaml", []byte("version: 1\ncomponent: {title: P, organisation: {name: G}}\nprocess:\n  title: X # waarom\n  steps:\n  - {name: a, kind: end, # eind\n     result: # r\n       weg}\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for want, change := range map[string]func(a *Answers){
		`fieldlab.yaml:4:10: process.title: dit is niet netjes in het bestand te zetten. Doe het met de hand; hier hoort dan: "a\u2028b"`:     func(a *Answers) { a.Process.Title = "a\u2028b" },
		`fieldlab.yaml:1:10: version: dit is niet netjes in het bestand te zetten. Doe het met de hand; hier hoort dan: 2`:                    func(a *Answers) { a.Version = 2 },
		`fieldlab.yaml:8:8: process.steps[0].result: dit is niet netjes in het bestand te zetten. Doe het met de hand; hier hoort dan: niets`: func(a *Answers) { a.Process.Steps[0].Result = "" },
	} {
		to := tidy(reflect.ValueOf(d.Answers)).Interface().(Answers)
		change(&to)
		out, err := d.Rewrite(to)
		if err == nil || out != nil || err.Error() != want {
			t.Errorf("got %v\nwant %s\n%s", err, want, out)
		}
	}
	broken, _ := Parse("", []byte("version: 1\n"))
	if _, err := broken.Rewrite(Answers{}); err == nil {
		t.Error("a document with mistakes was rewritten")
	}
}

// lineDiff gives the lines that went and came.
func lineDiff(before, after, eol string) string {
	a, b := strings.SplitAfter(before, eol), strings.SplitAfter(after, eol)
	pairs := match(len(a), len(b), func(i, j int) bool { return a[i] == b[j] }, func(int, int) bool { return false }, func(int, int) bool { return false })
	var out strings.Builder
	show := func(sign string, lines []string) {
		for _, line := range lines {
			out.WriteString("\n" + sign + strings.TrimSuffix(line, eol))
		}
	}
	i, j := 0, 0
	for _, p := range append(pairs, [2]int{len(a), len(b)}) {
		show("-", a[i:p[0]])
		show("+", b[j:p[1]])
		i, j = p[0]+1, p[1]+1
	}
	return out.String()
}

// documents are the examples and other answers in this repository.
func documents(t testing.TB) map[string][]byte {
	t.Helper()
	found := map[string][]byte{"styles": []byte(styles)}
	for name, text := range odd {
		if _, problems := Parse("", []byte(text)); len(problems) > 0 {
			t.Fatalf("%s: %v", name, problems)
		}
		found[name] = []byte(text)
	}
	for _, pattern := range []string{"../../examples/*/fieldlab.yaml", "../../examples/testdata/*.yaml", "testdata/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if _, problems := Parse("", data); len(problems) == 0 {
				found[file] = data
			}
		}
	}
	return found
}
