package proces

import (
	"cmp"
	"context"
	"math/rand/v2"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

const (
	resumeEvery  = 3 * time.Second
	longestPause = 5 * time.Minute
)

// Run goes on with zaken that rest at a lookup step, because a source was out
// of reach or the component stopped there, until the context ends: at once at
// the start, and then every few seconds. A zaak that fails waits longer each
// time.
func (p *Process) Run(ctx context.Context) {
	r := &resumer{Process: p, waits: map[string]pause{}}
	for next := p.now(); ; {
		if hurry := p.versions.hurry.Swap(false); hurry || p.now().After(next) {
			p.keepUp(ctx)
			next = p.now().Add(keepUpEvery)
		}
		p.finish(ctx)
		r.round(ctx)
		// Jitter: replicas that start together do not ask together.
		t := time.NewTimer(resumeEvery/2 + rand.N(resumeEvery)) // #nosec G404 -- Spreads attempts in time; it is no secret.
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
	}
}

type resumer struct {
	*Process
	waits map[string]pause // per zaak
}

// pause is how long a zaak that fails is left alone.
type pause struct {
	until time.Time
	next  time.Duration
}

// round looks once at every zaak that rests.
func (r *resumer) round(ctx context.Context) {
	steps := r.resting()
	if len(steps) == 0 {
		return
	}
	seen := map[string]bool{}
	// Oldest change first: a zaak that moves on leaves the list or goes to its end, and
	// one that does not stays where it is on it.
	f, more := outway.Filter{Zaaktype: r.model.Name, Steps: steps, Open: true, Sort: "gewijzigdOp", Page: 1, Size: 100}, true
	for more && ctx.Err() == nil {
		found, err := r.Zaken.Zaken(ctx, f)
		if err != nil {
			if ctx.Err() == nil {
				r.Log.DebugContext(ctx, "wachtende zaken niet te lezen", "fout", err)
			}
			return
		}
		for _, z := range found.Zaken {
			if !seen[z.ID] && !z.Stopped() {
				seen[z.ID] = true
				r.resume(ctx, z.ID)
			}
		}
		f, more = f.After(found)
	}
	for id := range r.waits {
		if !seen[id] {
			delete(r.waits, id)
		}
	}
}

// resting lists the steps at which a zaak waits for nobody. A question that may
// change something is not among them: nobody can tell whether it arrived.
func (r *resumer) resting() []string {
	return r.stepsOf(func(n *bpmn.Node) bool {
		return n.Kind == bpmn.Service && !r.once(n) || n == r.model.First() && r.endsAtOnce(n)
	})
}

// endsAtOnce says whether a zaak can end right after its first form. Such a
// zaak begins at the form itself, and a crash can leave it there.
func (r *resumer) endsAtOnce(first *bpmn.Node) bool {
	return first.StepKind == "form" && first.Next("").Kind == bpmn.End
}

// resume goes on with one zaak, unless a request is doing that or it failed
// only just.
func (r *resumer) resume(ctx context.Context, id string) {
	w := r.waits[id]
	r.mu.Lock()
	busy := r.busy[id] > 0
	r.mu.Unlock()
	if busy || r.now().Before(w.until) {
		return
	}
	defer r.hold(id)()
	h := r.newAction("Zaak automatisch verder brengen", nil)
	h.line.Zaak, h.joins = id, true
	if err := r.withLogboek(ctx, h, changes, func(ctx context.Context) error { return r.goOn(ctx, id) }); err == nil {
		delete(r.waits, id)
		return
	}
	w.next = min(max(w.next*2, resumeEvery), longestPause)
	w.until = r.now().Add(w.next)
	r.waits[id] = w
}

// goOn moves a zaak that rests. When somebody else moved it meanwhile, that is a
// refusal and not a failure, in the log as well.
func (r *resumer) goOn(ctx context.Context, id string) error {
	f, err := r.lookAt(ctx, outway.Look{Zaak: id, WithSubject: r.Course.Subject != ""})
	if err != nil {
		return storeFault(err)
	}
	z := f.Zaak
	r.about(ctx, z)
	if z.Stopped() {
		return stopped() // since the list was read
	}
	if n := r.at(ctx, z).at; n == r.model.First() && r.endsAtOnce(n) {
		if z.Version != firstVersion {
			return rest.Stale()
		}
		// The form is filled in, or there would be no zaak.
		to := r.move(n.Next(""), "", "", cmp.Or(z.Representative, z.Initiator))
		_, err := r.do(ctx, outway.Work{Zaak: id, Version: z.Version, Move: &to}, true)
		return storeFault(err)
	}
	d := newData(nil, nil)
	if f.Subject != nil {
		d = newData(f.Subject.Data, nil)
	}
	_, err = r.onward(ctx, z, d)
	return err
}
