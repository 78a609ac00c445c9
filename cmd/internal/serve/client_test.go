package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
)

func TestParseAddress(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"192.168.1.5:8090": "http://192.168.1.5:8090", " http://192.168.1.5:8090/ ": "http://192.168.1.5:8090", "192.168.1.5": "http://192.168.1.5:8090",
		"Trainer-Laptop.local": "http://trainer-laptop.local:8090", "https://bord.example.nl": "https://bord.example.nl", "[::1]:8090": "http://[::1]:8090", "https://[::1]": "https://[::1]",
		"": "", "http://": "", "ftp://x": "", "javascript:alert(1)": "", "file:///etc/passwd": "", "http://a:b@x": "", "http://x/pad": "", "http://x?q": "", "http://x#f": "",
		"x y": "", "a..": "", ".a": "", "a$(b)": "", "x:99999": "", "x:0": "", "x:+80": "", "-x": "", "x\x1b[2J": "", "http://x?": "", "http:x": "",
	} {
		got, err := ParseAddress(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for typed, want := range map[string]string{"k7mp4a": "K7MP4A", " K7M-P4A ": "K7MP4A", "k7m p4a": "K7MP4A", "K7MP4": "", "K7MP4AA": "", "K7MP4É": "", "": "", "<b>abc": ""} {
		got, err := ParseCode(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

// TestRefusals: each has words, with an address where there is one.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, code := range RefusalCodes() {
		if words := (Refusal{code, "http://x"}).Error(); words == "" || strings.Contains(words, "%!") {
			t.Errorf("%s: %q", code, words)
		}
	}
}

// TestSendToLies: a board that lies gets nothing more than the report, and cannot
// hold up, fill or lead elsewhere who sends it.
func TestSendToLies(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		elsewhere.Add(1)
		w.Header().Set(mark, "1")
		w.WriteHeader(http.StatusNoContent)
	}))
	defer other.Close()
	endless := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 32<<10)); err != nil {
				return
			}
		}
	}
	for name, lie := range map[string]struct {
		say  http.HandlerFunc
		want string
	}{
		"leads elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}, "no-board"},
		"leads elsewhere as a board": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(mark, "1")
			http.Redirect(w, r, other.URL, http.StatusPermanentRedirect)
		}, "failed"},
		"a page": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<h1>Log in</h1>") }, "no-board"},
		"another yes": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(mark, "1")
			w.WriteHeader(200)
		}, "failed"},
		"endless":       {func(w http.ResponseWriter, r *http.Request) { w.Header().Set(mark, "1"); endless(w, r) }, "failed"},
		"large headers": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(mark, strings.Repeat("x", 1<<20)) }, "unreachable"},
		"packed": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(mark, "1")
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(bytes.Repeat([]byte{0}, 10<<20))
			_ = z.Close()
		}, "failed"},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "unreachable"},
		"an escape": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(mark, "1")
			refuse(w, 500, "\x1b[2J")
		}, "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(lie.say)
			defer server.Close()
			err := Send(t.Context(), server.URL, Report{Code: "TEAM01"})
			if !errors.Is(err, Refusal{lie.want, server.URL}) {
				t.Errorf("%v, want %s", err, lie.want)
			}
		})
	}
	if elsewhere.Load() > 0 {
		t.Error("the report went elsewhere")
	}
}

// TestSendGivesUp: on a board that says nothing, and when somebody presses Ctrl-C.
func TestSendGivesUp(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stop }))
	defer server.Close()
	defer close(stop)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if err := Send(ctx, server.URL, Report{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	began := time.Now()
	if err := Send(t.Context(), server.URL, Report{}); !errors.Is(err, Refusal{"unreachable", server.URL}) || time.Since(began) > 8*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

// TestAskLies: a team is a number and a name, or there is none.
func TestAskLies(t *testing.T) {
	t.Parallel()
	for _, lie := range []string{"", "null", "[]", `{"number":0,"name":"x"}`, `{"number":1}`, `{"number":1,"name":"` + strings.Repeat("x", 500) + `"}`, `{"number":"1","name":"x"}`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(mark, "1")
			_, _ = io.WriteString(w, lie)
		}))
		if team, err := Ask(t.Context(), server.URL, "TEAM01"); err == nil {
			t.Errorf("%s gives %v", lie, team)
		}
		server.Close()
	}
}

