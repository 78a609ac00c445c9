package source_test

import (
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/source"
)

var names = []string{
	"pwa/a.tsx", "a.go", "4-proces/a.go", "a.py", "a.php", "a.java", "a.kt", "a.cs", "a.sql", "a.prisma", "a.html", "a.blade.php", "a.css",
	"values-prod.yaml", "fieldlab.yaml", ".env.production", "a.json", "a.csv", "README.md", "a.vue",
}

// TestHostile: no text takes longer than its length asks, whatever stands in it. The
// engine says "slow" of a checker that it had to cut off.
func TestHostile(t *testing.T) {
	t.Parallel()
	size := 1 << 17 // what takes the square of its length shows at that
	fill := func(part string) string { return strings.Repeat(part, size/len(part)) }
	for name, body := range map[string]string{
		"escapes":    "'" + fill(`\'`),
		"quotes":     fill(`"'`),
		"apostrophe": "`" + fill("'\""),
		"numbers":    fill("bsn"),
		"addresses":  fill(`"https://api.gemeente.nl/`),
		"brackets":   "log.Printf(" + fill("("),
		"logs":       fill("log.Printf(bsn "),
		"tables":     fill("CREATE TABLE x ("),
		"classes":    fill("@Entity(\nclass X {\n"),
		"models":     "models.\n" + fill("class X(Y):\n"),
		"inserts":    fill("INSERT INTO x (bsn) VALUES ('1',"),
		"comments":   fill("/*{#{{--<!--"),
		"scripts":    fill(`<script src="//unpkg.com `),
		"verify":     fill("verify=False "),
		"outway":     "OUTWAY_URL=" + fill("http://api.bag.kadaster.nl\n"),
		"mail":       "achternaam bsn geboortedatum " + fill("aaaaaaaaaaaaaaaa@gmail."),
		"invalid":    fill("bsn=\xff\xfe"),
		"aliases":    "register: &a [" + fill("[") + "]",
	} {
		files := map[string]string{".fieldlab/manifest.json": "{}", "go.mod": "module x\n"}
		for _, file := range names {
			files[file] = body
			files["lines/"+file] = lines(body)
		}
		t.Run(name, func(t *testing.T) {
			result := checktest.Run(t, files, source.Checker())
			for _, v := range result.Verdicts {
				if len(v.Missed) > 0 {
					t.Fatalf("%s: %v", v.Rule.ID, v.Missed[0])
				}
			}
		})
	}
}

func FuzzFiles(f *testing.F) {
	f.Add("fetch(`https://api.bag.kadaster.nl/${bsn}`, log.info(\"x\", bsn)) // '")
	f.Add("CREATE TABLE persoon (bsn char(9), voornaam text, geboortedatum date); INSERT INTO x (bsn) VALUES ('123456782');")
	f.Add("class X(models.Model):\n  bsn = models.CharField()\n  eigenschappen = models.JSONField()\nrequests.get(x, verify=False)")
	f.Add("register:\n- name: x\n  fields: [{name: bsn, type: bsn}]\n")
	f.Add("<script\nsrc=\"//unpkg.com/x\"></script>{# {{-- <!-- \"\"\" ''' `")
	f.Fuzz(func(t *testing.T, body string) {
		files := map[string]string{".fieldlab/manifest.json": "{}", "go.mod": "module x\n"}
		for _, name := range names {
			files[name] = body
		}
		for _, v := range checktest.Run(t, files, source.Checker()).Verdicts {
			if len(v.Missed) > 0 {
				t.Fatalf("%s: %v", v.Rule.ID, v.Missed[0])
			}
		}
	})
}

// lines breaks a text as people do: what has none is taken for what a tool wrote.
func lines(body string) string {
	var b strings.Builder
	for len(body) > 200 {
		b.WriteString(body[:200] + "\n")
		body = body[200:]
	}
	return b.String() + body
}
