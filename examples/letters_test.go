package examples_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// TestLetters: for every source there is a letter to its provider. What the
// answers know is in it; what they do not know is listed above it.
func TestLetters(t *testing.T) {
	for _, file := range allAnswers(t) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		document, _ := answers.Parse(file, raw)
		a, bodies := document.Answers, planned(t, file)
		var letters []string
		for name, body := range bodies {
			if strings.HasPrefix(name, "docs/toegang/") {
				letters = append(letters, body)
				if link := strings.TrimPrefix(name, "docs/"); !strings.Contains(bodies["docs/bronnen.md"], "("+link+")") || !strings.Contains(bodies["docs/overdracht.md"], "`"+name+"`") {
					t.Errorf("%s: docs/bronnen.md does not lead to %s, or docs/overdracht.md asks nothing for it", file, name)
				}
				for _, rest := range []string{".invalid", "no value", "  \n", "\n\n\n", "(OIN )", ": \n", ", ,"} {
					if strings.Contains(body, rest) {
						t.Errorf("%s: %s holds %q", file, name, rest)
					}
				}
			}
		}
		if len(letters) != len(a.Sources) {
			t.Errorf("%s: %d letters for %d sources", file, len(letters), len(a.Sources))
		}
		for _, s := range a.Sources {
			i := indexWith(letters, s.Purpose.Fields)
			if i < 0 {
				t.Errorf("%s: no letter asks for the fields of %s", file, s.Name)
				continue
			}
			holdsAnswer(t, file, letters[i], "OIN van uw organisatie", a.Component.Organisation.OIN)
			holdsAnswer(t, file, letters[i], "e-mailadres", a.Component.Contact.Email)
			for _, activity := range a.Privacy.Activities {
				if activity.Name == s.Purpose.Activity {
					holdsAnswer(t, file, letters[i], "Het doel van de verwerking", activity.Purpose)
					holdsAnswer(t, file, letters[i], "De grondslag van de verwerking", activity.Basis)
					holdsAnswer(t, file, letters[i], "Het wetsartikel", activity.Explanation)
				}
			}
		}
	}
}

func indexWith(letters, fields []string) int {
search:
	for i, letter := range letters {
		for _, field := range fields {
			if !strings.Contains(letter, field) {
				continue search
			}
		}
		return i
	}
	return -1
}

// holdsAnswer holds a letter to one answer: it is in the letter, or in the list of
// what has to be filled in.
func holdsAnswer(t *testing.T, file, letter, question, answer string) {
	t.Helper()
	list, text, _ := strings.Cut(letter, "## De brief")
	if asked := strings.Contains(list, question); asked == (answer != "") || answer != "" && !strings.Contains(text, answer) && !strings.ContainsAny(answer, `\*_[]<>#|$~&!:`+"`") {
		t.Errorf("%s: %q: answer %q, asked %v", file, question, answer, asked)
	}
}

// TestLetterSaysWhatTheCatalogueKnows, and one without a catalogue entry makes
// nothing up.
func TestLetterSaysWhatTheCatalogueKnows(t *testing.T) {
	letter := planned(t, "adresonderzoek/fieldlab.yaml")["docs/toegang/brp_bewoning.md"]
	for _, part := range []string{
		"Aan: Rijksdienst voor Identiteitsgegevens (RvIG)", "https://www.rvig.nl/autorisatie-brp-aanvraagformulier", "besluit van de minister",
		"Wij bewaren geen van deze gegevens", "in welke stap deze vraag gesteld wordt", "OAuth 2.0-token",
	} {
		if !strings.Contains(letter, part) {
			t.Errorf("the letter to RvIG lacks %q", part)
		}
	}
	own := planned(t, "testdata/proces-zonder-register.yaml")
	found := false
	for name, body := range own {
		if strings.HasPrefix(name, "docs/toegang/") {
			found = true
			if !strings.Contains(body, "vraag het de aanbieder") || strings.Contains(body, "| Hoe |") {
				t.Errorf("%s claims to know how access goes:\n%s", name, body)
			}
		}
	}
	if !found {
		t.Error("no letter for a source of the team itself")
	}
}

