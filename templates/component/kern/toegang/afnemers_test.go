package toegang

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var operations = Operations{Offered: []string{"leesVerhuizing", "lijstVerhuizingen", "maakVerhuizing"}, Own: []string{"lijstVerwerkingen"}}

func sumOfToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

var (
	sumA, sumB, sumC = sumOfToken("a"), sumOfToken("b"), sumOfToken("c")
	ownSum           = sha256.Sum256([]byte("van het component"))
)

func taken(sum [sha256.Size]byte) bool { return sum == ownSum }

func readText(t *testing.T, text string) (*Afnemers, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "afnemers.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return ReadAfnemers(path, operations, taken, slog.New(slog.DiscardHandler))
}

func TestAfnemers(t *testing.T) {
	all, err := readText(t, `# wie laag 2 gebruikt
afnemers:
  - naam: zaaksysteem
    tokens: [`+sumA+`, `+strings.ToUpper(sumB)+`]
    operaties:
      - leesVerhuizing
  - naam: buurgemeente
    oin: "00000001001299757000"
    tokens: [`+sumC+`]
    operaties: [lijstVerhuizingen, leesVerhuizing]
`)
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]string{"a": "zaaksysteem", "b": "zaaksysteem", "c": "buurgemeente", "d": "", "": ""} {
		name := ""
		if found := all.Find(sha256.Sum256([]byte(token))); found != nil {
			name = found.Name
		}
		if name != want {
			t.Errorf("token %q is of %q, want %q", token, name, want)
		}
	}
	zaak, other := all.Find(sha256.Sum256([]byte("a"))), all.Find(sha256.Sum256([]byte("c")))
	if !zaak.May("leesVerhuizing") || zaak.May("lijstVerhuizingen") || zaak.May("") || !other.May("lijstVerhuizingen") {
		t.Error("the operations are mixed up")
	}
	if got := zaak.URI("00000099000000001000") + " " + other.URI("00000099000000001000"); got != "urn:nld:oin:00000099000000001000:systeem:zaaksysteem urn:nld:oin:00000001001299757000:systeem:buurgemeente" {
		t.Error(got)
	}
	if got := fmt.Sprint(all.Names()); got != "[zaaksysteem buurgemeente]" {
		t.Error(got)
	}
	if (*Afnemers)(nil).Find(ownSum) != nil || (*Afnemers)(nil).Names() != nil {
		t.Error("there is somebody when there is nobody")
	}
}

func TestTheWayThatAnAfnemerComes(t *testing.T) {
	peer := func(sub string) http.Header {
		// {"sub":"…","iss":"00000099000000001000"} without padding, as in a token of FSC
		return http.Header{HeaderPeer: {"Bearer x." + base64url(`{"sub":"`+sub+`","iss":"00000099000000001000"}`) + ".x"}}
	}
	of := &Afnemer{OIN: "00000001001299757000"}
	if !of.From(peer("00000001001299757000")) || of.From(peer("00000001001299757001")) || of.From(http.Header{}) || !(&Afnemer{}).From(http.Header{}) {
		t.Error("the organisation is not looked at")
	}
}

