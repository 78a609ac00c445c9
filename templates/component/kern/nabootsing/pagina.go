package nabootsing

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"encoding/json"
	"html/template"
	"mime"
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
)

//go:embed pagina.gohtml
var paginaHTML string

//go:embed pagina.css
var paginaCSS string

var paginaSjabloon = template.Must(template.New("pagina").Parse(paginaHTML))

// paginaBeleid allows the style of the page and its own forms, nothing else.
var paginaBeleid = func() string {
	sum := sha256.Sum256([]byte(paginaCSS))
	return "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

const maxStand = 4 << 10 // bytes of a request that sets a switch

// eigenAdres says whether the stand-in answers itself on this path.
func eigenAdres(path string) bool {
	return path == "/" || path == "/healthz/live" || path == "/healthz/ready" || strings.HasPrefix(path, "/nabootsing/")
}

// maakPagina is what a person with a browser, or a test, sees of the stand-in.
// A page of another site cannot turn the switches.
func (n *Nabootsing) maakPagina() http.Handler {
	ok := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", n.toonPagina)
	mux.HandleFunc("GET /healthz/live", ok)
	mux.HandleFunc("GET /healthz/ready", ok)
	mux.HandleFunc("POST /nabootsing/gedrag", n.stelMetFormulier)
	mux.HandleFunc("GET /nabootsing/diensten", n.geefDiensten)
	mux.HandleFunc("GET /nabootsing/diensten/{dienst}", n.geefDienst)
	mux.HandleFunc("PUT /nabootsing/diensten/{dienst}", n.zetDienst)
	mux.HandleFunc("GET /nabootsing/transacties", func(w http.ResponseWriter, _ *http.Request) {
		schrijfJSON(w, http.StatusOK, n.Transacties())
	})
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(bron.HeaderNabootsing, naamOutway)
		r.Body = http.MaxBytesReader(w, r.Body, maxStand)
		guarded.ServeHTTP(w, r)
	})
}

// stand is how a service stands, in JSON and on the page.
type stand struct {
	Dienst       string        `json:"dienst"`
	Aanbieder    string        `json:"aanbieder"`
	OIN          string        `json:"oin"`
	Elders       bool          `json:"elders"` // behind somebody else's inway
	GrantHash    string        `json:"grant_hash"`
	Gedrag       string        `json:"gedrag"`
	ContractHash string        `json:"contract_hash,omitempty"`
	Staat        string        `json:"staat,omitempty"` // of the contract
	Contract     *fsc.Contract `json:"contract,omitempty"`
}

// Woord says in Dutch what the state of the contract means.
func (s stand) Woord() string {
	switch s.Staat {
	case contractRevoked:
		return "ingetrokken"
	case contractExpired:
		return "verlopen"
	}
	return "geldig"
}

func (n *Nabootsing) stand(d *dienst) stand {
	s := stand{Dienst: d.naam, Aanbieder: d.peer.Naam, OIN: d.peer.PeerID(), Elders: d.aanbieder == nil, GrantHash: d.grant, Gedrag: d.gedrag.is().String()}
	if d.aanbieder != nil {
		s.ContractHash, s.Staat, s.Contract = d.hash, d.staat(n.nu()), &d.contract
	}
	return s
}

func (n *Nabootsing) standen() []stand {
	var all []stand
	for _, d := range n.diensten {
		all = append(all, n.stand(d))
	}
	return all
}

func (n *Nabootsing) geefDiensten(w http.ResponseWriter, _ *http.Request) {
	schrijfJSON(w, http.StatusOK, n.standen())
}

func (n *Nabootsing) geefDienst(w http.ResponseWriter, r *http.Request) {
	if d := n.dienst(r.PathValue("dienst")); d != nil {
		schrijfJSON(w, http.StatusOK, n.stand(d))
		return
	}
	http.NotFound(w, r)
}

// zetDienst turns a switch: {"gedrag": "traag"}.
func (n *Nabootsing) zetDienst(w http.ResponseWriter, r *http.Request) {
	d := n.dienst(r.PathValue("dienst"))
	if d == nil {
		http.NotFound(w, r)
		return
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		http.Error(w, "stuur application/json", http.StatusUnsupportedMediaType)
		return
	}
	var wanted struct {
		Gedrag string `json:"gedrag"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	g, known := Gewoon, false
	if err := decoder.Decode(&wanted); err == nil {
		g, known = gedragVan(wanted.Gedrag)
	}
	if !known {
		http.Error(w, "gedrag is een van: "+strings.Join(gedragNamen(), ", "), http.StatusBadRequest)
		return
	}
	n.Stel(d.naam, g)
	schrijfJSON(w, http.StatusOK, n.stand(d))
}

// stelMetFormulier turns a switch from the page.
func (n *Nabootsing) stelMetFormulier(w http.ResponseWriter, r *http.Request) {
	g, known := gedragVan(r.PostFormValue("gedrag"))
	d := n.dienst(r.PostFormValue("dienst"))
	if !known || d == nil {
		http.Error(w, "deze dienst of dit gedrag bestaat niet", http.StatusBadRequest)
		return
	}
	n.Stel(d.naam, g)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// aanroepen are the last calls to some of the services.
type aanroepen struct {
	ID, Kop string
	Lijst   []Aanroep
}

// aanroepen tells the calls to the sources apart from those to the own service,
// of which every page makes many.
func (n *Nabootsing) aanroepen() []aanroepen {
	sources, own := aanroepen{ID: "bronnen", Kop: "Laatste aanroepen van bronnen"}, aanroepen{ID: "eigen", Kop: "Laatste aanroepen van de eigen diensten"}
	for _, a := range n.Recent() {
		part := &sources
		if a.Dienst == n.laag2 {
			part = &own
		}
		part.Lijst = append(part.Lijst, a)
	}
	return []aanroepen{sources, own}
}

// toonPagina tells a person what this is, what came by, and lets him turn the
// switches.
func (n *Nabootsing) toonPagina(w http.ResponseWriter, _ *http.Request) {
	type keuze struct{ Naam, Uitleg string }
	data := struct {
		EersteRegel string
		Stijl       template.CSS
		Groep       string
		Diensten    []stand
		Gedragingen []keuze
		Aanroepen   []aanroepen
	}{EersteRegel: eersteRegel, Stijl: template.CSS(paginaCSS), Groep: n.groep, Diensten: n.standen(), Aanroepen: n.aanroepen()}
	for i := range gedragingen {
		data.Gedragingen = append(data.Gedragingen, keuze{gedragingen[i].naam, gedragingen[i].uitleg})
	}
	var page bytes.Buffer
	if err := paginaSjabloon.Execute(&page, data); err != nil {
		n.log.Error("de pagina van de nabootsing lukt niet", "fout", err)
		http.Error(w, eersteRegel, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", paginaBeleid)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	_, _ = page.WriteTo(w)
}
