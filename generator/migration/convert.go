package migration

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// expression writes the new value of a column in terms of c, which holds the old
// one. nil leaves values as they are. A value that cannot be converted becomes NULL.
type expression func(d ddl.Dialect, c string) string

// literal is a value in form notation as SQL.
func literal(d ddl.Dialect, f *model.Field, form string) string {
	t, _ := fieldtype.Of(f.Type)
	stored := t.Stored(form)
	switch t.Storage() {
	case fieldtype.AsNumber:
		return stored
	case fieldtype.AsBoolean:
		return truth(d, stored == "true")
	case fieldtype.AsMoment:
		moment, err := time.Parse(time.RFC3339, stored)
		if d == ddl.SQLite && err == nil {
			return strconv.FormatInt(moment.UnixMicro(), 10)
		}
	}
	return quote.SQL(stored)
}

func truth(d ddl.Dialect, yes bool) string {
	switch {
	case d == ddl.SQLite && yes:
		return "1"
	case d == ddl.SQLite:
		return "0"
	}
	return strings.ToUpper(strconv.FormatBool(yes))
}

// byDialect is an expression that the databases write differently; c is %s.
func byDialect(sqlite, postgres string) expression {
	return func(d ddl.Dialect, c string) string {
		if d == ddl.Postgres {
			return strings.ReplaceAll(postgres, "%s", c)
		}
		return strings.ReplaceAll(sqlite, "%s", c)
	}
}

func both(text string) expression { return byDialect(text, text) }

// conversion is how the values of a type become those of another.
type conversion struct {
	expression
	all bool // every value can be converted
}

// conversions are those between types that are not kept alike. Of what is not
// here no value can be converted.
var conversions = map[[2]string]conversion{
	{"integer", "decimal"}: {both("CAST(%s AS DOUBLE PRECISION)"), true},
	{"integer", "money"}:   {both("%s * 100"), true},
	{"money", "decimal"}:   {both("%s / 100.0"), true},
	{"decimal", "integer"}: {both("CASE WHEN %s = round(%s) AND abs(%s) < 1e15 THEN CAST(%s AS BIGINT) END"), false},
	{"money", "integer"}:   {both("CASE WHEN %s % 100 = 0 THEN %s / 100 END"), false},
	{"decimal", "money"}:   {both("CASE WHEN abs(%s * 100 - round(%s * 100)) < 1e-6 * abs(%s) + 1e-9 AND abs(%s) < 1e13 THEN CAST(round(%s * 100) AS BIGINT) END"), false},

	{"integer", "text"}: {both("CAST(%s AS TEXT)"), true},
	{"decimal", "text"}: {byDialect("CASE WHEN %s = CAST(%s AS INTEGER) THEN CAST(CAST(%s AS INTEGER) AS TEXT) ELSE CAST(%s AS TEXT) END", "CAST(%s AS TEXT)"), true},
	{"money", "text"}: {byDialect("CASE WHEN %s < 0 THEN '-' ELSE '' END || (abs(%s) / 100) || ',' || substr('0' || (abs(%s) % 100), -2)",
		"CASE WHEN %s < 0 THEN '-' ELSE '' END || (abs(%s) / 100) || ',' || right('0' || (abs(%s) % 100), 2)"), true},
	{"boolean", "text"}: {both("CASE WHEN %s THEN 'ja' WHEN NOT %s THEN 'nee' END"), true},
	{"date", "text"}:    {byDialect("%s", "to_char(%s, 'YYYY-MM-DD')"), true},
	{"text", "integer"}: {byDialect("CASE WHEN length(%s) BETWEEN 1 AND 15 AND %s NOT GLOB '*[^0-9]*' THEN CAST(%s AS INTEGER) END",
		"CASE WHEN %s ~ '^[0-9]{1,15}$' THEN CAST(%s AS BIGINT) END"), false},
	{"text", "boolean"}: {byDialect("CASE WHEN lower(%s) = 'ja' THEN 1 WHEN lower(%s) = 'nee' THEN 0 END",
		"CASE WHEN lower(%s) = 'ja' THEN TRUE WHEN lower(%s) = 'nee' THEN FALSE END"), false},

	// 00 is how it is kept, and nothing that people read.
	{"onvolledige-datum", "text"}: {both("CASE WHEN %s = '0000-00-00' THEN 'onbekend' ELSE replace(%s, '-00', '') END"), true},
	{"date", "onvolledige-datum"}: {byDialect("%s", "to_char(%s, 'YYYY-MM-DD')"), true},
	// The beginning of the day in UTC is within that day in the Netherlands.
	{"date", "datetime"}: {byDialect("unixepoch(%s) * 1000000", "CAST(%s AS TIMESTAMP) AT TIME ZONE 'UTC'"), true},

	// The trial of a component fills tables of before with texts that are no JSON,
	// where a column had another name then: SQLite takes them.
	{"adres", "adres-overal"}:            {byDialect("CASE WHEN json_valid(%s) THEN json_set(%s, '$.type', 'Adres') ELSE %s END", `jsonb_set(%s, '{type}', '"Adres"')`), true},
	{"adres-buitenland", "adres-overal"}: {byDialect("CASE WHEN json_valid(%s) THEN json_set(%s, '$.type', 'AdresBuitenland') ELSE %s END", `jsonb_set(%s, '{type}', '"AdresBuitenland"')`), true},
}

