package examples_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// hall is a workshop on disk, as the trainer has it.
type hall struct {
	t       *testing.T
	dir     string
	command string
	Teams   []struct {
		Name, Folder, Colour, Code string
		Port                       int
	}
}

// TestWorkshopWhole runs a workshop from the start to the results as trainer and
// teams do it: a hundred components, of which three run at the same time on their own
// ports, the whole course in a browser with a mistake in each step, the board with
// real reports, catching up, beginning again and collecting. No page has a link to
// nowhere, and a sheet prints on one page. FIELDLAB_SHOTS names a folder for pictures.
func TestWorkshopWhole(t *testing.T) {
	needShell(t)
	if os.Getenv("FIELDLAB_E2E") != "all" {
		t.Skip("takes minutes; FIELDLAB_E2E=all runs it")
	}
	h := newHall(t, 100)
	t.Run("pages", h.pages)
	running := map[int]func(){}
	for i := range 3 {
		running[i] = h.start(t, i)
	}
	for i := range 3 {
		waitReady(t, h.Teams[i].Port)
	}
	board := freePorts(t, 1)
	defer h.run(t, h.dir, fmt.Sprintf("%s workshop board . --address 127.0.0.1:%d", h.command, board))()
	h.await(t, fmt.Sprintf("http://127.0.0.1:%d/", board))
	t.Run("different", h.different)
	for i := range 40 {
		h.fieldlab(t, i, 0, "workshop", "join", fmt.Sprintf("http://127.0.0.1:%d", board), h.Teams[i].Code)
	}
	t.Run("course", func(t *testing.T) { h.course(t, 0, running) })
	t.Run("behind", h.behind)
	t.Run("board", func(t *testing.T) { h.board(t, board) })
	for _, stop := range running {
		stop()
	}
	t.Run("results", h.results)
}

// newHall makes the workshop, away from a file system in memory.
func newHall(t *testing.T, number int) *hall {
	t.Helper()
	binary, err := fieldlab()
	if err != nil {
		t.Fatal(err)
	}
	h := &hall{t: t, dir: filepath.Join(t.TempDir(), "zaal"), command: binary}
	names := "Zuid\nDe Höf & Zonen <b>\nTeam 日本\n"
	for i := 4; i <= number; i++ {
		names += fmt.Sprintf("Ploeg %d\n", i)
	}
	list := filepath.Join(t.TempDir(), "teams.txt")
	if err := os.WriteFile(list, []byte(names), 0o600); err != nil {
		t.Fatal(err)
	}
	out := h.must(t, ".", "workshop", "new", h.dir, "--teams", list, "--days", "5", "--port", fmt.Sprint(freePorts(t, 24)), "--json")
	if err := json.Unmarshal([]byte(out), h); err != nil || len(h.Teams) != number {
		t.Fatalf("%d teams, %v", len(h.Teams), err)
	}
	return h
}

func (h *hall) team(i int) string { return filepath.Join(h.dir, "teams", h.Teams[i].Folder) }

// must runs fieldlab and gives what is for a machine.
func (h *hall) must(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(h.command, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("fieldlab %v: %v\n%s%s", args, err, out, stderr.String())
	}
	return string(out)
}

// fieldlab runs a command in the component of a team and gives all that it says. It
// must end with this code.
func (h *hall) fieldlab(t *testing.T, i, code int, args ...string) string {
	t.Helper()
	cmd := exec.Command(h.command, args...)
	cmd.Dir = h.team(i)
	cmd.Env = append(os.Environ(), "GOFLAGS="+os.Getenv("GOFLAGS")+" -trimpath", "GOPROXY=off")
	out, err := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("fieldlab %v ended with %d and not with %d: %v\n%s", args, got, code, err, out)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// run starts a line and gives what ends it.
func (h *hall) run(t *testing.T, dir, line string) (stop func()) {
	t.Helper()
	cmd := exec.Command("sh", "-c", "exec "+line)
	cmd.Dir = dir
	for _, one := range os.Environ() {
		if !strings.HasPrefix(one, "PORT=") { // the own port of the team
			cmd.Env = append(cmd.Env, one)
		}
	}
	cmd.Env = append(cmd.Env, "GOFLAGS="+os.Getenv("GOFLAGS")+" -trimpath", "GOPROXY=off")
	cmd.SysProcAttr = ownGroup()
	var log lockedBuffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	end := func() {
		_ = signalGroup(cmd.Process.Pid, syscall.SIGINT)
		select {
		case <-gone:
		case <-time.After(20 * time.Second):
			_ = signalGroup(cmd.Process.Pid, syscall.SIGKILL)
			<-gone
		}
	}
	h.t.Cleanup(func() { _ = signalGroup(cmd.Process.Pid, syscall.SIGKILL) })
	return end
}

func (h *hall) start(t *testing.T, i int) (stop func()) { return h.run(t, h.team(i), "go run .") }

func (h *hall) await(t *testing.T, address string) {
	t.Helper()
	for range 100 {
		if resp, err := http.Get(address); err == nil {
			resp.Body.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s does not answer", address)
}

var regexHref = regexp.MustCompile(`(?:href|src)="([^"]*)"`)

// pages follows every link of every page, and prints what is printed.
func (h *hall) pages(t *testing.T) {
	links(t, h.dir)
	for _, name := range []string{"bladen/" + h.Teams[1].Folder + ".html", "bladen/" + h.Teams[99].Folder + ".html"} {
		if n := printed(t, h.dir, name); n != 1 {
			t.Errorf("%s takes %d pages of A4", name, n)
		}
	}
}

// links looks for links to nowhere in the pages below a folder, but for the
// components themselves.
func links(t *testing.T, dir string) {
	t.Helper()
	count := 0
	err := filepath.WalkDir(dir, func(at string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "kern") {
			return filepath.SkipDir
		}
		if err != nil || filepath.Ext(at) != ".html" || entry.IsDir() {
			return err
		}
		body, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		for _, found := range regexHref.FindAllStringSubmatch(string(body), -1) {
			count++
			u, err := url.Parse(found[1])
			switch {
			case err != nil:
				t.Errorf("%s: %q: %v", at, found[1], err)
			case u.Scheme != "" || strings.HasPrefix(found[1], "data:"):
			case u.Path == "":
				if u.Fragment != "" && !bytes.Contains(body, []byte(`id="`+u.Fragment+`"`)) {
					t.Errorf("%s: there is no %s on the page", at, found[1])
				}
			default:
				if _, err := os.Stat(filepath.Join(filepath.Dir(at), filepath.FromSlash(u.Path))); err != nil {
					t.Errorf("%s: %q leads nowhere", at, found[1])
				}
			}
		}
		return nil
	})
	if err != nil || count == 0 {
		t.Errorf("%d links, %v", count, err)
	}
}

var regexPage = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// printed prints a page and counts its sheets of paper.
func printed(t *testing.T, dir, name string) int {
	t.Helper()
	b := newBrowser(t)
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, name))}
	b.do(chromedp.Navigate(address.String()))
	pdf := result(b, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground()))
	shot(t, filepath.Base(name)+".pdf", pdf)
	return len(regexPage.FindAll(pdf, -1))
}

