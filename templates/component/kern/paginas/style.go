package paginas

import (
	"bytes"
	"io/fs"
	"net/http"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// stylesheet is the one stylesheet of the pages: the colour of the
// organisation, and everything else in terms of it.
type stylesheet []byte

// newStylesheet takes the style sheet of the room when it has one.
func newStylesheet(colour string, room fs.FS) (stylesheet, error) {
	styles, err := choose(room, "stijl.css")
	if value.Colour(colour) != nil {
		colour = "#154273"
	}
	return bytes.Join([][]byte{[]byte(":root { --kleur: " + colour + "; }\n"), styles}, nil), err
}

func (s stylesheet) serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(s)
}
