package paginas

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
)

// templated writes what is between << and >> as an action: Go that is copied into
// components holds none itself.
func templated(text string) []byte {
	return []byte(strings.NewReplacer("<<", "{"+"{", ">>", "}"+"}").Replace(text))
}

// TestRoomWins: a template or style sheet of the team comes in the place of
// ours, the others stay.
func TestRoomWins(t *testing.T) {
	room := fstest.MapFS{
		"schermen.go":         {Data: []byte("package interactie")},
		"sjablonen/home.html": {Data: templated(`<<define "inhoud">><h1>Van het team: <<.Title>></h1><<end>>`)},
		"stijl.css":           {Data: []byte("body { color: #010203; }")},
	}
	b := newBrowser(t, func(o *Options) { o.Room = room })
	if _, body := b.get("/"); !strings.Contains(body, "Van het team: Proef &amp; zo") {
		t.Errorf("the page of the team is not shown: %s", body)
	}
	if _, body := b.get("/inloggen"); strings.Contains(body, "Van het team") || !strings.Contains(body, "<form") {
		t.Errorf("another page changed: %s", body)
	}
	styles, err := newStylesheet("#154273", room)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	styles.serve(w, httptest.NewRequest(http.MethodGet, "/stijl.css", nil))
	if !strings.Contains(w.Body.String(), "#010203") || strings.Contains(w.Body.String(), "foutlijst") {
		t.Errorf("the styles are %.200s", w.Body)
	}
}

// TestRoomMistakes: what cannot work is named with its file when the component
// starts, not when somebody opens the page.
func TestRoomMistakes(t *testing.T) {
	for file, data := range map[string]string{
		"sjablonen/home.html":        `<<define "inhoud">><<.Title`,
		"sjablonen/zaak.html":        `<h1>Zonder blok</h1>`,
		"sjablonen/hoem.html":        `<<define "inhoud">><<end>>`,
		"sjablonen/deel/pagina.htm":  "x",
		"sjablonen/deel/pagina.html": `<<define "pagina">><<nietbekend>><<end>>`,
	} {
		if _, err := templates(fstest.MapFS{file: {Data: templated(data)}}); err == nil || !strings.Contains(err.Error(), "5-interactie/"+file) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestScreensComeFromTheModel: title, role, help and outcomes of a step stand
// in the process and nowhere else.
func TestScreensComeFromTheModel(t *testing.T) {
	raw, err := os.ReadFile("../proces/testdata/aanvraag.bpmn")
	if errors.Is(err, fs.ErrNotExist) { // in a component, where the team took over this package alone
		raw, err = os.ReadFile("../../4-proces/proces.bpmn")
	}
	if err != nil {
		t.Fatal(err)
	}
	model, err := bpmn.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	kept, asked := Field{Name: "naam"}, Field{Name: "los"}
	screens := Site{Forms: map[string][]Field{model.First().Step: {kept, asked}}, Subject: []Field{kept}}.Screens(model)
	if first := screens[0]; !first.Start || first.Kind != "form" || first.Title != model.First().Title || first.Role != model.First().Role ||
		len(first.Fields) != 2 || !first.Fields[0].Stored || first.Fields[1].Stored {
		t.Errorf("the first screen is %+v", first)
	}
	human, outcomes := 0, 0
	for _, n := range model.Steps() {
		if n.Human() {
			human++
			outcomes += len(n.Outcomes)
		}
	}
	for _, s := range screens {
		outcomes -= len(s.Outcomes)
	}
	if len(screens) != human || outcomes != 0 {
		t.Errorf("%d screens for %d steps, %d outcomes too few", len(screens), human, outcomes)
	}
}
