//go:build !windows

package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// deadline is how long a test waits for a question or for the end.
const deadline = 20 * time.Second

// screen is a terminal with fieldlab in it.
type screen struct {
	t    *testing.T
	tty  *os.File
	cmd  *exec.Cmd
	done chan error

	mu      sync.Mutex
	output  []byte
	shown   *emulator
	seen    int // what expect has passed
	news    chan struct{}
	replies int // how often it still answers
}

// A terminal that always says where its cursor is, and one that never does.
const (
	always = 1 << 30
	never  = 0
)

// open starts fieldlab in a terminal of a size, which says so many times where
// its cursor is.
func open(t *testing.T, dir string, columns, replies int, env []string, args ...string) *screen {
	t.Helper()
	return openSized(t, dir, columns, 40, replies, env, args...)
}

func openSized(t *testing.T, dir string, columns, rows, replies int, env []string, args ...string) *screen {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, cmd: exec.Command(self, args...), done: make(chan error, 1), news: make(chan struct{}, 1), replies: replies, shown: newEmulator(columns, rows)}
	s.cmd.Dir = dir
	s.cmd.Env = append([]string{
		asProgram + "=1", "TERM=xterm", "HOME=" + dir, "XDG_CONFIG_HOME=" + filepath.Join(dir, ".config"),
		"GIT_CONFIG_NOSYSTEM=1", "PATH=" + os.Getenv("PATH"),
	}, env...)
	// The other end stays open here too: when the last one closes, what the program
	// said just before can be lost.
	var end *os.File
	if s.tty, end, err = pty.Open(); err != nil {
		t.Skip("no pseudo-terminals here:", err)
	}
	t.Cleanup(func() {
		_ = end.Close()
		_ = s.tty.Close()
	})
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = end, end, end
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := errors.Join(pty.Setsize(s.tty, &pty.Winsize{Rows: uint16(rows), Cols: uint16(columns)}), s.cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	go s.read()
	go func() { s.done <- s.cmd.Wait() }()
	return s
}

// read collects the output and answers the question where the cursor is.
func (s *screen) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := s.tty.Read(buffer)
		s.mu.Lock()
		s.output = append(s.output, buffer[:n]...)
		s.shown.write(buffer[:n])
		for range bytes.Count(buffer[:n], []byte("\x1b[6n")) {
			if s.replies > 0 {
				s.replies--
				_, _ = s.tty.WriteString("\x1b[1;1R")
			}
		}
		s.mu.Unlock()
		select {
		case s.news <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// raw is everything that came out.
func (s *screen) raw() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.output)
}

// text is what a person sees, and saw before.
func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.all()
}

// now is what stands on the screen.
func (s *screen) now() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.screen()
}

// expect waits until the words appear after what was expected before.
func (s *screen) expect(words string) {
	s.t.Helper()
	late := time.After(deadline)
	for {
		text := s.text()
		if at := strings.Index(text[min(s.seen, len(text)):], words); at >= 0 {
			s.seen += at + len(words)
			return
		}
		select {
		case <-s.news:
		case <-time.After(50 * time.Millisecond):
		case <-late:
			s.t.Fatalf("%q did not appear; the screen shows:\n%s", words, text)
		}
	}
}

// press types a control key until the words appear: one that comes in the
// moment between showing a question and listening for keys is lost.
func (s *screen) press(key, words string) {
	s.t.Helper()
	for range deadline / (500 * time.Millisecond) {
		s.send(key)
		until := time.Now().Add(500 * time.Millisecond)
		for time.Now().Before(until) {
			if text := s.text(); strings.Contains(text[min(s.seen, len(text)):], words) {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	s.t.Fatalf("%q did not appear; the screen shows:\n%s", words, s.text())
}

func (s *screen) send(keys string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// answer waits for a question and types an answer with Enter.
func (s *screen) answer(question, keys string) {
	s.t.Helper()
	s.expect(question)
	s.send(keys + "\r")
}

// end waits for the end and compares the exit code.
func (s *screen) end(code int) {
	s.t.Helper()
	select {
	case err := <-s.done:
		got := 0
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			got = exit.ExitCode()
		}
		if got != code {
			s.t.Fatalf("ended with %d, want %d; the screen shows:\n%s", got, code, s.text())
		}
	case <-time.After(deadline):
		s.t.Fatalf("did not end; the screen shows:\n%s", s.text())
	}
}

// questions are the words of each question, in order, for somebody who takes
// every proposal.
var questions = []string{
	"straks doen?", "een of twee zinnen", "verantwoordelijk?", "OIN van de organisatie", "E-mailadres", "laatste dag", "Hoe lang",
	"Waarvoor worden", "grondslag uit de AVG", "wetsartikel", "zelf iets bewaard", "Klopt dat?", "bronnen zijn nodig", "Wie doen er mee", "Hoe verloopt",
	"Welke kleur", "Waar komt de broncode",
}

func answerAll(s *screen, questions []string) {
	s.t.Helper()
	for _, q := range questions {
		s.answer(q, "")
	}
}

func TestTerminalEnterOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 100, always, nil, "new", "verhuizing")
	answerAll(s, questions)
	s.expect("Uw antwoorden")
	s.answer("Akkoord?", "")
	s.expect("cd verhuizing && go run .")
	s.end(0)
	if !strings.Contains(s.raw(), "\x1b[6n") {
		t.Error("the cursor was not used: were these plain questions?")
	}
	if _, err := os.Stat(filepath.Join(dir, "verhuizing", "main.go")); err != nil {
		t.Error(err)
	}
	kept, _ := filepath.Glob(filepath.Join(dir, ".config", "fieldlab", "progress", "*"))
	if len(kept) > 0 {
		t.Errorf("answers were left behind: %v", kept)
	}
}

func TestTerminalCtrlCAndResume(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 100, always, nil, "new", "verhuizing")
	s.answer("straks doen?", "Verhuizing doorgeven")
	s.answer("een of twee zinnen", "")
	s.expect("verantwoordelijk?")
	s.send("\x03")
	s.expect("Uw antwoorden zijn bewaard. Verdergaan: fieldlab new verhuizing")
	s.end(130)
	if _, err := os.Stat(filepath.Join(dir, "verhuizing")); err == nil {
		t.Error("something was made")
	}

	s = open(t, dir, 100, always, nil, "new", "verhuizing")
	s.expect(`"Verhuizing doorgeven"`)
	s.send("\r")
	answerAll(s, questions[2:])
	s.expect("Titel                   Verhuizing doorgeven")
	s.answer("Akkoord?", "")
	s.end(0)
}

