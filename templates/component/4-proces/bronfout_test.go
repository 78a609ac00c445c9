package proces

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	integratie "github.com/commonground-fieldlab/fieldlab/templates/component/3-integratie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/internal/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/internal/rest"
)

// What a person hears differs per cause, says what to do, and holds nothing of
// the source.
func TestWhatAPersonHearsOfAFailingSource(t *testing.T) {
	const id = "01a2014f-3194-79b3-924a-224d32d1d30d"
	fout := func(s integratie.Soort, status int, wait time.Duration) *integratie.Fout {
		return &integratie.Fout{Soort: s, Dienst: "geheime-dienst", Operatie: "geheime-vraag", Status: status, Code: "GEHEIME_CODE", Transactie: id, Wacht: wait}
	}
	for name, c := range map[string]struct {
		err    error
		status int
		says   string
		after  string
	}{
		"away":              {fout(integratie.FoutVerbinding, 0, 0), 503, "niet bereikbaar", "10"},
		"left alone":        {fout(integratie.FoutRust, 0, 7*time.Second), 503, "niet bereikbaar", "7"},
		"source broken":     {fout(integratie.FoutBron, 500, 0), 503, "niet bereikbaar", "10"},
		"inway away":        {fout(integratie.FoutFSC, 502, 0), 503, "niet bereikbaar", "10"},
		"too busy":          {fout(integratie.FoutBron, 429, 0), 503, "te veel vragen", "30"},
		"too busy for long": {fout(integratie.FoutBron, 429, time.Hour), 503, "te veel vragen", "300"},
		"contract revoked":  {fout(integratie.FoutFSC, 403, 0), 502, "geen toegang", ""},
		"unknown grant":     {fout(integratie.FoutFSC, 400, 0), 502, "geen toegang", ""},
		"key refused":       {fout(integratie.FoutBron, 401, 0), 502, "geen toegang", ""},
		"no token":          {fout(integratie.FoutToegang, 0, 0), 502, "geen toegang", ""},
		"question refused":  {fout(integratie.FoutBron, 400, 0), 502, "wijst de vraag af", ""},
		"foreign reference": {fout(integratie.FoutVraag, 0, 0), 502, "wijst de vraag af", ""},
		"unreadable":        {fout(integratie.FoutBron, 200, 0), 502, "niet kan lezen", ""},
		"not written down":  {fout(integratie.FoutVastlegging, 0, 0), 503, "niet vast te leggen", "10"},
		"something else":    {errors.Join(errors.New("geheim"), context.DeadlineExceeded), 503, "niet bereikbaar", "10"},
	} {
		p, ok := errors.AsType[*rest.Problem](unavailable(c.err, nietsBewaard))
		if !ok || p.Status != c.status || !strings.Contains(p.Detail, c.says) || p.Header.Get("Retry-After") != c.after || !strings.Contains(p.Detail, "Er is niets bewaard.") {
			t.Errorf("%s: %+v", name, p)
			continue
		}
		if strings.Contains(strings.ToLower(p.Detail), "geheim") || p.Title != map[int]string{503: "Tijdelijk niet beschikbaar", 502: "Fout bij een bron"}[c.status] {
			t.Errorf("%s: something of the source is in %q %q", name, p.Title, p.Detail)
		}
		if known := name != "something else"; strings.Contains(p.Detail, id) != known {
			t.Errorf("%s: the transaction in %q", name, p.Detail)
		}
	}
	named := fout(integratie.FoutBron, 503, 0)
	named.Bron = "Handelsregister"
	if p, _ := errors.AsType[*rest.Problem](unavailable(named, "")); !strings.HasPrefix(p.Detail, "De bron Handelsregister is nu niet bereikbaar.") {
		t.Errorf("which source it is: %q", p.Detail)
	}
	if p, _ := errors.AsType[*rest.Problem](unavailable(fout(integratie.FoutBron, http.StatusNotImplemented, 0), "")); strings.Contains(p.Detail, "bewaard") {
		t.Errorf("nothing was to be stored: %q", p.Detail)
	}
}

// theSecondSourceFails: what the first one said is still there, with the reason
// why there is no more.
func (h *harness) theSecondSourceFails(user identity.User, path, body string) {
	h.t.Helper()
	second := len(h.source.asked) + 2
	h.source.while = func() {
		if len(h.source.asked) == second {
			h.source.err = errDown
		}
	}
	a := h.want(200, user, "POST", path+"/bevragingen", body)
	if len(a.Antwoorden) != 1 || !strings.Contains(a.body, secret) || !strings.Contains(a.body, `"storing":"Een bron is nu niet bereikbaar.`) {
		h.t.Errorf("the answers are %s", a.body)
	}
	h.source.while = nil
	h.source.set(true, nil)
}
