package start

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
)

// TestTheArchiveKnowsEarlierProcesses: zaken that ended with a result of then still
// have a term, so the team may go on naming it, and what was decided in a step of
// then is still a decision.
func TestTheArchiveKnowsEarlierProcesses(t *testing.T) {
	parts, err := moving(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	db, err := opslag.Open(t.Context(), "", filepath.Join(t.TempDir(), "zaken.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(t.Context(), fstest.MapFS{}); err != nil {
		t.Fatal(err)
	}
	api := register.API{Retention: []opslag.Retention{{Result: "ingetrokken", Period: "P1Y", From: opslag.FromClosing}}}
	if _, err := parts.archive(t.Context(), db, api, register.Log{}); err == nil || !strings.Contains(err.Error(), `"ingetrokken"; dat staat bij geen einde`) {
		t.Fatalf("a result that no process has: %v", err)
	}
	zaken := opslag.NewZaken(db, "")
	old := strings.ReplaceAll(strings.ReplaceAll(string(parts.BPMN), `value="afgewezen"`, `value="ingetrokken"`), `"beoordelen"`, `"wegen"`)
	model, err := bpmn.Parse([]byte(old))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []opslag.Definition{{Sum: "onleesbaar", BPMN: "<"}, {Sum: model.Sum(), BPMN: old}, {Sum: parts.Model.Sum(), BPMN: string(parts.BPMN)}} {
		if _, err := zaken.Define(t.Context(), parts.Model.Name, d, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := parts.archive(t.Context(), db, api, register.Log{}); err != nil {
		t.Errorf("a result that an earlier process had: %v", err)
	}
	earlier, err := parts.earlier(t.Context(), db)
	if err != nil || len(earlier) != 1 || earlier[0].Step("wegen") == nil {
		t.Errorf("%d earlier processes (%v)", len(earlier), err)
	}
}
