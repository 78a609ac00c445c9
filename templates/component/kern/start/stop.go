package start

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Stopping is how a component stops.
type Stopping struct {
	After  time.Duration // how long it serves on when it has said that it stops
	Within time.Duration // and how long what is under way may then take
}

// readStopping reads how long stopping may take. On a laptop nobody waits; in a
// cluster others need a moment to hear that they should go elsewhere.
func readStopping(env func(string) string, production bool) (s Stopping, faults Faults) {
	s = Stopping{0, 5 * time.Second}
	if production {
		s = Stopping{5 * time.Second, 25 * time.Second}
	}
	for _, setting := range []struct {
		name        string
		to          *time.Duration
		least, most time.Duration
	}{{"STOP_NA", &s.After, 0, 5 * time.Minute}, {"STOP_BINNEN", &s.Within, time.Second, 10 * time.Minute}} {
		given := env(setting.name)
		d, err := duration(given, setting.least, setting.most)
		switch {
		case err != nil:
			faults = append(faults, setting.name+" "+err.Error())
		case given != "":
			*setting.to = d
		}
	}
	return s, faults
}

// Leave says that the component is not ready any more, and serves on for as long as
// STOP_NA says: whoever sends requests here has to hear it before the door closes. It
// returns earlier when a layer fails.
func (r *Running) Leave() error {
	r.leaving.Store(true)
	if r.Settings.Stop.After == 0 {
		return nil
	}
	select {
	case <-time.After(r.Settings.Stop.After):
		return nil
	case err := <-r.failed:
		return err
	}
}

// stops is what somebody hears who asks whether a component is ready that stops.
const stops = "Dit component stopt en neemt zo geen verzoeken meer aan."

// whileLeaving answers, once the component stops, that it is not ready, and has
// connections closed that would otherwise stay for the next request: a balancer
// looks for another process when a connection is made, and not after that.
func (r *Running) whileLeaving(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if r.leaving.Load() {
			w.Header().Set("Connection", "close")
			if req.URL.Path == "/healthz/ready" {
				rest.Error(w, req, rest.NewProblem(http.StatusServiceUnavailable, stops))
				return
			}
		}
		next.ServeHTTP(w, req)
	})
}

// Stop ends the background work and then stops from the top down, so that no
// layer calls one that is gone. Each finishes what it is doing, as long as
// STOP_BINNEN allows. The beheerpoort answers until the end.
func (r *Running) Stop() error {
	r.leaving.Store(true)
	r.stop()
	ctx, cancel := context.WithTimeout(context.Background(), r.Settings.stopWithin())
	defer cancel()
	var errs []error
	for i := len(r.servers) - 1; i >= 0; i-- {
		errs = append(errs, r.servers[i].stop(ctx))
	}
	errs = append(errs, r.awaitWork(ctx))
	for i := len(r.layers) - 1; i >= 0; i-- {
		if end := r.layers[i].Close; end != nil {
			errs = append(errs, end())
		}
	}
	return errors.Join(append(errs, r.beheer.close())...)
}

// stopWithin is how long what is under way may take.
func (s Settings) stopWithin() time.Duration {
	if s.Stop.Within == 0 {
		return 5 * time.Second
	}
	return s.Stop.Within
}

// awaitWork waits for what layers do in the background: what it does not finish is
// done again after the next start.
func (r *Running) awaitWork(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		r.work.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	select { // whoever used up the time must not be what this is blamed for
	case <-done:
		return nil
	case <-time.After(time.Second):
		return fmt.Errorf("het werk op de achtergrond was na %s nog bezig en is afgebroken", r.Settings.stopWithin())
	}
}
