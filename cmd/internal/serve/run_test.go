package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFlood: codes cannot be guessed, one team cannot take the time of the others,
// and nothing grows.
func TestFlood(t *testing.T) {
	t.Parallel()
	b, c := newBoard(t, 12, t.TempDir())
	stand := func(from string, body string) int { return ask(b, "POST", "/api/v1/stand", from, body).Code }
	if got := stand("192.168.1.30", report(1, "stap1", true, true, false)); got != 204 {
		t.Fatal(got)
	}
	var statuses [600]int
	for i := range 500 {
		statuses[stand("192.168.1.66", strings.Replace(report(1, "stap1", true, true, false), "TEAM01", fmt.Sprintf("X%05d", i), 1))]++
	}
	if statuses[403] != 10 || statuses[429] != 490 {
		t.Errorf("%d guesses were weighed, and %d not", statuses[403], statuses[429])
	}
	if got := stand("192.168.1.66", report(2, "stap1", true, true, false)); got != 429 {
		t.Errorf("after that a right code from there gives %d: a guess could be right", got)
	}
	if got := stand("192.168.1.31", report(2, "stap1", true, true, false)); got != 204 {
		t.Errorf("another laptop is kept out as well: %d", got)
	}
	// From everywhere at once: no new ones for a moment, but who was in goes on.
	for i := range 5000 {
		stand(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), strings.Replace(report(1, "stap1", true, true, false), "TEAM01", "XXXXXX", 1))
	}
	if got := stand("192.168.1.31", report(2, "stap1", true, true, false)); got != 204 {
		t.Errorf("a team that was in is kept out: %d", got)
	}
	if got := stand("192.168.1.32", report(3, "stap1", true, true, false)); got != 429 {
		t.Errorf("guessing from everywhere is not slowed down: %d", got)
	}
	c.pass(time.Minute)
	if got := stand("192.168.1.32", report(3, "stap1", true, true, false)); got != 204 {
		t.Errorf("it stays shut: %d", got)
	}
	var own [600]int
	for range 50 {
		own[stand("192.168.1.31", report(2, "stap1", true, true, false))]++
	}
	if own[204] > 6 || own[429] < 44 {
		t.Errorf("a team is heard %d times at once", own[204])
	}
}

// TestRestart: nothing is lost, and what does not fit any more is left out.
func TestRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, _ := newBoard(t, 12, dir)
	ask(b, "POST", "/api/v1/stand", "192.168.1.20", report(4, "stap3", false, true, true))
	ask(b, "POST", "/api/v1/stand", "192.168.1.20", report(5, "stap5", true, true, false))
	before := ask(b, "GET", "/", "192.168.1.20", "").Body.String()
	if err := b.Save(); err != nil {
		t.Fatal(err)
	}
	again, _ := newBoard(t, 12, dir)
	if after := ask(again, "GET", "/", "192.168.1.20", "").Body.String(); after != before {
		t.Errorf("after a restart the board differs:\n%s\n%s", before, after)
	}
	file := filepath.Join(dir, "bord.json")
	body, _ := os.ReadFile(file)
	if strings.Contains(string(body), "TEAM0") {
		t.Error("the state holds codes")
	}
	info, _ := os.Stat(file)
	if err := b.Save(); err != nil {
		t.Error(err)
	}
	if now, _ := os.Stat(file); !now.ModTime().Equal(info.ModTime()) {
		t.Error("what did not change is written again")
	}
	lie := bytes.ReplaceAll(body, []byte("stap3"), []byte("<b>"))
	_ = os.WriteFile(file, lie, 0o600)
	changed, _ := newBoard(t, 12, dir)
	if got := ask(changed, "GET", "/", "192.168.1.20", "").Body.String(); strings.Contains(got, "Vraagt hulp") || !strings.Contains(got, "Stap 5 van 10") {
		t.Error("what does not fit the course is shown, or takes the rest along")
	}
	for name, body := range map[string]string{"cut off": string(body[:40]), "of later": `{"version": 2}`, "large": strings.Repeat(" ", mostState+1)} {
		_ = os.WriteFile(file, []byte(body), 0o600)
		c := &clock{}
		b, notice, err := NewBoard(BoardOptions{Workshop: someWorkshop(2), Course: someCourse(), Dir: dir, Now: c.now, Addresses: someAddresses})
		if err != nil || !strings.Contains(notice, brokenFile) {
			t.Errorf("%s: %q, %v", name, notice, err)
			continue
		}
		b.Close()
	}
}

// TestRun: a server that stops lets a reader end, keeps its state, and is not held
// up by who says nothing.
func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, _ := newBoard(t, 12, dir)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, listener, b, false, &Job{Every: time.Hour, Do: b.Save}) }()
	address := "http://" + listener.Addr().String()
	if team, err := Ask(ctx, address, "TEAM05"); err != nil || team.Number != 5 || !strings.HasPrefix(team.Name, "Team <") {
		t.Errorf("%v, %v", team, err)
	}
	if err := Send(ctx, address, Report{Code: "TEAM05", Step: "stap2", Help: true}); err != nil {
		t.Error(err)
	}
	for want, r := range map[string]Report{"unknown": {Code: "TEAM99"}, "misfit": {Code: "TEAM05", Step: "anders"}} {
		if err := Send(ctx, address, r); !errors.Is(err, Refusal{want, address}) {
			t.Errorf("%s: %v", want, err)
		}
	}
	var silent []net.Conn
	for range mostOfAddress + 10 {
		c, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		silent = append(silent, c)
	}
	_ = silent[len(silent)-1].SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := silent[len(silent)-1].Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !strings.Contains(fmt.Sprint(err), "reset") {
		t.Errorf("one connection too many stays open: %v", err)
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it does not stop")
	}
	if body, err := os.ReadFile(filepath.Join(dir, "bord.json")); err != nil || !strings.Contains(string(body), "stap2") {
		t.Errorf("the state is not kept: %s %v", body, err)
	}
}

// TestManyAddresses: a laptop has as many addresses of IPv6 as it likes; with those it
// neither takes every connection nor tries codes without end.
func TestManyAddresses(t *testing.T) {
	t.Parallel()
	l := &limited{of: map[netip.Addr]int{}, net: map[netip.Addr]int{}}
	at := func(n int) netip.Addr {
		return netip.AddrFrom16([16]byte{0xfe, 0x80, 8: 1, 14: byte(n >> 8), 15: byte(n)})
	}
	taken := 0
	for n := range 2 * mostConnections {
		if l.take(at(n)) {
			taken++
		}
	}
	if taken != mostOfNetwork || !l.take(netip.MustParseAddr("192.168.1.20")) || !l.take(netip.MustParseAddr("2001:db8::1")) {
		t.Errorf("%d connections, and the others have none", taken)
	}
	for n := range mostOfNetwork {
		l.give(at(n))
	}
	if len(l.of) != 2 || len(l.net) != 1 {
		t.Errorf("%v and %v are left", l.of, l.net)
	}
	g, now := newGuesses(), time.Now()
	for n := range 100 {
		g.wrong(at(n), now)
	}
	if g.open(at(5000), now) || !g.open(netip.MustParseAddr("192.168.1.20"), now) {
		t.Error("another address of the same laptop may go on, or nobody may")
	}
}
