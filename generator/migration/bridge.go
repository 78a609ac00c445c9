package migration

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// A component on PostgreSQL is replaced while it runs: for a while the version of
// before works on the tables of the new one. What a migration makes for that
// version alone is a bridge. It stays until somebody takes it away
// (Decisions.Drop with DropBridges), or until it is in the way of something else.
type bridge struct {
	kind          bridgeKind
	table, column string // of now
	old           string // the column or the table of before
	id            string // in the names of its trigger and function
	since         string // the migration that made it; "" when nobody knows

	was string // the table, when the planner began
}

// bridgeKind is also how it is remembered.
type bridgeKind string

const (
	oldColumn  bridgeKind = "kolom"     // a column with its old name, kept the same by a trigger
	oldTable   bridgeKind = "tabel"     // a view with the old name of a table
	oldValue   bridgeKind = "waarde"    // a trigger that fills, or translates, what the version of before writes
	oldDefault bridgeKind = "standaard" // a default for a column that the version of before does not fill
)

// DropBridges is the key of Decisions.Drop that takes all bridges away.
const DropBridges = "vorige-versie"

const bridgeWord = "overgang"

func (b bridge) String() string {
	return strings.TrimRight(strings.Join([]string{bridgeWord, string(b.kind), b.table, dash(b.column), dash(b.old), dash(b.id), b.since}, " "), " ")
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// readBridges reads what the manifest remembers. What it cannot be is left out: it
// ends up in SQL.
func readBridges(lines []string) (all []bridge) {
	for _, line := range lines {
		parts := strings.Split(line, " ")
		if len(parts) < 6 || len(parts) > 7 || parts[0] != bridgeWord {
			continue
		}
		for i, part := range parts[3:6] {
			if part == "-" {
				parts[3+i] = ""
			}
		}
		b := bridge{kind: bridgeKind(parts[1]), table: parts[2], column: parts[3], old: parts[4], id: parts[5], was: parts[2]}
		if len(parts) == 7 && isMigration(parts[6]) {
			b.since = parts[6]
		}
		if b.sound() {
			all = append(all, b)
		}
	}
	return all
}

func (b bridge) sound() bool {
	named := isName(b.table)
	switch b.kind {
	case oldColumn:
		return named && isName(b.column) && isName(b.old) && isName("x"+b.id) && b.id != ""
	case oldValue:
		return named && isName(b.column) && isName("x"+b.id) && b.id != ""
	case oldTable:
		return named && isName(b.old)
	case oldDefault:
		return named && isName(b.column)
	}
	return false
}

// isMigration says whether s can be the name of a migration.
func isMigration(s string) bool { return len(s) > 5 && isName("x"+s) }

func bridgeOf(kind bridgeKind, table, column, old string) bridge {
	return bridge{kind: kind, table: table, column: column, old: old, id: value.KeySum(table, column), was: table}
}

// routine is the name of its trigger and of the function of that. The number makes
// PostgreSQL run the one that copies before the one that fills.
func (b bridge) routine() string {
	if b.kind == oldColumn {
		return bridgeWord + "_1_" + b.id
	}
	return bridgeWord + "_2_" + b.id
}

// trigger makes the function and the trigger.
func (b bridge) trigger(body string) string {
	return fmt.Sprintf("CREATE OR REPLACE FUNCTION %[1]s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n%[2]s    RETURN NEW;\nEND $$;\nCREATE TRIGGER %[1]s BEFORE INSERT OR UPDATE ON %[3]s FOR EACH ROW EXECUTE FUNCTION %[1]s();\n", b.routine(), body, b.table)
}

// copies keeps two columns the same, whichever of them a version knows.
func (b bridge) copies() string {
	return b.trigger(fmt.Sprintf(`    IF TG_OP = 'INSERT' THEN
        IF NEW.%[1]s IS NULL THEN NEW.%[1]s := NEW.%[2]s; ELSE NEW.%[2]s := NEW.%[1]s; END IF;
    ELSIF NEW.%[1]s IS DISTINCT FROM OLD.%[1]s THEN NEW.%[2]s := NEW.%[1]s;
    ELSIF NEW.%[2]s IS DISTINCT FROM OLD.%[2]s THEN NEW.%[1]s := NEW.%[2]s;
    END IF;
`, b.column, b.old))
}

// takeAway is the step that ends a bridge.
type takeAway struct{ bridge }

func (s takeAway) sql(d ddl.Dialect) string {
	if d != ddl.Postgres {
		return ""
	}
	switch s.kind {
	case oldColumn:
		return lines("DROP FUNCTION "+s.routine()+" CASCADE", "ALTER TABLE "+s.was+" DROP COLUMN "+s.old,
			"ALTER TABLE "+s.was+" DROP COLUMN IF EXISTS "+value.KeyColumn(s.was, s.old))
	case oldTable:
		return lines("DROP VIEW " + s.old)
	case oldValue:
		return lines("DROP FUNCTION " + s.routine() + " CASCADE")
	}
	return lines(fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", s.was, s.column))
}

func (b bridge) said() string {
	switch b.kind {
	case oldColumn:
		return fmt.Sprintf("de kolom %s, die er voor een vorige versie nog was, gaat weg", b.old)
	case oldTable:
		return fmt.Sprintf("de oude naam %s, die er voor een vorige versie nog was, gaat weg", b.old)
	case oldValue:
		return fmt.Sprintf("wat %s voor een vorige versie aanvulde, gaat weg", b.column)
	}
	return fmt.Sprintf("de standaard van %s, die er voor een vorige versie was, gaat weg", b.column)
}

// leaves remembers a bridge that this migration makes.
func (p *planner) leaves(b bridge) bridge {
	p.takeAway(func(other bridge) bool { return other.id == b.id && other.kind == b.kind && b.id != "" })
	p.bridges = append(slices.Clone(p.bridges), b)
	return b
}

// takeAway ends the bridges that are meant, before everything else. A view stands
// on the columns of its table, so it goes with any of them.
func (p *planner) takeAway(meant func(bridge) bool) {
	ends := map[bridge]bool{}
	for _, b := range p.bridges {
		ends[b] = meant(b)
	}
	for _, b := range p.bridges {
		if ends[b] && b.kind == oldColumn {
			for _, view := range p.bridges {
				ends[view] = ends[view] || view.kind == oldTable && view.table == b.table
			}
		}
	}
	var left []bridge
	for _, b := range p.bridges {
		if !ends[b] {
			left = append(left, b)
			continue
		}
		p.say("zonder_"+bridgeWord, "%s: %s.", b.table, b.said())
		p.needs(b.since, fmt.Sprintf("wat %s voor een vorige versie had, gaat weg", b.table))
		if b.kind == oldTable { // it stands on what the others take away
			p.first = slices.Insert(p.first, 0, step(takeAway{b}))
		} else {
			p.first = append(p.first, takeAway{b})
		}
	}
	p.bridges = left
}

// bridged says whether this migration makes one.
func (p *planner) bridged() bool {
	return slices.ContainsFunc(p.bridges, func(b bridge) bool { return b.since == "" })
}

// needs says that a version that goes on beside this migration must know another
// one; when nobody knows which, none can.
func (p *planner) needs(migration, why string) {
	if migration == "" {
		p.stop("%s", why)
		return
	}
	p.known = append(p.known, migration)
}

// stop says that no version of before can go on beside this migration, and why.
func (p *planner) stop(format string, args ...any) {
	p.stops = append(p.stops, fmt.Sprintf(format, args...))
}

// clear ends the bridges of a column.
func (p *planner) clear(table, column string) {
	p.takeAway(func(b bridge) bool { return b.table == table && b.column == column })
}

// clearView ends the view of a table, which keeps its columns from going.
func (p *planner) clearView(table string) {
	p.takeAway(func(b bridge) bool { return b.kind == oldTable && b.table == table })
}

// clearName ends the bridge that has a name which something else gets.
func (p *planner) clearName(table, column string) {
	p.takeAway(func(b bridge) bool {
		return column == "" && b.kind == oldTable && b.old == table || column != "" && b.kind == oldColumn && b.table == table && b.old == column
	})
}

// hasName says whether a column of now has a name.
func hasName(e *model.Entity, column string) bool {
	return slices.ContainsFunc(e.Fields, func(f *model.Field) bool { return f.Name.SQL == column })
}

// firstLine is what the component reads of a migration: see opslag.
func (p *planner) firstLine() string {
	if len(p.stops) > 0 {
		return "-- stilstand: " + oneLine(strings.Join(p.stops, "; ")) + "\n"
	}
	if len(p.known) > 0 {
		return "-- naast: versies met " + strings.Join(p.known, ", ") + "\n"
	}
	return "-- naast: elke vorige versie\n"
}
