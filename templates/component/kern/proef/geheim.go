package proef

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// zoekGeheim looks for what must be nowhere in everything that others can read
// of a component that has run: its log, the log of processing that is delivered
// to somebody else, and the transaction log and the page of the outway.
func (p *Proef) zoekGeheim() {
	p.t.Helper()
	places := map[string]string{"het log": p.log.String()}
	for where, text := range p.gelezen {
		places[where] = text
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(p.env["DATA"]), "*.jsonl"))
	if err != nil {
		p.t.Error(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			p.t.Error(err)
		}
		places["het bezorgde logboek "+filepath.Base(name)] = string(raw)
	}
	for where, text := range places {
		for _, secret := range p.opzet.geheim {
			if secret != "" && strings.Contains(text, secret) {
				p.t.Errorf("een persoonsnummer staat in %s", where)
			}
		}
	}
}

// leesOutway keeps what the stand-in of the outway shows, before it stops.
func (p *Proef) leesOutway() {
	p.t.Helper()
	base := p.running.URLs[start.Integratie]
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
		if p.gelezen == nil {
			p.gelezen = map[string]string{}
		}
		p.gelezen[where] += string(raw)
	}
}
