package probe

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
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
