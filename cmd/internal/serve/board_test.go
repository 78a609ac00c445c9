package serve

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func someCourse() *course.Course {
	c := &course.Course{Name: "verhuizing", Title: "In tien stappen door een component", Case: "verhuizing"}
	for i, title := range []string{"Draaien", "Lezen", "Een tekst anders", "Een veld erbij", "Een stap erbij", "Een bron bevragen", "Lezen wat er gelogd is", "De bron valt uit", "Zoek de fout", "Overdragen"} {
		c.Steps = append(c.Steps, course.Step{
			ID: fmt.Sprintf("stap%d", i+1), Number: i + 1, Title: title, Goal: "Een inwoner kan een telefoonnummer achterlaten.", Minutes: 15,
			Checks: []course.Check{{Name: "Het veld staat in de antwoorden"}, {Name: "De tests zijn groen"}, {Name: fmt.Sprintf("Controle %d <b>", i+1)}},
		})
	}
	return c
}

func someWorkshop(teams int) *workshop.Workshop {
	names := []string{"Zuid", "De Dappere Dossiers", "Noord", "Überfløw", "Team <script>alert(1)</script>", "日本語チーム", "West", "Oost", "Een heel lange teamnaam van mensen die graag gezien worden", "Centrum", "Haven", "Polder"}
	colours := []string{"#154273", "#b00020", "#10632f", "#7a1fa2", "#8a4b00", "#005f73", "#9b2226", "#3d405b", "#1b4332", "#6a040f", "#5f0f40", "#0b3954"}
	w := &workshop.Workshop{Version: 1, Case: "verhuizing", Course: "verhuizing", Days: 3}
	for i := range teams {
		name := names[i%len(names)]
		if i >= len(names) {
			name += fmt.Sprint(" ", i+1)
		}
		w.Teams = append(w.Teams, workshop.Team{Number: i + 1, Name: name, Colour: colours[i%len(colours)], Port: 8100 + 10*i, Code: code(i + 1)})
	}
	return w
}

func code(team int) string { return fmt.Sprintf("TEAM%02d", team%100) }

func someAddresses() []Address {
	return []Address{{IP: netip.MustParseAddr("192.168.1.5"), Network: "wlan0"}}
}

func newBoard(t testing.TB, teams int, dir string) (*Board, *clock) {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}
	b, notice, err := NewBoard(BoardOptions{Workshop: someWorkshop(teams), Course: someCourse(), Dir: dir, Now: c.now, Addresses: someAddresses, Name: "Trainer-Laptop"})
	if err != nil || notice != "" {
		t.Fatal(err, notice)
	}
	t.Cleanup(func() { b.Close() })
	return b, c
}

