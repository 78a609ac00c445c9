package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"http://127.0.0.1:8080/v1": true, "http://[::1]:80/": true, "http://127.9.9.9/": true,
		"http://localhost:8080/": false, "http://10.0.0.1/": false, "https://duinstad.test/": false, "http://0.0.0.0/": false, "/zaken": false, "http://127.0.0.1.duinstad.test/": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := loopback(u) == nil; got != want {
			t.Errorf("%s is asked: %v", address, got)
		}
	}
	c, err := newCaller()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.get(t.Context(), "http://192.0.2.1/", nil); !errors.Is(err, errElsewhere) {
		t.Errorf("another machine is asked: %v", err)
	}
	if err := c.client.CheckRedirect(&http.Request{URL: &url.URL{Scheme: "http", Host: "192.0.2.1"}}, nil); !errors.Is(err, errElsewhere) {
		t.Errorf("a redirect to another machine is followed: %v", err)
	}
}

func TestTimes(t *testing.T) {
	var all times
	for i := range 100 {
		all = append(all, time.Duration(100-i)*time.Millisecond)
	}
	for percent, want := range map[int]time.Duration{0: 1, 50: 51, 95: 96, 100: 100} {
		if got := all.at(percent); got != want*time.Millisecond {
			t.Errorf("%d%% within %s, not %d ms", percent, got, want)
		}
	}
	if got := (times)(nil).at(50); got != 0 {
		t.Error(got)
	}
	asked, ready := 0, 0
	got, err := repeatedly(t.Context(), 3, time.Hour, func() error { asked++; return nil }, func() { ready = asked })
	if err != nil || len(got) != 5 || asked != 6 || ready != 1 {
		t.Errorf("asked %d times, ready after %d, %d are measured (%v)", asked, ready, len(got), err)
	}
}

func TestTogether(t *testing.T) {
	fault := errors.New("full")
	if _, _, err := together(t.Context(), 4, time.Hour, func(n int64) error {
		if n == 50 {
			return fault
		}
		return nil
	}); !errors.Is(err, fault) {
		t.Errorf("a load goes on after a fault: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if done, _, err := together(ctx, 4, time.Hour, func(int64) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a load goes on after Ctrl-C: %d, %v", done, err)
	}
}

func TestTable(t *testing.T) {
	rows := []row{
		{Group: "process", What: "pairs", On: "SQLite", Value: 123.4, Unit: "per s", Ratio: 0.321, Against: "plain", Aim: ">= 0.3"},
		{Group: "lists", What: "panden in the order of id, first page", On: "SQLite", Value: 1, Unit: "ms"},
		{Group: "lists", What: "panden sort=a, first page", On: "SQLite", Value: 1, Unit: "ms"},
		{Group: "lists", What: "panden sort=b, first page", On: "SQLite", Value: 3, Unit: "ms"},
		{Group: "lists", What: "panden sort=b, last page", On: "SQLite", Value: 2, Unit: "ms"},
		{Group: "lists", What: "panden soort=x, first page", On: "SQLite", Value: 0.5, Unit: "ms"},
	}
	text := table(condensed(rows), nil, false)
	for _, want := range []string{"### The process", "| pairs | SQLite | 123 per s | 0.32 | plain | >= 0.3 |", "slowest of all: panden sort=b, first page", "slowest of all: panden sort=b, last", "slowest of all: panden soort=x"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "sort=a") {
		t.Errorf("a sort that is not the slowest is in\n%s", text)
	}
	before := []row{{Group: "process", What: "pairs", On: "SQLite", Value: 61.7, Unit: "per s"}, {Group: "process", What: "pairs", On: "PostgreSQL", Value: 1, Unit: "per s"}}
	if text := table(rows[:1], before, true); !strings.Contains(text, "| pairs | SQLite | 61.7 | 123 per s | 2.00 | 0.32 |") {
		t.Errorf("compared:\n%s", text)
	}
}

func TestWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prestaties.md")
	for _, text := range []string{"one\n", "two\n"} {
		if err := write(file, text); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(raw), "one") || !strings.Contains(string(raw), resultBegin+"\ntwo\n"+resultEnd+"\n") {
		t.Errorf("%s (%v)", raw, err)
	}
	if err := os.WriteFile(file, []byte("no place"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write(file, "three\n"); err == nil {
		t.Error("a file without a place is written over")
	}
}

func TestLink(t *testing.T) {
	h := http.Header{"Link": {`<?page=1>; rel="first", <?cursor=a%2Cb&pageSize=20>; rel="last"`}}
	if got := link(h, "last"); got != "?cursor=a%2Cb&pageSize=20" {
		t.Error(got)
	}
	if got := link(h, "next"); got != "" {
		t.Error(got)
	}
	if got, err := follow("http://127.0.0.1:80/v1/zaken?sort=x", "?page=2&sort=x"); err != nil || got != "http://127.0.0.1:80/v1/zaken?page=2&sort=x" {
		t.Error(got, err)
	}
}

func TestResults(t *testing.T) {
	got := results("goos: linux\nBenchmarkPersonalAgainstHandwritten/read-2   \t 10\t  12.5 us-ours\t 0.93 x-handwritten\nBenchmarkMany \t 1\t 0.24 cpu-ratio\nPASS\n")
	if len(got) != 2 || got[0].name != "BenchmarkPersonalAgainstHandwritten/read" || got[0].metrics["x-handwritten"] != 0.93 || got[1].metrics["cpu-ratio"] != 0.24 {
		t.Errorf("%v", got)
	}
}

func TestVerdict(t *testing.T) {
	one := minute{done: 100, took: time.Second}
	one.memory, one.goroutines = 50_000_000, 20
	more := one
	more.memory, more.done = 90_000_000, 50
	if got := verdict([]minute{one, one, one, one}); !strings.Contains(got, "nothing grew") || !strings.Contains(got, "1.00 of what they were") {
		t.Error(got)
	}
	if got := verdict([]minute{one, one, one, more}); !strings.Contains(got, "memory (50.0 to 90.0 MB)") || strings.Contains(got, "goroutines") || !strings.Contains(got, "0.50 of") {
		t.Error(got)
	}
}

// TestSpread: what the lists are filtered by is there, and not in one value only.
func TestSpread(t *testing.T) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	d := &database{DB: db}
	for salt := range primes {
		for _, most := range []int{2, 3, 5, 20, len(words) * len(words), 2_000} {
			var n int
			if err := db.QueryRowContext(t.Context(), "SELECT count(DISTINCT "+spread(most, salt)+") FROM "+d.series(0, 2*most)).Scan(&n); err != nil || n != most {
				t.Errorf("salt %d: %d of %d (%v)", salt, n, most, err)
			}
		}
	}
}

func TestParse(t *testing.T) {
	var out strings.Builder
	for _, args := range [][]string{{"--only", "niets"}, {"--short", "--zaken", "x"}, {"over"}} {
		if _, err := parse(args, &out); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
	o, err := parse([]string{"--only", "lists,keys", "--short"}, &out)
	if err != nil || !o.short || !o.wants("keys") || o.wants("process") {
		t.Errorf("%+v %v", o, err)
	}
}
