package register

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/meting"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// BenchmarkAgainstHandwritten measures the list and the read of the API against
// handlers as one would write them for one table, on the same database. It
// alternates between the two, so that both meet the same noise, and compares
// the medians (x-handwritten is how many times as fast the API is; at least 0.8).
func BenchmarkAgainstHandwritten(b *testing.B) {
	a := newAPI(b)
	compare(b, a, fillThings(b, a, func(i int) string { return "ding " + strconv.Itoa(i) }), handwritten(b, a.file, nil))
}

// BenchmarkPersonalAgainstHandwritten is the same for personal data: both write
// who was looked at in the log of processing, before they answer. A list here is
// about twenty people.
func BenchmarkPersonalAgainstHandwritten(b *testing.B) {
	a := apiWith(b, "naam", "plaats") // each row is about one person
	compare(b, a, fillThings(b, a, func(i int) string { return strconv.Itoa(999900000 + i) }), handwritten(b, a.file, testKey))
}

// BenchmarkPersonalTogether is reading by sixteen at a time: then our callers
// share a commit, and those of the other wait for each other.
func BenchmarkPersonalTogether(b *testing.B) {
	const readers = 16
	a := apiWith(b, "naam", "plaats") // each row is about one person
	id := fillThings(b, a, func(i int) string { return strconv.Itoa(999900000 + i) })
	together := func(h http.Handler) func() time.Duration {
		var all []*caller
		for range readers {
			all = append(all, newCaller(b, h))
		}
		return func() time.Duration {
			begin := time.Now()
			var work sync.WaitGroup
			for _, c := range all {
				work.Go(func() { c.timed("/v1/dingen/" + id) })
			}
			work.Wait()
			return time.Since(begin)
		}
	}
	ours, theirs := together(a.handler), together(handwritten(b, a.file, testKey))
	var our, their []time.Duration
	for b.Loop() {
		our = append(our, ours())
		their = append(their, theirs())
	}
	slices.Sort(our)
	slices.Sort(their)
	b.ReportMetric(float64(their[len(their)/2])/float64(our[len(our)/2]), "x-handwritten")
}

// BenchmarkCreateAgainstHandwritten is making a row, without and with a key to
// repeat it by. By hand the key goes in the same transaction too.
func BenchmarkCreateAgainstHandwritten(b *testing.B) {
	a := newAPI(b)
	fillThings(b, a, func(i int) string { return "ding " + strconv.Itoa(i) })
	ours, theirs := newCaller(b, a.handler), newCaller(b, handwrittenCreate(b, a.file))
	const body = `{"naam":"een ding","aantal":3,"dag":"2026-01-02","kleur":"rood","plaats":{"straat":"Dorpsstraat","huisnummer":1,"postcode":"1234 AB","woonplaats":"Utrecht"},"uitleg":"Een uitleg van een regel."}`
	head := "POST /v1/dingen HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n"
	for name, request := range map[string]func() string{
		"create": func() string { return head + "\r\n" + body },
		"create-with-key": func() string {
			return head + "Idempotency-Key: " + uuid.NewString() + "\r\n\r\n" + body
		},
	} {
		b.Run(name, func(b *testing.B) {
			report(b, func() time.Duration { return ours.asked(http.StatusCreated, request) }, func() time.Duration { return theirs.asked(http.StatusCreated, request) })
		})
	}
}

// BenchmarkMeasured is what it costs that every request is measured: the API with it
// against the API without (x-without is how many times as fast it is with; at least
// 0.98). The line in the log is the other part, in production only.
func BenchmarkMeasured(b *testing.B) {
	a := newAPI(b)
	id := fillThings(b, a, func(i int) string { return "ding " + strconv.Itoa(i) })
	for kind, log := range map[string]*slog.Logger{"measured": slog.New(slog.DiscardHandler), "measured-and-logged": slog.New(slog.NewJSONHandler(io.Discard, nil))} {
		requests := meting.New().Requests("diensten", log)
		requests.Transaction = rest.Transaction
		with, without := newCaller(b, requests.Watch(a.handler)), newCaller(b, a.handler)
		for name, target := range map[string]string{"list": "/v1/dingen?page=2&pageSize=20", "read": "/v1/dingen/" + id} {
			b.Run(kind+"/"+name, func(b *testing.B) {
				var all [2][]time.Duration
				for b.Loop() {
					all[0] = append(all[0], with.timed(target))
					all[1] = append(all[1], without.timed(target))
				}
				slices.Sort(all[0])
				slices.Sort(all[1])
				w, o := all[0][len(all[0])/2], all[1][len(all[1])/2]
				b.ReportMetric(float64(o)/float64(w), "x-without")
				b.ReportMetric(float64(w.Nanoseconds())/1000, "us-with")
				b.ReportMetric(float64(o.Nanoseconds())/1000, "us-without")
			})
		}
	}
}

