package proces

import (
	"context"
	"maps"
	"net/http"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// going is the action of the context, when its line goes along with what it asks of
// layer 2; nil for another.
func going(ctx context.Context) *action {
	if h, ok := ctx.Value(actionKey{}).(*action); ok && h.joins {
		return h
	}
	return nil
}

// begin writes that the action of the context begins, unless that is written: before
// anything that does not take its line along.
func (p *Process) begin(ctx context.Context) error {
	h := going(ctx)
	if h == nil || h.begun || outway.Foreseeing(ctx) {
		return nil
	}
	if err := p.Logboek.Begin(ctx, h.line); err != nil {
		return p.notBegun(ctx, h, err)
	}
	h.begun = true
	return nil
}

// starting is the line with which an action begins, when it is not written yet.
func (h *action) starting() []logboek.Verwerking {
	if h == nil || h.begun {
		return nil
	}
	return []logboek.Verwerking{h.line}
}

// page reads a page of zaken. What layer 2 cannot write down it does not give.
func (p *Process) page(ctx context.Context, f outway.Filter) (outway.ZakenPage, error) {
	h := going(ctx)
	found, err := p.Zaken.Zaken(ctx, f, h.starting()...)
	if err == nil && h != nil {
		h.begun = true
	}
	return found, err
}

// lookAt reads a zaak, likewise.
func (p *Process) lookAt(ctx context.Context, k outway.Look) (outway.Found, error) {
	h := going(ctx)
	k.Lines = append(k.Lines, h.starting()...)
	f, err := p.Zaken.Look(ctx, k)
	if err == nil && h != nil {
		h.begun = true
	}
	return f, err
}

// do has layer 2 do work, together with the lines about it: the beginning of the
// action, the ends of the questions that it follows from and, when it is the last
// of the action, the end of that.
func (p *Process) do(ctx context.Context, w outway.Work, last bool) (outway.Done, error) {
	h := going(ctx)
	if h == nil {
		return p.Zaken.Do(ctx, w)
	}
	ends := h.ends.Take()
	w.Lines = append(w.Lines, ends...)
	switch {
	case last:
		line := h.line
		line.End, line.Status = p.now(), logboek.Ok
		w.Ends = append(w.Ends, line)
	case !h.begun:
		w.Lines = append(w.Lines, h.line)
	}
	d, err := p.Zaken.Do(ctx, w)
	if err != nil {
		h.ends.Keep(ends...)
		return d, err
	}
	h.begun, h.ended = true, h.ended || last
	if d.Begun {
		h.ends.Begun(w.Asks...)
	}
	p.about(ctx, d.Zaak)
	return d, nil
}

// asking is the context in which sources are asked: how a question ended is written
// together with what came of it.
func asking(ctx context.Context) context.Context {
	if h := going(ctx); h != nil {
		return outway.KeepEnds(ctx, &h.ends)
	}
	return ctx
}

// foresee gives the lines with which the question of a lookup step begins, to be
// written together with the work that brings a zaak there; nil when there are none.
func (p *Process) foresee(ctx context.Context, n *bpmn.Node, d Data) []logboek.Verwerking {
	if going(ctx) == nil || n.Kind != bpmn.Service {
		return nil
	}
	d.answers = maps.Clone(d.answers)
	return outway.Foresee(asking(ctx), func(ctx context.Context) error {
		_, err := p.ask(ctx, n.Step, d)
		return err
	})
}

// opened gives the zaak that came of a start with this attempt before.
func (p *Process) opened(ctx context.Context, a attempt) (string, error) {
	h := going(ctx)
	zaak, err := p.Zaken.Opened(ctx, a.derive("zaak"), h.starting()...)
	if _, reused := outway.Reused(err); h != nil && (err == nil || reused || outway.Status(err) == http.StatusNotFound) {
		h.begun = true
	}
	return zaak, err
}
