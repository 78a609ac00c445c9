package opslag

import (
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// KindZaak is the kind of a zaak among what is due; a record has the name of its
// table.
const KindZaak = "zaak"

// Archive knows how long everything is kept, and destroys what is due.
type Archive struct {
	db       *Database
	zaaktype string
	decides  []string
	subject  archived // without a name when zaken are about nothing; it has their terms
	tables   []archived
}

// NewArchive makes the access to what is due. Zaken of the zaaktype are about
// rows of the table subject, which has their terms; of zaken about nothing the
// terms are given. Somebody decides in the steps of decides.
func NewArchive(db *Database, zaaktype, subject string, terms []Retention, decides []string, tables []Archived) *Archive {
	a := &Archive{db: db, zaaktype: zaaktype, decides: decides, subject: archived{terms: terms}}
	for _, t := range tables {
		if a.tables = append(a.tables, t.archived()); t.Name() == subject {
			a.subject = t.archived()
		}
	}
	return a
}

// Due is a zaak with its record, or a record without a zaak, of which the term
// has passed. It holds nothing about a person.
type Due struct {
	Kind          string     `json:"soort"`
	ID            string     `json:"id,omitempty"`
	Identificatie string     `json:"identificatie"`
	Zaaktype      string     `json:"zaaktype,omitempty"`
	Resultaat     string     `json:"resultaat,omitempty"`
	Begin         value.Date `json:"begin"`
	End           value.Date `json:"einde,omitempty"`
	Term          string     `json:"termijn"`
	From          From       `json:"ingang"`
	Since         value.Date `json:"ingegaanOp"`
	Expired       value.Date `json:"vervallenOp"`
	Source        string     `json:"bron,omitempty"`

	Initiator string `json:"-"` // for the log of processing only
	Record    string `json:"-"` // id of the record of the zaak; "" for none

	version, recordVersion int64
}

// Held is a zaak of which the term has passed, and that a mark keeps.
type Held struct {
	ID            string     `json:"id"`
	Identificatie string     `json:"identificatie"`
	Marks         Marks      `json:"markeringen"`
	Expired       value.Date `json:"vervallenOp"`
}

// Proposal is what is due on a day, and why the rest is not.
type Proposal struct {
	Day     value.Date `json:"opgemaaktOp"`
	Items   []Due      `json:"teVernietigen"`
	Held    []Held     `json:"tegengehouden"`
	Running int        `json:"termijnLoopt"`
	Kept    int        `json:"blijvendBewaard"`
	NoTerm  int        `json:"zonderTermijn"`
	NoDay   int        `json:"zonderDatum"` // the day with which the term begins is not filled in
}

// verdict is whether something is due, or why not.
type verdict int

const (
	due     verdict = iota
	running         // the term has not passed
	forever         // kept for ever
	noTerm
	noDay
)

// candidate is a closed zaak, or a record without a zaak, of which the term may
// have passed.
type candidate struct {
	Due
	marks Marks
	days  map[string]*value.Date // of the record, by field
	last  value.Date             // last change; of a record only
}

// Proposal looks through all closed zaken and all records without a zaak.
func (a *Archive) Proposal(ctx context.Context) (*Proposal, error) {
	p := &Proposal{Day: value.DateOf(a.db.now()), Items: []Due{}, Held: []Held{}}
	judge := func(c *candidate, terms []Retention) error {
		v, err := a.judge(ctx, c, terms, p.Day)
		p.add(c, v)
		return err
	}
	var decided []candidate // judged when the list is read: it takes another question
	err := a.closed(ctx, "", func(c candidate) error {
		if r, known := termFor(a.terms(c.Zaaktype), c.Resultaat); known && !r.Keep && r.From == FromDecision {
			decided = append(decided, c)
			return nil
		}
		return judge(&c, a.terms(c.Zaaktype))
	})
	for i := 0; i < len(decided) && err == nil; i++ {
		err = judge(&decided[i], a.terms(decided[i].Zaaktype))
	}
	if err != nil {
		return nil, translate("vervallen zaken zoeken", err)
	}
	for _, t := range a.tables {
		if err := a.loose(ctx, t, func(c candidate) error { return judge(&c, t.terms) }); err != nil {
			return nil, translate("vervallen "+t.name+" zoeken", err)
		}
	}
	return p, nil
}

func (p *Proposal) add(c *candidate, v verdict) {
	switch {
	case v == due && len(c.marks) > 0:
		p.Held = append(p.Held, Held{c.ID, c.Identificatie, c.marks, c.Expired})
	case v == due:
		p.Items = append(p.Items, c.Due)
	case v == running:
		p.Running++
	case v == forever:
		p.Kept++
	case v == noTerm:
		p.NoTerm++
	default:
		p.NoDay++
	}
}

// terms are those of the zaken of a zaaktype; of another one than our own we know
// none.
func (a *Archive) terms(zaaktype string) []Retention {
	if zaaktype != a.zaaktype {
		return nil
	}
	return a.subject.terms
}

// judge finds out whether the term of something has passed, and fills in which
// term that is.
func (a *Archive) judge(ctx context.Context, c *candidate, terms []Retention, today value.Date) (verdict, error) {
	r, known := termFor(terms, c.Resultaat)
	switch {
	case !known:
		return noTerm, nil
	case r.Keep:
		return forever, nil
	}
	c.Term, c.From, c.Source = r.Period, r.From, r.Source
	if err := a.since(ctx, c, r, today); err != nil {
		return noDay, err
	}
	if c.Since == "" {
		return noDay, nil
	}
	expired, err := r.expires(c.Since)
	if err != nil {
		return noDay, err
	}
	if c.Expired = expired; expired > today {
		return running, nil
	}
	return due, nil
}

// since fills in with what the term of something began, and when. A record
// without a zaak has no closing and no decision: its last change counts.
func (a *Archive) since(ctx context.Context, c *candidate, r Retention, today value.Date) error {
	switch r.From {
	case FromObject:
		if day := c.days[r.Field]; day != nil {
			c.Since = *day
		}
		return nil
	case FromCreation:
		c.Since = c.Begin
		return nil
	}
	if c.Kind != KindZaak {
		c.Since, c.From = c.last, FromChange
		return nil
	}
	c.Since, c.From = c.End, FromClosing
	if r.From != FromDecision {
		return nil
	}
	// A decision is never before the beginning: only where the term can have
	// passed the statuses are read.
	if earliest, err := r.expires(c.Begin); err != nil || earliest > today {
		return err
	}
	decided, err := a.decided(ctx, c.ID)
	if err == nil && decided != "" {
		c.Since, c.From = decided, FromDecision
	}
	return err
}

// decided is the day of the last decision in a zaak; "" when there was none.
func (a *Archive) decided(ctx context.Context, zaak string) (day value.Date, err error) {
	statuses, err := NewZaken(a.db, "").Statuses(ctx, zaak)
	for i := 1; i < len(statuses); i++ {
		if slices.Contains(a.decides, statuses[i-1].Statustype) && statuses[i].Kind != StatusTransition {
			day = value.DateOf(statuses[i].DatumStatusGezet.Time)
		}
	}
	return day, err
}

// closed visits the closed zaken, or the one with an id, with the days of their
// records.
func (a *Archive) closed(ctx context.Context, id string, visit func(candidate) error) error {
	days := a.subject.fields()
	var columns, join strings.Builder
	if a.subject.name != "" {
		columns.WriteString(", s.versie")
		for _, field := range days {
			columns.WriteString(", s." + a.subject.days[field])
		}
		join.WriteString(" LEFT JOIN " + a.subject.name + " s ON s.id = z.onderwerp")
	} else {
		columns.WriteString(", NULL")
	}
	c := &condition{parts: []string{"z.einddatum IS NOT NULL"}}
	if id != "" {
		c.oneOf("z.id", []any{id})
	}
	text := "SELECT z.id, z.versie, z.identificatie, z.zaaktype, z.resultaat, z.startdatum, z.einddatum, z.onderwerp, z.initiator, z.markeringen" +
		columns.String() + " FROM zaken z" + join.String() + " WHERE " + strings.Join(c.parts, " AND ") + " ORDER BY z.identificatie"
	rows, err := a.db.read.QueryContext(ctx, text, c.args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		one := candidate{Due: Due{Kind: KindZaak}, days: map[string]*value.Date{}}
		var record *int64
		targets := []any{&one.ID, &one.version, &one.Identificatie, &one.Zaaktype, Text(&one.Resultaat), &one.Begin, &one.End,
			Text(&one.Record), Text(&one.Initiator), &one.marks, &record}
		if err := rows.Scan(append(targets, one.dayTargets(days)...)...); err != nil {
			return err
		}
		if record == nil {
			one.Record = "" // it is not there, or in another table
		} else {
			one.recordVersion = *record
		}
		if err := visit(one); err != nil {
			return err
		}
	}
	return rows.Err()
}

// fields are the fields with a day, in a fixed order.
func (t archived) fields() (all []string) {
	for field := range t.days {
		all = append(all, field)
	}
	slices.Sort(all)
	return all
}

func (c *candidate) dayTargets(fields []string) (all []any) {
	for _, field := range fields {
		day := new(value.Date)
		c.days[field] = day
		all = append(all, day)
	}
	return all
}

// loose visits the records of a table about which there is no zaak.
func (a *Archive) loose(ctx context.Context, t archived, visit func(candidate) error) error {
	if len(t.terms) == 0 {
		return nil
	}
	days := t.fields()
	var columns strings.Builder
	for _, field := range days {
		columns.WriteString(", t." + t.days[field])
	}
	rows, err := a.db.read.QueryContext(ctx, "SELECT t.id, t.versie, t.aangemaakt_op, t.gewijzigd_op"+columns.String()+" FROM "+t.name+
		" t WHERE NOT EXISTS (SELECT 1 FROM zaken WHERE onderwerp = t.id) ORDER BY t.id")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		one := candidate{Due: Due{Kind: t.name}, days: map[string]*value.Date{}}
		var made, changed value.DateTime
		if err := rows.Scan(append([]any{&one.ID, &one.version, &made, &changed}, one.dayTargets(days)...)...); err != nil {
			return err
		}
		one.Identificatie, one.Begin, one.last = one.ID, value.DateOf(made.Time), value.DateOf(changed.Time)
		if err := visit(one); err != nil {
			return err
		}
	}
	return rows.Err()
}