// fillThings stores a thousand things and gives the id of the last one.
func fillThings(b *testing.B, a *api, name func(i int) string) (id string) {
	for i := range 1000 {
		row := &thing{
			Name: name(i), Count: new(int64(i%15 + 1)), Day: new(value.Date("2026-01-02")), Colour: "rood",
			Place: &value.Address{Straat: "Dorpsstraat", Huisnummer: i + 1, Postcode: "1234 AB", Woonplaats: "Utrecht"},
			Help:  "Een uitleg van een regel, zoals mensen die in een formulier schrijven.",
		}
		if _, err := a.things.Create(b.Context(), row, opslag.Key{}); err != nil {
			b.Fatal(err)
		}
		id = row.ID
	}
	return id
}

func compare(b *testing.B, a *api, id string, other http.Handler) {
	ours, theirs := newCaller(b, a.handler), newCaller(b, other)
	for name, target := range map[string]string{"list": "/v1/dingen?page=2&pageSize=20", "read": "/v1/dingen/" + id} {
		b.Run(name, func(b *testing.B) {
			report(b, func() time.Duration { return ours.timed(target) }, func() time.Duration { return theirs.timed(target) })
		})
	}
}

// report alternates between ours and theirs, and compares.
func report(b *testing.B, ours, theirs func() time.Duration) {
	var our, their []time.Duration
	for b.Loop() {
		our = append(our, ours())
		their = append(their, theirs())
	}
	slices.Sort(our)
	slices.Sort(their)
	us, them := our[len(our)/2], their[len(their)/2]
	b.ReportMetric(float64(them)/float64(us), "x-handwritten")
	// A write now and then pays for others (a checkpoint of SQLite), which a
	// median does not see.
	b.ReportMetric(float64(sum(their))/float64(sum(our)), "x-handwritten-mean")
	b.ReportMetric(float64(us.Nanoseconds())/1000, "us-ours")
	b.ReportMetric(float64(them.Nanoseconds())/1000, "us-handwritten")
}

func sum(all []time.Duration) (total time.Duration) {
	for _, d := range all {
		total += d
	}
	return total
}

// caller is a client on one connection that does as little as it can, so that
// the time is that of the server.
type caller struct {
	*testing.B
	conn net.Conn
	in   *bufio.Reader
}

func newCaller(b *testing.B, h http.Handler) *caller {
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	conn, err := new(net.Dialer).DialContext(b.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	return &caller{b, conn, bufio.NewReaderSize(conn, 64<<10)}
}

func (c *caller) timed(target string) time.Duration {
	request := "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n"
	return c.asked(http.StatusOK, func() string { return request })
}

// asked makes requests one after the other and gives the time that one took.
func (c *caller) asked(want int, request func() string) time.Duration {
	const times = 20 // long enough for the clock
	begin := time.Now()
	for range times {
		if _, err := io.WriteString(c.conn, request()); err != nil {
			c.Fatal(err)
		}
		response, err := http.ReadResponse(c.in, nil)
		if err != nil || response.StatusCode != want {
			c.Fatal(response, err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			c.Fatal(err)
		}
	}
	return time.Since(begin) / times
}

// handwritten serves the same two operations without anything else: no
// contract, no checks, no headers. With a key it writes the log of processing:
// one line, or one for the list and one for each person in it.
func handwritten(b *testing.B, file string, key logboek.Key) http.Handler {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=synchronous(NORMAL)&_inttotime=1&_time_integer_format=unix_micro&_timezone=UTC")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	const columns = "id, aangemaakt_op, gewijzigd_op, versie, naam, aantal, dag, kleur, plaats, uitleg"
	list := prepared(b, db, "SELECT "+columns+" FROM dingen ORDER BY id LIMIT CAST($1 AS INTEGER) OFFSET CAST($2 AS INTEGER)")
	count := prepared(b, db, "SELECT count(*) FROM dingen")
	read := prepared(b, db, "SELECT "+columns+" FROM dingen WHERE id = $1")
	note := noteHandwritten(b, db, key)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/dingen", func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		size, _ := strconv.Atoi(r.URL.Query().Get("pageSize"))
		var answer struct {
			Count   int    `json:"count"`
			Results []rich `json:"results"`
		}
		rows, err := list.QueryContext(r.Context(), size, (page-1)*size)
		if err != nil {
			http.Error(w, "", 500)
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var d rich
			if err := d.scan(rows.Scan); err != nil {
				http.Error(w, "", 500)
				return
			}
			answer.Results = append(answer.Results, d)
		}
		if rows.Err() != nil || count.QueryRowContext(r.Context()).Scan(&answer.Count) != nil {
			http.Error(w, "", 500)
			return
		}
		if err := note(r.Context(), "Ding opvragen als lijst", answer.Results); err != nil {
			http.Error(w, "", 500)
			return
		}
		reply(w, answer)
	})
	mux.HandleFunc("GET /v1/dingen/{id}", func(w http.ResponseWriter, r *http.Request) {
		var d rich
		if err := d.scan(read.QueryRowContext(r.Context(), r.PathValue("id")).Scan); err != nil {
			http.Error(w, "", 404)
			return
		}
		if err := note(r.Context(), "Ding lezen", []rich{d}); err != nil {
			http.Error(w, "", 500)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, d.Version))
		reply(w, d)
	})
	return mux
}

