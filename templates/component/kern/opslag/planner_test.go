package opslag

import (
	"encoding/binary"
	"io"
	"maps"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestPlanner: what is asked of it holds on each connection, and who says otherwise in
// DATABASE_URL is right.
func TestPlanner(t *testing.T) {
	databaseURL := os.Getenv("TEST_DATABASE_URL")
	if databaseURL == "" {
		t.Skip("TEST_DATABASE_URL is not set")
	}
	for more, want := range map[string]string{"": "1 off", "random_page_cost=3": "3 off", "options=-c%20random_page_cost%3D3%20-c%20enable_bitmapscan%3Don": "3 on"} {
		u, err := url.Parse(schemaOf(t, databaseURL))
		if err != nil {
			t.Fatal(err)
		}
		u.RawQuery += "&" + more
		db, err := Open(t.Context(), u.String(), "")
		if err != nil {
			t.Fatal(err)
		}
		var cost, scan string
		if err := db.read.QueryRowContext(t.Context(), "SELECT current_setting('random_page_cost'), current_setting('enable_bitmapscan')").Scan(&cost, &scan); err != nil {
			t.Fatal(err)
		}
		if got := cost + " " + scan; got != want {
			t.Errorf("%q gives %s, want %s", more, got, want)
		}
		_ = db.Close()
	}
}

// TestThroughAPooler: to connect no parameter is needed that PgBouncer does not know;
// it refuses the whole connection for one.
func TestThroughAPooler(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	asked := make(chan []string, 1)
	go func() { // reads how a client begins, and goes away
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		head := make([]byte, 8)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		rest := make([]byte, binary.BigEndian.Uint32(head)-8)
		if _, err := io.ReadFull(c, rest); err == nil {
			asked <- strings.Split(string(rest), "\x00")
		}
	}()
	db := &Database{}
	if err := db.openPostgres("postgres://u:p@" + l.Addr().String() + "/d?sslmode=disable"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	_ = db.Ready(t.Context())
	known := map[string]bool{"user": true, "database": true, "application_name": true, "client_encoding": true, "DateStyle": true, "TimeZone": true, "standard_conforming_strings": true}
	words := <-asked
	for i := 0; i+1 < len(words) && words[i] != ""; i += 2 {
		if !known[words[i]] {
			t.Errorf("a connection asks for %s; PgBouncer knows %v", words[i], slices.Sorted(maps.Keys(known)))
		}
	}
}
