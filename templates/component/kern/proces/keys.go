package proces

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// derive makes the key of one call to layer 2 from that of the caller. It
// holds the user as well: with the key of somebody else one gets nothing of
// theirs. Without a key of the caller only our own retries are safe.
func (a attempt) derive(what string) outway.Key {
	if a.key == "" {
		return outway.Key{ID: uuid.NewString()}
	}
	who := a.user.ID
	if a.user.Represents.Known() { // for another it is another form
		who += "/" + a.user.Represents.ID
	}
	return outway.Key{ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(a.key+"/"+who+"/"+what)).String(), Fingerprint: a.print}
}

// keyOf is derive for looking whether it was done before; the zero Key when the
// caller has none.
func (a attempt) keyOf(what string) outway.Key {
	if a.key == "" {
		return outway.Key{}
	}
	return a.derive(what)
}

// sign makes the fingerprint of what somebody asks with an attempt: all that was
// filled in, also what is not stored. Layer 2 compares it with that of the
// first time. A file counts by its id: layer 2 gives the same one to the same file
// that comes twice with the same key. It holds the key, which nobody can guess, so
// that the content cannot be guessed from it either.
func (a *attempt) sign() {
	if a.key == "" {
		return
	}
	filled := map[string]any{}
	for name, raw := range a.fields {
		if v := decode(raw); v != nil { // null is a field that was left empty
			filled[name] = v
		}
	}
	content, err := json.Marshal([]any{a.key, filled, a.outcome, a.remark})
	if err != nil { // it was JSON just now
		panic(err)
	}
	sum := sha256.Sum256(content)
	a.print = base64.RawURLEncoding.EncodeToString(sum[:])
}

// turns lets requests with the same key wait for each other: somebody who clicks
// twice gets the same answer twice, and does not hear that somebody else came
// first. A request without a key waits for nobody.
type turns struct {
	mu      sync.Mutex
	waiting map[string]*turn
}

// turn is of those who do the same at this moment.
type turn struct {
	sync.Mutex
	n int
}

// take waits for the turn of an attempt; the function that it returns ends it.
func (t *turns) take(key outway.Key, a attempt) (end func()) {
	if a.key == "" {
		return func() {}
	}
	t.mu.Lock()
	if t.waiting == nil {
		t.waiting = map[string]*turn{}
	}
	mine := t.waiting[key.ID]
	if mine == nil {
		mine = &turn{}
		t.waiting[key.ID] = mine
	}
	mine.n++
	t.mu.Unlock()
	mine.Lock()
	return func() {
		mine.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.n--; mine.n == 0 {
			delete(t.waiting, key.ID)
		}
	}
}

// sentBefore is the 409 of somebody who sends something else with the same key:
// what was sent first is done and stays, and this is where it is.
func sentBefore(zaak string) error {
	if zaak == "" {
		return rest.Reused("")
	}
	p := rest.Reused("/v1/zaken/" + zaak)
	p.Zaak = zaak
	return p
}

// firstTime refuses a start whose key opened a zaak with something else before,
// when sources would be asked before layer 2 could say so: they hear nothing of
// a question that leads nowhere.
func (p *Process) firstTime(ctx context.Context, a attempt, next *bpmn.Node) error {
	if a.key == "" || !p.Course.needsInput(next) {
		return nil
	}
	_, err := p.opened(ctx, a)
	if zaak, reused := outway.Reused(err); reused {
		return sentBefore(zaak)
	}
	if err != nil && outway.Status(err) != http.StatusNotFound {
		return storeFault(err)
	}
	return nil
}

// startFault is storeFault for the calls of a start, with the zaak that came of
// the key before.
func (p *Process) startFault(ctx context.Context, a attempt, err error) error {
	if _, reused := outway.Reused(err); !reused {
		return storeFault(err)
	}
	_, err = p.opened(ctx, a)
	zaak, _ := outway.Reused(err)
	return sentBefore(zaak)
}

// zaakOf is the zaak that came of a key, whether it was asked the same way or not.
func zaakOf(zaak string, err error) string {
	if made, reused := outway.Reused(err); reused {
		return made
	}
	return zaak
}