// TestEveryFaultIsNamedWithItsLine, all at once, and no token is repeated.
func TestEveryFaultIsNamedWithItsLine(t *testing.T) {
	_, err := readText(t, `afnemers:
  - naam: Zaaksysteem
    tokens: [geheimgeheimgeheim]
    operaties: [leesVerhuizingen]
  - naam: b
    token: x
    tokens: [`+sumA+`, `+sumB+`, `+sumC+`]
    operaties: [lijstVerwerkingen, leesVerhuizing, leesVerhuizing]
  - naam: b
    oin: 12
    tokens: [`+sumA+`]
    operaties: []
  - naam: c
    tokens: [`+hex.EncodeToString(ownSum[:])+`, `+sumOfToken("")+`]
  - []
  - naam: p-12345678
    tokens: {a: b}
    operaties: [[x], iets]
    operaties: [y]
soorten: x
`)
	faults, _ := err.(Faults) //nolint:errorlint // it is one
	for _, want := range []string{
		"regel 2: een naam bestaat uit", "regel 3: een afnemer: hier hoort de sha256", `regel 4: een afnemer: operatie "leesVerhuizingen" staat niet in 2-diensten/openapi.yaml; bedoelt u leesVerhuizing?`,
		`regel 6: "token" kan hier niet; kies uit naam, tokens, operaties, oin; bedoelt u tokens?`, "regel 7: b: ten hoogste 2 tokens",
		"regel 8: b: operatie lijstVerwerkingen is alleen voor de lagen", "regel 8: b: operatie leesVerhuizing staat er twee keer",
		"regel 9: afnemer b staat er al, op regel 5", "regel 10: b: een oin is een nummer van 20 cijfers", "regel 11: b: dit token staat er al, op regel 7", "regel 12: b: operaties is een lijst",
		"regel 14: c: dit is het token van het component zelf (COMPONENT_TOKEN)", "regel 14: c: dit is de sha256 van niets", "regel 13: c: operaties is een lijst",
		"regel 15: hier horen naam, tokens", "regel 16: een naam bestaat uit", "regel 17: een afnemer: tokens is een lijst", "regel 18: een afnemer: bij operaties horen teksten",
		`regel 18: een afnemer: operatie "iets" staat niet in 2-diensten/openapi.yaml; kies uit leesVerhuizing, lijstVerhuizingen, maakVerhuizing`, "regel 19: operaties staat er twee keer",
		`regel 20: "soorten" kan hier niet; kies uit afnemers`,
	} {
		if !slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, "AFNEMERS: ") && strings.Contains(f, want) }) {
			t.Errorf("%q is missing in\n%s", want, strings.Join(faults, "\n"))
		}
	}
	if strings.Contains(err.Error(), "geheim") {
		t.Error("a token is repeated")
	}
	for text, want := range map[string]string{
		"": "het bestand is leeg", "# niets\n": "het bestand is leeg", "afnemers: [\n": "geen YAML", "afnemers: []\n---\nafnemers: []\n": "tweede document", "x": "hier horen afnemers",
		"afnemers: 3": "een lijst", "{}": "een lijst", "\x00\x01": "geen YAML", "a: &a [*a]": "afnemers",
	} {
		if _, err := readText(t, text); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if all, err := readText(t, "afnemers: []\n"); err != nil || all.Names() != nil {
		t.Errorf("nobody is a fault: %v", err)
	}
	many := "afnemers:\n" + strings.Repeat("  - x\n", 900)
	if _, err := readText(t, many); len(err.(Faults)) != maxFaults+1 { //nolint:errorlint // it is one
		t.Errorf("%d faults are named", len(err.(Faults))) //nolint:errorlint // it is one
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "weg"), t.TempDir()} {
		if _, err := ReadAfnemers(path, operations, nil, slog.Default()); err == nil || !strings.Contains(err.Error(), path+" is ") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestAfnemersAreReadAgain when the file changes; a wrong one changes nothing but
// the log.
func TestAfnemersAreReadAgain(t *testing.T) {
	entry := func(token string) string {
		return "afnemers: [{naam: zaaksysteem, tokens: [" + sumOfToken(token) + "], operaties: [leesVerhuizing]}]\n"
	}
	path := filepath.Join(t.TempDir(), "afnemers.yaml")
	put := func(text string) {
		t.Helper()
		if err := os.WriteFile(path+".nieuw", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".nieuw", path); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	put(entry("een"))
	all, err := ReadAfnemers(path, operations, taken, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	all.file.every = 0
	all.file.next.Store(0)
	known := func(token string) bool { return all.Find(sha256.Sum256([]byte(token))) != nil }
	if !known("een") || known("twee") || log.Len() > 0 {
		t.Fatal("it does not begin with what is there", log.String())
	}
	put(entry("twee"))
	if known("een") || !known("twee") {
		t.Error("what is new does not hold")
	}
	log.Reset()
	for _, wrong := range []string{"", "afnemers: [{naam: x}]", entry("drie") + "meer: x\n"} {
		put(wrong)
		if !known("twee") || known("drie") {
			t.Errorf("%q holds", wrong)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if !known("twee") {
			t.Error("nobody is known without the file")
		}
	}
	if n := strings.Count(log.String(), "level=WARN"); n != 4 || strings.Contains(log.String(), sumOfToken("drie")) {
		t.Errorf("%d warnings, want one for each change: %s", n, log.String())
	}
	put(entry("vier"))
	if !known("vier") {
		t.Error("what is right again does not hold")
	}
}

func TestNewToken(t *testing.T) {
	token, sum := NewToken()
	other, _ := NewToken()
	if len(token) < 43 || token == other || sum != sumOfToken(token) {
		t.Error(token, sum)
	}
}

// FuzzAfnemers: any bytes are a file with consumers or a list of faults, each with
// its line.
func FuzzAfnemers(f *testing.F) {
	f.Add([]byte("afnemers: [{naam: a, tokens: [" + sumA + "], operaties: [leesVerhuizing]}]"))
	f.Add([]byte("afnemers:\n- &a {naam: a, <<: *a}\n"))
	f.Add([]byte("a: !!binary x\n---\n"))
	f.Add([]byte("? [x]\n: y"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := reader{path: "x", operations: operations, taken: taken}
		all := r.read(text)
		for _, fault := range r.faults {
			if !strings.HasPrefix(fault, "AFNEMERS: x") || strings.ContainsAny(fault, "\n") {
				t.Errorf("%q", fault)
			}
		}
		if len(r.faults) > 0 {
			return
		}
		for _, a := range all {
			if NameFault(a.Name) != "" || len(a.tokens) == 0 || len(a.tokens) > maxTokens || len(a.operations) == 0 || a.OIN != "" && len(a.OIN) != 20 {
				t.Errorf("%+v passes", a)
			}
			for id := range a.operations {
				if !slices.Contains(operations.Offered, id) {
					t.Errorf("operation %q passes", id)
				}
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	var l list
	for i := range 100 {
		l.all = append(l.all, &Afnemer{tokens: [][sha256.Size]byte{{byte(i)}, {byte(i), 1}}})
	}
	a := &Afnemers{&watched[list]{every: 1 << 40}}
	a.file.value.Store(&l)
	a.file.next.Store(1 << 62)
	for b.Loop() {
		a.Find(ownSum)
	}
}
