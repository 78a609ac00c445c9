package outway

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// TestAForeseenQuestion: its lines are written with what leads to it. When it is put it
// has begun, and when something else is asked, or nothing, the log says so.
func TestAForeseenQuestion(t *testing.T) {
	for name, c := range map[string]struct {
		foreseen, asked       string
		begun, ended, dropped int
	}{
		"the same":       {"999993653", "999993653", 0, 1, 0},
		"about another":  {"999993653", "999990408", 1, 1, 1},
		"not foreseen":   {"", "999993653", 1, 1, 0},
		"nothing is put": {"999993653", "", 0, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var put int
			b := &notebook{}
			o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				put++
				_, _ = w.Write([]byte(`{"personen":[]}`))
			}))
			o.Logboek, o.Key = b, testKey
			var ends Ends
			ctx := identity.NewContext(t.Context(), identity.User{ID: "pseudoniem-1", Role: "balie"})
			ctx = KeepEnds(logboek.WithTrace(ctx, logboek.Trace{TraceID: strings.Repeat("a", 32), SpanID: strings.Repeat("b", 16)}), &ends)
			ask := func(bsn string) func(context.Context) error {
				return func(ctx context.Context) error {
					if bsn == "" {
						return nil
					}
					q := NewQuestion("Personen", http.MethodPost, "/personen")
					q.contract = Contract{List: "personen", NotFound: true}
					q.About(bsn)
					_, err := o.Ask(ctx, Bron{Name: "brp", Title: "BRP", Service: "bron", Activity: activity, Fields: fields("naam")}, q)
					return err
				}
			}
			lines := Foresee(ctx, ask(c.foreseen))
			if put != 0 || len(b.begun) != 0 || (len(lines) == 1) != (c.foreseen != "") {
				t.Fatalf("%d questions were put, %v written, %v foreseen", put, b.begun, lines)
			}
			if len(lines) > 0 && (lines[0].DataSubject != pseudonym(c.foreseen) || !lines[0].End.IsZero() || lines[0].ParentID != strings.Repeat("b", 16)) {
				t.Errorf("foreseen is %+v", lines[0])
			}
			ends.Begun(lines...)
			if err := ask(c.asked)(ctx); err != nil && Status(err) != http.StatusNotFound {
				t.Fatal(err)
			}
			dropped := ends.Take()
			if len(b.begun) != c.begun || len(b.ended) != c.ended || len(dropped) != c.dropped {
				t.Fatalf("%d begun, %d ended, %d dropped", len(b.begun), len(b.ended), len(dropped))
			}
			if c.begun == 0 && c.ended > 0 && (b.ended[0].SpanID != lines[0].SpanID || b.ended[0].End.IsZero()) {
				t.Errorf("%+v does not end %+v", b.ended[0], lines[0])
			}
			for _, line := range dropped {
				if line.SpanID != lines[0].SpanID || line.End.IsZero() || line.Status != logboek.Error {
					t.Errorf("dropped is %+v", line)
				}
			}
			if len(ends.Take()) != 0 {
				t.Error("it is dropped twice")
			}
		})
	}
}

// TestForeseeingAsksNothing: also not when who asks goes on after the error, and a
// question that cannot be put is not foreseen.
func TestForeseeingAsksNothing(t *testing.T) {
	o, _ := client(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something is asked") }))
	o.Logboek, o.Key = &notebook{}, testKey
	var errs []error
	lines := Foresee(t.Context(), func(ctx context.Context) error {
		for _, name := range []string{"../x", "een", "twee"} {
			q := NewQuestion(name, http.MethodGet, "/personen/{id}")
			q.InPath("id", name)
			_, err := o.Ask(ctx, Bron{Name: "brp", Title: "BRP", Service: "bron", Activity: activity}, q)
			errs = append(errs, err)
		}
		return nil
	})
	if len(lines) != 1 || lines[0].Name != "een" || slices.ContainsFunc(errs, func(err error) bool { return !errors.Is(err, errForeseen) }) {
		t.Errorf("%+v, %v", lines, errs)
	}
	if Foreseeing(t.Context()) {
		t.Error("every context only looks")
	}
}
