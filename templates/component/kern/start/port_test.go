package start

import (
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// occupy takes a port until the test ends.
func occupy(t *testing.T, port int) int {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		t.Skipf("port %d cannot be had: %v", port, err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if tcp, ok := l.Addr().(*net.TCPAddr); ok {
		return tcp.Port
	}
	return port
}

var advised = regexp.MustCompile(`PORT=([0-9]+) go run \.`)

// TestTakenPortOffersASeriesThatIsFree: also where the next series, or one port
// of it, is taken too.
func TestTakenPortOffersASeriesThatIsFree(t *testing.T) {
	s := Settings{Host: "127.0.0.1"}
	base, found := s.freeSeries(t.Context(), 26010)
	if !found {
		t.Skip("no free ports here")
	}
	occupy(t, base)
	occupy(t, base+10)
	occupy(t, base+20+3)
	var errOut sink
	code := run(t.Context(), nil, environment("PORT", strconv.Itoa(base)), io.Discard, &errOut, fake(new([]string)))
	text := errOut.String()
	if code != exitFails || !strings.Contains(text, fmt.Sprintf("poort %d (laag interactie) is al in gebruik door een ander programma.", base)) {
		t.Errorf("code %d, text %s", code, text)
	}
	offered := advised.FindStringSubmatch(text)
	if offered == nil {
		t.Fatalf("nothing is advised: %s", text)
	}
	other, _ := strconv.Atoi(offered[1])
	if other <= base+20 || other == base {
		t.Errorf("advised %d, which is in use", other)
	}
	for _, srv := range servers {
		occupy(t, other+srv.offset)
	}
	if code := run(t.Context(), []string{"reset", "--layers", "interactie"}, environment("PORT", strconv.Itoa(base)), io.Discard, io.Discard, fake(new([]string))); code != exitFails {
		t.Errorf("reset while something runs: code %d", code)
	}
}

// TestTakenPortNamesTheComponent: what runs there says who it is.
func TestTakenPortNamesTheComponent(t *testing.T) {
	c := fake(new([]string))
	s, err := ReadSettings(c, nil, environment("PORT", "0"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Stop() }()
	_, taken, _ := strings.Cut(strings.TrimPrefix(r.URLs[LayerInteraction], "http://"), ":")
	var errOut sink
	code := run(t.Context(), []string{"--layers", "interactie"}, environment("PORT", taken), io.Discard, &errOut, c)
	if want := "is al in gebruik: daar draait al het component proef (laag interactie)."; code != exitFails || !strings.Contains(errOut.String(), want) {
		t.Errorf("code %d, text %s", code, errOut.String())
	}
}

// TestSeriesAtTheEnd: above the last port there is nothing.
func TestSeriesAtTheEnd(t *testing.T) {
	s := Settings{Host: "127.0.0.1", Port: 65530}
	if base, found := s.freeSeries(t.Context(), s.Port+seriesStep); found && (base > lastBase || base == s.Port) {
		t.Errorf("advised %d", base)
	}
	if _, found := (Settings{Host: "192.0.2.1"}).freeSeries(t.Context(), firstPort); found {
		t.Error("a series was free at an address that is not ours")
	}
}

// TestBasePort: the component's own base port counts on a laptop, PORT before it,
// and in production everybody finds it where it always is.
func TestBasePort(t *testing.T) {
	for _, c := range []struct {
		own  int
		env  []string
		port int
		url  string
	}{
		{0, nil, 8080, "http://localhost:8081"},
		{8100, nil, 8100, "http://localhost:8101"},
		{8100, []string{"PORT", "9000"}, 9000, "http://localhost:9001"},
		{8100, []string{"PORT", "0"}, 0, "http://localhost:1"},
		{8100, []string{"OMGEVING", "productie"}, 8080, "http://localhost:8081"},
		{8100, []string{"OMGEVING", "productie", "PORT", "9000"}, 9000, "http://localhost:9001"},
	} {
		component := fake(nil)
		component.Port = c.own
		s, _ := ReadSettings(component, nil, environment(c.env...), io.Discard) // what production lacks does not matter here
		if s.Port != c.port || s.ProcessURL != c.url {
			t.Errorf("own %d, %v: port %d, layer 4 at %s; want %d and %s", c.own, c.env, s.Port, s.ProcessURL, c.port, c.url)
		}
	}
	component := fake(nil)
	component.Port = 65533
	if _, err := ReadSettings(component, nil, environment(), io.Discard); err == nil || !strings.Contains(err.Error(), `"65533"; kies een getal van 1 tot en met 65532`) {
		t.Errorf("a base port of which the last one does not exist: %v", err)
	}
}

// TestOwnPortIsSaid: in the help, and as where to look for a free series.
func TestOwnPortIsSaid(t *testing.T) {
	for own, want := range map[int]string{0: "(standaard 8080)", 8100: "(standaard 8100, en met OMGEVING=productie 8080)"} {
		c := fake(nil)
		c.Port = own
		var out sink
		if code := run(t.Context(), []string{"-h"}, environment(), &out, io.Discard, c); code != exitDone || !strings.Contains(out.String(), want) {
			t.Errorf("own %d: code %d, %s", own, code, out.String())
		}
	}
	s := Settings{Host: "127.0.0.1"}
	base, found := s.freeSeries(t.Context(), 27310)
	if !found {
		t.Skip("no free ports here")
	}
	occupy(t, base)
	c := fake(new([]string))
	c.Port = base
	var errOut sink
	code := run(t.Context(), nil, environment(), io.Discard, &errOut, c)
	offered := advised.FindStringSubmatch(errOut.String())
	if want := fmt.Sprintf("poort %d (laag interactie) is al in gebruik", base); code != exitFails || !strings.Contains(errOut.String(), want) || offered == nil {
		t.Fatalf("code %d, %s", code, errOut.String())
	}
	if n, _ := strconv.Atoi(offered[1]); n < base+seriesStep || n > base+20*seriesStep {
		t.Errorf("port %d is taken and %d is advised", base, n)
	}
}

// TestHealthOnTheOwnPort: who asks whether it is well asks at the same port.
func TestHealthOnTheOwnPort(t *testing.T) {
	c := fake(new([]string))
	base, found := (Settings{Host: "127.0.0.1"}).freeSeries(t.Context(), 28310)
	if !found {
		t.Skip("no free ports here")
	}
	c.Port = base
	s, err := ReadSettings(c, nil, environment(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), s, c)
	if err != nil {
		t.Skipf("somebody was before us: %v", err)
	}
	defer func() { _ = r.Stop() }()
	var out sink
	// The layers of the test say something else than that they are ready, with 200.
	if code := run(t.Context(), []string{"health"}, environment(), &out, &out, c); code != exitDone {
		t.Errorf("code %d, %s", code, out.String())
	}
	if code := run(t.Context(), []string{"reset"}, environment(), &out, &out, c); code != exitFails || !strings.Contains(out.String(), "er draait iets op 127.0.0.1:"+strconv.Itoa(base+3)) {
		t.Errorf("reset while it runs: code %d, %s", code, out.String())
	}
}

// TestAdviceBeginsAtTheOwnPort: who may not have a port gets the one of the component
// advised, or the first one after it that is free.
func TestAdviceBeginsAtTheOwnPort(t *testing.T) {
	base, found := (Settings{Host: "127.0.0.1"}).freeSeries(t.Context(), 29310)
	if !found {
		t.Skip("no free ports here")
	}
	s := Settings{Host: "127.0.0.1", Port: 80, Base: base}
	text := portError(t.Context(), syscall.EACCES, s, servers[len(servers)-1], 80).Error()
	offered := advised.FindStringSubmatch(text)
	if offered == nil || !strings.Contains(text, "mag niet gebruikt worden") {
		t.Fatal(text)
	}
	if n, _ := strconv.Atoi(offered[1]); n < base || n > base+20*seriesStep {
		t.Errorf("%d is advised; the component's own is %d", n, base)
	}
}
