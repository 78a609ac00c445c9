package probe

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
)

// TestDocument: the description that is published is held against the rules for
// descriptions: that of a component meets them, and without its contact it does not.
func TestDocument(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("../../../examples/verhuizing/component/2-diensten/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := yaml.Unmarshal(file, &document); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		spoil   func(map[string]any)
		outcome check.Outcome
	}{
		{func(map[string]any) {}, check.Met},
		{func(info map[string]any) { delete(info, "contact") }, check.Broken},
	} {
		c.spoil(document["info"].(map[string]any))
		body, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/openapi.json" && r.Method == http.MethodGet {
				send(w, http.StatusOK, "application/json", string(body))
				return
			}
			right(w, r)
		}))
		t.Cleanup(server.Close)
		verdicts := lookAt(t, server, "/v1", "", nil)
		v := verdicts[slices.IndexFunc(verdicts, func(v check.Verdict) bool { return v.Rule.ID == ruleDocument })]
		if v.Outcome != c.outcome || v.Outcome == check.Broken && !strings.Contains(v.Findings[0].Args[1], "contact") {
			t.Errorf("it is %s and not %s: %v %v", v.Outcome, c.outcome, v.Findings, v.Missed)
		}
	}
}

// TestWords: whatever is found or not looked at, there are words for.
func TestWords(t *testing.T) {
	t.Parallel()
	var findings []check.Finding
	codes := map[string]bool{"answer-too-large": true}
	for _, handler := range wrong() {
		server := httptest.NewTLSServer(handler)
		t.Cleanup(server.Close)
		clear := httptest.NewServer(handler)
		t.Cleanup(clear.Close)
		at, err := url.Parse(clear.URL)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range slices.Concat(lookAt(t, server, "/v1", "", at), lookAt(t, server, "", "", nil), lookAt(t, clear, "/v1", "", nil)) {
			findings = append(findings, v.Findings...)
			for _, m := range v.Missed {
				codes[m.Why] = true
			}
		}
	}
	for _, rule := range []string{ruleRedirect, ruleTLS} { // of servers that are not among these
		which := map[string]string{ruleTLS: "certificate"}[rule]
		findings = append(findings, check.Finding{Rule: rule, Case: which, Args: []string{"x"}})
	}
	checktest.Words(t, "probe", Rules(), findings)
	for _, language := range []string{"nl", "en"} {
		body, err := os.ReadFile("../../../cmd/internal/text/" + language + "/check_probe.txt")
		if err != nil {
			t.Fatal(err)
		}
		for code := range codes {
			if !strings.Contains(string(body), "[check.missed."+code+"]\n") {
				t.Errorf("%s has no words for %s", language, code)
			}
		}
	}
}
