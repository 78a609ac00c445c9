package organisatie

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"os"
	"time"

	"go.yaml.in/yaml/v3"
)

// Logo is the picture in the head of every page.
type Logo struct {
	Text    string // what it says to somebody who cannot see it
	Address string // on which it is served
	media   string
	content []byte
}

// How large a logo may be: every visitor fetches it, and it is shown small.
const (
	maxLogo   = 256 << 10
	maxPixels = 2000 // wide or high
)

func (r *reader) logo(n *yaml.Node, path string) {
	var file string
	l := &Logo{}
	found := r.object(n, path, key{"bestand", r.text(&file, line(shortText))}, key{"tekst", r.text(&l.Text, line(shortText))})
	if n.Kind != yaml.MappingNode {
		return
	}
	if found["tekst"] == nil {
		r.fault(n, path+".tekst", "ontbreekt: zeg wat er op het logo staat, voor wie het niet ziet")
	}
	if found["bestand"] == nil {
		r.fault(n, path+".bestand", "ontbreekt: noem een SVG- of PNG-bestand in dezelfde map als dit bestand")
	}
	if file == "" || l.Text == "" {
		return
	}
	raw, err := r.open(file, maxLogo)
	if err == nil {
		err = l.take(raw)
	}
	if err != nil {
		r.fault(found["bestand"], path+".bestand", "%v; neem een SVG of PNG van hoogstens %d kB in dezelfde map als dit bestand", err, maxLogo>>10)
		return
	}
	r.made.Logo = l
}

// take judges what the file holds by what is in it, not by its name.
func (l *Logo) take(raw []byte) error {
	if bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")) {
		size, err := png.DecodeConfig(bytes.NewReader(raw))
		if err != nil {
			return errors.New("dit is geen PNG die te lezen is")
		}
		if size.Width > maxPixels || size.Height > maxPixels {
			return fmt.Errorf("deze PNG is %d bij %d punten en mag hoogstens %d zijn", size.Width, size.Height, maxPixels)
		}
		if _, err := png.Decode(bytes.NewReader(raw)); err != nil {
			return errors.New("deze PNG is beschadigd")
		}
		l.Address, l.media, l.content = "/logo.png", "image/png", raw
		return nil
	}
	if err := checkSVG(raw); err != nil {
		return err
	}
	l.Address, l.media, l.content = "/logo.svg", "image/svg+xml", raw
	return nil
}

// logoPolicy is for somebody who opens the logo itself: an SVG is a document, and
// what is in it may run or fetch nothing.
const logoPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// ServeHTTP implements http.Handler.
func (l *Logo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", l.media)
	h.Set("Content-Security-Policy", logoPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(l.content))
}

// readSome reads a file of no more than so many bytes.
func readSome(root *os.Root, name string, most int64) ([]byte, error) {
	info, err := root.Stat(name)
	if err != nil || !info.Mode().IsRegular() { // a pipe would keep us waiting
		return nil, errors.New("is er niet, of is geen gewoon bestand in deze map")
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, errors.New("is niet te openen")
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, errors.New("is niet te lezen")
	}
	if int64(len(raw)) > most {
		return nil, fmt.Errorf("is groter dan %d kB", most>>10)
	}
	return raw, nil
}
