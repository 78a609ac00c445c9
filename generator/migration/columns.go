package migration

import (
	"fmt"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// addColumn makes the column of a new field; fill is what rows get that are there.
type addColumn struct {
	table string
	*model.Field
	fill string
	// stays keeps the fill for the rows of a version that does not know the column.
	stays bool
}

func (s addColumn) sql(d ddl.Dialect) string {
	var text string
	switch {
	case d == ddl.SQLite && s.Required && s.Reference != nil:
		text = refill(s.table, d.Column(s.Field), literal(d, s.Field, s.fill))
	case s.fill == "":
		text = lines("ALTER TABLE " + s.table + " ADD COLUMN " + d.Column(s.Field))
	case d == ddl.SQLite && s.Required:
		text = lines("ALTER TABLE " + s.table + " ADD COLUMN " + withDefault(d.Column(s.Field), s.Field, literal(d, s.Field, s.fill)))
	case d == ddl.SQLite:
		text = lines("ALTER TABLE "+s.table+" ADD COLUMN "+d.Column(s.Field),
			fmt.Sprintf("UPDATE %s SET %s = %s", s.table, s.Name.SQL, literal(d, s.Field, s.fill)))
	case s.stays:
		text = lines("ALTER TABLE " + s.table + " ADD COLUMN " + withDefault(d.Column(s.Field), s.Field, literal(d, s.Field, s.fill)))
	default:
		text = lines("ALTER TABLE "+s.table+" ADD COLUMN "+withDefault(d.Column(s.Field), s.Field, literal(d, s.Field, s.fill)),
			fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", s.table, s.Name.SQL))
	}
	if ddl.Indexed(s.Field) {
		text += d.Index(s.table, s.Name.SQL)
	}
	return text
}

// withDefault puts a default in the text of a column, behind its type.
func withDefault(column string, f *model.Field, to string) string {
	for _, kind := range []string{f.Postgres, f.SQLite} {
		if rest, found := strings.CutPrefix(column, f.Name.SQL+" "+kind); found {
			return f.Name.SQL + " " + kind + " DEFAULT " + to + rest
		}
	}
	return column + " DEFAULT " + to
}

// refill adds a column that must be filled and refers to another table. SQLite adds
// such a column to an empty table only, so the rows step aside for a moment. What
// the team made on the table stays; what would do something to rows that go and
// come, a trigger or a cascade of the team, stops the migration.
func refill(table, column, to string) string {
	const aside, guard = "terzijde", "bewaker"
	return lines(
		"PRAGMA defer_foreign_keys = ON",
		"CREATE TEMPORARY TABLE "+guard+" (aantal INTEGER CONSTRAINT eerst_triggers_en_cascades_weghalen CHECK (aantal = 0))",
		fmt.Sprintf("INSERT INTO %s SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = %s", guard, quote.SQL(table)),
		fmt.Sprintf("INSERT INTO %s SELECT count(*) FROM sqlite_schema s, pragma_foreign_key_list(s.name) v WHERE s.type = 'table' AND v.\"table\" = %s AND v.on_delete <> 'NO ACTION'", guard, quote.SQL(table)),
		"CREATE TEMPORARY TABLE "+aside+" AS SELECT * FROM "+table,
		"DELETE FROM "+table,
		"ALTER TABLE "+table+" ADD COLUMN "+column,
		"INSERT INTO "+table+" SELECT *, "+to+" FROM "+aside,
		"DROP TABLE "+aside,
		"DROP TABLE "+guard)
}

// keepColumn lets a column be that no answer names any more: nothing has to be
// filled in, and it keeps nobody from removing another row.
type keepColumn struct {
	table string
	*model.Field
	alone bool // no version of before is served, which would store a sort key
}

func (s keepColumn) sql(d ddl.Dialect) string {
	free := *s.Field
	free.Required, free.Min, free.Max, free.Values, free.Reference, free.Filter, free.Sort = false, nil, nil, nil, nil, false, false
	key := ""
	if s.alone {
		key = dropSortKey(d, s.table, s.Field)
	}
	return lines(key) + alterColumn{table: s.table, was: s.Field, is: &free}.sql(d)
}

// alterColumn changes a column: was and is have the same name.
type alterColumn struct {
	table   string
	was, is *model.Field
	convert expression
	fill    string // what rows get for which there is no value otherwise; "" for none
	beside  *bridge
}

// value is what the column holds afterwards, in terms of what it holds now. A field
// that need not be filled stays as empty as it was.
func (s alterColumn) value(d ddl.Dialect) string {
	now := s.is.Name.SQL
	to := now
	if s.convert != nil {
		to = s.convert(d, now)
	}
	if s.fill == "" {
		return to
	}
	to = "coalesce(" + to + ", " + literal(d, s.is, s.fill) + ")"
	if !s.is.Required {
		to = "CASE WHEN " + now + " IS NOT NULL THEN " + to + " END"
	}
	return to
}

func (s alterColumn) sql(d ddl.Dialect) string {
	if d == ddl.Postgres {
		return s.postgres()
	}
	return s.sqlite()
}

// sqlite makes the column anew beside the old one and lets it take its place, for
// SQLite changes no column. What the team made on the table itself stays; what it
// made on this column, such as an index, stops the migration.
func (s alterColumn) sqlite() string {
	const d = ddl.SQLite
	column, text := s.is.Name.SQL, ""
	if ddl.Indexed(s.was) && (!ddl.Indexed(s.is) || s.rebuilt()) {
		text += dropIndex{s.table, column}.sql(d)
	}
	if s.rebuilt() {
		fresh := *s.is
		fresh.Name.SQL = column + "__nieuw"
		to := s.value(d)
		if fresh.Required && fresh.Reference != nil {
			text += refill(s.table, d.Column(&fresh), to)
		} else {
			made := d.Column(&fresh)
			if fresh.Required {
				made = withDefault(made, &fresh, filler(&fresh))
			}
			text += lines("ALTER TABLE "+s.table+" ADD COLUMN "+made, fmt.Sprintf("UPDATE %s SET %s = %s", s.table, fresh.Name.SQL, to))
		}
		text += lines("ALTER TABLE "+s.table+" DROP COLUMN "+column, fmt.Sprintf("ALTER TABLE %s RENAME COLUMN %s TO %s", s.table, fresh.Name.SQL, column))
	}
	if ddl.Indexed(s.is) && (!ddl.Indexed(s.was) || s.rebuilt()) {
		text += d.Index(s.table, column)
	}
	return text
}

// rebuilt says whether the column itself changes, and not only its index.
func (s alterColumn) rebuilt() bool {
	return s.convert != nil || s.fill != "" || ddl.SQLite.Column(s.was) != ddl.SQLite.Column(s.is)
}

// filler is a value that a column takes which must be filled. SQLite wants one to
// add it; every row gets its own value right after.
func filler(f *model.Field) string {
	switch {
	case len(f.Values) > 0:
		return literal(ddl.SQLite, f, f.Values[0].Raw)
	case f.Min != nil && *f.Min > 0:
		return bound(f, *f.Min)
	case f.Max != nil && *f.Max < 0:
		return bound(f, *f.Max)
	case f.SQLite == "TEXT":
		return "''"
	}
	return "0"
}

func bound(f *model.Field, n float64) string {
	if f.Type == "money" {
		n *= 100
	}
	return fmt.Sprint(n)
}

// postgres changes the column where it is.
func (s alterColumn) postgres() string {
	const d = ddl.Postgres
	column := s.is.Name.SQL
	alter := "ALTER TABLE " + s.table + " ALTER COLUMN " + column + " "
	var all []string
	do := func(when bool, statement string) {
		if when {
			all = append(all, statement)
		}
	}
	retyped := s.was.Postgres != s.is.Postgres
	before, after := ddl.Check(s.was, column), ddl.Check(s.is, column)
	recheck := before != after || retyped
	refer := !sameTable(s.was, s.is)
	do(ddl.Indexed(s.was) && !ddl.Indexed(s.is), strings.TrimSuffix(dropIndex{s.table, column}.sql(d), ";\n"))
	do(retyped, dropSortKey(d, s.table, s.was))
	do(before != "" && recheck, dropNamed(s.table, column, checks))
	do(s.was.Reference != nil && refer, dropNamed(s.table, column, fkeys))
	moves := s.convert != nil || s.fill != ""
	do(s.was.Required && (!s.is.Required || moves), alter+"DROP NOT NULL")
	switch to := typed(s.value(d), s.is.Postgres); {
	case retyped:
		all = append(all, alter+"TYPE "+s.is.Postgres+" USING "+to)
	case s.convert != nil:
		all = append(all, fmt.Sprintf("UPDATE %s SET %s = %s", s.table, column, to))
	case s.fill != "":
		all = append(all, fmt.Sprintf("UPDATE %[1]s SET %[2]s = %[3]s WHERE %[2]s IS NULL", s.table, column, literal(d, s.is, s.fill)))
	}
	do(s.is.Required && (!s.was.Required || moves), alter+"SET NOT NULL")
	do(after != "" && recheck, fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s)", s.table, givenName(s.table, column, checks), after))
	if s.is.Reference != nil && refer {
		all = append(all, fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (id)", s.table, givenName(s.table, column, fkeys), column, s.is.Reference.Plural.SQL))
	}
	do(ddl.Indexed(s.is) && !ddl.Indexed(s.was), strings.TrimSuffix(d.Index(s.table, column), ";\n"))
	return lines(all...) + s.bridged()
}

// bridged fills, or translates, what a version of before writes.
func (s alterColumn) bridged() string {
	if s.beside == nil {
		return ""
	}
	const d = ddl.Postgres
	column, body := "NEW."+s.is.Name.SQL, ""
	if s.translates() {
		to := column
		if s.convert != nil {
			to = s.convert(d, column)
		}
		if s.fill != "" {
			to = "coalesce(" + to + ", " + literal(d, s.is, s.fill) + ")"
		}
		// Only a choice of before: what is neither is refused, and not made into something.
		body += fmt.Sprintf("    IF %s AND NOT (%s) THEN %s := %s; END IF;\n", ddl.Check(s.was, column), ddl.Check(s.is, column), column, to)
	}
	if s.fills() {
		body += fmt.Sprintf("    IF %s IS NULL THEN %[1]s := %s; END IF;\n", column, literal(d, s.is, s.fill))
	}
	return s.beside.trigger(body)
}

// translates says whether choices are gone, and something was said of each.
func (s alterColumn) translates() bool {
	return s.was.Type == "enum" && s.is.Type == "enum" && s.convert != nil
}

// fills says whether there must be something where there could be nothing.
func (s alterColumn) fills() bool { return s.is.Required && !s.was.Required && s.fill != "" }

// typed says of which type a value is, where NULL and a text between quotes have none.
func typed(to, kind string) string {
	if to == "NULL" || strings.HasPrefix(to, "coalesce(NULL") || strings.Contains(to, "CASE") {
		return "CAST(" + to + " AS " + kind + ")"
	}
	return to
}
