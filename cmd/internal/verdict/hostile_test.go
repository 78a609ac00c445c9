package verdict_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// withHostile is a result in which a text stands wherever a repository can bring one.
func withHostile(words string) []*check.Result {
	all := rules()
	finding := func(rule, accepted string) check.Finding {
		return check.Finding{Rule: rule, Path: words, Line: 3, Column: 1, Args: []string{words, words}, Accepted: accepted, Until: accepted}
	}
	r := &check.Result{Name: words, Title: words, Files: 1, Verdicts: []check.Verdict{
		{Rule: all[0], Outcome: check.Broken, Findings: []check.Finding{finding(all[0].ID, ""), finding(all[0].ID, words)}, Missed: []check.Missed{{Rule: all[0].ID, Path: words, Why: "slow"}}},
		{Rule: all[7], Outcome: check.Excepted, Findings: []check.Finding{finding(all[7].ID, words+".")}},
		{Rule: all[8], Outcome: check.NotChecked, Missed: []check.Missed{{Rule: all[8].ID, Path: words, Why: "slow"}}},
		{Rule: all[5], Outcome: check.NotChecked},
	}}
	return []*check.Result{r, r}
}

// FuzzHostile: whatever stands in a repository, each format stays what it is.
func FuzzHostile(f *testing.F) {
	for _, words := range hostile {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		if len(words) > 2000 {
			t.Skip()
		}
		judge(t, withHostile(words), false)
	})
}

// TestHostile does that for texts that are known to be awkward, with the schemas of
// others, which are too slow to fuzz with.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, words := range hostile {
		judge(t, withHostile(words), true)
	}
}

// unseen is what no output holds: characters that steer a screen or turn text around.
func unseen(r rune) bool {
	return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufeff'
}

// workflowCommand is what GitHub and Azure take for a command in the output of a job.
var workflowCommand = regexp.MustCompile(`(?m)^\s*::|##(vso)?\[`)

func judge(t *testing.T, all []*check.Result, schemas bool) {
	t.Helper()
	a := about()
	a.Checkouts[0].Commit, a.URL, a.Version = all[0].Name, all[0].Name, all[0].Name
	for _, format := range verdict.Formats() {
		var b strings.Builder
		if err := verdict.Write(&b, format, catalogue(text.Dutch), a, all); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		out := b.String()
		if !utf8.ValidString(out) || strings.ContainsFunc(out, unseen) {
			t.Errorf("%s holds what is no text", format)
		}
		switch format {
		case verdict.JSON, verdict.CodeQuality, verdict.SARIF:
			var value any
			if err := json.Unmarshal([]byte(out), &value); err != nil || workflowCommand.MatchString(out) {
				t.Errorf("%s: %v", format, err)
			}
			if format == verdict.SARIF && schemas {
				validSARIF(t, out)
			}
		case verdict.JUnit:
			wellFormed(t, out)
			if schemas {
				validJUnit(t, out)
			}
		case verdict.HTML:
			lookAtPage(t, out)
		case verdict.Proof:
			if headings, tables := lookAtProof(t, out); len(headings) != 16 || tables != 6 {
				t.Errorf("%d tables and the headings %q", tables, headings)
			}
		}
	}
	for _, o := range []verdict.Options{{}, {All: true}} {
		out := screen(t, text.Dutch, 80, o, all...)
		if !utf8.ValidString(out) || strings.ContainsFunc(out, unseen) || workflowCommand.MatchString(out) {
			t.Errorf("the screen shows what is no text: %q", out)
		}
	}
}

func wellFormed(t *testing.T, out string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(out))
	decoder.Strict = true
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Error(err)
			return
		}
	}
}

// TestHostilePathsComeBack: a program reads the path as it is.
func TestHostilePathsComeBack(t *testing.T) {
	t.Parallel()
	for _, words := range hostile {
		var d verdict.Document
		if err := json.Unmarshal([]byte(write(t, verdict.JSON, text.Dutch, withHostile(words)[:1]...)), &d); err != nil {
			t.Fatal(err)
		}
		got := d.Repositories[0].Rules[0].Findings[0]
		if want := strings.ToValidUTF8(words, "\uFFFD"); utf8.ValidString(words) && (got.Path != want || got.Values[0] != want) {
			t.Errorf("%q came back as %q", words, got.Path)
		}
	}
}

// TestColourIsForScreens: a file gets none.
func TestColourIsForScreens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ screen, colour, want bool }{{true, true, true}, {false, true, false}, {true, false, false}} {
		out := coloured(t, c.screen, c.colour)
		if strings.Contains(out, "\x1b[31m") != c.want {
			t.Errorf("screen %v, colour %v: %q", c.screen, c.colour, out[:200])
		}
		if plain := regexp.MustCompile("\x1b\\[[0-9]+m").ReplaceAllString(out, ""); plain != coloured(t, true, false) {
			t.Error("without its colours the text is another one")
		}
	}
}
