package opslag

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// What can be the matter with a change, besides a database that is broken.
var (
	ErrNotFound = errors.New("gegevens: die rij is er niet")
	ErrStale    = errors.New("gegevens: iemand anders heeft het intussen veranderd")
	ErrClosed   = errors.New("gegevens: de zaak is gesloten")
	ErrInUse    = errors.New("gegevens: het is nog in gebruik")
	ErrKept     = errors.New("gegevens: het wordt bewaard zolang de zaak er is, of blijvend")
)

// Kind is the kind of rule that a row breaks.
type Kind int

// The kinds of rules.
const (
	Unique  Kind = iota + 1 // another row has the same value
	Foreign                 // it refers to a row that is not there, or is referred to
	Check                   // a value is outside its limits, or missing
)

// ConstraintError says that a row breaks a rule of the database. Name is that of
// the rule, or the columns; it never holds a value.
type ConstraintError struct {
	Kind Kind
	Name string
}

func (e *ConstraintError) Error() string {
	return "gegevens: de rij past niet bij de beperking " + e.Name
}

// translate makes an error of this package of an error of a driver. The text of
// a driver can quote values, so only what is known to be harmless is kept.
func translate(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("gegevens: %s: %w", doing, context.Canceled)
	case isOurs(err):
		return err
	}
	if outage := outageOf(doing, err); outage != nil {
		return outage
	}
	if e, ok := errors.AsType[*sqlitedriver.Error](err); ok {
		return translateSQLite(doing, e)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return translatePostgres(doing, e)
	}
	return fmt.Errorf("gegevens: %s: mislukt (%T)", doing, err)
}

func isOurs(err error) bool {
	for _, ours := range []error{ErrNotFound, ErrStale, ErrClosed, ErrInUse, ErrKeyReused, ErrKept, ErrMarked, ErrStopped, ErrNotDue, ErrNoProcess} {
		if errors.Is(err, ours) {
			return true
		}
	}
	if _, ok := errors.AsType[*logboek.Violation](err); ok {
		return true
	}
	_, ok := errors.AsType[*ConstraintError](err)
	return ok || strings.HasPrefix(err.Error(), "gegevens: ")
}

// SQLite's texts name tables and columns, not values.
func translateSQLite(doing string, e *sqlitedriver.Error) error {
	kinds := map[int]Kind{2067: Unique, 1555: Unique, 787: Foreign, 275: Check, 1299: Check}
	if kind := kinds[e.Code()]; kind != 0 {
		name := e.Error()
		if i := strings.LastIndex(name, ": "); i >= 0 {
			name = name[i+2:]
		}
		name, _, _ = strings.Cut(name, " (")
		return &ConstraintError{kind, name}
	}
	switch e.Code() & 0xff {
	case 11:
		return fmt.Errorf("gegevens: %s: het databasebestand is beschadigd (SQLITE_CORRUPT); zet een reservekopie terug", doing)
	case 26:
		return fmt.Errorf("gegevens: %s: het bestand is geen SQLite-database (SQLITE_NOTADB)", doing)
	}
	return fmt.Errorf("gegevens: %s: %s", doing, e.Error())
}

func translatePostgres(doing string, e *pgconn.PgError) error {
	kinds := map[string]Kind{"23505": Unique, "23503": Foreign, "23514": Check, "23502": Check}
	if kind := kinds[e.Code]; kind != 0 {
		name := e.ConstraintName
		if name == "" {
			name = e.TableName + "." + e.ColumnName
		}
		return &ConstraintError{kind, name}
	}
	// Class 42 is about our own text: an unknown table, a wrong word. Unless a trigger
	// says so, which can quote a row.
	if strings.HasPrefix(e.Code, "42") && e.Routine != "exec_stmt_raise" {
		return fmt.Errorf("gegevens: %s: %s (SQLSTATE %s)", doing, e.Message, e.Code)
	}
	return fmt.Errorf("gegevens: %s: SQLSTATE %s van %s", doing, e.Code, e.Routine)
}
