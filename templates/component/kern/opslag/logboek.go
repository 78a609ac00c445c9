package opslag

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Logboek keeps the log of data processing until it is delivered, and for a
// while after that. It may be used by many goroutines.
type Logboek struct {
	db      *Database
	writing chan struct{} // holds one: whoever may write

	mu   sync.Mutex
	next *group // lines that wait for the one that writes; nil for none
}

// NewLogboek makes the access to the log.
func NewLogboek(db *Database) *Logboek { return &Logboek{db: db, writing: make(chan struct{}, 1)} }

// group is the lines of several callers, written in one transaction.
type group struct {
	lines []logboek.Verwerking
	done  chan struct{}
	err   error
}

// writeWithin is how long one transaction of lines may take on a database that
// can stop answering.
const writeWithin = 10 * time.Second

// Write stores lines, and returns when they are stored. A line that is there
// already gets its end, when the new one has one; after that it stays as it is.
// The error names a rule that a line breaks (logboek.Violation), or says that the
// store fails; then nothing of these lines is stored.
//
// Callers at the same moment share one transaction: a commit costs more than
// the lines. One of them writes, the others wait for it.
func (l *Logboek) Write(ctx context.Context, lines ...logboek.Verwerking) error {
	if len(lines) == 0 {
		return nil
	}
	if faults := logboek.Check(lines); faults != nil {
		return errors.Join(faults...)
	}
	if gather(ctx, nil, lines) {
		return nil
	}
	l.mu.Lock()
	g := l.next
	first := g == nil
	if first {
		g = &group{done: make(chan struct{})}
		l.next = g
	}
	g.lines = append(g.lines, lines...)
	l.mu.Unlock()
	if first {
		l.write(ctx, g)
	}
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done():
		return translate("schrijven in het logboek", ctx.Err())
	}
}

// write waits for its turn, and meanwhile others join the group. That the first
// of them goes away must not hurt the others, so its context does not count.
func (l *Logboek) write(ctx context.Context, g *group) {
	l.writing <- struct{}{}
	defer func() { <-l.writing }()
	l.mu.Lock()
	l.next = nil
	l.mu.Unlock()
	ctx = context.WithoutCancel(ctx)
	if l.db.dialect.remote {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, writeWithin)
		defer cancel()
	}
	g.err = translate("schrijven in het logboek", l.store(ctx, g.lines))
	close(g.done)
}

func (l *Logboek) store(ctx context.Context, lines []logboek.Verwerking) error {
	texts, columns := upsertsOf(lines)
	if len(lines) == 1 && !forSeveral(lines[0]) { // one statement is a transaction by itself
		_, err := l.db.exec(ctx, texts[0], values(lines, columns)...)
		return err
	}
	// Preparing needs a connection, and within the transaction SQLite has none left.
	needed := []string{texts[0]}
	if slices.ContainsFunc(lines, forSeveral) {
		needed = append(append(needed, insertShown), keyInserts[:]...)
	}
	for _, text := range needed {
		if _, err := l.db.write.prepare(ctx, text); err != nil {
			return err
		}
	}
	return l.db.within(ctx, func(tx *transaction) error { return tx.upsertLines(ctx, lines) })
}

// logLines stores lines in the transaction of the work that they are about.
func (t *transaction) logLines(ctx context.Context, lines []logboek.Verwerking) error {
	if faults := logboek.Check(lines); faults != nil {
		return errors.Join(faults...)
	}
	if gather(ctx, t, lines) {
		return nil
	}
	return t.upsertLines(ctx, lines)
}

