package opslag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Zaak is one run of the process, with the names of the ZGW standard.
type Zaak struct {
	ID                      string         `json:"id"`
	Identificatie           string         `json:"identificatie"`
	Omschrijving            string         `json:"omschrijving"`
	Zaaktype                string         `json:"zaaktype"`
	ResponsibleOrganisation string         `json:"verantwoordelijkeOrganisatie,omitempty"`
	Startdatum              value.Date     `json:"startdatum"`
	Einddatum               value.Date     `json:"einddatum,omitempty"`
	CurrentStep             string         `json:"huidigeStap"`
	Resultaat               string         `json:"resultaat,omitempty"`
	Subject                 string         `json:"onderwerp,omitempty"`
	Initiator               string         `json:"initiator,omitempty"`
	Representative          string         `json:"gemachtigde,omitempty"` // who began it for the initiator
	Marks                   Marks          `json:"markeringen,omitempty"`
	ChangedAt               value.DateTime `json:"gewijzigdOp"`
	Began                   int64          `json:"procesversie,omitempty"`   // version of the process under which it began; 0 when it is not known
	Stays                   int64          `json:"blijftOpVersie,omitempty"` // version on which it stays; 0 when it follows the process of today
	Version                 int64          `json:"-"`
}

// NewZaak is what a caller says to open a zaak.
type NewZaak struct {
	Omschrijving   string `json:"omschrijving"`
	Zaaktype       string `json:"zaaktype"`
	CurrentStep    string `json:"huidigeStap"`
	Subject        string `json:"onderwerp"`
	Initiator      string `json:"initiator"`
	Representative string `json:"gemachtigde"`
	SetBy          string `json:"gezetDoor"`

	// Process is the version of the process under which the zaak begins; 0 for
	// the newest that layer 1 knows.
	Process int64 `json:"-"`
}

// ZakenQuery is a question for a page of zaken; an empty part does not filter.
type ZakenQuery struct {
	Zaaktype       string
	Initiator      string
	Representative string
	CurrentStep    []string
	Open           *bool
	Query
}

// Zaken keeps the zaken and their statuses.
type Zaken struct {
	db           *Database
	organisation string    // OIN of who is responsible; "" when it is not known yet
	versions     *sync.Map // versions of processes that are known to be there
	indexes      *indexes
}

// NewZaken makes the access to the zaken of an organisation.
func NewZaken(db *Database, oin string) *Zaken {
	s := &Zaken{db, oin, &sync.Map{}, db.indexesOf("zaken", zakenIndexes, func(name string) bool { return slices.Contains(formerZakenIndexes, name) })}
	db.keep("zaken", s.indexes.keep)
	return s
}

const (
	zaakColumns = "id, identificatie, omschrijving, zaaktype, startdatum, einddatum, huidige_stap, resultaat, onderwerp, initiator, gemachtigde, markeringen, gewijzigd_op, versie, procesversie, blijft_op_versie"
	readZaak    = "SELECT " + zaakColumns + " FROM zaken WHERE id = $1"
)

var zaakSorts = []Column{
	{SQL: "identificatie", JSON: "identificatie", Sort: true, filled: true, unique: true},
	{SQL: "startdatum", JSON: "startdatum", Sort: true, filled: true},
	{SQL: "gewijzigd_op", JSON: "gewijzigdOp", Sort: true, filled: true},
}

func (z *Zaak) targets() []any {
	all := make([]any, 0, 17)
	return append(all, &z.ID, &z.Identificatie, &z.Omschrijving, &z.Zaaktype, &z.Startdatum, &z.Einddatum, &z.CurrentStep,
		Text(&z.Resultaat), Text(&z.Subject), Text(&z.Initiator), Text(&z.Representative), &z.Marks, &z.ChangedAt, &z.Version, (*number)(&z.Began), (*number)(&z.Stays))
}

// Read gives one zaak.
func (s *Zaken) Read(ctx context.Context, id string) (*Zaak, error) {
	z := &Zaak{ResponsibleOrganisation: s.organisation}
	if err := s.db.row(ctx, readZaak, id).Scan(z.targets()...); err != nil {
		return nil, translate("zaak lezen", err)
	}
	return z, nil
}

// listing is the list that a query asks for. Without another order it stands by
// identificatie, the oldest first.
func (s *Zaken) listing(q ZakenQuery) (*listing, error) {
	by, err := orderOf(zaakSorts, cmp.Or(q.Sort, "identificatie"))
	if err != nil {
		return nil, err
	}
	l := &listing{db: s.db, doing: "zaken opsommen", columns: zaakColumns, table: "zaken", order: by, filters: &condition{}}
	l.filterZaken(q)
	return l, nil
}

