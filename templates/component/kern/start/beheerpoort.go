package start

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/meting"
)

// Beheerpoort is where those who keep the component running ask how it is. It is
// never open to the outside.
type Beheerpoort struct {
	On   bool
	Port int // 0 takes a free one (tests)
}

// beheerOffset is its place above the base port.
const beheerOffset = 4

// readBeheerpoort reads BEHEER_POORT. In production it is there unless somebody
// turns it off; on a laptop the other way round.
func readBeheerpoort(env func(string) string, production bool, base int) (b Beheerpoort, faults Faults) {
	given := env("BEHEER_POORT")
	switch {
	case given == "uit":
		return b, nil
	case given == "" && !production:
		return b, nil
	case given == "" && base == 0:
		return Beheerpoort{On: true}, nil
	case given == "":
		b = Beheerpoort{true, base + beheerOffset}
		if b.Port > 65535 {
			faults = append(faults, fmt.Sprintf("PORT is %d, en dan is er geen poort %d voor beheer; kies met BEHEER_POORT een andere, of uit", base, b.Port))
		}
		return b, faults
	}
	number, err := strconv.Atoi(given)
	switch {
	case err != nil || number < 0 || number > 65535:
		faults = append(faults, fmt.Sprintf("BEHEER_POORT is %q; kies een getal van 1 tot en met 65535, of uit", given))
	case base != 0 && number >= base && number < base+beheerOffset:
		faults = append(faults, fmt.Sprintf("BEHEER_POORT is %d, en dat is een poort van de lagen (%d tot en met %d); kies een andere", number, base, base+beheerOffset-1))
	}
	return Beheerpoort{true, number}, faults
}

// listenBeheer takes the port; nil when there is none.
func listenBeheer(ctx context.Context, s Settings) (net.Listener, error) {
	if !s.Beheer.On {
		return nil, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Beheer.Port)))
	switch {
	case err == nil:
		return l, nil
	case taken(err):
		return nil, fmt.Errorf("poort %d (beheer) is al in gebruik%s.\nKies met BEHEER_POORT een andere poort, of zet die met BEHEER_POORT=uit uit", s.Beheer.Port, s.occupant(ctx, s.Beheer.Port))
	}
	return nil, fmt.Errorf("beheer kan niet luisteren op poort %d (BEHEER_POORT): %w", s.Beheer.Port, err)
}

// beheer is the server on the beheerpoort. It serves before the layers do: a start
// that takes long, such as one that changes tables, is no reason to end the process.
type beheer struct {
	http.Server
	running *Running

	mu      sync.Mutex
	layers  []layerHandler // those that are there, in the order of starting
	started bool           // all of them are
}

type layerHandler struct {
	name    string
	handler http.Handler
}

// buildInfo is the metric that says which version runs.
var buildInfo = meting.Metric{Name: "component_build_info", Help: "Welke versie draait, met de commit waarvan zij is gemaakt."}

func newBeheer(r *Running) *beheer {
	b := &beheer{running: r}
	version := built()
	r.meter.Add(func(context.Context) []meting.Sample {
		return []meting.Sample{{Metric: buildInfo, Labels: []string{"version", version.Version, "commit", version.Commit, "date", version.Date, "goversion", runtime.Version()}, Value: 1}}
	})
	r.meter.Add(b.samples)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", r.meter)
	mux.HandleFunc("GET /healthz/live", func(w http.ResponseWriter, _ *http.Request) {
		answerHealth(w, http.StatusOK, healthAnswer{Status: "ok"})
	})
	mux.HandleFunc("GET /healthz/ready", b.ready)
	b.Server = http.Server{
		Handler: ownName(r.Settings, mux), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 20 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(r.Settings.Log.Handler(), slog.LevelError),
	}
	return b
}

// serve serves in the background, on nothing when there is no beheerpoort.
func (b *beheer) serve(l net.Listener) {
	if l == nil {
		return
	}
	b.running.BeheerURL = "http://" + net.JoinHostPort(b.running.Settings.localHost(), strconv.Itoa(port(l)))
	go func() {
		if err := b.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			b.running.failed <- fmt.Errorf("de beheerpoort is gestopt: %w", err)
		}
	}()
}

// add has a layer asked from now on.
func (b *beheer) add(name string, layer Layer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.layers = append(b.layers, layerHandler{name, layer.Handler})
	if layer.Measures != nil {
		b.running.meter.Add(layer.Measures)
	}
}

func (b *beheer) done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.started = true
}

// close ends the server, after everything else.
func (b *beheer) close() error { return b.Close() }
