package doctorcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/doctor"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// withoutGo is this machine, but that there is no Go on it, and that its name for a
// program tries to steer the terminal.
func withoutGo(t *testing.T) (Deps, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	env := func(name string) string {
		if name == "PORT" {
			return "\x1b[2Jpoort"
		}
		return ""
	}
	w := doctor.This(env)
	w.Dir = t.TempDir()
	w.FindGo = func(context.Context, string) (gotool.Go, error) { return gotool.Go{}, gotool.ErrNone }
	return Deps{World: w, Released: "2026-11-05", Deps: evolve.Deps{
		IO:   &terminal.IO{In: strings.NewReader(""), Out: &out, Err: &out, ErrTerminal: true, OutTerminal: true, Colour: true},
		Text: text.Load(text.Dutch), Pack: templates.Component(), Version: "1.2.3", Env: env, Now: time.Now,
	}}, &out
}

// TestTold: what is wrong comes first and in colour; on paper there is none, and
// nothing that comes from elsewhere steers the terminal.
func TestTold(t *testing.T) {
	for _, onScreen := range []bool{true, false} {
		d, out := withoutGo(t)
		d.IO.OutTerminal = onScreen
		err := run(t.Context(), d, &Options{Dir: "."})
		var shortfall failure.Shortfall
		if !errors.As(err, &shortfall) {
			t.Errorf("%v", err)
		}
		said := out.String()
		if strings.Contains(said, "\x1b[2J") || strings.Contains(said, "\x1b[") != onScreen {
			t.Errorf("on a screen: %v\n%q", onScreen, said)
		}
		if wrong, mind := strings.Index(said, "MIS"), strings.Index(said, "LET OP"); wrong < 0 || mind >= 0 && mind < wrong {
			t.Errorf("%s", said)
		}
	}
}

// TestReported: the same as data.
func TestReported(t *testing.T) {
	d, out := withoutGo(t)
	if err := run(t.Context(), d, &Options{Dir: ".", JSON: true}); err == nil {
		t.Error("nothing is wrong")
	}
	var r Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Ready || r.Fieldlab != "1.2.3" || len(r.Findings) < 10 {
		t.Fatalf("%v\n%s", err, out)
	}
	first := r.Findings[0]
	if first.ID != "go" || first.State != doctor.Wrong || first.What == "" || first.Why == "" || first.Line == "" {
		t.Errorf("%+v", first)
	}
}

// TestStopped: Ctrl-C ends it.
func TestStopped(t *testing.T) {
	d, _ := withoutGo(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := run(ctx, d, &Options{Dir: "."}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestDay(t *testing.T) {
	for given, want := range map[string]string{"2026-11-05": "2026-11-05", "2026-11-05T10:00:00Z": "2026-11-05", "": "0001-01-01", "gisteren": "0001-01-01"} {
		if got := day(given).Format(time.DateOnly); got != want {
			t.Errorf("%q: %s", given, got)
		}
	}
}
