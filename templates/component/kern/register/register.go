// Package register is layer 2: the REST API on the register and the zaken. It
// knows HTTP and the rules of the API; package rest has judged a request before
// it comes here, and layer 1, gegevens, keeps the data.
package register

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Collection is one table as the API offers it.
type Collection struct {
	Path      string // its name in the paths: verhuizingen
	Personal  bool   // its rows hold personal data
	Files     bool   // its rows can have files
	Routes    []rest.Route
	table     opslag.Archived
	destroyed func(ctx context.Context, id string, trace logboek.Trace) ([]logboek.Verwerking, error)
	// Fits says what is wrong between the table in the database and the type of
	// its rows; nil when they belong together.
	Fits func(context.Context) error
	// prepare does what the table needs before its first row is stored.
	prepare func(context.Context) error
	// AdoptFiles moves the files that an earlier kern kept in the rows.
	AdoptFiles func(context.Context) error
	// OfPerson gives the rows with the number of a person, and those with one of
	// these ids.
	OfPerson func(ctx context.Context, kind, number string, ids []string) ([]inzage.Record, error)
}

// NewCollection makes the routes of one table: list, create, read, replace,
// change and delete. Path is its name in the paths, title that of one row, for
// the log. When a column is personal, whatever is done with a row is written in
// the log of processing, and what cannot be written there is not done.
func NewCollection[T any](path, title string, t *opslag.Table[T], l Log) Collection {
	c := collection[T]{t, personalIn(t, title, l), l.Key, newCursors(l.Key)}
	one := "/" + path + "/{id}"
	var fields []string
	for _, col := range t.Columns() {
		fields = append(fields, col.JSON)
	}
	all := append([]string{"id", "aangemaaktOp", "gewijzigdOp"}, fields...)
	from := "1-gegevens (kolommen van " + t.Name() + ")"
	return Collection{Path: path, Personal: c.personal != nil, Files: t.HasFiles(), table: t, destroyed: c.destroyed, prepare: t.Prepare, Fits: t.Fits, AdoptFiles: t.AdoptFiles, OfPerson: recordsOf(path, title, t), Routes: []rest.Route{
		{Method: http.MethodGet, Pattern: "/" + path, Handler: soon(t, c.list)},
		{Method: http.MethodPost, Pattern: "/" + path, Handler: soon(t, c.create), Fields: fields, From: from},
		{Method: http.MethodGet, Pattern: one, Handler: soon(t, c.read), Fields: all, From: from},
		{Method: http.MethodPut, Pattern: one, Handler: soon(t, c.replace), Fields: fields, From: from},
		{Method: http.MethodPatch, Pattern: one, Handler: soon(t, c.change), Fields: fields, From: from},
		{Method: http.MethodDelete, Pattern: one, Handler: soon(t, c.remove)},
	}}
}

// collection serves the rows of one table.
type collection[T any] struct {
	table    *opslag.Table[T]
	personal *personal[T]
	secret   logboek.Key // of the fingerprints
	cursors  cursors
}

func (c collection[T]) list(w http.ResponseWriter, r *http.Request) error {
	log := c.personal.begin(r, "opvragen als lijst")
	page := rest.ReadPage(r)
	var q opslag.Query
	if query := page.Query(); query != nil {
		q.Sort = query.Get("sort")
		for _, col := range c.table.Columns() {
			if col.Filter && query.Has(col.JSON) {
				q.Filters = append(q.Filters, opslag.Filter{Name: col.JSON, Values: query[col.JSON]})
			}
		}
	}
	return list(w, page, c.cursors, q, c.table.Question, func(q opslag.Query) (opslag.Page[T], error) {
		found, err := c.table.Page(r.Context(), q)
		if err != nil {
			return found, problem(err)
		}
		if c.personal != nil {
			err = log.shown(r.Context(), pointers(found.Rows)...)
		}
		return found, err
	})
}

func pointers[T any](rows []T) []*T {
	all := make([]*T, len(rows))
	for i := range rows {
		all[i] = &rows[i]
	}
	return all
}

func (c collection[T]) create(w http.ResponseWriter, r *http.Request) error {
	log := c.personal.begin(r, "aanmaken")
	row := new(T)
	if err := rest.Decode(r, row); err != nil {
		return err
	}
	*c.table.Meta(row) = opslag.Meta{}
	key, err := keyOf(r, c.secret, row)
	if err != nil {
		return err
	}
	created, err := c.table.Create(r.Context(), row, key, log.lines(row)...)
	if errors.Is(err, opslag.ErrKeyReused) {
		return problemAt(err, r.URL.Path)
	}
	if err != nil {
		return c.problem(err)
	}
	if !created { // a repeated request makes nothing, and shows the row once more
		if err := log.shown(r.Context(), row); err != nil {
			return err
		}
	}
	w.Header().Set("Location", r.URL.Path+"/"+c.table.Meta(row).ID)
	return c.write(w, createdStatus(created), row)
}

// createdStatus is 201 for something new and 200 for a repeated request.
func createdStatus(created bool) int {
	if created {
		return http.StatusCreated
	}
	return http.StatusOK
}

