package diensten

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/internal/value"
)

// BenchmarkAgainstHandwritten measures the list and the read of the API against
// handlers as one would write them for one table, on the same database. It
// alternates between the two, so that both meet the same noise, and reports how
// many times as fast the API is (x-handwritten, at least 0.8 is promised).
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
	hand := handwritten(b, a.file)
	for name, target := range map[string]string{"list": "/v1/dingen?page=2&pageSize=20", "read": "/v1/dingen/" + id} {
		b.Run(name, func(b *testing.B) {
			var ours, theirs time.Duration
			for b.Loop() {
				ours += timed(b, a.handler, target)
				theirs += timed(b, hand, target)
			}
			b.ReportMetric(float64(theirs)/float64(ours), "x-handwritten")
			b.ReportMetric(float64(ours.Microseconds())/float64(b.N), "us-ours")
			b.ReportMetric(float64(theirs.Microseconds())/float64(b.N), "us-handwritten")
		})
	}
}

func timed(b *testing.B, h http.Handler, target string) time.Duration {
	const times = 20 // long enough for the clock
	r := httptest.NewRequest(http.MethodGet, target, nil)
	begin := time.Now()
	for range times {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code, w.Body)
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