// ask sends a request as if it came from another laptop.
func ask(h http.Handler, method, target, from, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://192.168.1.5:8090"+target, strings.NewReader(body))
	r.RemoteAddr = net.JoinHostPort(from, "50000")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func report(team int, step string, ok, running, help bool) string {
	body, _ := json.Marshal(Report{Code: code(team), Step: step, Checks: []Check{{"De tests zijn groen", ok}, {"Het veld staat in de antwoorden", true}}, Running: running, Help: help})
	return string(body)
}

// TestBoard: what teams say shows, who asks for help comes first, and a name is
// text whatever is in it.
func TestBoard(t *testing.T) {
	t.Parallel()
	b, c := newBoard(t, 12, t.TempDir())
	for team, body := range map[int]string{3: report(3, "stap4", false, true, false), 5: report(5, "stap2", true, false, true), 7: `{"code":"TEAM07","step":"","checks":[],"running":true,"help":false}`} {
		if w := ask(b, "POST", "/api/v1/stand", "192.168.1.20", body); w.Code != http.StatusNoContent || w.Body.Len() > 0 || w.Header().Get(mark) == "" {
			t.Errorf("team %d: %d %s", team, w.Code, w.Body)
		}
	}
	c.pass(3 * time.Minute)
	ask(b, "POST", "/api/v1/team", "192.168.1.21", `{"code":"TEAM09"}`)
	got := ask(b, "GET", "/", "192.168.1.20", "").Body.String()
	for _, want := range []string{
		"Stap 4 van 10", "Een veld erbij", "Nog niet: </span>De tests zijn groen", "Goed: </span>Het veld staat in de antwoorden",
		"<strong>Vraagt hulp</strong> 3 minuten geleden", "Klaar met alle stappen", "Team &lt;script&gt;alert(1)&lt;/script&gt;", "Aangemeld</p>", "Nog niet aangemeld",
		"<strong>12</strong> teams", "<strong>4</strong> aangemeld", "<strong>2</strong> draaien", "<strong>1</strong> vraagt hulp", `http-equiv="refresh" content="10"`, "fieldlab workshop join 192.168.1.5:8090 CODE",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the board lacks %q", want)
		}
	}
	if strings.Contains(got, "<script") || strings.Contains(got, "TEAM0") || strings.Contains(got, "bewijs") {
		t.Error("the board shows a script, a code or a form to somebody in the room")
	}
	if help, first := strings.Index(got, "Vraagt hulp<"), strings.Index(got, ">Zuid<"); help < 0 || help > first {
		t.Error("who asks for help is not first")
	}
	if first, second := strings.Index(got, "Het veld staat"), strings.Index(got, "De tests zijn"); first > second {
		t.Error("the checks are not in the order of the step")
	}
	last, _ := json.Marshal(Report{Code: code(12), Step: "stap10", Checks: []Check{{"De tests zijn groen", true}, {"Het veld staat in de antwoorden", true}, {"Controle 10 <b>", true}}})
	if w := ask(b, "POST", "/api/v1/stand", "192.168.1.22", string(last)); w.Code != 204 {
		t.Error(w.Code)
	}
	if got := ask(b, "GET", "/", "192.168.1.20", "").Body.String(); !strings.Contains(got, "Klaar met de laatste stap") || !strings.Contains(got, "Controle 10 &lt;b&gt;") || !strings.Contains(got, "<strong>2</strong> klaar") {
		t.Error("who did the last step is not done")
	}
	c.pass(time.Hour)
	if got := ask(b, "GET", "/?stil", "192.168.1.20", "").Body.String(); !strings.Contains(got, "stil, laatst gehoord 1 uur geleden") || strings.Contains(got, "refresh") {
		t.Error("a silent team does not show as silent, or a page that stands still refreshes")
	}
}

// TestParts: on a beamer a crowd goes by in parts, each with who asks for help.
func TestParts(t *testing.T) {
	t.Parallel()
	b, _ := newBoard(t, 50, t.TempDir())
	ask(b, "POST", "/api/v1/stand", "192.168.1.20", report(44, "stap3", true, true, true))
	seen := map[string]bool{}
	for part, next := range []string{"", "2", "3", "4", "1", "1"} {
		if part == 0 {
			continue
		}
		got := ask(b, "GET", fmt.Sprintf("/?deel=%d", part), "192.168.1.20", "").Body.String()
		if !strings.Contains(got, "url=?deel="+next+`"`) || !strings.Contains(got, "Vraagt hulp<") || !strings.Contains(got, "Goed: ") {
			t.Errorf("part %d is not followed by %s, or lacks who asks for help or a check by name", part, next)
		}
		for _, found := range regexp.MustCompile(`title="([^"]*)"`).FindAllStringSubmatch(got, -1) {
			seen[found[1]] = true
		}
	}
	if len(seen) != 50 {
		t.Errorf("%d teams go by", len(seen))
	}
	for _, odd := range []string{"-3", "99999999999999999999", "x", "<b>"} {
		if got := ask(b, "GET", "/?deel="+odd, "192.168.1.20", ""); got.Code != 200 || strings.Contains(got.Body.String(), "<b>") {
			t.Errorf("%s: %d", odd, got.Code)
		}
	}
}

