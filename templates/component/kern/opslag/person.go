package opslag

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// atOnce is how many values go into one IN: databases have a limit.
const atOnce = 500

// maxOfPerson bounds what is gathered of one kind about one person.
const maxOfPerson = 10000

// NumberOf says whether the column holds numbers of a kind: logboek.BSN or
// logboek.KVK.
func (c Column) NumberOf(kind string) bool {
	return kind == logboek.BSN && c.BSN || kind == logboek.KVK && c.KVK
}

// OfPerson gives the rows with the number of a person in one of their columns for
// numbers of that kind, oldest first, and those with one of these ids.
func (t *Table[T]) OfPerson(ctx context.Context, kind, number string, ids []string) ([]T, error) {
	var all []T
	seen := map[string]bool{}
	add := func(c *condition, either bool) error {
		if len(c.parts) == 0 {
			return nil
		}
		if either {
			c.parts = []string{"(" + strings.Join(c.parts, " OR ") + ")"}
		}
		var row T
		l := &listing{db: t.db, columns: t.columns, table: t.schema.Name, order: order{by: "aangemaakt_op"}, filters: c}
		r := &reader[T]{listing: l, row: &row, targets: t.targets(&row)}
		err := r.read(ctx, nil, false, maxOfPerson)
		for i := range r.rows {
			if id := t.schema.Meta(&r.rows[i]).ID; !seen[id] {
				seen[id] = true
				all = append(all, r.rows[i])
			}
		}
		return translate(t.schema.Name+" van een persoon", err)
	}
	own := &condition{}
	for _, col := range t.schema.Columns {
		if col.NumberOf(kind) {
			own.oneOf(col.SQL, written(number))
		}
	}
	if err := add(own, true); err != nil {
		return nil, err
	}
	for some := range slices.Chunk(ids, atOnce) {
		byID := &condition{}
		byID.oneOf("id", anys(some))
		if err := add(byID, false); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// written are the ways in which a number can stand in a table: some systems leave
// out the leading zero.
func written(number string) []any {
	if short, zero := strings.CutPrefix(number, "0"); zero {
		return []any{number, short}
	}
	return []any{number}
}

func anys(texts []string) []any {
	all := make([]any, len(texts))
	for i, s := range texts {
		all[i] = s
	}
	return all
}

// PersonZaak is a zaak that has to do with a person.
type PersonZaak struct {
	Zaak
	Acted bool // the person set a status in it
}

// OfPerson gives the zaken that were begun for a person (a user id), in which that
// person did a step, or that are about one of these records; oldest first.
func (s *Zaken) OfPerson(ctx context.Context, person string, subjects []string) ([]PersonZaak, error) {
	const acted = "EXISTS (SELECT 1 FROM statussen WHERE statussen.zaak = zaken.id AND statussen.gezet_door = $1)"
	all, err := s.ofPerson(ctx, "initiator = $1 OR id IN (SELECT zaak FROM statussen WHERE gezet_door = $1)", acted, person)
	for some := range slices.Chunk(subjects, atOnce) {
		if err != nil {
			return nil, err
		}
		c := &condition{}
		c.mark(person)
		c.oneOf("onderwerp", anys(some))
		var more []PersonZaak
		more, err = s.ofPerson(ctx, c.parts[0], acted, c.args...)
		all = append(all, more...)
	}
	slices.SortStableFunc(all, func(a, b PersonZaak) int { return cmp.Compare(a.Identificatie, b.Identificatie) })
	return slices.CompactFunc(all, func(a, b PersonZaak) bool { return a.ID == b.ID }), err
}

func (s *Zaken) ofPerson(ctx context.Context, where, acted string, args ...any) ([]PersonZaak, error) {
	const doing = "zaken van een persoon"
	rows, err := s.db.query(ctx, "SELECT "+zaakColumns+", "+acted+" FROM zaken WHERE "+where, args...)
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	var all []PersonZaak
	for rows.Next() {
		z := PersonZaak{Zaak: Zaak{ResponsibleOrganisation: s.organisation}}
		if err := rows.Scan(append(z.targets(), &z.Acted)...); err != nil {
			return nil, translate(doing, err)
		}
		all = append(all, z)
	}
	return all, translate(doing, rows.Err())
}

// Rename gives what was begun and done by a person under an earlier user id to a
// later one, in the zaken of that person: in the days before the id followed from
// a number it was another.
func (s *Zaken) Rename(ctx context.Context, from, to string) error {
	err := s.db.within(ctx, func(tx *transaction) error {
		if _, err := tx.exec(ctx, "UPDATE statussen SET gezet_door = $1 WHERE gezet_door = $2 AND zaak IN (SELECT id FROM zaken WHERE initiator = $2)", to, from); err != nil {
			return err
		}
		_, err := tx.exec(ctx, "UPDATE zaken SET initiator = $1 WHERE initiator = $2", to, from)
		return err
	})
	return translate("zaken bij een persoon zetten", err)
}

// KeptFor is something that is kept for a short time, without what is in it.
type KeptFor struct {
	Kind    string
	Name    string // of a file
	Expires value.DateTime
}

// OfPerson says what is kept for a person, and which files wait for the form to
// which they belong.
func (t *Temporary) OfPerson(ctx context.Context, owner string) ([]KeptFor, error) {
	all := []KeptFor{}
	for _, text := range []string{
		"SELECT soort, '', verloopt_op FROM tijdelijk WHERE eigenaar = $1 AND verloopt_op > $2 ORDER BY verloopt_op, id",
		"SELECT 'bestand', naam, verloopt_op FROM bestanden WHERE eigenaar = $1 AND verloopt_op > $2 ORDER BY verloopt_op, id",
	} {
		if err := t.ofPerson(ctx, text, owner, &all); err != nil {
			return nil, translate("tijdelijke gegevens van een persoon", err)
		}
	}
	return all, nil
}

func (t *Temporary) ofPerson(ctx context.Context, text, owner string, all *[]KeptFor) error {
	rows, err := t.db.query(ctx, text, owner, t.db.moment())
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var k KeptFor
		if err := rows.Scan(&k.Kind, &k.Name, &k.Expires); err != nil {
			return err
		}
		*all = append(*all, k)
	}
	return rows.Err()
}
