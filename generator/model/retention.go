package model

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// retentions judge how long each entity is kept. They come after the process:
// the result of a zaak and the decision in it are of the process.
func (b *builder) retentions() {
	for i, a := range b.a.Register {
		e := b.entity(a.Name)
		if e == nil {
			continue
		}
		key, given := at("register", i)+".retention", a.Retention
		e.Retention = b.retention(key, e, answers.ResultRetention{
			Period: given.Period, Start: given.Start, Field: given.Field, Source: given.Source, Keep: given.Keep})
		if len(given.Results) > 0 && !e.IsSubject {
			b.add(problem.RetentionResults, key+".results", e.Name.Raw)
			continue
		}
		named := map[string]bool{}
		for j, result := range given.Results {
			key := at(key+".results", j)
			r := b.retention(key, e, result)
			r.Result = b.result(key+".result", result.Result)
			if r.Period == "" && !r.Keep && result.Period == "" {
				b.add(problem.ValueEmpty, key+".period")
			}
			if r.Result != "" && named[r.Result] {
				b.add(problem.RetentionTwice, key+".result", r.Result)
			}
			named[r.Result] = true
			e.Retention.Results = append(e.Retention.Results, r)
		}
	}
}

// retention is one term, for one result or for all others.
func (b *builder) retention(key string, e *Entity, a answers.ResultRetention) Retention {
	r := Retention{Period: b.duration(key+".period", a.Period), Source: b.line(key+".source", a.Source, 200), Keep: a.Keep}
	r.Text = durationText(r.Period)
	switch {
	case strings.Contains(r.Period, "T"):
		b.add(problem.RetentionDays, key+".period", r.Period)
	case r.Keep && r.Period != "":
		b.add(problem.RetentionKeep, key+".keep")
	case r.Keep:
		r.Text = "blijvend"
	}
	r.Start = strings.TrimSpace(a.Start)
	field := strings.TrimSpace(a.Field)
	switch {
	case r.Start == "" && field != "":
		r.Start = "object"
	case r.Start == "" && e.IsSubject:
		r.Start = "closing"
	case r.Start == "":
		r.Start = "change"
	case !b.oneOf(key+".start", r.Start, "closing", "creation", "decision", "object"):
		return r
	}
	b.startsWith(key, e, &r, field)
	return r
}

// startsWith judges with what a term begins.
func (b *builder) startsWith(key string, e *Entity, r *Retention, field string) {
	switch {
	case r.Start == "object":
		if !b.required(key+".field", field) {
			return
		}
		if r.Field = fieldByName(e.Fields, field); r.Field == nil {
			b.suggest(closest(field, fieldNames(e.Fields)), problem.FieldUnknown, key+".field", field, e.Name.Raw)
		} else if r.Field.Type != "date" {
			b.add(problem.RetentionField, key+".field", r.Field.Name.Raw, r.Field.Type)
		}
	case field != "":
		b.add(problem.RetentionFieldUnused, key+".field", r.Start)
	case (r.Start == "closing" || r.Start == "decision") && !e.IsSubject:
		b.add(problem.RetentionStart, key+".start", r.Start, e.Name.Raw)
	case r.Start == "decision" && !b.decides():
		b.add(problem.RetentionDecision, key+".start")
	}
}

// decides says whether somebody decides in the process.
func (b *builder) decides() bool {
	for _, s := range b.steps {
		if s.Kind == "decide" {
			return true
		}
	}
	return false
}

// result is one of the results with which a zaak ends.
func (b *builder) result(key, given string) string {
	given = b.line(key, given, 100)
	if !b.required(key, given) {
		return ""
	}
	var known []string
	for _, s := range b.steps {
		if s.Kind == "end" {
			known = append(known, s.Result)
			if s.Result == given {
				return given
			}
		}
	}
	b.suggest(closest(given, known), problem.ResultUnknown, key, given)
	return ""
}