// TestLies: whatever is not exactly what a team may say is refused, and leaves
// nothing on the board.
func TestLies(t *testing.T) {
	t.Parallel()
	b, c := newBoard(t, 12, t.TempDir())
	before := ask(b, "GET", "/", "192.168.1.20", "").Body.String()
	json := "application/json"
	good := report(1, "stap1", true, true, true)
	for name, lie := range map[string]struct {
		method, kind, body string
		status             int
	}{
		"a page":               {"GET", json, "", 405},
		"put":                  {"PUT", json, good, 405},
		"a form":               {"POST", "application/x-www-form-urlencoded", good, 415},
		"text":                 {"POST", "text/plain", good, 415},
		"another set":          {"POST", "application/json; charset=utf-16", good, 415},
		"no kind":              {"POST", "", good, 415},
		"large":                {"POST", json, `{"code":"` + strings.Repeat("A", 17<<10) + `"}`, 413},
		"empty":                {"POST", json, " ", 400},
		"a list":               {"POST", json, "[" + good + "]", 400},
		"two":                  {"POST", json, good + good, 400},
		"more after it":        {"POST", json, good + "x", 400},
		"a field more":         {"POST", json, strings.Replace(good, `"step"`, `"name":"x","step"`, 1), 400},
		"a field twice":        {"POST", json, strings.Replace(good, `"step"`, `"help":false,"step"`, 1), 400},
		"a field less":         {"POST", json, strings.Replace(good, `,"help":true`, ``, 1), 400},
		"capitals":             {"POST", json, strings.Replace(good, `"step"`, `"Step"`, 1), 400},
		"null":                 {"POST", json, strings.Replace(good, `"stap1"`, `null`, 1), 400},
		"another kind":         {"POST", json, strings.Replace(good, `"help":true`, `"help":"ja"`, 1), 400},
		"a check more":         {"POST", json, strings.Replace(good, `"ok":true}`, `"ok":true,"why":"x"}`, 1), 400},
		"a check without name": {"POST", json, strings.Replace(good, `"name":"De tests zijn groen",`, ``, 1), 400},
		"not utf-8":            {"POST", json, strings.Replace(good, `stap1`, "\xff", 1), 400},
		"deep":                 {"POST", json, strings.Repeat(`{"checks":[`, 1000), 400},
		"another step":         {"POST", json, strings.Replace(good, `stap1`, "stap11", 1), 422},
		"html":                 {"POST", json, strings.Replace(good, `stap1`, "<b>hoi</b>", 1), 422},
		"step by number":       {"POST", json, strings.Replace(good, `stap1`, "1", 1), 422},
		"another check":        {"POST", json, strings.Replace(good, `De tests zijn groen`, "<img src=x>", 1), 422},
		"a check twice":        {"POST", json, strings.Replace(good, `De tests zijn groen`, "Het veld staat in de antwoorden", 1), 422},
		"checks of no step":    {"POST", json, strings.Replace(good, `stap1`, "", 1), 422},
		"nobody":               {"POST", json, strings.Replace(good, `TEAM01`, "TEAM99", 1), 403},
		"no code":              {"POST", json, strings.Replace(good, `TEAM01`, "", 1), 403},
		"small letters":        {"POST", json, strings.Replace(good, `TEAM01`, "team01", 1), 403},
	} {
		c.pass(time.Minute)
		w := ask(b, lie.method, "/api/v1/stand", "192.168.1.20", lie.body, "Content-Type", lie.kind)
		if w.Code != lie.status || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, lie.status)
		}
	}
	after := ask(b, "GET", "/", "192.168.1.20", "").Body.String()
	if before != after {
		t.Errorf("a lie left something:\n%s", after)
	}
}

// TestAddressesOfOthers: no site of the internet reads or writes here by way of the
// browser of somebody in the room.
func TestAddressesOfOthers(t *testing.T) {
	t.Parallel()
	b, _ := newBoard(t, 3, t.TempDir())
	for host, status := range map[string]int{
		"192.168.1.5:8090": 200, "localhost:8090": 200, "[::1]:8090": 200, "trainer-laptop:8090": 200, "Trainer-Laptop.local.:8090": 200,
		"evil.example:8090": 421, "192.168.1.5.nip.io:8090": 421, "a$(b):8090": 421, "x<script>": 421, "": 421, "[fe80::1%25eth0]:80": 421, "a:99999": 421,
	} {
		if w := ask(b, "GET", "/", "192.168.1.20", "", "Host", host); w.Code != status {
			t.Errorf("%q: %d, want %d", host, w.Code, status)
		}
	}
	if w := ask(b, "POST", "/api/v1/stand", "192.168.1.20", report(1, "stap1", true, true, false), "Origin", "http://evil.example"); w.Code != 403 {
		t.Errorf("a page of another site: %d", w.Code)
	}
	for _, path := range []string{"/x", "/hulp/", "/cursus/cursus.yaml", "/cursus/../workshop.json", "/cursus/.x.html", "/cursus/%2e%2e/workshop.json", "/workshop.json", "/bord.json"} {
		if w := ask(b, "GET", path, "192.168.1.20", ""); w.Code == 200 {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
}

// TestCourseKeepsItsAnswers: of the folder of the course only pages and pictures show,
// also when the rest lies there.
func TestCourseKeepsItsAnswers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"index.html", "stap.png", "cursus.yaml", "01-stap1.md", ".x.html", ".git/x.html", "x.json"} {
		put(t, dir, "cursus/"+name, "iets")
	}
	b, _ := newBoard(t, 1, dir)
	for name, status := range map[string]int{"": 200, "index.html": 200, "stap.png": 200, "cursus.yaml": 404, "01-stap1.md": 404, ".x.html": 404, ".git/x.html": 404, "x.json": 404} {
		if w := ask(b, "GET", "/cursus/"+name, "192.168.1.20", ""); w.Code != status {
			t.Errorf("%s: %d, want %d", name, w.Code, status)
		}
	}
}

