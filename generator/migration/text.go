package migration

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// mostName is the longest name of a file that is easy to read.
const mostName = 60

// migration writes the statements that were planned.
func (p *planner) migration() *Migration {
	p.steps = append(p.first, p.steps...)
	p.rewrites, p.known, p.stops = eachOnce(p.rewrites), eachOnce(p.known), slices.Compact(p.stops)
	return &Migration{Name: p.name(), SQLite: p.text(ddl.SQLite), Postgres: p.text(ddl.Postgres), Kept: p.left(),
		Stop: strings.Join(p.stops, "; "), Rewrites: p.rewrites, Bridged: p.bridged()}
}

// eachOnce sorts names, and gives each of them once.
func eachOnce(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// name says what changes when that is one thing, and else what the first is.
func (p *planner) name() string {
	labels := slices.Compact(slices.Clone(p.labels))
	if len(labels) == 0 {
		return "register"
	}
	name := labels[0]
	if len(name) > mostName {
		name = strings.TrimRight(name[:mostName], "_")
	}
	if len(labels) > 1 {
		name += "_en_meer"
	}
	return name
}

func (p *planner) text(d ddl.Dialect) string {
	var b strings.Builder
	if d == ddl.Postgres {
		b.WriteString(p.firstLine())
	}
	b.WriteString("-- Wat er in het register verandert. Deze migratie draait een keer, op de rijen die er al zijn.\n")
	for _, line := range p.said {
		b.WriteString("-- " + oneLine(line) + "\n")
	}
	rebuilt := slices.ContainsFunc(p.steps, func(s step) bool {
		switch s := s.(type) {
		case alterColumn:
			return s.rebuilt()
		case keepColumn:
			return strings.Contains(s.sql(ddl.SQLite), " RENAME COLUMN ")
		}
		return false
	})
	if d == ddl.SQLite && rebuilt {
		b.WriteString("-- SQLite verandert geen kolom: er komt een nieuwe naast, en die neemt de plaats in. Staat er een eigen\n" +
			"-- index of trigger op de kolom, zet dan DROP hierboven en CREATE hieronder. Een DEFAULT is alleen daarvoor.\n")
	}
	if d == ddl.Postgres && len(p.rewrites) > 0 {
		b.WriteString("-- Elke rij van " + strings.Join(p.rewrites, ", ") + " wordt opnieuw geschreven; zolang dat duurt, wacht wie die tabel gebruikt.\n")
	}
	if d == ddl.Postgres && p.bridged() {
		b.WriteString("-- Wat er voor een vorige versie bij komt, gaat weg met: fieldlab update --drop " + DropBridges + "\n")
	}
	for _, s := range p.steps {
		if text := s.sql(d); text != "" {
			b.WriteString("\n" + text)
		}
	}
	return b.String()
}

// oneLine is text for a comment: it cannot end it.
func oneLine(s string) string { return quote.GoComment(s) }
