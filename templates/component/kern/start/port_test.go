package start

import (
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
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