func (c collection[T]) read(w http.ResponseWriter, r *http.Request) error {
	log := c.personal.begin(r, "lezen")
	row, err := c.table.Read(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	if err := log.shown(r.Context(), row); err != nil {
		return err
	}
	return c.write(w, http.StatusOK, row)
}

func (c collection[T]) replace(w http.ResponseWriter, r *http.Request) error {
	return c.store(w, r, "vervangen", func(*T) (*T, error) {
		row := new(T)
		return row, rest.Decode(r, row)
	})
}

// change applies a JSON merge patch (RFC 7396).
func (c collection[T]) change(w http.ResponseWriter, r *http.Request) error {
	return c.store(w, r, "wijzigen", func(old *T) (*T, error) {
		var patch any
		if err := rest.Decode(r, &patch); err != nil {
			return nil, err
		}
		return merged(old, patch)
	})
}

// maxTries is how often a change is made again that may be made on any version,
// when somebody else came in between.
const maxTries = 10

// unseen does something to the version that is there, again when somebody else
// changed that in between and the caller does not mind.
func unseen(seen rest.Condition, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		switch {
		case !errors.Is(err, opslag.ErrStale):
			return err
		case !seen.Any() || try == maxTries:
			return seen.Stale()
		}
	}
}

// store replaces a row by what f makes of it, when it is still at a version
// that the caller saw. Both rows may be about somebody.
func (c collection[T]) store(w http.ResponseWriter, r *http.Request, what string, f func(old *T) (*T, error)) error {
	log := c.personal.begin(r, what)
	seen, err := rest.IfMatch(r)
	if err != nil {
		return err
	}
	var row *T
	err = unseen(seen, func() error {
		old, err := c.table.Read(r.Context(), r.PathValue("id"))
		if err != nil {
			return err
		}
		if err := seen.MeetsVersion(c.table.Meta(old).Version); err != nil {
			return err
		}
		if row, err = f(old); err != nil {
			return err
		}
		*c.table.Meta(row) = *c.table.Meta(old)
		return c.keep(r.Context(), old, row, log)
	})
	if err != nil {
		return c.problem(err)
	}
	return c.write(w, http.StatusOK, row)
}

// keep stores a row in place of another, as a correction when it is one.
func (c collection[T]) keep(ctx context.Context, old, row *T, log *log[T]) (err error) {
	what := correctionFrom(ctx)
	if what == nil {
		return c.table.Replace(ctx, row, log.lines(old, row)...)
	}
	if what.Fields, err = c.changed(old, row); err != nil {
		return err
	}
	if log != nil {
		log.first.Name = log.title + " verbeteren"
		log.first.Activity, log.first.ActivityURI = inzage.Activity.Title, inzage.Activity.URI
	}
	return c.table.Correct(ctx, row, *what, log.lines(old, row)...)
}

func (c collection[T]) remove(w http.ResponseWriter, r *http.Request) error {
	log := c.personal.begin(r, "verwijderen")
	seen, err := rest.IfMatch(r)
	if err != nil {
		return err
	}
	err = unseen(seen, func() error { // about whom is in the row
		row, err := c.table.Read(r.Context(), r.PathValue("id"))
		if err != nil {
			return err
		}
		version := c.table.Meta(row).Version
		if err := seen.MeetsVersion(version); err != nil {
			return err
		}
		return c.table.Delete(r.Context(), r.PathValue("id"), version, log.lines(row)...)
	})
	if err != nil {
		return problem(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (c collection[T]) write(w http.ResponseWriter, status int, row *T) error {
	rest.SetETag(w.Header(), c.table.Meta(row).Version)
	return rest.Write(w, status, row)
}

// problem names the field when a rule of the database says which one it is.
func (c collection[T]) problem(err error) error {
	if wrong, ok := errors.AsType[*opslag.FileError](err); ok {
		return rest.Invalid(rest.InBody("/"+wrong.Field, "file", "Dit bestand is er niet meer, of het hoort ergens anders bij. Stuur het opnieuw."))
	}
	if broken := ruleBroken(err); broken != nil {
		if broken.Kind == opslag.Check {
			for _, col := range c.table.Columns() {
				if c.about(broken.Name, col) {
					return rest.Invalid(rest.InBody("/"+col.JSON, "check", "Deze waarde valt buiten de grenzen."))
				}
			}
		}
		if broken.Kind == opslag.Foreign {
			return rest.NewProblem(http.StatusConflict, "Dit verwijst naar een gegeven dat niet bestaat.")
		}
	}
	return problem(err)
}

// about says whether a rule is about a column. PostgreSQL gives a rule a name of
// table and column; SQLite repeats its text, which begins with the column.
func (c collection[T]) about(rule string, col opslag.Column) bool {
	table := c.table.Name()
	return rule == table+"_"+col.SQL+"_check" || strings.HasPrefix(rule, col.SQL+" ") || rule == table+"."+col.SQL
}

// merged is a row with a merge patch applied to its JSON. A value that is an
// object, such as an address, comes whole, for its schema asks for its parts. So
// nothing of the old one stays: a house letter of the house before, say.
func merged[T any](old *T, patch any) (*T, error) {
	raw, err := json.Marshal(old)
	if err != nil {
		return nil, err
	}
	var target map[string]any
	if err := json.Unmarshal(raw, &target); err != nil {
		return nil, err
	}
	changes, _ := patch.(map[string]any)
	for name, v := range changes {
		if _, whole := v.(map[string]any); whole {
			delete(target, name)
		}
	}
	if raw, err = json.Marshal(mergePatch(target, patch)); err != nil {
		return nil, err
	}
	row := new(T)
	if json.Unmarshal(raw, row) != nil { // the text of the error may quote a value
		return nil, rest.Invalid(rest.InBody("", "type", "Dit heeft niet de juiste vorm."))
	}
	return row, nil
}

// mergePatch is the procedure of RFC 7396, section 2.
func mergePatch(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for name, v := range changes {
		if v == nil {
			delete(object, name)
		} else {
			object[name] = mergePatch(object[name], v)
		}
	}
	return object
}

// Permanent says whether rows that no zaak is about are kept for ever.
func (c Collection) Permanent() bool { return c.table.Permanent() }
