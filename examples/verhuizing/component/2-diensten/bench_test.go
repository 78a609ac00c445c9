package diensten

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"git.duinstad.test/burgerzaken/verhuizing/internal/value"
)

// BenchmarkAgainstHandwritten measures the list and the read of the API against
// handlers as one would write them for one table, on the same database. It
// alternates between the two, so that both meet the same noise, and compares
// the medians (x-handwritten is how many times as fast the API is; at least 0.8).
func BenchmarkAgainstHandwritten(b *testing.B) {
	a := newAPI(b)
	var id string
	for i := range 1000 {
		row := &ding{
			Naam: "ding " + strconv.Itoa(i), Aantal: new(int64(i%15 + 1)), Dag: new(value.Date("2026-01-02")), Kleur: "rood",
			Plaats: &value.Address{Straat: "Dorpsstraat", Huisnummer: i + 1, Postcode: "1234 AB", Woonplaats: "Utrecht"},
			Uitleg: "Een uitleg van een regel, zoals mensen die in een formulier schrijven.",
		}
		if _, err := a.dingen.Create(b.Context(), row, ""); err != nil {
			b.Fatal(err)
		}
		id = row.ID
	}
	ours, theirs := newCaller(b, a.handler), newCaller(b, handwritten(b, a.file))
	for name, target := range map[string]string{"list": "/v1/dingen?page=2&pageSize=20", "read": "/v1/dingen/" + id} {
		b.Run(name, func(b *testing.B) {
			var our, their []time.Duration
			for b.Loop() {
				our = append(our, ours.timed(target))
				their = append(their, theirs.timed(target))
			}
			slices.Sort(our)
			slices.Sort(their)
			us, them := our[len(our)/2], their[len(their)/2]
			b.ReportMetric(float64(them)/float64(us), "x-handwritten")
			b.ReportMetric(float64(us.Nanoseconds())/1000, "us-ours")
			b.ReportMetric(float64(them.Nanoseconds())/1000, "us-handwritten")
		})
	}
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
	const times = 20 // long enough for the clock
	request := []byte("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n")
	begin := time.Now()
	for range times {
		if _, err := c.conn.Write(request); err != nil {
			c.Fatal(err)
		}
		response, err := http.ReadResponse(c.in, nil)
		if err != nil || response.StatusCode != http.StatusOK {
			c.Fatal(response, err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			c.Fatal(err)
		}
	}
	return time.Since(begin) / times
}

// handwritten serves the same two operations without anything else: no
// contract, no checks, no headers.
func handwritten(b *testing.B, file string) http.Handler {
	db, err := sql.Open("sqlite", "file:"+file+"?_inttotime=1&_time_integer_format=unix_micro&_timezone=UTC")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	const columns = "id, aangemaakt_op, gewijzigd_op, versie, naam, aantal, dag, kleur, plaats, uitleg"
	list := prepared(b, db, "SELECT "+columns+" FROM dingen ORDER BY id LIMIT CAST($1 AS INTEGER) OFFSET CAST($2 AS INTEGER)")
	count := prepared(b, db, "SELECT count(*) FROM dingen")
	read := prepared(b, db, "SELECT "+columns+" FROM dingen WHERE id = $1")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/dingen", func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		size, _ := strconv.Atoi(r.URL.Query().Get("pageSize"))
		var answer struct {
			Count   int    `json:"count"`
			Results []rijk `json:"results"`
		}
		rows, err := list.QueryContext(r.Context(), size, (page-1)*size)
		if err != nil {
			http.Error(w, "", 500)
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var d rijk
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
		reply(w, answer)
	})
	mux.HandleFunc("GET /v1/dingen/{id}", func(w http.ResponseWriter, r *http.Request) {
		var d rijk
		if err := d.scan(read.QueryRowContext(r.Context(), r.PathValue("id")).Scan); err != nil {
			http.Error(w, "", 404)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, d.Versie))
		reply(w, d)
	})
	return mux
}

// rijk is a row as one would write it by hand.
type rijk struct {
	ID           string          `json:"id"`
	AangemaaktOp time.Time       `json:"aangemaaktOp"`
	GewijzigdOp  time.Time       `json:"gewijzigdOp"`
	Versie       int64           `json:"-"`
	Naam         string          `json:"naam"`
	Aantal       *int64          `json:"aantal,omitempty"`
	Dag          *string         `json:"dag,omitempty"`
	Kleur        *string         `json:"kleur,omitempty"`
	Plaats       json.RawMessage `json:"plaats,omitempty"`
	Uitleg       *string         `json:"uitleg,omitempty"`
}

func (d *rijk) scan(scan func(...any) error) error {
	var place sql.NullString
	err := scan(&d.ID, &d.AangemaaktOp, &d.GewijzigdOp, &d.Versie, &d.Naam, &d.Aantal, &d.Dag, &d.Kleur, &place, &d.Uitleg)
	d.Plaats = json.RawMessage(place.String)
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
