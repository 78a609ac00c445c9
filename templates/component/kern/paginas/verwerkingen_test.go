package paginas

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

func withProcessing(o *Options) {
	o.Processing = []Processing{
		{Activity: logboek.Activity{Title: "Behandelen <b>", URI: "urn:uuid:1", Purpose: "het behandelen", Grondslag: "publieke taak", Explanation: "Wet X artikel 1", Retention: "5 jaar"},
			Kept: true, Sources: []ProcessingSource{{Title: "BAG", Fields: []string{"Straat", "Huisnummer"}}, {Title: "Register Y"}}},
		{Activity: logboek.Activity{Title: "Nog leeg", URI: "urn:uuid:2"}},
	}
}

// TestProcessing: everybody reads for what data is processed, without logging in.
func TestProcessing(t *testing.T) {
	b := newBrowser(t, withProcessing)
	status, body := b.get("/verwerkingsactiviteiten")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	wants(t, body, "Behandelen &lt;b&gt;", "Het behandelen", "Publieke taak (Wet X artikel 1)", "5 jaar", "Straat; Huisnummer", "Alleen of er iets te vinden is", "Nog niet vastgelegd", "urn:uuid:1")
	_, home := b.get("/")
	wants(t, home, `href="/verwerkingsactiviteiten"`)
}

// TestProcessingFile holds the names of the model of VNG, of which five are
// required: id, naam, verantwoordelijkeOrganisatie, doel, grondslag.
func TestProcessingFile(t *testing.T) {
	b := newBrowser(t, withProcessing)
	status, body := b.get("/verwerkingsactiviteiten.json")
	var got struct {
		Activities []map[string]any `json:"verwerkingsactiviteiten"`
	}
	if err := json.Unmarshal([]byte(body), &got); status != http.StatusOK || err != nil || len(got.Activities) != 2 {
		t.Fatal(status, err, body)
	}
	for _, a := range got.Activities {
		for _, name := range []string{"id", "naam", "verantwoordelijkeOrganisatie", "doel", "grondslag", "herkomst", "verwerktePersoonsgegevens"} {
			if _, there := a[name]; !there {
				t.Errorf("no %s in %v", name, a)
			}
		}
	}
	first := got.Activities[0]
	if data := first["verwerktePersoonsgegevens"].([]any); len(data) < 3 || !strings.Contains(body, `"herkomst": "BAG"`) {
		t.Errorf("data %v", data)
	}
	if origins := first["herkomst"].([]any); !slices.Equal(origins, []any{fromBetrokkene, "BAG", "Register Y"}) {
		t.Errorf("from %v", origins)
	}
	if empty := got.Activities[1]["herkomst"].([]any); len(empty) != 0 {
		t.Errorf("an activity for which nothing is kept has data of the person: %v", empty)
	}
}