// isText says whether a type is kept as a text that people read.
func isText(name string) bool {
	t, known := fieldtype.Of(name)
	return known && t.SQLite == "TEXT" && t.Postgres == "TEXT"
}

// asText is the name under which a text stands in conversions.
func asText(name string) string {
	if isText(name) && name != "onvolledige-datum" && name != "reference" {
		return "text"
	}
	return name
}

// conversionOf is how the values of a field become those of another; fits says
// whether all of them do. Choices and bounds are not looked at here.
func conversionOf(was, f *model.Field) (c conversion, fits bool) {
	switch {
	case was.Type == f.Type && (f.Type != "reference" || sameTable(was, f)):
		return conversion{all: true}, true
	case f.Type == "reference" || f.Type == "onvolledige-datum" && was.Type != "date":
		return conversion{}, false
	case isText(was.Type) && f.Type == "enum" && was.Type != "onvolledige-datum":
		return conversion{expression: within(f)}, false
	case isText(was.Type) && isText(f.Type) && was.Type != "onvolledige-datum": // as it is; a form asks for a better one when it is changed
		return conversion{all: true}, true
	}
	c, known := conversions[[2]string{asText(was.Type), asText(f.Type)}]
	if f.Type == "enum" && known { // choices are few: not every text is one
		made := c.expression
		return conversion{expression: func(d ddl.Dialect, col string) string {
			return within(f)(d, "("+made(d, col)+")")
		}}, false
	}
	return c, known && c.all
}

func sameTable(was, f *model.Field) bool {
	return was.Reference != nil && f.Reference != nil && was.Reference.Plural.SQL == f.Reference.Plural.SQL
}

// within leaves only what the field takes.
func within(f *model.Field) expression {
	return func(_ ddl.Dialect, c string) string {
		return fmt.Sprintf("CASE WHEN %s THEN %s END", ddl.Check(f, c), c)
	}
}

// then does one after the other.
func (e expression) then(next expression) expression {
	if e == nil {
		return next
	}
	return func(d ddl.Dialect, c string) string { return next(d, "("+e(d, c)+")") }
}

// narrower says whether a field takes fewer numbers than it did.
func narrower(was, f *model.Field) bool {
	less := func(was, is *float64, sign float64) bool {
		return is != nil && (was == nil || *was*sign < *is*sign)
	}
	return less(was.Min, f.Min, 1) || less(was.Max, f.Max, -1)
}
