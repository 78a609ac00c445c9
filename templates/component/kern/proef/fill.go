package proef

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// attempts is how often a row is tried, each time with other values.
const attempts = 200

// fill puts two rows in each table: one in which everything is filled in, and one
// with as little as the table takes. Tables that refer to others come after them.
func (f *filler) fill() {
	f.Helper()
	f.tried = map[string]error{}
	waiting := f.tables()
	for len(waiting) > 0 {
		var later []string
		for _, table := range waiting {
			f.made++
			columns := f.columns(table)
			if f.tried[table] = f.row(table, columns, true); f.tried[table] != nil {
				later = append(later, table)
				continue
			}
			f.made++
			_ = f.row(table, columns, false) // what cannot be left out the database knows
		}
		if len(later) == len(waiting) {
			return
		}
		waiting = later
	}
}

// row puts a row in a table.
func (f *filler) row(table string, columns []column, whole bool) error {
	f.Helper()
	var names []string
	var choices [][]any
	for _, c := range columns {
		if !whole && (!c.required || c.filled) {
			continue
		}
		names = append(names, quotedName(c.name))
		choices = append(choices, f.choices(table, c, whole))
	}
	if len(names) == 0 {
		_, err := f.db.ExecContext(f.Context(), "INSERT INTO "+quotedName(table)+" DEFAULT VALUES") // #nosec G202 -- Names of our own migrations, quoted.
		return err
	}
	var first error
	for try := range attempts {
		var marks []string
		var args []any
		for i, all := range choices {
			if sub, ok := pick(all, try, i).(expression); ok {
				marks = append(marks, string(sub))
				continue
			}
			args = append(args, pick(all, try, i))
			marks = append(marks, "$"+strconv.Itoa(len(args)))
		}
		text := "INSERT INTO " + quotedName(table) + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ")" // #nosec G202 -- Names of our own migrations, quoted.
		_, err := f.db.ExecContext(f.Context(), text, args...)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// expression is a value that the database computes.
type expression string

// pick is a choice for a try: first the first of each column, then the next ones,
// and after that the columns go their own ways.
func pick(all []any, try, at int) any {
	if try >= 8 {
		try += at * (try / 8)
	}
	return all[try%len(all)]
}

// choices are values that a column may take, the likely ones first.
func (f *filler) choices(table string, c column, whole bool) []any {
	switch {
	case c.name == "id" && !isWhole(c):
		ids := f.examples[table+".id"] // somebody may refer to one of these
		if n := len(f.query("SELECT id FROM " + quotedName(table))); n < len(ids) {
			return []any{ids[n], uuid.NewString()}
		}
		return []any{uuid.NewString()}
	case c.refers != "" && c.to == table && !c.required && !f.has(table):
		return []any{nil} // there is no other row yet
	case c.refers != "":
		return []any{expression(c.refers)}
	}
	var all []any
	for _, v := range f.examples[table+"."+c.name] {
		if f.fits(c, v) {
			all = append(all, v)
		}
	}
	if n := len(all); n > 0 { // not always the first: there may be one of each
		at := f.made % n
		all = append(slices.Clone(all[at:]), all[:at]...)
	}
	for _, check := range c.checks {
		all = append(all, literals(c, check)...)
	}
	all = append(all, f.plain(c)...)
	if !c.required && whole {
		all = append(all, nil)
	}
	return all
}

func (f *filler) has(table string) bool {
	return len(f.query("SELECT 1 FROM "+quotedName(table)+" LIMIT 1")) > 0
}

// fits says whether a value, which may be of the column as it is later, has the kind
// of the column as it is now.
func (f *filler) fits(c column, v any) bool {
	switch v.(type) {
	case int64:
		return !isText(c)
	case float64:
		return !isText(c) && !isWhole(c)
	case string:
		return isText(c) || !isNumber(c) && f.postgres
	case bool:
		return strings.HasPrefix(c.kind, "bool")
	}
	return !isText(c) && !isNumber(c)
}

func isWhole(c column) bool { return strings.Contains(c.kind, "int") }

func isText(c column) bool {
	return strings.Contains(c.kind, "text") || strings.Contains(c.kind, "char") || c.kind == ""
}

func isNumber(c column) bool {
	return isWhole(c) || strings.Contains(c.kind, "real") || strings.Contains(c.kind, "double") || strings.Contains(c.kind, "numeric") || strings.Contains(c.kind, "decimal") || strings.Contains(c.kind, "float")
}

var literal = regexp.MustCompile(`'((?:[^']|'')*)'|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`)

// literals are the values that a rule of the database names: the choices of an IN,
// the bounds of a BETWEEN, and what is just above and below them.
func literals(c column, check string) (all []any) {
	for _, m := range literal.FindAllStringSubmatch(check, -1) {
		if strings.HasPrefix(m[0], "'") {
			all = append(all, strings.ReplaceAll(m[1], "''", "'"))
			continue
		}
		n, err := strconv.ParseFloat(m[0], 64)
		if err != nil || isText(c) {
			continue
		}
		for _, near := range []float64{n, n + 1, n - 1, n * 100} { // an amount is in cents
			if isWhole(c) {
				all = append(all, int64(near))
			} else {
				all = append(all, near)
			}
		}
	}
	if isNumber(c) {
		all = slices.DeleteFunc(all, func(v any) bool { _, text := v.(string); return text })
	}
	return all
}

// plain are values of a kind, whatever the column is about.
func (f *filler) plain(c column) []any {
	n := int64(f.made)
	switch {
	case strings.HasPrefix(c.kind, "bool"):
		return []any{n%2 == 0}
	case strings.HasPrefix(c.kind, "timestamp"), strings.HasPrefix(c.kind, "datetime"):
		if f.postgres {
			return []any{"2026-01-31T09:00:00Z"}
		}
		return []any{int64(1_769_850_000_000_000)}
	case strings.HasPrefix(c.kind, "date"):
		return []any{"2026-01-31"}
	case strings.HasPrefix(c.kind, "json"):
		return []any{"{}"}
	case strings.HasPrefix(c.kind, "uuid"):
		return []any{uuid.NewString()}
	case strings.HasPrefix(c.kind, "bytea"), strings.HasPrefix(c.kind, "blob"):
		return []any{[]byte("proef")}
	case isWhole(c):
		return []any{n, int64(1), int64(0)}
	case isNumber(c):
		return []any{float64(n), 1.0, 0.5}
	}
	return []any{fmt.Sprintf("proef %d", n), "2026-01-31", "{}", "1", uuid.NewString()}
}
