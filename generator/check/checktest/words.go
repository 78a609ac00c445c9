package checktest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Words holds findings and rules against the catalogue of a part, check_PART.txt: each has
// its text in both languages, and it shows the values that it gets.
func Words(t *testing.T, part string, rules []check.Rule, findings []check.Finding) {
	t.Helper()
	for _, language := range []string{"nl", "en"} {
		texts := catalogue(t, language, part)
		for _, rule := range rules {
			for _, kind := range []string{"name", "why", "mend"} {
				if texts["check."+kind+"."+rule.ID] == "" {
					t.Errorf("%s has no check.%s.%s", language, kind, rule.ID)
				}
			}
		}
		for _, f := range findings {
			key := strings.TrimSuffix("check.found."+f.Rule+"."+f.Case, ".")
			text := texts[key]
			if text == "" {
				t.Errorf("%s has no %s", language, key)
				continue
			}
			if len(f.Args) == 0 {
				if strings.Contains(text, "%[") {
					t.Errorf("%s: %s shows a value that the finding does not give: %s", language, key, text)
				}
				continue
			}
			values := make([]any, len(f.Args))
			for i, value := range f.Args {
				values[i] = strings.ReplaceAll(value, "%!", "")
			}
			if said := fmt.Sprintf(text, values...); strings.Contains(said, "%!") {
				t.Errorf("%s: %s with %q gives %s", language, key, f.Args, said)
			}
		}
	}
}

var head = regexp.MustCompile(`(?m)^\[([a-z0-9.-]+)\]$`)

// catalogue reads the texts of a part in one language.
func catalogue(t *testing.T, language, part string) map[string]string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for root != filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		root = filepath.Dir(root)
	}
	body, err := os.ReadFile(filepath.Join(root, "cmd", "internal", "text", language, "check_"+part+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	found := head.FindAllStringSubmatchIndex(string(body), -1)
	for i, at := range found {
		end := len(body)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		texts[string(body[at[2]:at[3]])] = strings.TrimSpace(string(body[at[1]:end]))
	}
	return texts
}

// Findings are all findings of a result.
func Findings(result *check.Result) []check.Finding {
	var all []check.Finding
	for _, v := range result.Verdicts {
		all = append(all, v.Findings...)
	}
	return all
}
