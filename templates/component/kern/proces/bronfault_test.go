package proces

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// What a person hears differs per cause, says what to do, and holds nothing of
// the source.
func TestWhatAPersonHearsOfAFailingSource(t *testing.T) {
	const id = "01a2014f-3194-79b3-924a-224d32d1d30d"
	fault := func(s outway.FaultKind, status int, wait time.Duration) *outway.Fault {
		return &outway.Fault{Kind: s, Service: "geheime-dienst", Operation: "geheime-vraag", Status: status, Code: "GEHEIME_CODE", Transaction: id, Wait: wait}
	}
	for name, c := range map[string]struct {
		err    error
		status int
		says   string
		after  string
	}{
		"away":              {fault(outway.FaultConnection, 0, 0), 503, "niet bereikbaar", "10"},
		"left alone":        {fault(outway.FaultResting, 0, 7*time.Second), 503, "niet bereikbaar", "7"},
		"source broken":     {fault(outway.FaultService, 500, 0), 503, "niet bereikbaar", "10"},
		"inway away":        {fault(outway.FaultFSC, 502, 0), 503, "niet bereikbaar", "10"},
		"too busy":          {fault(outway.FaultService, 429, 0), 503, "te veel vragen", "30"},
		"too busy for long": {fault(outway.FaultService, 429, time.Hour), 503, "te veel vragen", "300"},
		"contract revoked":  {fault(outway.FaultFSC, 403, 0), 502, "geen toegang", ""},
		"unknown grant":     {fault(outway.FaultFSC, 400, 0), 502, "geen toegang", ""},
		"key refused":       {fault(outway.FaultService, 401, 0), 502, "geen toegang", ""},
		"no token":          {fault(outway.FaultAccess, 0, 0), 502, "geen toegang", ""},
		"question refused":  {fault(outway.FaultService, 400, 0), 502, "wijst de vraag af", ""},
		"foreign reference": {fault(outway.FaultQuestion, 0, 0), 502, "wijst de vraag af", ""},
		"unreadable":        {fault(outway.FaultService, 200, 0), 502, "niet kan lezen", ""},
		"about another":     {&outway.Fault{Kind: outway.FaultService, Service: "geheime-dienst", Status: 200, Transaction: id, Elsewhere: true}, 502, "een antwoord dat niet bij deze vraag hoort", ""},
		"not written down":  {fault(outway.FaultRecording, 0, 0), 503, "niet vast te leggen", "10"},
		"something else":    {errors.Join(errors.New("geheim"), context.DeadlineExceeded), 503, "niet bereikbaar", "10"},
	} {
		p, ok := errors.AsType[*rest.Problem](unavailable(c.err, nothingStored))
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
	named := fault(outway.FaultService, 503, 0)
	named.Bron = "Handelsregister"
	if p, _ := errors.AsType[*rest.Problem](unavailable(named, "")); !strings.HasPrefix(p.Detail, "De bron Handelsregister is nu niet bereikbaar.") {
		t.Errorf("which source it is: %q", p.Detail)
	}
	if p, _ := errors.AsType[*rest.Problem](unavailable(fault(outway.FaultService, http.StatusNotImplemented, 0), "")); strings.Contains(p.Detail, "bewaard") {
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
	if len(a.Answers) != 1 || !strings.Contains(a.body, secret) || !strings.Contains(a.body, `"storing":"Een bron is nu niet bereikbaar.`) {
		h.t.Errorf("the answers are %s", a.body)
	}
	h.source.while = nil
	h.source.set(true, nil)
}