// NotDue says in Dutch why a zaak is not due.
type NotDue struct{ Why, Identificatie string }

func (e *NotDue) Error() string { return "gegevens: " + e.Why }

// Zaak gives one zaak that is due, or a NotDue that says why it is not.
func (a *Archive) Zaak(ctx context.Context, id string) (Due, int64, error) {
	const doing = "kijken of een zaak vernietigd mag worden"
	z, err := NewZaken(a.db, "").Read(ctx, id)
	if err != nil {
		return Due{}, 0, err
	}
	if z.Einddatum == "" {
		return Due{}, z.Version, &NotDue{"De zaak loopt nog.", z.Identificatie}
	}
	var found *candidate
	if err := a.closed(ctx, id, func(c candidate) error { found = &c; return nil }); err != nil {
		return Due{}, 0, translate(doing, err)
	}
	if found == nil {
		return Due{}, 0, ErrNotFound
	}
	v, err := a.judge(ctx, found, a.terms(found.Zaaktype), value.DateOf(a.db.now()))
	if err != nil {
		return Due{}, 0, translate(doing, err)
	}
	why := map[verdict]string{
		running: "De bewaartermijn loopt nog, tot " + found.Expired.String() + ".", forever: "De zaak wordt blijvend bewaard.",
		noTerm: "Voor deze zaak staat geen bewaartermijn vast.", noDay: "De dag waarmee de bewaartermijn begint is niet ingevuld.",
	}[v]
	if why == "" && len(found.marks) > 0 {
		why = "De zaak wordt vastgehouden: er staat een markering op."
	}
	if why != "" {
		return Due{}, found.version, &NotDue{why, z.Identificatie}
	}
	return found.Due, found.version, nil
}
