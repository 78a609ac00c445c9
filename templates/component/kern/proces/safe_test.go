package proces

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// moving is a store in which a zaak moves right after somebody read it.
type moving struct {
	*store
	move func()
}

func (m *moving) Look(ctx context.Context, k outway.Look) (outway.Found, error) {
	z, err := m.store.Look(ctx, k)
	if move := m.move; move != nil {
		m.move = nil
		move()
	}
	return z, err
}

// Whoever names a version that is yet to come must not do the step of another
// role by being there at the right moment.
func TestAVersionToComeOpensNoStepOfAnotherRole(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	path := "/zaken/" + z.ID
	h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"aanvullen"}`, "If-Match", z.header.Get("ETag"))
	before := h.only()
	m := &moving{store: h.store}
	m.move = func() {
		if _, err := h.store.SetStatus(t.Context(), z.ID, before.Version, outway.NewStatus{Statustype: "beoordelen"}, outway.Key{}); err != nil {
			t.Error(err)
		}
	}
	h.process.Zaken = m
	h.want(409, citizen, "POST", path+"/beoordelen", `{"uitkomst":"akkoord"}`,
		"If-Match", next(before.Version), "Idempotency-Key", uuid.NewString())
	if now := h.only(); now.CurrentStep != "beoordelen" {
		t.Errorf("the citizen decided about her own zaak: it is at %s", now.CurrentStep)
	}
}

// A version has more spellings than one; none of them is a way around the rules.
func TestAnotherSpellingOfTheVersionOpensNoStepOfAnotherRole(t *testing.T) {
	h := newHarness(t, "aanvraag")
	z := h.want(201, citizen, "POST", "/zaken", application)
	h.process.Zaken = &lenient{h.store}
	number := strings.Trim(h.only().Version, `"`)
	for tag, status := range map[string]int{`"0` + number + `"`: 403, `"+` + number + `"`: 403, number: 400, `""` + number: 400, `"` + number + `.7"`: 403, `*`: 403, `"9", "` + number + `.1"`: 403} {
		h.want(status, citizen, "POST", "/zaken/"+z.ID+"/beoordelen", `{"uitkomst":"akkoord"}`, "If-Match", tag, "Idempotency-Key", uuid.NewString())
	}
}

// lenient reads a version as a number.
type lenient struct{ *store }

func (l *lenient) Do(ctx context.Context, w outway.Work) (outway.Done, error) {
	number, _, _ := strings.Cut(strings.Trim(w.Version, `"`), ".")
	if v, err := strconv.ParseInt(number, 10, 64); err == nil {
		w.Version = fmt.Sprintf("%q", fmt.Sprint(v))
	}
	return l.store.Do(ctx, w)
}
