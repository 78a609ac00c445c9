package interactie

import (
	"bytes"
	_ "embed" // the stylesheet
	"net/http"

	"git.duinstad.test/burgerzaken/verhuizing/internal/value"
)

//go:embed stijl.css
var plainStyles []byte

// stylesheet is the one stylesheet of the pages: the colour of the
// organisation, and everything else in terms of it.
type stylesheet []byte

func newStylesheet(colour string) stylesheet {
	if value.Colour(colour) != nil {
		colour = "#154273"
	}
	return bytes.Join([][]byte{[]byte(":root { --kleur: " + colour + "; }\n"), plainStyles}, nil)
}

func (s stylesheet) serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(s)
}
