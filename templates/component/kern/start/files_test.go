package start

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestScanner: only a scanner that says so has found a file clean.
func TestScanner(t *testing.T) {
	status, seen := 0, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		seen = string(raw)
		w.Header().Set("Location", "/elders")
		w.WriteHeader(status)
	}))
	scan := scanner(server.URL)
	for given, want := range map[int]string{200: "clean", 204: "clean", 422: "dirty", 406: "dirty", 500: "away", 302: "away", 404: "away", 401: "away"} {
		status, seen = given, ""
		clean, err := scan(t.Context(), strings.NewReader("inhoud"), 6)
		got := map[bool]string{true: "clean", false: "dirty"}[clean]
		if err != nil {
			got = "away"
		}
		if got != want || seen != "inhoud" {
			t.Errorf("%d is %s, want %s; the scanner saw %q", given, got, want, seen)
		}
	}
	server.Close()
	if _, err := scan(t.Context(), strings.NewReader("inhoud"), 6); err == nil || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("a scanner that is away: %v", err)
	}
	if scanner("") != nil {
		t.Error("without a setting there is a scanner")
	}
}

func TestFileSettings(t *testing.T) {
	for _, c := range []struct {
		env    map[string]string
		faults int
	}{
		{nil, 0}, {map[string]string{"BIJLAGE_MAX_MB": "100", "BIJLAGE_SOORTEN": "pdf, tekst", "SCANNER_URL": "https://scanner.test/x"}, 0},
		{map[string]string{"BIJLAGE_MAX_MB": "101", "BIJLAGE_SOORTEN": "pdf,exe", "SCANNER_URL": "scanner", "BIJLAGEN_PER_UUR": "-1", "BIJLAGEN_MAX_MB": "veel"}, 5},
	} {
		s, faults := readFileSettings(func(name string) string { return c.env[name] })
		if len(faults) != c.faults || s.Most < 1<<20 {
			t.Errorf("%v: %v", c.env, faults)
		}
	}
	if s, _ := readFileSettings(func(string) string { return "" }); s.Most != 15<<20 || len(s.Kinds) != 4 {
		t.Errorf("%+v", s)
	}
}

// A request that keeps coming gets time; one that stops does not.
func TestPatience(t *testing.T) {
	moved := 0
	w := &deadlines{ResponseRecorder: httptest.NewRecorder(), moved: &moved}
	handler := patient(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(make([]byte, progress))
	}))
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", 3*progress))))
	if moved < 3 {
		t.Errorf("the deadlines moved %d times", moved)
	}
	moved = 0
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("x")))
	if moved != 1 { // for the answer
		t.Errorf("a few bytes moved the deadlines %d times", moved)
	}
	c := newClock(w)
	c.until = time.Now().Add(time.Second)
	if !c.next(time.Hour).Equal(c.until) {
		t.Error("a request may go on for ever")
	}
}

type deadlines struct {
	*httptest.ResponseRecorder
	moved *int
}

// SetReadDeadline is what http.ResponseController looks for.
func (d *deadlines) SetReadDeadline(time.Time) error { *d.moved++; return nil }

// SetWriteDeadline is what http.ResponseController looks for.
func (d *deadlines) SetWriteDeadline(time.Time) error { *d.moved++; return nil }
