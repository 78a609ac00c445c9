package proef

import (
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// overlaid are the files of the rooms with some in the place of theirs.
type overlaid struct {
	fs.FS
	other fstest.MapFS
}

// Open implements fs.FS.
func (o overlaid) Open(name string) (fs.File, error) {
	if f, err := o.other.Open(name); err == nil {
		return f, nil
	}
	return o.FS.Open(name)
}

// renamedStep changes the name of a step while a zaak stands at it: the component
// refuses to start until overgang.yaml says where the zaak goes on, and then the
// zaak goes on there.
func renamedStep(t *testing.T, o *Setup, rooms start.Rooms) {
	t.Helper()
	route, at := o.halfway()
	if route == nil {
		t.Skip("geen mens doet na de eerste stap nog iets")
	}
	old := route[at].Name
	renamed := old + "-anders"
	after := o.renaming(t, rooms, old, renamed)
	component := Start(t, o)
	w := component.Begin(route)
	for w.at < at {
		w.Advance()
	}
	component.halt()
	component.setup, component.process.contract = New(t, after.Rooms), contractOf(t, specFile, after.read(t, specFile))
	err := component.try()
	refusal, refused := errors.AsType[*proces.Refusal](err)
	if !refused {
		component.halt()
		t.Fatalf("het component start terwijl een zaak bij een stap staat die er niet meer is: %v", err)
	}
	if text := refusal.Error(); !strings.Contains(text, "\n"+old+": "+renamed+"\n") || !strings.Contains(text, proces.TransitionsFile) {
		t.Errorf("de weigering zegt niet wat er in %s moet staan: %v", proces.TransitionsFile, err)
	}
	after.write(proces.TransitionsFile, old+": "+renamed+"\n")
	component.setup = New(t, after.Rooms)
	component.run()
	w.Forget()
	w.route = slices.Clone(w.route)
	for i := range w.route {
		if w.route[i].Name == old {
			w.route[i].Name = renamed
		}
	}
	v := w.visitor(w.route[at])
	if page := v.Open("/zaken/" + w.Zaak); page.Status != http.StatusOK || strings.Count(page.Text, "bestaat niet meer; deze zaak ging door een wijziging van het proces verder bij") != 1 {
		t.Errorf("de pagina van de zaak (status %d) zegt niet één keer dat het proces is gewijzigd", page.Status)
	}
	for !w.Done() {
		w.Advance()
	}
	w.ended()
}

// halfway is a route with a step, after the first, that a person does.
func (o *Setup) halfway() (Route, int) {
	for _, route := range o.paths {
		for i, s := range route {
			if i > 0 && s.human() && s.Name != route[0].Name {
				return route, i
			}
		}
	}
	return nil, 0
}

// ended looks whether the zaak came to the end of its route.
func (w *Walk) ended() {
	w.t.Helper()
	end := w.route[len(w.route)-1]
	var z struct {
		CurrentStep string `json:"huidigeStap"`
		Resultaat   string `json:"resultaat"`
	}
	if w.trial.API(start.LayerServices, "/zaken/"+w.Zaak, nil, &z); z.CurrentStep != end.Name || z.Resultaat != end.Resultaat {
		w.t.Errorf("de zaak is bij %q met resultaat %q; verwacht %q en %q", z.CurrentStep, z.Resultaat, end.Name, end.Resultaat)
	}
}

// changedRooms are rooms in which files were changed.
type changedRooms struct {
	start.Rooms
	files fstest.MapFS
}

func (c changedRooms) write(name, text string) { c.files[name] = &fstest.MapFile{Data: []byte(text)} }

func (c changedRooms) read(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := fs.ReadFile(c.Files, name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// renaming are the rooms with another name for a step, in all places where a name
// of a step stands. When its name stands there in another way than is made, the
// test is not for this component.
func (o *Setup) renaming(t *testing.T, rooms start.Rooms, old, renamed string) changedRooms {
	t.Helper()
	c := changedRooms{rooms, fstest.MapFS{}}
	model, spec := string(o.BPMN), string(o.ProcessSpec)
	for _, name := range []string{"id", "sourceRef", "targetRef", "bpmnElement"} {
		for _, quote := range []string{`"`, `'`} {
			model = strings.ReplaceAll(model, " "+name+"="+quote+old+quote, " "+name+"="+quote+renamed+quote)
		}
	}
	for _, ending := range []string{":", `"`, "'"} {
		spec = strings.ReplaceAll(spec, "/zaken/{zaakId}/"+old+ending, "/zaken/{zaakId}/"+renamed+ending)
	}
	c.write(modelFile, model)
	c.write(specFile, spec)
	c.Files = overlaid{rooms.Files, c.files}
	if fields, form := rooms.Pages.Forms[old]; form {
		c.Pages.Forms = maps.Clone(rooms.Pages.Forms)
		delete(c.Pages.Forms, old)
		c.Pages.Forms[renamed] = slices.Clone[[]paginas.Field](fields)
	}
	if _, err := c.Rooms.Read(); err != nil {
		t.Skipf("stap %s krijgt hier niet zomaar een andere naam: %v", old, err)
	}
	return c
}