// upsertLines stores lines: on another machine with as few statements as
// possible, within this process one by one, which is quicker there.
func (t *transaction) upsertLines(ctx context.Context, lines []logboek.Verwerking) error {
	if slices.ContainsFunc(lines, forSeveral) {
		var one, several []logboek.Verwerking
		for i := range lines {
			if forSeveral(lines[i]) {
				several = append(several, lines[i])
			} else {
				one = append(one, lines[i])
			}
		}
		if err := t.upsertLines(ctx, one); err != nil {
			return err // on a full disk SQLite has ended the transaction: what follows would be stored by itself
		}
		return t.storeShown(ctx, several)
	}
	most := 0
	texts, columns := upsertsOf(lines)
	if t.remote && !twice(lines) { // one statement cannot store and change the same row
		most = len(texts) - 1
	}
	for len(lines) > 0 {
		size := most
		for sizes[size] > len(lines) {
			size--
		}
		n := sizes[size]
		if _, err := t.exec(ctx, texts[size], values(lines[:n], columns)...); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

// forSeveral says whether a line stands for several.
func forSeveral(v logboek.Verwerking) bool { return len(v.Shown) > 0 }

func twice(lines []logboek.Verwerking) bool {
	if len(lines) < 2 {
		return false
	}
	seen := make(map[[2]string]bool, len(lines))
	for i := range lines {
		key := [2]string{lines[i].TraceID, lines[i].SpanID}
		if seen[key] {
			return true
		}
		seen[key] = true
	}
	return false
}

const (
	plainColumns = "trace, span, ouder, naam, soort, status, begonnen_op, geeindigd_op, activiteit, activiteit_uri, " +
		"betrokkene, betrokkene_soort, aanroeper, zaak, bron, velden, rol, transactie, fout"
	plainCount = 19

	// Who did it stands in lines of layer 4 only: those of the register, of which
	// there are most, are stored without, which is quicker.
	lineColumns = plainColumns + ", gebruiker, gebruiker_naam, gemachtigde"
	lineCount   = plainCount + 3

	// An end completes a line that is going on, or that was closed because its
	// end did not come; it never undoes another end.
	upsert = ` ON CONFLICT (trace, span) DO UPDATE SET naam = excluded.naam, status = excluded.status,
		geeindigd_op = CASE WHEN excluded.geeindigd_op < verwerkingen.begonnen_op THEN verwerkingen.begonnen_op ELSE excluded.geeindigd_op END,
		betrokkene = COALESCE(excluded.betrokkene, verwerkingen.betrokkene), betrokkene_soort = COALESCE(excluded.betrokkene_soort, verwerkingen.betrokkene_soort),
		aanroeper = COALESCE(excluded.aanroeper, verwerkingen.aanroeper), zaak = COALESCE(excluded.zaak, verwerkingen.zaak),
		bron = COALESCE(excluded.bron, verwerkingen.bron), velden = COALESCE(excluded.velden, verwerkingen.velden),
		rol = COALESCE(excluded.rol, verwerkingen.rol), transactie = COALESCE(excluded.transactie, verwerkingen.transactie),
		fout = excluded.fout, versie = verwerkingen.versie + 1, geleverd_op = NULL`
	whoUpsert = `, gebruiker = COALESCE(excluded.gebruiker, verwerkingen.gebruiker),
		gebruiker_naam = COALESCE(excluded.gebruiker_naam, verwerkingen.gebruiker_naam),
		gemachtigde = COALESCE(excluded.gemachtigde, verwerkingen.gemachtigde)`
	upsertWhen = ` WHERE excluded.geeindigd_op IS NOT NULL AND (verwerkingen.geeindigd_op IS NULL OR verwerkingen.fout = '` + logboek.Interrupted + `')`
)

// sizes are for how many lines there are statements: few texts, so that each is
// prepared once, and few statements for many lines. What a step writes is one.
var sizes = [...]int{1, 2, 3, 4, 5, 6, 8, 16, 32, 64}

// upserts are the statements for so many lines.
type upserts [len(sizes)]string

var (
	plainUpserts = newUpserts(plainColumns, plainCount, upsert+upsertWhen)
	lineUpserts  = newUpserts(lineColumns, lineCount, upsert+whoUpsert+upsertWhen)
)

func newUpserts(columns string, count int, update string) *upserts {
	var texts upserts
	for i, size := range sizes {
		texts[i] = "INSERT INTO verwerkingen (" + columns + ") VALUES " + marks(size, count) + update
	}
	return &texts
}

// upsertsOf are the statements that these lines need, with their number of columns.
func upsertsOf(lines []logboek.Verwerking) (*upserts, int) {
	for i := range lines {
		if v := &lines[i]; v.User != "" || v.UserName != "" || v.Representative != "" {
			return lineUpserts, lineCount
		}
	}
	return plainUpserts, plainCount
}

// values are the columns of lines, for a statement that stores them.
func values(lines []logboek.Verwerking, columns int) []any {
	all := make([]any, 0, len(lines)*columns)
	for i := range lines {
		v := &lines[i]
		all = append(all, v.TraceID, v.SpanID, orNull(v.ParentID), v.Name, string(v.Kind), string(v.Status),
			value.At(v.Begin).Time, moment(v.End), v.Activity, v.ActivityURI, orNull(v.DataSubject), orNull(v.DataSubjectKind),
			orNull(v.Caller), orNull(v.Zaak), orNull(v.Bron), list(v.Fields), orNull(v.Role), orNull(v.Transaction), orNull(v.Fault))
		if columns == lineCount {
			all = append(all, orNull(v.User), orNull(v.UserName), orNull(v.Representative))
		}
	}
	return all
}

func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return value.At(t).Time
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// list is names as JSON; nil for none. Names of fields need no escaping, and
// are written without the library: they are in every line.
func list(names []string) any {
	if len(names) == 0 {
		return nil
	}
	plain := func(c rune) bool {
		return c < 0x80 && (c == '.' || c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')
	}
	for _, name := range names {
		if strings.ContainsFunc(name, func(c rune) bool { return !plain(c) }) {
			raw, err := json.Marshal(names)
			if err != nil { // texts only: cannot happen
				return nil
			}
			return string(raw)
		}
	}
	return `["` + strings.Join(names, `","`) + `"]`
}

// scanLine reads one line and what stands behind its columns.
func scanLine(scan func(...any) error, v *logboek.Verwerking, more ...any) error {
	var begin, end value.DateTime
	fields := ""
	targets := append(make([]any, 0, lineCount+len(more)), &v.TraceID, &v.SpanID, Text(&v.ParentID), &v.Name, &v.Kind, &v.Status,
		&begin, &end, &v.Activity, &v.ActivityURI, Text(&v.DataSubject), Text(&v.DataSubjectKind),
		Text(&v.Caller), Text(&v.Zaak), Text(&v.Bron), Text(&fields), Text(&v.Role), Text(&v.Transaction), Text(&v.Fault),
		Text(&v.User), Text(&v.UserName), Text(&v.Representative))
	if err := scan(append(targets, more...)...); err != nil {
		return err
	}
	v.Begin, v.End = begin.Time, end.Time
	if fields == "" {
		return nil
	}
	return json.Unmarshal([]byte(fields), &v.Fields)
}
