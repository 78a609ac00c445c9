package proef

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// archive takes a zaak to the end of its term: before that nobody destroys it,
// a hold keeps it, and afterwards nothing of it is left but a line of the
// declaration and the log of processing.
func archive(t *testing.T, rooms start.Rooms) {
	t.Helper()
	o, component, w, role := closed(t, rooms, identity.RightArchief)
	if status := w.destroy(component.Visitor(o.Course.Roles, role)); status != http.StatusConflict {
		t.Errorf("een zaak waarvan de termijn loopt wordt vernietigd: status %d", status)
	}
	record, _ := w.data(o)["id"].(string)
	w.age()
	v := component.Visitor(o.Course.Roles, role)
	choice := "zaak:" + w.Zaak
	if !strings.Contains(v.Open("/archief").Text, `value="`+choice+`"`) {
		t.Skip("de termijn van deze zaak begint met een datum in het gegeven, of is er niet")
	}
	w.hold(v, choice)
	page := v.post("/archief", url.Values{"kies": {choice}, "akkoord": {"ja"}})
	if page.Status != http.StatusOK || !strings.Contains(page.Text, "Wat er is vernietigd") {
		t.Fatalf("vernietigen: status %d: %s", page.Status, page.Mistakes())
	}
	if page := v.Open("/zaken/" + w.Zaak); page.Status != http.StatusNotFound {
		t.Errorf("de vernietigde zaak is er nog: status %d", page.Status)
	}
	for table, rows := range component.tables() {
		for _, row := range rows {
			if strings.Contains(row, w.Zaak) && table != "verwerkingen" || record != "" && strings.Contains(row, record) {
				t.Errorf("in tabel %s staat nog iets van de vernietigde zaak", table)
			}
		}
	}
}

// age makes the zaak one that ended long ago. Without a history there is no
// decision, so that the closing counts.
func (w *Walk) age() {
	w.t.Helper()
	db, _ := w.trial.store()
	for _, text := range []string{
		"UPDATE zaken SET startdatum = '1900-01-01', einddatum = '1900-01-31' WHERE id = $1",
		"DELETE FROM statussen WHERE zaak = $1",
	} {
		if _, err := db.ExecContext(w.t.Context(), text, w.Zaak); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.trial.run()
}

// hold holds the zaak, sees that it stays, and lets it go.
func (w *Walk) hold(v *Visitor, choice string) {
	w.t.Helper()
	at := "/zaken/" + w.Zaak + "/bewaren"
	page := v.FillIn(v.Open(at), at, []Field{plainField("reden", "longtext", "Een beroep in de proef.")})
	if page.Status != http.StatusOK || !strings.Contains(page.Text, "Een beroep in de proef.") {
		w.t.Errorf("een zaak is niet vast te houden: status %d: %s", page.Status, page.Mistakes())
	}
	if list := v.Open("/archief").Text; strings.Contains(list, choice) || !strings.Contains(list, "Tegengehouden") {
		w.t.Error("een zaak die wordt vastgehouden staat op de lijst om te vernietigen")
	}
	if status := w.destroy(v); status != http.StatusConflict {
		w.t.Errorf("een zaak die wordt vastgehouden wordt vernietigd: status %d", status)
	}
	if page := v.post(at+"/opheffen", url.Values{}); page.Status != http.StatusOK {
		w.t.Errorf("een zaak is niet los te laten: status %d", page.Status)
	}
}

// destroy asks the API of layer 4 to destroy the zaak.
func (w *Walk) destroy(v *Visitor) int {
	w.t.Helper()
	path := "/zaken/" + w.Zaak
	seen := w.trial.API(start.LayerProcess, path, v.Header(), nil)
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodDelete, w.trial.process.server.URL+"/v1"+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header = v.Header()
	req.Header.Set("If-Match", seen.Header.Get("ETag"))
	logboek.NewTrace().SetHeader(req.Header)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
