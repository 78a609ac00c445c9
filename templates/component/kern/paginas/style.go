package paginas

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// stylesheet is the one stylesheet of the pages: the colour of the
// organisation, and everything else in terms of it.
type stylesheet []byte

// newStylesheet takes the style sheet of the room when it has one.
func newStylesheet(colour string, room fs.FS) (stylesheet, error) {
	if err := value.Colour(colour); err != nil {
		return nil, fmt.Errorf("5-interactie/schermen.go: Colour %q: %w", colour, err)
	}
	styles, err := choose(room, "stijl.css")
	return bytes.Join([][]byte{[]byte(":root { --kleur: " + colour + "; }\n"), styles}, nil), err
}

func (s stylesheet) serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(s)
}