// shot keeps a picture where FIELDLAB_SHOTS says.
func shot(t *testing.T, name string, picture []byte) {
	t.Helper()
	if dir := os.Getenv("FIELDLAB_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// behind: a team that is late catches up with all of its work kept, and another
// begins again.
func (h *hall) behind(t *testing.T) {
	work := filepath.Join(h.team(5), "docs", "eigen.md")
	if err := os.WriteFile(work, []byte("van ons\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var back struct{ Branch string }
	if err := json.Unmarshal([]byte(h.must(t, h.team(5), "workshop", "catch-up", "bron", "--json")), &back); err != nil {
		t.Fatal(err)
	}
	kept := exec.Command("git", "show", back.Branch+":docs/eigen.md")
	kept.Dir = h.team(5)
	if out, err := kept.Output(); string(out) != "van ons\n" {
		t.Errorf("the own work is %q, %v", out, err)
	}
	for i := 6; i < 20; i++ {
		h.must(t, h.team(i), "workshop", "catch-up", []string{"lezen", "tekst", "veld", "besluit"}[i%4])
		h.fieldlab(t, i, 1, "workshop", "check")
	}
	h.must(t, h.team(7), "workshop", "reset")
	h.fieldlab(t, 8, 0, "workshop", "hint", "--trainer")
	if said := h.fieldlab(t, 1, 1, "workshop", "catch-up", "tekst"); !strings.Contains(said, fmt.Sprint(h.Teams[1].Port)) {
		t.Errorf("a component that runs: %s", said)
	}
}

// board: the trainer sees who is where.
func (h *hall) board(t *testing.T, port int) {
	b := newBrowser(t)
	b.do(chromedp.EmulateViewport(1600, 900))
	b.address = fmt.Sprintf("http://127.0.0.1:%d", port)
	b.open("/")
	page := b.text()
	for _, want := range []string{"Zuid", "De Höf & Zonen <b>", "Team 日本", "Ploeg 9", "hulp"} {
		if !strings.Contains(page, want) {
			t.Errorf("the board has no %q", want)
		}
	}
	if strings.Contains(b.eval("document.documentElement.outerHTML"), h.Teams[0].Code) {
		t.Error("the board shows a code")
	}
	shot(t, "bord.png", result(b, chromedp.FullScreenshot(100)))
	seen := map[string]bool{"/": true}
	for todo := []string{"/"}; len(todo) > 0; todo = todo[1:] {
		resp, err := http.Get(b.address + todo[0])
		if err != nil {
			t.Fatal(err)
		}
		body := new(bytes.Buffer)
		_, _ = body.ReadFrom(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", todo[0], resp.StatusCode)
		}
		for _, found := range regexHref.FindAllStringSubmatch(body.String(), -1) {
			base, _ := url.Parse(b.address + todo[0])
			to, err := base.Parse(strings.ReplaceAll(found[1], "&amp;", "&"))
			if err != nil {
				t.Errorf("%s: %q", todo[0], found[1])
			} else if next := to.RequestURI(); to.Host == base.Host && !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	b.quiet()
}

// results: all that was made, on pages without a link to nowhere.
func (h *hall) results(t *testing.T) {
	var rows []struct{ Done, Taken int }
	if err := json.Unmarshal([]byte(h.must(t, h.dir, "workshop", "status", ".", "--json")), &rows); err != nil || len(rows) != len(h.Teams) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[0].Done != 11 || rows[0].Taken != 0 || rows[5].Taken != 6 || rows[7].Done != 0 {
		t.Errorf("got %+v", rows[:8])
	}
	out := filepath.Join(t.TempDir(), "resultaat")
	h.must(t, h.dir, "workshop", "collect", ".", "--out", out)
	links(t, out)
	if n := printed(t, out, "teams/"+h.Teams[0].Folder+".html"); n > 2 {
		t.Errorf("the page for the demo takes %d pages of A4", n)
	}
}
