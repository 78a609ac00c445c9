package start

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/meting"
)

func TestBeheerpoortIsRead(t *testing.T) {
	for _, c := range []struct {
		given      string
		production bool
		base       int
		want       string
	}{
		{"", true, 8080, "{true 8084} []"},
		{"", false, 8080, "{false 0} []"},
		{"", true, 0, "{true 0} []"},
		{"9100", false, 8080, "{true 9100} []"},
		{"0", false, 0, "{true 0} []"},
		{"uit", true, 8080, "{false 0} []"},
		{"8084", true, 8080, "{true 8084} []"},
		{"8083", true, 8080, "poort van de lagen"},
		{"8080", false, 8080, "poort van de lagen"},
		{"aan", true, 8080, `BEHEER_POORT is "aan"`},
		{"-1", true, 8080, `BEHEER_POORT is "-1"`},
		{"70000", true, 8080, `BEHEER_POORT is "70000"`},
		{"", true, 65532, "kies met BEHEER_POORT een andere"},
	} {
		b, faults := readBeheerpoort(environment("BEHEER_POORT", c.given), c.production, c.base)
		if got := fmt.Sprint(b, []string(faults)); !strings.Contains(got, c.want) || strings.HasSuffix(c.want, "[]") != (len(faults) == 0) {
			t.Errorf("BEHEER_POORT=%s, PORT=%d: %s, want %s", c.given, c.base, got, c.want)
		}
	}
}

// asked is the answer of the beheerpoort.
type asked struct {
	code   int
	header http.Header
	text   string
	Status any
	Detail string
	Versie string
	Commit string
	Datum  string
	Lagen  map[string]string
	Let    []string `json:"waarschuwingen"`
}

func askBeheer(t *testing.T, url, path string) (a asked) {
	t.Helper()
	resp, err := http.Get(url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(body, &a)
	a.code, a.header, a.text = resp.StatusCode, resp.Header, string(body)
	return a
}

// managed is a fake component of one layer with a beheerpoort, ready to be run.
func managed(t *testing.T, make func(context.Context, Settings) (Layer, error), pairs ...string) (Settings, Component) {
	t.Helper()
	c := fake(new([]string))
	c.Services = make
	s, err := ReadSettings(c, []string{LayerServices}, environment(append([]string{"PORT", "0", "BEHEER_POORT", "0"}, pairs...)...), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// TestBeheerpoort: from a start that takes long until the end of stopping.
func TestBeheerpoort(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	sick := true
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/healthz/ready":
			_, _ = io.WriteString(w, "laag")
		case sick:
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, `{"detail":"De database is nu niet bereikbaar."}`)
		default:
			_, _ = io.WriteString(w, `{"status":"ok","waarschuwingen":["het certificaat loopt af"]}`)
		}
	})
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	number := port(free)
	_ = free.Close()
	s, c := managed(t, func(context.Context, Settings) (Layer, error) {
		close(begun)
		<-goOn
		return Layer{Handler: handler, Measures: func(context.Context) []meting.Sample {
			return []meting.Sample{{Metric: meting.Metric{Name: "component_proef", Help: "Een proef."}, Value: 3}}
		}}, nil
	}, "BEHEER_POORT", fmt.Sprint(number), "STOP_NA", "300ms")
	s.Beheer.Port = number
	running := make(chan *Running, 1)
	go func() {
		r, err := Run(context.Background(), s, c)
		if err != nil {
			t.Error(err)
		}
		running <- r
	}()
	<-begun
	url := fmt.Sprintf("http://127.0.0.1:%d", number)
	if a := askBeheer(t, url, "/healthz/ready"); a.code != 503 || !strings.Contains(a.Detail, "start nog") || a.Versie == "" {
		t.Errorf("while it starts: %d %s", a.code, a.text)
	}
	if a := askBeheer(t, url, "/healthz/live"); a.code != 200 || a.Status != "ok" {
		t.Errorf("while it starts it lives: %d %s", a.code, a.text)
	}
	close(goOn)
	r := <-running
	if a := askBeheer(t, url, "/healthz/ready"); a.code != 503 || a.Lagen[LayerServices] != "De database is nu niet bereikbaar." || a.header.Get("Content-Type") != "application/problem+json" || a.Status != 503.0 {
		t.Errorf("with a layer that is not ready: %d %s", a.code, a.text)
	}
	if a := askBeheer(t, url, "/metrics"); !strings.Contains(a.text, `component_layer_ready{layer="diensten"} 0`+"\n") {
		t.Errorf("metrics: %.500s", a.text)
	}
	sick = false
	if a := askBeheer(t, url, "/healthz/ready"); a.code != 200 || a.Status != "ok" || a.Lagen[LayerServices] != "ok" || len(a.Let) != 1 || a.Versie == "" || a.Commit == "" || a.Datum == "" {
		t.Errorf("ready: %d %s", a.code, a.text)
	}
	if a := askBeheer(t, url, "/metrics"); !strings.Contains(a.text, "component_layer_ready{layer=\"diensten\"} 1\n") || !strings.Contains(a.text, "# HELP component_proef Een proef.\n# TYPE component_proef gauge\ncomponent_proef 3\n") || !strings.Contains(a.text, "component_build_info{version=") {
		t.Errorf("metrics: %.900s", a.text)
	}
	if a := askBeheer(t, url, "/v1/zaken"); a.code != 404 {
		t.Errorf("the beheerpoort has more: %d", a.code)
	}
	leaves(t, r, url)
}