func TestTerminalInvalidThenValidAndBack(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), 100, always, nil, "new", "verhuizing", "--lang", "en")
	s.answer("be able to do?", "?")
	s.expect("above every page")
	s.answer("be able to do?", "")
	s.answer("one or two sentences", "<")
	s.answer("be able to do?", "Verhuizing doorgeven")
	s.answer("one or two sentences", "")
	s.answer("is responsible?", "Gemeente Duinstad")
	s.answer("OIN of the organisation", "123")
	s.expect("20 digits")
	s.answer("OIN of the organisation", "00000099000000001000")
	s.answer("E-mail address", "")
	s.answer("the last day?", "")
	s.expect("How long")
	s.send("<\r") // finds the way back in a list
	s.answer("the last day?", "")
	s.expect("How long")
	s.send("\x1b[A\r") // one up: three days
	s.expect("3 days")
	s.expect("data used for?")
	s.press("\x04", "Your answers were kept") // Ctrl-D stops too
	s.end(130)
}

func TestTerminalNarrow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 24, always, nil, "new", "x")
	for _, q := range []string{"straks", "zinnen", "antwoordelijk", "OIN van", "E-mail", "laatste", "Hoe lang", "Waarvoor worden", "grondslag", "wetsartikel", "bewaard", "Klopt dat?", "bronnen zijn", "Wie doen", "Hoe verloopt", "Welke kleur", "broncode"} {
		s.answer(q, "")
	}
	s.answer("Akkoord?", "")
	s.end(0)
}

// TestTerminalWithoutCursor: a terminal that never says where its cursor is
// gets plain questions, and nothing hangs.
func TestTerminalWithoutCursor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 80, never, nil, "new", "verhuizing")
	s.expect("regel voor regel")
	answerAll(s, questions)
	s.answer("Akkoord?", "")
	s.answer("[1]", "")
	s.end(0)

	s = open(t, dir, 80, never, nil, "new", "anders")
	s.answer("straks doen?", "")
	s.expect("een of twee zinnen")
	s.send("\x03")
	s.expect("Onderbroken. Uw antwoorden zijn bewaard.")
	s.end(130)
}

// TestTerminalGoesSilent: the terminal says where its cursor is at first and not
// later. Nothing waits for it.
func TestTerminalGoesSilent(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), 80, 1, nil, "new", "verhuizing")
	answerAll(s, questions[:7])
	s.expect("Waarvoor worden")
	s.send("\x03")
	s.end(130)
}

func TestTerminalPlain(t *testing.T) {
	t.Parallel()
	for _, way := range []struct{ env, args []string }{
		{nil, []string{"new", "verhuizing", "--plain"}},
		{[]string{"TERM=dumb"}, []string{"new", "verhuizing"}},
	} {
		s := open(t, t.TempDir(), 80, never, way.env, way.args...)
		answerAll(s, questions[:6])
		s.expect("5 dagen")
		s.press("\x04", "Onderbroken.")
		s.end(130)
		if strings.ContainsRune(s.raw(), '\x1b') {
			t.Errorf("%v moves the cursor or colours", way)
		}
	}
}

func TestTerminalNoColour(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), 80, always, []string{"NO_COLOR=1"}, "new", "verhuizing")
	answerAll(s, questions[:7])
	s.expect("Waarvoor worden")
	s.send("\x03")
	s.end(130)
	if regexp.MustCompile(`\x1b\[[0-9;]+m`).MatchString(s.raw()) {
		t.Errorf("NO_COLOR gives colour")
	}
}

// TestTerminalSignals: a signal from outside stops as Ctrl-C does, and the
// terminal is left as it was found.
func TestTerminalSignals(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), 80, always, nil, "new", "verhuizing")
	s.answer("straks doen?", "")
	s.expect("een of twee zinnen")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.expect("Uw antwoorden zijn bewaard")
	s.end(130)
}