// filterZaken adds the filters to a list of zaken. The first goes along an index, when
// there is one that has the order of the list as well.
func (l *listing) filterZaken(q ZakenQuery) {
	person := cmp.Or(q.Initiator, q.Representative) != ""
	steps := slices.Compact(slices.Sorted(slices.Values(q.CurrentStep))) // one that is asked for twice counts once
	filters := []Filter{{"initiator", []string{q.Initiator}}, {"gemachtigde", []string{q.Representative}}, {"zaaktype", []string{q.Zaaktype}}}
	if len(steps) > 1 && !person {
		l.each, l.values = "huidige_stap", anys(steps)
	} else if len(steps) > 0 {
		filters = append(filters, Filter{"huidige_stap", steps})
	}
	filters = slices.DeleteFunc(filters, func(f Filter) bool { return f.Values[0] == "" })
	open := q.Open != nil && *q.Open
	ordered := l.unique && (person || len(filters) == 1 && q.Open == nil) || q.Initiator != "" && open && l.by == "gewijzigd_op"
	for i, f := range filters {
		switch {
		case i == 0 && ordered && l.each == "" && len(f.Values) == 1:
			l.follow(f.Name, f.Values[0])
		case i > 0 && person: // of one person there are not many; so that no other index is taken
			l.filters.oneOf("COALESCE("+f.Name+", '')", anys(f.Values))
		default:
			l.filters.oneOf(f.Name, anys(f.Values))
		}
	}
	if q.Open != nil {
		l.filters.parts = append(l.filters.parts, map[bool]string{true: "einddatum IS NULL", false: "einddatum IS NOT NULL"}[*q.Open])
	}
	if len(l.filters.args) < 2 && l.each == "" && (q.Open == nil || len(filters) == 0) {
		l.countBy = "identificatie"
		if l.along != "" {
			l.countBy = l.along + ", identificatie"
		}
	}
}

// Page gives a page of zaken, and what is known of all that fit.
func (s *Zaken) Page(ctx context.Context, q ZakenQuery) (Page[Zaak], error) {
	l, err := s.listing(q)
	if err != nil {
		return Page[Zaak]{}, err
	}
	z := &Zaak{ResponsibleOrganisation: s.organisation}
	return pageOf(ctx, l, q.Query, z, z.targets())
}

// Question stands for all that a Place in the list of a query depends on.
func (s *Zaken) Question(q ZakenQuery) (string, error) {
	l, err := s.listing(q)
	if err != nil {
		return "", err
	}
	return l.question(), nil
}

// Create opens a zaak and gives it its first status. With a key the same call
// twice opens one zaak, which both get; created is false the second time.
func (s *Zaken) Create(ctx context.Context, n NewZaak, key Key) (zaak *Zaak, created bool, err error) {
	id, err := newID()
	if err != nil {
		return nil, false, err
	}
	if n.Process, err = s.versionOf(ctx, n.Zaaktype, n.Process); err != nil {
		return nil, false, err
	}
	now := s.db.moment()
	zaak = &Zaak{
		ID: id, ResponsibleOrganisation: s.organisation, Omschrijving: n.Omschrijving, Zaaktype: n.Zaaktype, Startdatum: value.DateOf(now.Time), CurrentStep: n.CurrentStep,
		Subject: n.Subject, Initiator: n.Initiator, Representative: n.Representative, ChangedAt: now, Began: n.Process, Version: 1,
	}
	earlier := ""
	err = s.db.within(ctx, func(tx *transaction) error {
		if !key.None() {
			if earlier, err = tx.claim(ctx, zaakScope, key, id, now); err != nil || earlier != "" {
				return err
			}
		}
		status := Status{Zaak: id, Statustype: n.CurrentStep, DatumStatusGezet: now, SetBy: n.SetBy}
		return zaak.insert(ctx, tx, status)
	})
	if err != nil {
		return nil, false, translate("zaak openen", err)
	}
	if earlier == "" {
		return zaak, true, nil
	}
	zaak, err = s.Read(ctx, earlier)
	return zaak, false, err
}

// The next identificatie of a year. The one statement counts and reads, so that two
// people at the same moment get different numbers.
const nextNumber = `INSERT INTO zaaknummers (jaar, laatste) VALUES ($1, 1)
	ON CONFLICT (jaar) DO UPDATE SET laatste = zaaknummers.laatste + 1 RETURNING laatste`

const newZaakColumns = "id, aangemaakt_op, gewijzigd_op, versie, identificatie, omschrijving, zaaktype, startdatum, huidige_stap, onderwerp, initiator, gemachtigde, procesversie"

