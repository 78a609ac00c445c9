package proef

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// Run tries a whole component: that its rooms keep to the rules, and that zaken
// go through all five layers as its process, its pages and its specifications
// say. The tests stand in the folder tests of the component.
func Run(t *testing.T, rooms start.Rooms) {
	t.Helper()
	o := New(t, rooms)
	t.Run("regels", func(t *testing.T) { rules(t, o) })
	t.Run("migraties op gevulde tabellen", func(t *testing.T) { migrations(t, o) })
	o.forms(t)
	// What stops all that follows is said once, and not in many more words.
	for _, first := range []struct {
		name string
		try  func(*testing.T, *Setup)
	}{{"starten", published}, {"een zaak", oneRoute}, {"grote bestanden", largeFiles}} {
		if t.Failed() {
			return
		}
		t.Run(first.name, func(t *testing.T) { first.try(t, o) })
	}
	if t.Failed() {
		return
	}
	for name, try := range map[string]func(*testing.T, *Setup){
		"een zaak langs elk pad":           everyRoute,
		"herstart midden in een zaak":      restart,
		"twee keer versturen":              submitTwice,
		"een sessie die voorbij is":        sessionOver,
		"brongegevens worden niet bewaard": notStored,
		"een bron die weg is":              sourceAway,
		"een bron die zich vergist":        sourceMistaken,
		"zonder logboek gebeurt niets":     withoutLogboek,
		"ieder voor zich":                  ownOnly,
		"namens een ander":                 onBehalf,
		"bewaren en vernietigen":           func(t *testing.T, _ *Setup) { archive(t, rooms) },
		"een stap die anders gaat heten":   func(t *testing.T, o *Setup) { renamedStep(t, o, rooms) },
		"verzoek van een betrokkene":       func(t *testing.T, _ *Setup) { rights(t, rooms) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			try(t, o)
		})
	}
}