// TestLetterClaimsWhatIsSo: a sentence that does not hold for every source stands
// in the letters for which it does, and in no other.
func TestLetterClaimsWhatIsSo(t *testing.T) {
	told := map[string]int{}
	for _, file := range allAnswers(t) {
		bodies := planned(t, file)
		for name, letter := range bodies {
			if !strings.HasPrefix(name, "docs/toegang/") {
				continue
			}
			source := strings.TrimSuffix(strings.TrimPrefix(name, "docs/toegang/"), ".md")
			code := bodies["3-integratie/"+source+".go"]
			both := func(claim, holds string, so bool) {
				t.Helper()
				if strings.Contains(letter, claim) != so {
					t.Errorf("%s: %s says %q: %v; %s: %v", file, name, claim, !so, holds, so)
				}
				if so {
					told[claim]++
				}
			}
			both("staat niet in het webadres", "a question is about a person", strings.Contains(code, "q.About(") && strings.Contains(code, "q.InBody("))
			both("Wij bewaren geen van deze gegevens", "nothing is stored", !strings.Contains(code, "Stored: []string"))
			both("de waarschuwingen hieronder", "there are warnings", strings.Contains(code, "Warnings: []outway.Warning"))
			both("probeert het component het nog eens", "it asks, and asking changes nothing", strings.Contains(letter, "in welke stap deze vraag") && !strings.Contains(code, "Once: true"))
			both("welke uitgever", "tokens are given out", strings.Contains(code, "TokenCert:"))
			both("Dat is nog niet gezegd van", "a reason is missing", strings.Contains(letter, "| nog aan te vullen |"))
			_, attachment, _ := strings.Cut(letter, "## Bijlage: waarom elk veld nodig is")
			attachment, _, _ = strings.Cut(attachment, "## ")
			if rows := strings.Count(attachment, "\n| `"); rows != strings.Count(code, "{Name: ") {
				t.Errorf("%s: %s explains %d fields", file, name, rows)
			}
		}
	}
	if len(told) < 5 {
		t.Errorf("no letter says what others do not: %v", told)
	}
}

var (
	keptInCode   = regexp.MustCompile(`(?m)^\t\t\t\{(Name|Field): "([^"]+)"`)
	keptOnPage   = regexp.MustCompile("(?m)^- `([^`/ ]+)`: ")
	keptInLetter = regexp.MustCompile("(?m)^(?:\\| |- )`([^`/ ]+)`(?: \\||: )")
)

// TestWhatIsKeptIsSaidAlike: the client keeps just what the letter asks for and
// what docs/bronnen.md, to which the privacy page leads, says is kept: fields and
// warnings, as whole paths. The log of processing takes the fields of the client.
func TestWhatIsKeptIsSaidAlike(t *testing.T) {
	sources := 0
	for _, file := range allAnswers(t) {
		bodies := planned(t, file)
		var code, page []string
		for name, body := range bodies {
			if !strings.HasPrefix(name, "docs/toegang/") {
				continue
			}
			sources++
			source := strings.TrimSuffix(strings.TrimPrefix(name, "docs/toegang/"), ".md")
			own := found(keptInCode, 2, bodies["3-integratie/"+source+".go"])
			if letter := found(keptInLetter, 1, body); !slices.Equal(own, letter) {
				t.Errorf("%s: the client of %s keeps %q, the letter asks for %q", file, source, own, letter)
			}
			code = append(code, own...)
		}
		page = found(keptOnPage, 1, bodies["docs/bronnen.md"])
		slices.Sort(code)
		if !slices.Equal(code, page) {
			t.Errorf("%s: the clients keep %q, docs/bronnen.md says %q", file, code, page)
		}
		if !strings.Contains(bodies["docs/privacy.md"], "[bronnen.md](bronnen.md)") {
			t.Errorf("%s: the privacy page does not lead to docs/bronnen.md", file)
		}
	}
	if sources < 10 {
		t.Errorf("only %d sources", sources)
	}
}

// found is what a group of a pattern matches, in order.
func found(pattern *regexp.Regexp, group int, text string) []string {
	var all []string
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		all = append(all, m[group])
	}
	slices.Sort(all)
	return all
}
