package workshopcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/serve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
)

// heard is what a command says, while it says it.
type heard struct {
	mu   sync.Mutex
	body bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.body.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.body.String()
}

func boardDeps() (Deps, *heard) {
	out := &heard{}
	return Deps{Deps: evolve.Deps{IO: &terminal.IO{In: strings.NewReader(""), Out: out, Err: out}, Text: text.Load(text.Dutch), Now: time.Now}}, out
}

// aWorkshop writes a workshop of two teams without a course, by hand.
func aWorkshop(t *testing.T) (dir string, teams []workshop.Team) {
	t.Helper()
	dir = t.TempDir()
	w := workshop.Workshop{Version: 1, Case: "verhuizing", Days: 3, Teams: []workshop.Team{
		{Number: 1, Name: "Zuid", Folder: "01-zuid", Port: 8100, Colour: "#154273", OIN: "00000099000100001000", Variant: 1, Code: "K7MP4A"},
		{Number: 2, Name: "日本 <b>", Folder: "02-team-02", Port: 8110, Colour: "#b00020", OIN: "00000099000100002000", Variant: 2, Code: "ACDEFG"},
	}}
	write := func(name string, value any) {
		body, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, body, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("workshop.json", w)
	for _, team := range w.Teams {
		team.Code = ""
		write("teams/"+team.Folder+"/.fieldlab/workshop/team.json", workshop.Mine{Version: 1, Team: team, Days: 3})
	}
	return dir, w.Teams
}

// start starts the board of a workshop on a free port and gives its address.
func start(t *testing.T, dir string) (address string, stop func() string) {
	t.Helper()
	d, out := boardDeps()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	cmd := newBoard(d)
	cmd.SetArgs([]string{dir, "--address", "127.0.0.1:0"})
	go func() { ended <- cmd.ExecuteContext(ctx) }()
	at := regexp.MustCompile(`Op deze laptop: (http://127\.0\.0\.1:\d+)`)
	for range 200 {
		if found := at.FindStringSubmatch(out.String()); found != nil {
			return found[1], func() string {
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
				return out.String()
			}
		}
		select {
		case err := <-ended:
			cancel()
			t.Fatalf("the board does not start: %v\n%s", err, out)
		case <-time.After(20 * time.Millisecond):
		}
	}
	cancel()
	t.Fatalf("the board says no address:\n%s", out)
	return "", nil
}

// TestBoardAndJoin: a team joins, shows on the board, and is there after a restart.
func TestBoardAndJoin(t *testing.T) {
	t.Parallel()
	dir, teams := aWorkshop(t)
	address, stop := start(t, dir)
	component := filepath.Join(dir, "teams", teams[1].Folder)
	join := func(args ...string) (string, error) {
		d, out := boardDeps()
		cmd := newJoin(d)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		cmd.SetArgs(args)
		err := cmd.ExecuteContext(t.Context())
		return out.String(), err
	}
	var shortfall failure.Shortfall
	for code, want := range map[string]string{"K7MP4A": "Deze code is van Zuid en dit is het component van 日本 <b>", "QQQQQQ": "kent deze teamcode niet"} {
		if _, err := join(address, code, "--dir", component); !errors.As(err, &shortfall) || !strings.Contains(shortfall.Text, want) {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, joined := serve.ReadJoined(component); joined {
		t.Error("a team that was refused has joined")
	}
	if said, err := join(strings.TrimPrefix(address, "http://"), "acd-efg", "--dir", component); err != nil || !strings.Contains(said, "日本 <b> staat op het bord van "+address) {
		t.Errorf("%v\n%s", err, said)
	}
	if j, joined := serve.ReadJoined(component); !joined || j != (serve.Joined{Address: address, Code: "ACDEFG"}) {
		t.Errorf("%v %t", j, joined)
	}
	if err := serve.Send(t.Context(), address, serve.Report{Code: "ACDEFG", Running: true, Help: true}); err != nil {
		t.Error(err)
	}
	if page := get(t, address); !strings.Contains(page, "日本 &lt;b&gt;") || !strings.Contains(page, "Vraagt hulp<") {
		t.Errorf("%s", page)
	}
	if said := stop(); !strings.Contains(said, "voor 2 teams") || !strings.Contains(said, "Het bord is uit") {
		t.Errorf("%s", said)
	}
	if _, err := join(address, "ACDEFG", "--dir", component); !errors.As(err, &shortfall) || !strings.Contains(shortfall.Text, "antwoordt niet") {
		t.Errorf("%v", err)
	}
	again, stop := start(t, dir)
	if page := get(t, again); !strings.Contains(page, "Vraagt hulp<") {
		t.Errorf("a restart loses who asked for help:\n%s", page)
	}
	stop()
}

func get(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestBoardRefuses: each with a sentence, and before anything is opened.
func TestBoardRefuses(t *testing.T) {
	t.Parallel()
	dir, teams := aWorkshop(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "workshop.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	component := filepath.Join(dir, "teams", teams[0].Folder)
	for _, c := range []struct {
		args  []string
		usage bool
		want  string
	}{
		{[]string{"board", t.TempDir()}, false, "staat geen workshop"},
		{[]string{"board", filepath.Join(dir, "weg\x1b[2J")}, false, "staat geen workshop"},
		{[]string{"board", damaged}, false, "workshop.json"},
		{[]string{"board", dir, "--address", taken.Addr().String()}, false, "kan fieldlab niet luisteren"},
		{[]string{"board", dir, "--address", "laptop:8090"}, true, "geen adres om op te luisteren"},
		{[]string{"board", dir, "--address", ":99999"}, true, "geen adres om op te luisteren"},
		{[]string{"board", dir, "--address", "\x1b[2J"}, true, "geen adres om op te luisteren"},
		{[]string{"join", "192.168.1.5", "K7MP"}, true, "geen teamcode"},
		{[]string{"join", "ftp://x", "K7MP4A"}, true, "geen adres van een bord"},
		{[]string{"join", "192.168.1.5"}, true, "mist een argument"},
		{[]string{"join", "192.168.1.5", "K7MP4A", "--dir", t.TempDir()}, false, "geen component van een workshop"},
		{[]string{"join", taken.Addr().String() + "/pad", "K7MP4A", "--dir", component}, true, "geen adres van een bord"},
	} {
		d, out := boardDeps()
		cmd := newBoard(d)
		if c.args[0] == "join" {
			cmd = newJoin(d)
		}
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		cmd.SetArgs(c.args[1:])
		err := cmd.ExecuteContext(t.Context())
		var usage failure.Usage
		var shortfall failure.Shortfall
		said := ""
		if errors.As(err, &usage) {
			said = usage.Text
		} else if errors.As(err, &shortfall) {
			said = shortfall.Text
		}
		if !strings.Contains(said, c.want) || (usage.Text != "") != c.usage || strings.Contains(said, "\x1b") || out.String() != "" {
			t.Errorf("%q: %v\n%s", c.args, err, out)
		}
	}
}

// TestEveryRefusalHasWords: in both languages, with the address in them where there
// is one.
func TestEveryRefusalHasWords(t *testing.T) {
	t.Parallel()
	for _, language := range text.Languages() {
		d, _ := boardDeps()
		d.Text = text.Load(language)
		for _, code := range serve.RefusalCodes() {
			address := "http://192.168.1.5:8090"
			if code == "code" {
				address = ""
			}
			if words := refusalText(d, serve.Refusal{Code: code, Address: address}); !strings.Contains(words, address) || strings.ContainsAny(words, "[]") || strings.Contains(words, "%!") {
				t.Errorf("%s %s: %s", language, code, words)
			}
		}
	}
}