// TestNoCode: a team without a code is nobody's.
func TestNoCode(t *testing.T) {
	t.Parallel()
	w := someWorkshop(1)
	w.Teams[0].Code = ""
	b, _, err := NewBoard(BoardOptions{Workshop: w, Course: someCourse(), Dir: t.TempDir(), Now: time.Now, Addresses: func() []Address { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if answer := ask(b, "POST", "/api/v1/team", "192.168.1.20", `{"code":""}`); answer.Code != http.StatusForbidden {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}

// TestHelped: only on the laptop of the trainer, by the form of the page itself.
func TestHelped(t *testing.T) {
	t.Parallel()
	b, c := newBoard(t, 12, t.TempDir())
	ask(b, "POST", "/api/v1/stand", "192.168.1.20", report(4, "stap1", true, true, true))
	local := ask(b, "GET", "/", "127.0.0.1", "", "Host", "localhost:8090").Body.String()
	found := regexp.MustCompile(`name="bewijs" value="([^"]+)"`).FindStringSubmatch(local)
	if found == nil {
		t.Fatal("no form on the laptop itself")
	}
	if !strings.Contains(local, "join 192.168.1.5:") && !strings.Contains(local, "join localhost:8090") {
		t.Error("no address to join")
	}
	form := "application/x-www-form-urlencoded"
	body := "team=4&bewijs=" + found[1]
	for name, lie := range map[string]struct{ from, body, host, origin string }{
		"from the room":     {"192.168.1.20", body, "localhost:8090", ""},
		"by another name":   {"127.0.0.1", body, "trainer-laptop:8090", ""},
		"to another number": {"127.0.0.1", body, "192.168.1.5:8090", ""},
		"of another site":   {"127.0.0.1", body, "localhost:8090", "http://evil.example"},
		"without proof":     {"127.0.0.1", "team=4", "localhost:8090", ""},
		"with another":      {"127.0.0.1", "team=4&bewijs=x", "localhost:8090", ""},
		"large":             {"127.0.0.1", body + "&x=" + strings.Repeat("x", 2000), "localhost:8090", ""},
	} {
		w := ask(b, "POST", "/hulp", lie.from, lie.body, "Host", lie.host, "Content-Type", form, "Origin", lie.origin)
		if w.Code != 403 || b.teams[3].Help.IsZero() {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := ask(b, "POST", "/hulp?"+body, "127.0.0.1", "x=y", "Host", "localhost:8090", "Content-Type", form); w.Code != 403 {
		t.Errorf("by way of the address: %d", w.Code)
	}
	w := ask(b, "POST", "/hulp", "127.0.0.1", body, "Host", "localhost:8090", "Content-Type", form, "Origin", "http://localhost:8090")
	if w.Code != 303 || !b.teams[3].Help.IsZero() {
		t.Errorf("the trainer cannot take it back: %d %s", w.Code, w.Body)
	}
	// A report without help takes nothing back; another step does, and its end.
	done := strings.Replace(report(4, "stap2", true, true, false), `"checks":[`, `"checks":[{"name":"Controle 2 <b>","ok":true},`, 1)
	for i, say := range []struct {
		body string
		want bool
	}{
		{report(4, "stap1", true, true, true), true}, {report(4, "stap1", true, true, false), true}, {report(4, "stap2", true, true, false), false},
		{report(4, "stap2", true, true, true), true}, {strings.Replace(done, `<b>","ok":true`, `<b>","ok":false`, 1), true}, {done, false},
	} {
		c.pass(time.Minute)
		if w := ask(b, "POST", "/api/v1/stand", "192.168.1.20", say.body); w.Code != 204 {
			t.Error(w.Code, w.Body)
		}
		if got := !b.teams[3].Help.IsZero(); got != say.want {
			t.Errorf("%d: help is %t", i, got)
		}
	}
}