// leaves stops a component that answers, and looks at what is said meanwhile.
func leaves(t *testing.T, r *Running, url string) {
	t.Helper()
	layer := r.URLs[LayerServices]
	if a := askBeheer(t, layer, "/"); a.header.Get("Connection") == "close" || a.text != "laag" {
		t.Errorf("before it stops: %v", a.header)
	}
	left := make(chan time.Duration)
	begin := time.Now()
	go func() {
		_ = r.Leave()
		left <- time.Since(begin)
	}()
	for !r.leaving.Load() {
		time.Sleep(time.Millisecond)
	}
	client := &http.Client{Transport: &http.Transport{}}
	resp, err := client.Get(layer)
	if err != nil || !resp.Close || resp.StatusCode != 200 {
		t.Errorf("while it stops a connection stays open, or nobody is served: %v %v", resp, err)
	}
	for _, ready := range []string{url, layer} {
		if a := askBeheer(t, ready, "/healthz/ready"); a.code != 503 || a.Detail != stops {
			t.Errorf("while it stops: %d %s", a.code, a.text)
		}
	}
	if a := askBeheer(t, url, "/healthz/live"); a.code != 200 {
		t.Errorf("while it stops it lives: %d", a.code)
	}
	if took := <-left; took < 300*time.Millisecond {
		t.Errorf("it left after %s", took)
	}
	if err := r.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(url + "/healthz/live"); err == nil {
		t.Error("the beheerpoort is still there")
	}
}

// TestNothingStartsWithoutItsBeheerpoort: the port is taken with the others.
func TestNothingStartsWithoutItsBeheerpoort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	s, c := managed(t, func(context.Context, Settings) (Layer, error) {
		t.Error("a layer starts")
		return Layer{}, nil
	})
	s.Beheer.Port = port(l)
	if _, err := Run(t.Context(), s, c); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("poort %d (beheer) is al in gebruik", port(l))) || !strings.Contains(err.Error(), "BEHEER_POORT") {
		t.Errorf("the port is taken: %v", err)
	}
}

// TestBeheerpoortOnlyUnderNamesOfThisMachine: in development a website must not read
// there either.
func TestBeheerpoortOnlyUnderNamesOfThisMachine(t *testing.T) {
	s, c := managed(t, func(context.Context, Settings) (Layer, error) { return Layer{Handler: http.NotFoundHandler()}, nil })
	r, err := Run(t.Context(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Stop() }()
	req, _ := http.NewRequest(http.MethodGet, r.BeheerURL+"/metrics", nil)
	req.Host = "kwaad.test"
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("under the name of somebody else: %v, %v", resp, err)
	}
	_ = resp.Body.Close()
}
