package opslag

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Fits says in which way the table in the database and the type of its rows do
// not belong together: a migration that was forgotten would otherwise show when
// somebody stores the first row, and a column that may be empty when somebody
// reads an old one.
func (t *Table[T]) Fits(ctx context.Context) error {
	if t.misfit != nil {
		return t.misfit
	}
	rows, err := t.db.read.QueryContext(ctx, t.db.dialect.columns, t.schema.Name)
	if err != nil {
		return translate("kolommen van "+t.schema.Name, err)
	}
	defer func() { _ = rows.Close() }()
	nullable := map[string]bool{}
	for rows.Next() {
		var name string
		var required bool
		if err := rows.Scan(&name, &required); err != nil {
			return translate("kolommen van "+t.schema.Name, err)
		}
		nullable[name] = !required
	}
	if err := rows.Err(); err != nil {
		return translate("kolommen van "+t.schema.Name, err)
	}
	if len(nullable) == 0 {
		return fmt.Errorf("gegevens: 1-gegevens/migraties maakt geen tabel %s", t.schema.Name)
	}
	var faults []error
	later := t.db.serving.later.Load() // then a column may be empty that must be filled here: it reads as empty
	targets := t.schema.Fields(new(T))
	for i, c := range t.schema.Columns {
		empty, there := nullable[c.SQL]
		switch {
		case !there:
			faults = append(faults, fmt.Errorf("gegevens: 1-gegevens/migraties maakt geen kolom %s in tabel %s", c.SQL, t.schema.Name))
		case later:
		case empty && !mayBeAbsent(targets[i]):
			faults = append(faults, fmt.Errorf("gegevens: veld %s: kolom %s van %s mag in 1-gegevens/migraties leeg zijn en het type van het veld niet; neem een pointer (%s), en bij tekst opslag.Text bij Fields", c.JSON, c.SQL, t.schema.Name, pointerTo(targets[i])))
		case empty && !t.leftOut(c.JSON):
			faults = append(faults, fmt.Errorf("gegevens: veld %s: kolom %s van %s mag leeg zijn; zet in 1-gegevens omitempty bij de naam: `json:\"%s,omitempty\"`", c.JSON, c.SQL, t.schema.Name, c.JSON))
		}
	}
	if faults = append(faults, t.retentionFaults()...); errors.Join(faults...) != nil {
		return errors.Join(faults...)
	}
	return t.arrange(ctx)
}

// leftOut says whether the API leaves a field out that has no value.
func (t *Table[T]) leftOut(name string) bool {
	row := reflect.TypeFor[T]()
	for i := range row.NumField() {
		tag, options, _ := strings.Cut(row.Field(i).Tag.Get("json"), ",")
		if tag == name {
			return strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		}
	}
	return true // the type has no such field, which is said elsewhere
}

// mayBeAbsent says whether a field can hold that there is no value.
func mayBeAbsent(target any) bool {
	if _, ok := target.(*nullText); ok {
		return true
	}
	return reflect.TypeOf(target).Elem().Kind() == reflect.Pointer
}

func pointerTo(target any) string { return reflect.TypeOf(target).String() }
