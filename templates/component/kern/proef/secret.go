package proef

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// findSecrets looks for what must be nowhere in everything that others can read
// of a component that has run: its log, the log of processing that is delivered
// to somebody else, and the transaction log and the page of the outway.
func (p *Trial) findSecrets() {
	p.t.Helper()
	places := map[string]string{"het log": p.log.String()}
	for where, text := range p.shown {
		places[where] = text
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(p.env["DATA"]), "*.jsonl"))
	if err != nil {
		p.t.Error(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name) // #nosec G304 -- A file beside the data of a test.
		if err != nil {
			p.t.Error(err)
		}
		places["het bezorgde logboek "+filepath.Base(name)] = string(raw)
	}
	for where, text := range places {
		for _, secret := range p.setup.secrets {
			if secret != "" && strings.Contains(text, secret) {
				p.t.Errorf("een persoonsnummer staat in %s", where)
			}
		}
	}
}

// readOutway keeps what the stand-in of the outway shows, before it stops.
func (p *Trial) readOutway() {
	p.t.Helper()
	base := p.running.URLs[start.LayerIntegration]
	if base == "" {
		return
	}
	for where, path := range map[string]string{"het transactielog": "/nabootsing/transacties", "de pagina van de outway": "/"} {
		resp, err := http.Get(base + path)
		if err != nil {
			p.t.Error(err)
			continue
		}
		raw, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			p.t.Errorf("%s: status %d, %v", where, resp.StatusCode, err)
		}
		if p.shown == nil {
			p.shown = map[string]string{}
		}
		p.shown[where] += string(raw)
	}
}
