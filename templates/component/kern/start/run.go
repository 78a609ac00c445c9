package start

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/meting"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Running is a component that runs. URLs are by name of the layer.
type Running struct {
	Settings  Settings
	URLs      map[string]string
	BeheerURL string // of the beheerpoort; "" when there is none

	meter   *meting.Meter
	beheer  *beheer
	leaving atomic.Bool
	servers []*running // in the order in which they were started
	layers  []Layer
	stop    context.CancelFunc
	work    sync.WaitGroup
	failed  chan error
}

// running is the server of one layer. New holds the connections on which no
// request has come yet: browsers open those in advance, and Shutdown would wait
// five seconds for each.
type running struct {
	http.Server
	name string
	new  sync.Map // net.Conn: time.Time since when
}

// justMade is how long a connection may wait for its first request while the layer
// stops: whoever made it a moment ago is sending it now.
const justMade = 200 * time.Millisecond

func (r *running) track(c net.Conn, state http.ConnState) {
	if state == http.StateNew {
		r.new.Store(c, time.Now())
	} else {
		r.new.Delete(c)
	}
}

func (r *running) serve(l net.Listener) error {
	if r.TLSConfig != nil {
		return r.ServeTLS(l, "", "")
	}
	return r.Serve(l)
}

// stop lets the requests that are under way finish until the context ends.
func (r *running) stop(ctx context.Context) error {
	begin := time.Now()
	done := make(chan error, 1)
	go func() { done <- r.Shutdown(ctx) }()
	for {
		r.new.Range(func(c, since any) bool {
			if time.Since(since.(time.Time)) > justMade {
				_ = c.(net.Conn).Close()
			}
			return true
		})
		select {
		case err := <-done:
			if err != nil {
				return fmt.Errorf("laag %s was na %s nog bezig en is afgebroken: %w", r.name, time.Since(begin).Round(time.Second), errors.Join(err, r.Close()))
			}
			return nil
		case <-time.After(20 * time.Millisecond): // one may just have come in
		}
	}
}

// Run takes all ports first, so that nothing starts when one of them is taken,
// and then starts the layers from the bottom up.
func Run(ctx context.Context, s Settings, c Component) (*Running, error) {
	listeners, err := listen(ctx, &s)
	if err != nil {
		return nil, err
	}
	management, err := listenBeheer(ctx, s)
	if err != nil {
		closeAll(listeners)
		return nil, err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	r := &Running{Settings: s, URLs: map[string]string{}, meter: meting.New(), stop: stop, failed: make(chan error, 2*len(servers)+1)}
	r.beheer = newBeheer(r)
	r.beheer.serve(management)
	for _, l := range listeners {
		own := s
		own.Log = s.Log.With("laag", l.server.name)
		layer, err := l.server.make(c)(ctx, own)
		if err != nil {
			closeAll(listeners)
			_ = r.Stop()
			return nil, fmt.Errorf("laag %s start niet: %w", l.server.name, err)
		}
		r.layers = append(r.layers, layer)
		r.URLs[l.server.name] = s.scheme(l.server.name) + net.JoinHostPort(s.localHost(), strconv.Itoa(port(l.Listener)))
		r.serve(background, c.Name, l, layer, own.Log)
		r.beheer.add(l.server.name, layer)
	}
	r.beheer.done()
	return r, nil
}

func (r *Running) serve(ctx context.Context, name string, l listener, layer Layer, log *slog.Logger) {
	watch := r.meter.Requests(l.server.name, log)
	watch.Transaction = rest.Transaction
	srv := &running{name: l.server.name, Server: http.Server{
		Handler:           watch.Watch(r.whileLeaving(patient(ownName(r.Settings, introduce(r.Settings, name, l.server.name, layer.Handler))))),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       readWithin,
		WriteTimeout:      writeWithin,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelError),
		TLSConfig:         r.Settings.listenTLS(l.server.name),
	}}
	srv.ConnState = srv.track
	r.servers = append(r.servers, srv)
	r.work.Go(func() {
		if err := srv.serve(l.Listener); !errors.Is(err, http.ErrServerClosed) {
			r.failed <- fmt.Errorf("laag %s is gestopt: %w", l.server.name, err)
		}
	})
	if layer.Settle != nil {
		r.work.Go(func() {
			if err := layer.Settle(ctx); err != nil && ctx.Err() == nil {
				r.failed <- fmt.Errorf("laag %s start niet:\n\n%w", l.server.name, err)
			}
		})
	}
	if layer.Run != nil {
		r.work.Go(func() { layer.Run(ctx) })
	}
}

// Wait returns when the context ends or a layer fails.
func (r *Running) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-r.failed:
		return err
	}
}

// listener is a port that is ours, for a server that does not run yet.
type listener struct {
	net.Listener
	server server
}

// listen takes the port of every layer that runs here. With base port 0 it
// takes free ports and puts the addresses into the settings that the
// environment did not fix.
func listen(ctx context.Context, s *Settings) ([]listener, error) {
	var all []listener
	for _, srv := range servers {
		if !s.Has(srv.name) {
			continue
		}
		wanted := 0
		if s.Port != 0 {
			wanted = s.Port + srv.offset
		}
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(wanted)))
		if err != nil {
			closeAll(all)
			return nil, portError(ctx, err, *s, srv, wanted)
		}
		all = append(all, listener{l, srv})
		if s.Port == 0 {
			s.fillURL(srv.name, s.scheme(srv.name)+net.JoinHostPort(s.localHost(), strconv.Itoa(port(l))))
		}
	}
	return all, nil
}

func (s *Settings) fillURL(layer, url string) {
	switch {
	case layer == LayerProcess && s.Env("PROCES_URL") == "":
		s.ProcessURL = url
	case layer == LayerIntegration && s.Env("OUTWAY_URL") == "":
		s.OutwayURL = url
	case layer == LayerServices && s.Env("DIENSTEN_URL") == "":
		s.ServicesURL = url
	}
}

func port(l net.Listener) int {
	if tcp, ok := l.Addr().(*net.TCPAddr); ok {
		return tcp.Port
	}
	return 0
}

func closeAll(listeners []listener) {
	for _, l := range listeners {
		_ = l.Close()
	}
}