// insert stores a zaak with its first status, and gives it its identificatie. Until
// the transaction ends nobody else gets a number: where each statement is a journey it
// is one statement.
func (z *Zaak) insert(ctx context.Context, tx *transaction, first Status) (err error) {
	year := z.Startdatum.Time().Year()
	args := []any{z.ID, z.ChangedAt, z.Omschrijving, z.Zaaktype, z.Startdatum, z.CurrentStep, Text(&z.Subject), Text(&z.Initiator), Text(&z.Representative), nullable(z.Began)}
	if tx.remote {
		if first.ID, err = newID(); err != nil {
			return err
		}
		const insert = "WITH nummer AS (" + nextNumber + "), zaak AS (INSERT INTO zaken (" + newZaakColumns + `)
				SELECT $2, $3::timestamptz, $3::timestamptz, 1, 'ZAAK-' || lpad($1::text, 4, '0') || '-' || lpad(laatste::text, 10, '0'), $4, $5, $6::date, $7, $8, $9, $10, $11::bigint
				FROM nummer RETURNING id, identificatie),
			status AS (INSERT INTO statussen (id, zaak, statustype, datum_status_gezet, gezet_door, volgnummer) SELECT $12, id, $7, $3::timestamptz, $13, 1 FROM zaak)
			SELECT identificatie FROM zaak`
		return tx.row(ctx, insert, append(append([]any{year}, args...), first.ID, Text(&first.SetBy))...).Scan(&z.Identificatie)
	}
	var n int64
	if err := tx.row(ctx, nextNumber, year).Scan(&n); err != nil {
		return err
	}
	z.Identificatie = fmt.Sprintf("ZAAK-%04d-%010d", year, n)
	const insert = "INSERT INTO zaken (" + newZaakColumns + ") VALUES ($1, $2, $2, 1, $11, $3, $4, $5, $6, $7, $8, $9, $10)"
	if _, err := tx.exec(ctx, insert, append(args, z.Identificatie)...); err != nil {
		return err
	}
	return first.insert(ctx, tx, 1)
}

// zakenIndexes are what the lists of zaken go along: each filter and each sort that
// layer 2 offers, and what layer 4 asks. That is the tasks of a step, the oldest change
// first; those of one person; and all zaken of a process or of a person, the newest
// first.
var zakenIndexes = []index{
	{name: "zaken_van_type", columns: "zaaktype, identificatie"},
	{name: "zaken_van_initiator", columns: "initiator, identificatie"},
	{name: "zaken_van_gemachtigde", columns: "gemachtigde, identificatie", where: "gemachtigde IS NOT NULL"},
	{name: "zaken_op_stap", columns: "huidige_stap, identificatie"},
	{name: "zaken_lopend", columns: "identificatie", where: "einddatum IS NULL"},
	{name: "zaken_gesloten", columns: "identificatie", where: "einddatum IS NOT NULL"},
	{name: "zaken_taken", columns: "zaaktype, huidige_stap, gewijzigd_op, id", where: "einddatum IS NULL"},
	{name: "zaken_eigen_taken", columns: "initiator, gewijzigd_op, id", where: "einddatum IS NULL AND initiator IS NOT NULL"},
	{name: "zaken_startdatum", columns: "startdatum, id"},
	{name: "zaken_gewijzigd_op", columns: "gewijzigd_op, id"},
}

// formerZakenIndexes came with migrations; each of those above begins with the same.
var formerZakenIndexes = []string{"zaken_huidige_stap", "zaken_initiator", "zaken_gemachtigde"}

// Arrange makes the indexes of the lists.
func (s *Zaken) Arrange(ctx context.Context) error { return s.indexes.arrange(ctx) }

// Count is how many zaken there are.
func (s *Zaken) Count(ctx context.Context) (n int, err error) {
	err = s.db.read.QueryRowContext(ctx, "SELECT count(*) FROM zaken").Scan(&n)
	return n, translate("zaken tellen", err)
}

// Empty says whether there is nothing in any of the tables.
func Empty(ctx context.Context, tables ...interface {
	Count(context.Context) (int, error)
}) (bool, error) {
	for _, t := range tables {
		if n, err := t.Count(ctx); err != nil || n > 0 {
			return false, err
		}
	}
	return true, nil
}

// Fill puts rows in a table and gives their ids.
func Fill[T any](ctx context.Context, t *Table[T], rows []*T) ([]string, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		if err := t.invented(ctx, row); err != nil {
			return nil, fmt.Errorf("gegevens: verzonnen bestand bij rij %d van %s: %w", i+1, t.Name(), err)
		}
		if _, err := t.Create(ctx, row, Key{}); err != nil {
			return nil, fmt.Errorf("gegevens: verzonnen rij %d van %s: %w", i+1, t.Name(), err)
		}
		ids[i] = t.Meta(row).ID
	}
	return ids, nil
}
