package opslag

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// From is with what a term begins. Its text is what a declaration of destruction
// says.
type From string

// The moments with which a term can begin.
const (
	FromClosing  From = "het sluiten van de zaak"
	FromDecision From = "het besluit"
	FromObject   From = "het einde van het object"
	FromCreation From = "het aanmaken"
	FromChange   From = "de laatste wijziging"
)

// Retention is how long the rows of a table are kept: those about which a zaak
// ended with a result, or all others.
type Retention struct {
	Result string // of the zaak; "" for all that have no term of their own
	Period string // ISO 8601, in days or longer
	From   From
	Field  string // with FromObject: the field with the day
	Keep   bool   // never destroyed
	Source string // where the term stands: a selectielijst
}

// termFor is the term for a result, "" being none.
func termFor(terms []Retention, result string) (Retention, bool) {
	for _, wanted := range []string{result, ""} {
		if i := slices.IndexFunc(terms, func(r Retention) bool { return r.Result == wanted }); i >= 0 {
			return terms[i], true
		}
	}
	return Retention{}, false
}

// expires is the day from which something may be destroyed whose term began on
// a day.
func (r Retention) expires(since value.Date) (value.Date, error) {
	term, err := value.ParseTerm(r.Period)
	if err == nil && (!term.Days() || term.AfterDay(since) <= since) {
		err = errors.New("een bewaartermijn telt in dagen of langer")
	}
	if err != nil {
		return "", err
	}
	return term.AfterDay(since), nil
}

// retentionFaults says which terms of a table cannot be kept.
func (t *Table[T]) retentionFaults() []error {
	return retentionFaults("Retention van "+t.schema.Name+" in 1-gegevens", t.schema.Retention, t.dateColumn)
}

// RetentionFaults says which terms of zaken that are about nothing cannot be kept.
func RetentionFaults(terms []Retention) []error {
	return retentionFaults("Retention in 2-diensten/routes.go", terms, func(string) string { return "" })
}

func retentionFaults(of string, terms []Retention, column func(field string) string) (faults []error) {
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("gegevens: "+of+": "+format, args...))
	}
	seen := map[string]bool{}
	for _, r := range terms {
		if seen[r.Result] {
			fault("resultaat %q heeft twee termijnen", r.Result)
		}
		seen[r.Result] = true
		if r.Keep {
			continue
		}
		if _, err := r.expires("2026-01-01"); err != nil {
			fault("Period %q: %w", r.Period, err)
		}
		if !slices.Contains([]From{FromClosing, FromDecision, FromObject, FromCreation, FromChange}, r.From) {
			fault("From %q kennen we niet", string(r.From))
		}
		if r.From == FromObject && column(r.Field) == "" {
			fault("Field %q is geen veld met een datum", r.Field)
		}
	}
	return faults
}

// dateColumn is the column of a field that holds a day; "" when it is none.
func (t *Table[T]) dateColumn(field string) string {
	targets := t.schema.Fields(new(T))
	for i, c := range t.schema.Columns {
		if c.JSON != field || i >= len(targets) {
			continue
		}
		switch targets[i].(type) {
		case *value.Date, **value.Date:
			return c.SQL
		}
	}
	return ""
}

// Archived is a table as the archive sees it.
type Archived interface {
	Name() string
	Results() []string
	Permanent() bool
	archived() archived
}

// archived is what the archive needs to know of a table.
type archived struct {
	name  string
	terms []Retention
	days  map[string]string // field with a day: its column
}

func (t *Table[T]) archived() archived {
	a := archived{name: t.schema.Name, terms: t.schema.Retention, days: map[string]string{}}
	for _, r := range a.terms {
		if r.From == FromObject {
			a.days[r.Field] = t.dateColumn(r.Field)
		}
	}
	return a
}

// Results are those of a zaak that the terms of the table name.
func (t *Table[T]) Results() (all []string) {
	for _, r := range t.schema.Retention {
		if r.Result != "" {
			all = append(all, r.Result)
		}
	}
	return all
}

// Permanent says whether rows without a zaak are kept for ever.
func (t *Table[T]) Permanent() bool {
	r, _ := termFor(t.schema.Retention, "")
	return r.Keep
}

// stays is the condition on a zaak for which its record stays, whatever the API
// is asked. A record with a term goes with its zaak and not before; one without
// stays as long as the zaak runs or is held.
func stays(terms []Retention) string {
	if len(terms) > 0 {
		return ""
	}
	return " AND (einddatum IS NULL OR markeringen IS NOT NULL)"
}

// whyStays tells why a record stays that is at the right version: a zaak about
// it is running, or it goes when that zaak goes.
func (d *Database) whyStays(ctx context.Context, record string) error {
	var running bool
	err := d.row(ctx, "SELECT EXISTS (SELECT 1 FROM zaken WHERE onderwerp = $1 AND einddatum IS NULL)", record).Scan(&running)
	switch {
	case err != nil:
		return err
	case running:
		return ErrInUse
	}
	return ErrKept
}
