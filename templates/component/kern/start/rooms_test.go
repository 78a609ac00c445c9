package start

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
)

// moving are the rooms of the example that this repository keeps, with its
// process in which a resident's form is followed by a question to a source. In
// a component, where the team took this package over, they are not there.
func moving(t *testing.T, input ...string) Rooms {
	t.Helper()
	const example = "../../../../examples/verhuizing"
	if _, err := os.Stat(example); errors.Is(err, fs.ErrNotExist) {
		t.Skip("this runs on the example in the repository of fieldlab; here is another component")
	}
	activity := logboek.Activity{Name: "aangifte", Title: "Aangiften behandelen", URI: "urn:uuid:0198f7a0-0000-7000-8000-0000000000aa"}
	return Rooms{
		Files: os.DirFS(example + "/component"),
		API:   func(*opslag.Database, register.Log) register.API { return register.API{} },
		Process: func(o *outway.Outway) proces.Course {
			o.Client(outway.Bron{Name: "bag", Service: "bag-bevragen", Activity: activity})
			return proces.Course{
				Roles:      []identity.Role{{Name: "inwoner", Title: "Inwoner", Citizen: true}, {Name: "burgerzaken", Title: "Medewerker burgerzaken"}},
				Activity:   activity,
				Activities: []logboek.Activity{activity},
				Questions:  map[string]proces.Question{"adres-controleren": {Input: input, Ask: func(context.Context, proces.Data) (outway.Answer, error) { return outway.Answer{}, nil }}},
			}
		},
		Pages: paginas.Site{Name: "verhuizing", Colour: "#154273"},
	}
}

// instead is a file system with one file replaced.
type instead struct {
	fs.FS
	other fstest.MapFS
}

func (i instead) Open(name string) (fs.File, error) {
	if f, err := i.other.Open(name); err == nil {
		return f, nil
	}
	return i.FS.Open(name)
}

func TestWhatIsWrongInTheRoomsIsNamedWithItsFile(t *testing.T) {
	agreed, err := fs.ReadFile(moving(t).Files, "3-integratie/fsc.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(agreed), "\naangeboden:")
	for name, c := range map[string]struct {
		change func(*Rooms)
		want   string
	}{
		"nothing offered": {func(r *Rooms) {
			r.Files = instead{r.Files, fstest.MapFS{"3-integratie/fsc.yaml": {Data: []byte(before + "\naangeboden: []\n")}}}
		}, "3-integratie/fsc.yaml: bij aangeboden staat geen dienst"},
		"a service that nobody agreed on": {func(r *Rooms) {
			of := r.Process
			r.Process = func(o *outway.Outway) proces.Course {
				o.Client(outway.Bron{Name: "kvk", Service: "kvk-zoeken"})
				return of(o)
			}
		}, "bron kvk: dienst kvk-zoeken staat niet bij afgenomen in 3-integratie/fsc.yaml"},
		"an activity without a URI": {func(r *Rooms) {
			of := r.Process
			r.Process = func(o *outway.Outway) proces.Course {
				course := of(o)
				course.Activities = []logboek.Activity{{Name: "los", URI: "los"}}
				return course
			}
		}, `4-proces/activiteiten.go: URI "los" van verwerkingsactiviteit los`},
		"a name that is no name for files": {func(r *Rooms) { r.Pages.Name = "../Verhuizing" }, `5-interactie/schermen.go: Name "../Verhuizing"`},
	} {
		rooms := moving(t)
		if _, err := rooms.Read(); err != nil {
			t.Fatalf("nothing is wrong yet: %v", err)
		}
		c.change(&rooms)
		if _, err := rooms.Read(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestNothingIsImitatedInProduction(t *testing.T) {
	parts, err := moving(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	s := Settings{Layers: []string{LayerInteraction, LayerProcess, LayerIntegration, LayerServices}, Env: func(string) string { return "" }}
	if len(parts.standIns(s)) < 4 {
		t.Errorf("on a laptop: %q", parts.standIns(s))
	}
	s.Production = true
	if all := parts.standIns(s); len(all) > 0 {
		t.Errorf("in production: %q", all)
	}
}

// TestAnInventedZaakWaitsWhereSomebodyCanGoOn: behind the question, whether the
// stored record answers it or only the form could, so that it is never put.
func TestAnInventedZaakWaitsWhereSomebodyCanGoOn(t *testing.T) {
	const step = "beoordelen"
	for _, input := range [][]string{nil, {"postcode"}} {
		parts, err := moving(t).Read()
		if err != nil {
			t.Fatal(err)
		}
		parts.Course = moving(t, input...).Process(&outway.Outway{})
		db, err := opslag.Open(t.Context(), "", filepath.Join(t.TempDir(), "zaken.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		if err := db.Migrate(t.Context(), fstest.MapFS{}); err != nil {
			t.Fatal(err)
		}
		zaken := opslag.NewZaken(db, "00000099000000001000")
		api := register.API{Seed: func(context.Context) ([]string, error) {
			return []string{"0198f7a0-0000-7000-8000-000000000001"}, nil
		}}
		if err := parts.seed(t.Context(), zaken, api, logboek.Key("een sleutel")); err != nil {
			t.Fatal(err)
		}
		open, err := zaken.OpenSteps(t.Context(), parts.Model.Name)
		if err != nil || len(open) != 1 || open[0].Step != step || open[0].Count != 1 {
			t.Errorf("with input %q: %v %v, want one at %s", input, open, err, step)
		}
	}
}
