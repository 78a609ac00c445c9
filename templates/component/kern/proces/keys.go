package proces

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"

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
	return outway.Key{ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(a.key+"/"+a.user.ID+"/"+what)).String(), Fingerprint: a.print}
}

// sign makes the fingerprint of what somebody asks with an attempt: all that was
// filled in, also what is not stored. Layer 2 compares it with that of the
// first time. It holds the key, which nobody can guess, so that the content
// cannot be guessed from it either.
func (a *attempt) sign() {
	if a.key == "" {
		return
	}
	filled := map[string]any{}
	for name, raw := range a.fields {
		if v := decode(raw); v != nil { // null is a field that was left empty
			filled[name] = withoutID(v)
		}
	}
	content, err := json.Marshal([]any{a.key, filled, a.outcome, a.remark})
	if err != nil { // it was JSON just now
		panic(err)
	}
	sum := sha256.Sum256(content)
	a.print = base64.RawURLEncoding.EncodeToString(sum[:])
}

// withoutID is a value as a person gave it. A file that is sent twice is held
// twice, with an id each; to the person it is the same file.
func withoutID(v any) any {
	file, ok := v.(map[string]any)
	if !ok || file["id"] == nil || file["naam"] == nil || file["grootte"] == nil {
		return v
	}
	same := map[string]any{}
	for name, part := range file {
		if name != "id" {
			same[name] = part
		}
	}
	return same
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
	if a.key == "" || !p.needsInput(next) {
		return nil
	}
	_, err := p.Zaken.Opened(ctx, a.derive("zaak"))
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
	_, err = p.Zaken.Opened(ctx, a.derive("zaak"))
	zaak, _ := outway.Reused(err)
	return sentBefore(zaak)
}