// handwrittenCreate makes a row as one would by hand: no contract and no checks.
func handwrittenCreate(b *testing.B, file string) http.Handler {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=synchronous(NORMAL)&_inttotime=1&_time_integer_format=unix_micro&_timezone=UTC&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	insert := prepared(b, db, "INSERT INTO dingen (id, aangemaakt_op, gewijzigd_op, versie, naam, aantal, dag, kleur, plaats, uitleg) VALUES ($1, $2, $2, 1, $3, $4, $5, $6, $7, $8)")
	claim := prepared(b, db, "INSERT INTO idempotentiesleutels (bereik, sleutel, resultaat, aangemaakt_op) VALUES ('hand', $1, $2, $3)")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := rich{ID: uuid.NewString(), CreatedAt: time.Now().UTC(), Version: 1}
		d.ChangedAt = d.CreatedAt
		if err := json.NewDecoder(r.Body).Decode(&d); err != nil {
			http.Error(w, "", 400)
			return
		}
		values := []any{d.ID, d.CreatedAt, d.Name, d.Count, d.Day, d.Colour, string(d.Place), d.Help}
		if err := insertHandwritten(r.Context(), db, insert, claim, r.Header.Get("Idempotency-Key"), values); err != nil {
			http.Error(w, "", 500)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(d)
	})
}

func insertHandwritten(ctx context.Context, db *sql.DB, insert, claim *sql.Stmt, key string, values []any) error {
	if key == "" {
		_, err := insert.ExecContext(ctx, values...)
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.StmtContext(ctx, claim).ExecContext(ctx, key, values[0], values[1]); err != nil {
		return err
	}
	if _, err := tx.StmtContext(ctx, insert).ExecContext(ctx, values...); err != nil {
		return err
	}
	return tx.Commit()
}

// noteHandwritten writes lines as one would by hand: one statement for a line,
// one transaction for more.
func noteHandwritten(b *testing.B, db *sql.DB, key logboek.Key) func(context.Context, string, []rich) error {
	insert := prepared(b, db, "INSERT INTO verwerkingen (trace, span, ouder, naam, soort, status, begonnen_op, geeindigd_op, activiteit, activiteit_uri, betrokkene, betrokkene_soort, velden) "+
		"VALUES ($1, $2, $3, $4, 'register', 'Ok', $5, $5, 'Dingen bijhouden', 'urn:uuid:8c5c6e3a-9d1f-5b6a-8f5c-2a1b3c4d5e6f', $6, $7, '[\"naam\",\"plaats\"]')")
	return func(ctx context.Context, what string, rows []rich) error {
		if key == nil {
			return nil
		}
		own, now := logboek.NewTrace(), time.Now().UTC()
		if len(rows) == 1 {
			_, err := insert.ExecContext(ctx, own.TraceID, own.SpanID, nil, what, now, key.Pseudonym(logboek.BSN, rows[0].Name), logboek.BSN)
			return err
		}
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		statement := tx.StmtContext(ctx, insert)
		if _, err := statement.ExecContext(ctx, own.TraceID, own.SpanID, nil, what, now, nil, nil); err != nil {
			return err
		}
		for _, row := range rows {
			if _, err := statement.ExecContext(ctx, own.TraceID, own.Child().SpanID, own.SpanID, what, now, key.Pseudonym(logboek.BSN, row.Name), logboek.BSN); err != nil {
				return err
			}
		}
		return tx.Commit()
	}
}

// rich is a row as one would write it by hand.
type rich struct {
	ID        string          `json:"id"`
	CreatedAt time.Time       `json:"aangemaaktOp"`
	ChangedAt time.Time       `json:"gewijzigdOp"`
	Version   int64           `json:"-"`
	Name      string          `json:"naam"`
	Count     *int64          `json:"aantal,omitempty"`
	Day       *string         `json:"dag,omitempty"`
	Colour    *string         `json:"kleur,omitempty"`
	Place     json.RawMessage `json:"plaats,omitempty"`
	Help      *string         `json:"uitleg,omitempty"`
}

func (d *rich) scan(scan func(...any) error) error {
	var place sql.NullString
	err := scan(&d.ID, &d.CreatedAt, &d.ChangedAt, &d.Version, &d.Name, &d.Count, &d.Day, &d.Colour, &place, &d.Help)
	d.Place = json.RawMessage(place.String)
	return err
}

func reply(w http.ResponseWriter, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "", 500)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

func prepared(b *testing.B, db *sql.DB, text string) *sql.Stmt {
	s, err := db.PrepareContext(b.Context(), text)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}
