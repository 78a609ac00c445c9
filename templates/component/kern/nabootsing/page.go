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
var pageHTML string

//go:embed pagina.css
var pageCSS string

var pageTemplate = template.Must(template.New("pagina").Parse(pageHTML))

// pagePolicy allows the style of the page and its own forms, nothing else.
var pagePolicy = func() string {
	sum := sha256.Sum256([]byte(pageCSS))
	return "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

const maxState = 4 << 10 // bytes of a request that sets a switch

// ownAddress says whether the stand-in answers itself on this path.
func ownAddress(path string) bool {
	return path == "/" || path == "/healthz/live" || path == "/healthz/ready" || strings.HasPrefix(path, "/nabootsing/")
}

// newPage is what a person with a browser, or a test, sees of the stand-in.
// A page of another site cannot turn the switches.
func (n *StandIn) newPage() http.Handler {
	ok := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", n.showPage)
	mux.HandleFunc("GET /healthz/live", ok)
	mux.HandleFunc("GET /healthz/ready", ok)
	mux.HandleFunc("POST /nabootsing/gedrag", n.setByForm)
	mux.HandleFunc("GET /nabootsing/diensten", n.giveServices)
	mux.HandleFunc("GET /nabootsing/diensten/{dienst}", n.giveService)
	mux.HandleFunc("PUT /nabootsing/diensten/{dienst}", n.setService)
	mux.HandleFunc("GET /nabootsing/transacties", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, n.Transactions())
	})
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(bron.HeaderStandIn, nameOutway)
		r.Body = http.MaxBytesReader(w, r.Body, maxState)
		guarded.ServeHTTP(w, r)
	})
}

// serviceState is how a service stands, in JSON and on the page.
type serviceState struct {
	Service      string        `json:"dienst"`
	Provider     string        `json:"aanbieder"`
	OIN          string        `json:"oin"`
	Elsewhere    bool          `json:"elders"` // behind somebody else's inway
	GrantHash    string        `json:"grant_hash"`
	Behaviour    string        `json:"gedrag"`
	ContractHash string        `json:"contract_hash,omitempty"`
	State        string        `json:"staat,omitempty"` // of the contract
	Contract     *fsc.Contract `json:"contract,omitempty"`
}

// Word says in Dutch what the state of the contract means.
func (s serviceState) Word() string {
	switch s.State {
	case contractRevoked:
		return "ingetrokken"
	case contractExpired:
		return "verlopen"
	}
	return "geldig"
}

func (n *StandIn) state(d *service) serviceState {
	s := serviceState{Service: d.name, Provider: d.peer.Name, OIN: d.peer.PeerID(), Elsewhere: d.provider == nil, GrantHash: d.grant, Behaviour: d.behaviour.is().String()}
	if d.provider != nil {
		s.ContractHash, s.State, s.Contract = d.hash, d.state(n.now()), &d.contract
	}
	return s
}

func (n *StandIn) states() []serviceState {
	var all []serviceState
	for _, d := range n.services {
		all = append(all, n.state(d))
	}
	return all
}

func (n *StandIn) giveServices(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, n.states())
}

func (n *StandIn) giveService(w http.ResponseWriter, r *http.Request) {
	if d := n.service(r.PathValue("dienst")); d != nil {
		writeJSON(w, http.StatusOK, n.state(d))
		return
	}
	http.NotFound(w, r)
}

// setService turns a switch: {"gedrag": "traag"}.
func (n *StandIn) setService(w http.ResponseWriter, r *http.Request) {
	d := n.service(r.PathValue("dienst"))
	if d == nil {
		http.NotFound(w, r)
		return
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		http.Error(w, "stuur application/json", http.StatusUnsupportedMediaType)
		return
	}
	var wanted struct {
		Behaviour string `json:"gedrag"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	b, known := Normal, false
	if err := decoder.Decode(&wanted); err == nil {
		b, known = behaviourOf(wanted.Behaviour)
	}
	if !known {
		http.Error(w, "gedrag is een van: "+strings.Join(behaviourNames(), ", "), http.StatusBadRequest)
		return
	}
	n.Set(d.name, b)
	writeJSON(w, http.StatusOK, n.state(d))
}

// setByForm turns a switch from the page.
func (n *StandIn) setByForm(w http.ResponseWriter, r *http.Request) {
	b, known := behaviourOf(r.PostFormValue("gedrag"))
	d := n.service(r.PostFormValue("dienst"))
	if !known || d == nil {
		http.Error(w, "deze dienst of dit gedrag bestaat niet", http.StatusBadRequest)
		return
	}
	n.Set(d.name, b)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// callList are the last calls to some of the services.
type callList struct {
	ID, Heading string
	Calls       []Call
}

// calls tells the calls to the sources apart from those to the own service,
// of which every page makes many.
func (n *StandIn) calls() []callList {
	sources, own := callList{ID: "bronnen", Heading: "Laatste aanroepen van bronnen"}, callList{ID: "eigen", Heading: "Laatste aanroepen van de eigen diensten"}
	for _, a := range n.Recent() {
		part := &sources
		if a.Service == n.layer2 {
			part = &own
		}
		part.Calls = append(part.Calls, a)
	}
	return []callList{sources, own}
}

// showPage tells a person what this is, what came by, and lets him turn the
// switches.
func (n *StandIn) showPage(w http.ResponseWriter, _ *http.Request) {
	type choice struct{ Name, Help string }
	data := struct {
		FirstLine  string
		Style      template.CSS
		Group      string
		Services   []serviceState
		Behaviours []choice
		Calls      []callList
	}{FirstLine: firstLine, Style: template.CSS(pageCSS), Group: n.group, Services: n.states(), Calls: n.calls()} // #nosec G203 -- Our own file.
	for i := range behaviours {
		data.Behaviours = append(data.Behaviours, choice{behaviours[i].name, behaviours[i].help})
	}
	var page bytes.Buffer
	if err := pageTemplate.Execute(&page, data); err != nil {
		n.log.Error("de pagina van de nabootsing lukt niet", "fout", err)
		http.Error(w, firstLine, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	_, _ = page.WriteTo(w)
}
