package opslag

import (
	"context"
	"encoding/json"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Declaration is a declaration of destruction ("verklaring van vernietiging"):
// what was destroyed, on what ground, how, when and by whom. It holds no data of
// a person but the name of who decided.
type Declaration struct {
	ID        string         `json:"id"`
	DecidedAt value.DateTime `json:"beslotenOp"`
	By        string         `json:"door"`
	Approval  string         `json:"goedkeuring"`
	How       string         `json:"wijze"`
	Count     int            `json:"aantal"`
	Lines     []Destroyed    `json:"vernietigd,omitempty"`
}

// Destroyed is one thing on a declaration.
type Destroyed struct {
	Due
	At     value.DateTime   `json:"vernietigdOp"`
	Counts map[string]int64 `json:"aantallen"` // of the rows and files that it was made of
}

const declarations = "SELECT v.id, v.besloten_op, v.door, v.goedkeuring, v.wijze, (SELECT count(*) FROM vernietigingsregels r WHERE r.vernietiging = v.id) FROM vernietigingen v"

func (d *Declaration) targets() []any {
	return []any{&d.ID, &d.DecidedAt, &d.By, &d.Approval, &d.How, &d.Count}
}

// Declarations gives all of them without their lines, newest first. One of nothing
// is of work that goes on now, or that broke off before it began.
func (a *Archive) Declarations(ctx context.Context) ([]Declaration, error) {
	const doing = "verklaringen van vernietiging lezen"
	rows, err := a.db.query(ctx, declarations+" WHERE EXISTS (SELECT 1 FROM vernietigingsregels r WHERE r.vernietiging = v.id) ORDER BY v.besloten_op DESC, v.id DESC")
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	all := []Declaration{}
	for rows.Next() {
		var d Declaration
		if err := rows.Scan(d.targets()...); err != nil {
			return nil, translate(doing, err)
		}
		all = append(all, d)
	}
	return all, translate(doing, rows.Err())
}

// Declaration gives one with its lines.
func (a *Archive) Declaration(ctx context.Context, id string) (*Declaration, error) {
	const doing = "een verklaring van vernietiging lezen"
	var d Declaration
	if err := a.db.read.QueryRowContext(ctx, declarations+" WHERE v.id = $1", id).Scan(d.targets()...); err != nil {
		return nil, translate(doing, err)
	}
	const lines = `SELECT vernietigd_op, soort, identificatie, zaaktype, resultaat, begin, einde, termijn, ingang, ingegaan_op, vervallen_op, bron, aantallen
		FROM vernietigingsregels WHERE vernietiging = $1 ORDER BY soort DESC, identificatie`
	rows, err := a.db.query(ctx, lines, id)
	if err != nil {
		return nil, translate(doing, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var l Destroyed
		var counts string
		if err := rows.Scan(&l.At, &l.Kind, &l.Identificatie, Text(&l.Zaaktype), Text(&l.Resultaat), &l.Begin, &l.End, &l.Term, (*string)(&l.From),
			&l.Since, &l.Expired, Text(&l.Source), &counts); err != nil {
			return nil, translate(doing, err)
		}
		if err := json.Unmarshal([]byte(counts), &l.Counts); err != nil {
			return nil, translate(doing, err)
		}
		d.Lines = append(d.Lines, l)
	}
	return &d, translate(doing, rows.Err())
}