// TestJoined: what is kept comes back, only its owner reads it, and Git leaves it
// out. What somebody put there by hand goes nowhere that could not be typed.
func TestJoined(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, joined := ReadJoined(dir); joined {
		t.Error("joined by itself")
	}
	put(t, dir, workshop.Folder+"/.gitignore", "inhalen.json")
	for range 2 {
		if err := WriteJoined(dir, Joined{"http://192.168.1.5:8090", "K7MP4A"}); err != nil {
			t.Fatal(err)
		}
	}
	if j, joined := ReadJoined(dir); !joined || j != (Joined{"http://192.168.1.5:8090", "K7MP4A"}) {
		t.Errorf("%v %t", j, joined)
	}
	file := filepath.Join(dir, filepath.FromSlash(workshop.Folder), "bord.json")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 && filepath.Separator == '/' {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if body, _ := os.ReadFile(filepath.Join(filepath.Dir(file), ".gitignore")); string(body) != "inhalen.json\nbord.json\n" {
		t.Errorf("%q", body)
	}
	for _, lie := range []string{"", "{", `{"address":"file:///etc/passwd","code":"K7MP4A"}`, `{"address":"http://x","code":"x"}`, `{"address":"http://a@x","code":"K7MP4A"}`, strings.Repeat(" ", 5000)} {
		put(t, dir, workshop.Folder+"/bord.json", lie)
		if j, joined := ReadJoined(dir); joined {
			t.Errorf("%q gives %v", lie, j)
		}
	}
	outside := filepath.Join(t.TempDir(), "elders.json")
	put(t, filepath.Dir(outside), "elders.json", `{"address":"http://x","code":"K7MP4A"}`)
	_ = os.Remove(file)
	if err := os.Symlink(outside, file); err != nil {
		t.Skip(err)
	}
	if _, joined := ReadJoined(dir); joined {
		t.Error("a link is followed")
	}
	if err := WriteJoined(dir, Joined{"http://y:8090", "K7MP4A"}); err != nil {
		t.Error(err)
	}
	if body, _ := os.ReadFile(outside); strings.Contains(string(body), "http://y") {
		t.Error("it is written through a link")
	}
}

// FuzzReport: whatever is sent, it is a report of a team or it is refused; nothing of
// it comes back, and nothing breaks.
func FuzzReport(f *testing.F) {
	f.Add([]byte(report(1, "stap1", true, true, true)))
	for _, seed := range []string{"", "{}", "null", `{"code":"TEAM01"}`, `{"code":"TEAM01","code":"TEAM02"}`, `{"checks":[{"name":"<b>","ok":true}]}`, `{"step":"\u003cb\u003e"}`, "\xff", `{"code":1e999}`, `{"checks":[[[[`} {
		f.Add([]byte(seed))
	}
	b, c := newBoard(f, 12, f.TempDir())
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := decodeReport(body)
		if err == nil && (bytes.Count(body, []byte(`"step"`)) == 0 && !bytes.Contains(body, []byte(`\u`))) {
			t.Errorf("%q is read as %+v", body, r)
		}
		c.pass(time.Second)
		w := ask(b, "POST", "/api/v1/stand", "192.168.1.20", string(body), "Content-Type", "application/json")
		switch w.Code {
		case 204:
			if err != nil || !r.fits(b.o.Course) || b.find(r.Code) == nil {
				t.Errorf("%q is taken", body)
			}
		case 400, 403, 413, 422, 429:
		default:
			t.Errorf("%q gives %d", body, w.Code)
		}
		b.mu.Lock()
		for _, s := range b.teams {
			if stepOf(b.o.Course, s.Step) == nil && s.Step != "" || len(s.Checks) > 3 {
				t.Errorf("%q leaves %+v", body, s.kept)
			}
		}
		b.mu.Unlock()
	})
}

// FuzzHost: a name that is taken means nothing in a shell or in HTML.
func FuzzHost(f *testing.F) {
	for _, seed := range []string{"localhost:8090", "[::1]:80", "a.b", "192.168.1.5", "x:y:z", "[::1%25a]", "\x00", "[", "a]"} {
		f.Add(seed)
	}
	own := ownHosts("laptop")
	f.Fuzz(func(t *testing.T, host string) {
		if own(host) && strings.ContainsFunc(host, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]", r)
		}) {
			t.Errorf("%q is taken", host)
		}
		if address, err := ParseAddress(host); err == nil {
			if again, err := ParseAddress(address); err != nil || again != address {
				t.Errorf("%q becomes %q and then %q (%v)", host, address, again, err)
			}
		}
	})
}

func TestAgo(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Hour: "zojuist", 0: "zojuist", time.Minute: "1 minuut geleden", 119 * time.Second: "1 minuut geleden", 3 * time.Minute: "3 minuten geleden",
		time.Hour: "1 uur geleden", 95 * time.Minute: "ruim 1 uur geleden", 25 * time.Hour: "1 dag geleden", 75 * time.Hour: "3 dagen geleden",
	} {
		if got := ago(d); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
}
