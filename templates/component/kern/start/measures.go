package start

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/meting"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// What is measured besides requests. Names of services, certificates and steps are
// those of the component, so there are few.
var (
	circuitState    = meting.Metric{Name: "component_circuit_state", Help: "Vragen aan een bron via de outway: 0 gaan door, 1 worden na een storing weer geprobeerd, 2 liggen stil omdat de bron te vaak niet antwoordde."}
	certificateDays = meting.Metric{Name: "component_certificate_days_left", Help: "Hoeveel dagen een certificaat op de weg naar buiten nog geldig is; onder 0 is het afgelopen."}
	contractDays    = meting.Metric{Name: "component_contract_days_left", Help: "Hoeveel dagen een FSC-contract nog loopt; onder 0 is het afgelopen."}
	databaseUp      = meting.Metric{Name: "component_database_up", Help: "1 als de database antwoordt en bewaart wat zij krijgt, 0 als dat niet zo is."}
	linesWaiting    = meting.Metric{Name: "component_logboek_lines_waiting", Help: "Regels van het logboek dataverwerkingen die nog niet bezorgd zijn, geteld tot 100000."}
	linesOldest     = meting.Metric{Name: "component_logboek_oldest_line_seconds", Help: "Hoe lang de oudste regel al op bezorging wacht, in seconden; 0 als er geen wacht."}
	tasksOverdue    = meting.Metric{Name: "component_tasks_overdue", Help: "Open taken waarvan de termijn van de stap voorbij is."}
)

// measuresOfOutway are those of layer 4: of what it asks elsewhere.
func (p *Parts) measuresOfOutway(out *outway.Outway) meting.Source {
	contracts := p.contracts()
	return func(context.Context) []meting.Sample {
		now := time.Now()
		var all []meting.Sample
		for service, state := range out.Circuits(now) {
			all = append(all, meting.Sample{Metric: circuitState, Labels: []string{"service", service}, Value: float64(state)})
		}
		for _, end := range out.Ends(contracts) {
			metric, label := certificateDays, "certificate"
			if end.Contract {
				metric, label = contractDays, "service"
			}
			all = append(all, meting.Sample{Metric: metric, Labels: []string{label, end.Name}, Value: math.Floor(end.Until.Sub(now).Hours() / 24)})
		}
		return all
	}
}

// How long what the database said is said again. Whether it answers is asked more
// often than what changes in days.
const (
	keepDatabase = 5 * time.Second
	keepCounts   = 30 * time.Second
)

// databaseWithin is how long one question of a scrape may take.
const databaseWithin = 2 * time.Second

// measuresOfDatabase are those of layer 2: of what it keeps. When the database does
// not answer, only that is said.
func (p *Parts) measuresOfDatabase(db *opslag.Database, zaken *opslag.Zaken, log *opslag.Logboek) meting.Source {
	up := meting.Cached(keepDatabase, func(ctx context.Context) []meting.Sample {
		ctx, cancel := context.WithTimeout(ctx, databaseWithin)
		defer cancel()
		return []meting.Sample{{Metric: databaseUp, Value: oneIf(db.Ready(ctx) == nil)}}
	})
	terms := &terms{parts: p, zaken: zaken}
	counts := meting.Cached(keepCounts, func(ctx context.Context) []meting.Sample {
		ctx, cancel := context.WithTimeout(ctx, databaseWithin)
		defer cancel()
		all := terms.overdue(ctx, time.Now())
		if waiting, since, err := log.Waiting(ctx); err == nil {
			age := 0.0
			if !since.IsZero() {
				age = math.Round(max(time.Since(since).Seconds(), 0))
			}
			all = append(all, meting.Sample{Metric: linesWaiting, Value: float64(waiting)}, meting.Sample{Metric: linesOldest, Value: age})
		}
		return all
	})
	return func(ctx context.Context) []meting.Sample {
		first := up(ctx)
		if first[0].Value == 0 {
			return first
		}
		return slices.Concat(first, counts(ctx))
	}
}

// terms knows how long a zaak may stand at a step, in the process of today and in
// earlier ones on which zaken stay. It is used by one at a time.
type terms struct {
	parts *Parts
	zaken *opslag.Zaken
	read  map[int64]map[string]string // by version, 0 for the process of today; of step its term
}

// termsOf are the terms of the steps that people do.
func termsOf(model *bpmn.Process) map[string]string {
	all := map[string]string{}
	for _, n := range model.Steps() {
		if n.Term != "" {
			all[n.Step] = n.Term
		}
	}
	return all
}

// learn reads the processes that the database knows; one that cannot be read has
// no terms. What a version says does not change.
func (t *terms) learn(ctx context.Context) {
	if t.read == nil {
		t.read = map[int64]map[string]string{0: termsOf(t.parts.Model)}
	}
	definitions, err := t.zaken.Definitions(ctx, t.parts.Model.Name)
	if err != nil {
		return
	}
	for _, d := range definitions {
		if _, known := t.read[d.Version]; known {
			continue
		}
		full, err := t.zaken.Definition(ctx, t.parts.Model.Name, d.Version)
		if err != nil {
			continue
		}
		t.read[d.Version] = nil
		if model, err := bpmn.Parse([]byte(full.BPMN)); err == nil {
			t.read[d.Version] = termsOf(model)
		}
	}
}

// overdue counts, per step with a term, the zaken that are past it: the day on which
// the term ends is before today, as people see it at a task.
func (t *terms) overdue(ctx context.Context, now time.Time) []meting.Sample {
	t.learn(ctx)
	asked := map[[2]string]bool{}
	counts := map[string]int{}
	for _, terms := range t.read {
		for step, term := range terms {
			counts[step] += 0 // a step at which nothing is late says so
			key := [2]string{step, term}
			if asked[key] {
				continue
			}
			asked[key] = true
			before, possible := lateSince(term, now)
			if !possible {
				continue
			}
			standing, err := t.zaken.StandingSince(ctx, t.parts.Model.Name, step, before)
			if err != nil {
				return nil
			}
			for stays, count := range standing {
				if t.read[stays][step] == term {
					counts[step] += count
				}
			}
		}
	}
	var all []meting.Sample
	for step, count := range counts {
		all = append(all, meting.Sample{Metric: tasksOverdue, Labels: []string{"step", step}, Value: float64(count)})
	}
	return all
}

// lateSince is the moment before which something came at a step when its term ended
// before today. The days of a term are counted on, and not back: 31 January plus a
// month is the last day of February.
func lateSince(text string, now time.Time) (before time.Time, possible bool) {
	term, err := value.ParseTerm(text)
	if err != nil {
		return before, false
	}
	here := value.InNetherlands(now)
	today := time.Date(here.Year(), here.Month(), here.Day(), 0, 0, 0, 0, here.Location())
	late := func(at time.Time) bool { return term.After(value.InNetherlands(at)).Before(today) }
	early, next := now.AddDate(-100, 0, 0), now
	if !late(early) {
		return before, false
	}
	for next.Sub(early) > time.Second {
		if middle := early.Add(next.Sub(early) / 2); late(middle) {
			early = middle
		} else {
			next = middle
		}
	}
	return next, true
}
