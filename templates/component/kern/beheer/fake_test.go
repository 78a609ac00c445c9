package main

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/openfsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// group is a group of peers with Managers and Controllers that behave as those
// of OpenFSC 2 do where this program meets them: they let in only who shows a
// certificate of the peer's internal CA, judge a contract, make the hashes,
// and a contract is valid once every peer on it has accepted. It proves
// nothing about OpenFSC itself.
type group struct {
	t         *testing.T
	mu        sync.Mutex
	peers     map[string]*peer
	contracts []*agreed
	lost      bool // signatures do not arrive until they are sent again
	strict    bool // a proposal is no acceptance
}

// peer is one organisation with its view on the contracts.
type peer struct {
	oin, folder         string
	manager, controller *httptest.Server
	outways, inways     []map[string]any
	services            []openfsc.OfferedService
	posts               int
}

// agreed is a contract; a signature is seen by the peers in its list.
type agreed struct {
	hash    string
	content openfsc.Content
	accept  map[string]map[string]bool // by whom, seen by whom
	reject  bool
}

const directoryOIN = "00000099000000005000"

func newGroup(t *testing.T, oins ...string) *group {
	g := &group{t: t, peers: map[string]*peer{}}
	for _, oin := range oins {
		p := &peer{oin: oin, folder: t.TempDir()}
		ca, err := pki.NewAuthority("intern "+oin, time.Hour)
		g.must(err)
		server, err := ca.Issue(pki.Request{Name: "manager", OIN: oin, Hosts: []string{"localhost", "127.0.0.1"}}, nil)
		g.must(err)
		client, err := ca.Issue(pki.Request{Name: "beheer", OIN: oin}, nil)
		g.must(err)
		internal := filepath.Join(p.folder, ".data", "pki", "intern")
		g.must(pki.Write(filepath.Join(internal, "beheer.pem"), filepath.Join(internal, "beheer.key"), client))
		g.must(pki.WriteCertificate(filepath.Join(internal, "ca.pem"), ca.Certificate.Raw))
		serve := func(h http.Handler) *httptest.Server {
			s := httptest.NewUnstartedServer(h)
			s.TLS = &tls.Config{Certificates: []tls.Certificate{server}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.Pool(), MinVersion: tls.VersionTLS12}
			s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are part of the tests
			s.StartTLS()
			t.Cleanup(s.Close)
			return s
		}
		p.manager, p.controller = serve(g.managerOf(p)), serve(g.controllerOf(p))
		g.peers[oin] = p
	}
	return g
}

func (g *group) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

// component writes fsc.yaml and the contract files of a peer; change edits fsc.yaml.
func (g *group) component(oin, service string, change ...string) {
	p := g.peers[oin]
	text := strings.NewReplacer(append(change,
		"OIN", oin, "DIENST", service, "MANAGER", p.manager.URL, "CONTROLLER", p.controller.URL)...).Replace(fscYAML)
	folder := filepath.Join(p.folder, "deploy", "openfsc")
	g.must(os.MkdirAll(filepath.Join(folder, "contracten"), 0o755))
	g.must(os.MkdirAll(filepath.Join(p.folder, "3-integratie"), 0o755))
	g.must(os.WriteFile(filepath.Join(p.folder, "3-integratie", "fsc.yaml"), []byte(text), 0o600))
	g.must(os.WriteFile(filepath.Join(folder, "contracten", "publicatie.json"), []byte(strings.ReplaceAll(publicationContract, "DIENST", "eigen-"+oin)), 0o600))
	for name, service := range map[string]string{"verbinding": service, "eigen": "eigen-" + oin} {
		g.must(os.WriteFile(filepath.Join(folder, "contracten", name+".json"), []byte(strings.ReplaceAll(connectionContract, "DIENST", service)), 0o600))
	}
}

// managerOf is the internal API of a Manager.
func (g *group) managerOf(p *peer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/contracts", func(w http.ResponseWriter, r *http.Request) { g.propose(p, w, r) })
	mux.HandleFunc("GET /v1/contracts", func(w http.ResponseWriter, r *http.Request) {
		g.page(p, w, r, "contracts", func(c *agreed) bool {
			want, service := r.FormValue("grant_type"), r.FormValue("service_name")
			return slices.ContainsFunc(c.content.Grants, func(x openfsc.GrantContent) bool {
				return (want == "" || x.Type == want) && (service == "" || x.Service.Name == service)
			})
		})
	})
	mux.HandleFunc("GET /v1/contracts/pending", func(w http.ResponseWriter, r *http.Request) {
		g.page(p, w, r, "pending_contracts", func(c *agreed) bool { return len(c.accept[p.oin]) == 0 })
	})
	mux.HandleFunc("PUT /v1/contracts/{hash}/accept", func(w http.ResponseWriter, r *http.Request) {
		g.with(p, w, r, func(c *agreed) { g.sign(c, p.oin) })
	})
	mux.HandleFunc("POST /v1/contracts/{hash}/distributions/{peer}/DISTRIBUTION_ACTION_SUBMIT_ACCEPT_SIGNATURE/retry", func(w http.ResponseWriter, r *http.Request) {
		g.with(p, w, r, func(c *agreed) { c.accept[p.oin][r.PathValue("peer")] = true })
	})
	mux.HandleFunc("GET /v1/peers/{directory}/services", func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		var names []map[string]string
		for _, c := range g.contracts {
			if x := c.content.Grants[0]; x.Type == openfsc.Publication && g.state(c, p.oin) == "CONTRACT_STATE_VALID" && x.Service.PeerID == r.FormValue("peer_id") {
				names = append(names, map[string]string{"name": x.Service.Name})
			}
		}
		g.answer(w, 200, map[string]any{"services": names})
	})
	return mux
}

// propose judges a contract as OpenFSC does and signs it for the peer.
func (g *group) propose(p *peer, w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p.posts++
	var body struct {
		Content openfsc.Content `json:"contract_content"`
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields() // grants are flat here: a data object is a mistake
	if err := d.Decode(&body); err != nil {
		g.answer(w, 400, map[string]string{"message": err.Error()})
		return
	}
	c := body.Content
	refuse := func(status int, message string) { g.answer(w, status, map[string]string{"message": message}) }
	switch now := time.Now().Unix(); {
	case c.GroupID != "proefgroep":
		refuse(422, "ERROR_CODE_INCORRECT_GROUP_ID")
		return
	case len(c.IV) != 36 || c.HashAlgorithm != "HASH_ALGORITHM_SHA3_512" || len(c.Grants) == 0:
		refuse(400, "invalid contract content")
		return
	case c.CreatedAt > now-30 || c.Validity.NotBefore > now || c.Validity.NotAfter <= now:
		refuse(400, "created_at or validity lies in the future")
		return
	}
	for i := range c.Grants {
		x := &c.Grants[i]
		kind := "2"
		if x.Type == openfsc.Connection {
			kind = "3"
			if x.Service.Type != "SERVICE_TYPE_SERVICE" {
				refuse(500, "invalid service type")
				return
			}
			if x.Outway.PeerID != p.oin || len(x.Outway.Identification.PublicKeyThumbprint) != 64 {
				refuse(400, "invalid outway")
				return
			}
		} else if x.Service.Protocol == "" || x.Directory.PeerID == "" {
			refuse(400, "invalid publication")
			return
		}
		x.Hash = "$1$" + kind + "$" + random()
	}
	made := &agreed{hash: "$1$1$" + random(), content: c, accept: map[string]map[string]bool{}}
	g.contracts = append(g.contracts, made)
	if !g.strict {
		g.sign(made, p.oin)
	}
	if c.Grants[0].Directory.PeerID == directoryOIN {
		g.sign(made, directoryOIN) // the directory signs publications by itself
	}
	g.answer(w, 201, map[string]string{"content_hash": made.hash})
}

func random() string {
	raw := make([]byte, 64)
	_, _ = rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// sign adds a signature and sends it to the others, unless it gets lost.
func (g *group) sign(c *agreed, oin string) {
	seen := map[string]bool{oin: true}
	for _, other := range g.on(c) {
		seen[other] = seen[other] || !g.lost
	}
	c.accept[oin] = seen
}

// on lists the peers on a contract.
func (g *group) on(c *agreed) []string {
	var all []string
	for _, x := range c.content.Grants {
		for _, oin := range []string{x.Outway.PeerID, x.Service.PeerID, x.Directory.PeerID} {
			if oin != "" && !slices.Contains(all, oin) {
				all = append(all, oin)
			}
		}
	}
	return all
}

func (g *group) state(c *agreed, viewer string) string {
	if c.reject {
		return "CONTRACT_STATE_REJECTED"
	}
	for _, oin := range g.on(c) {
		if !c.accept[oin][viewer] {
			return "CONTRACT_STATE_PROPOSED"
		}
	}
	return "CONTRACT_STATE_VALID"
}

// page answers two contracts at a time; the cursor is always set.
func (g *group) page(p *peer, w http.ResponseWriter, r *http.Request, field string, keep func(*agreed) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := []map[string]any{}
	skip := 0
	_, _ = fmt.Sscan(r.FormValue("cursor"), &skip)
	at := 0
	for _, c := range g.contracts {
		if !slices.Contains(g.on(c), p.oin) || !keep(c) {
			continue
		}
		if at++; at <= skip || len(list) == 2 {
			continue
		}
		one := map[string]any{"hash": c.hash, "state": g.state(c, p.oin), "content": c.content, "has_rejected": c.reject, "has_revoked": false}
		if field == "pending_contracts" {
			one = map[string]any{"hash": c.hash}
		}
		list = append(list, one)
	}
	g.answer(w, 200, map[string]any{field: list, "pagination": map[string]string{"next_cursor": fmt.Sprint(skip + len(list))}})
}

func (g *group) with(p *peer, w http.ResponseWriter, r *http.Request, do func(*agreed)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range g.contracts {
		if c.hash == r.PathValue("hash") && slices.Contains(g.on(c), p.oin) {
			do(c)
			w.WriteHeader(204)
			return
		}
	}
	g.answer(w, 404, map[string]string{"message": "contract not found"})
}

// controllerOf is the administration API of a Controller.
func (g *group) controllerOf(p *peer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/outways", func(w http.ResponseWriter, _ *http.Request) { g.answer(w, 200, map[string]any{"outways": p.outways}) })
	mux.HandleFunc("GET /v1/inways", func(w http.ResponseWriter, _ *http.Request) { g.answer(w, 200, map[string]any{"inways": p.inways}) })
	mux.HandleFunc("GET /v1/services", func(w http.ResponseWriter, _ *http.Request) { g.answer(w, 200, map[string]any{"services": p.services}) })
	mux.HandleFunc("POST /v1/services", func(w http.ResponseWriter, r *http.Request) {
		var s openfsc.OfferedService
		raw, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(raw, &s); err != nil || s.EndpointURL == "" || slices.Contains(p.services, s) {
			g.answer(w, 400, map[string]string{"message": "invalid service"})
			return
		}
		p.services = append(p.services, s)
		w.WriteHeader(201)
	})
	return mux
}

func (g *group) answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

const fscYAML = `
versies: {core: "2.0.0", charts: "2.4.0", images: v2.5.2}
groep: proefgroep
directory: {oin: "00000099000000005000", manager: "https://directory.proef.test:443"}
eigen: {oin: "OIN", naam: Proef}
namen: {outway: proef-outway, inway: proef-inway}
adressen:
  inway: https://inway.proef.test:443
  manager: MANAGER
  managerVoorInway: https://manager.proef.test:9444
  controller: https://controller.proef.test:9443
  controllerBeheer: CONTROLLER
  transactielog: https://txlog.proef.test:9443
  outway: http://outway.proef.test
contractdagen: 30
aangeboden: [{naam: eigen-OIN, adres: "http://diensten:8083", contract: deploy/openfsc/contracten/publicatie.json}]
afgenomen:
  - {naam: eigen-OIN, aanbieder: {oin: "OIN", naam: Zelf}, grant: FSC_GRANT_HASH_EIGEN, contract: deploy/openfsc/contracten/eigen.json}
  - {naam: DIENST, aanbieder: {oin: "00000099000000002000", naam: Aanbieder}, grant: FSC_GRANT_HASH_BRON, contract: deploy/openfsc/contracten/verbinding.json}
`

const publicationContract = `{"contract_content": {"iv": "<iv>", "group_id": "<groep>", "validity": {"not_before": "<not_before>", "not_after": "<not_after>"},
 "hash_algorithm": "HASH_ALGORITHM_SHA3_512", "created_at": "<created_at>", "grants": [{"type": "GRANT_TYPE_SERVICE_PUBLICATION",
 "directory": {"peer_id": "<directory.oin>"}, "service": {"peer_id": "<eigen.oin>", "name": "DIENST", "protocol": "PROTOCOL_TCP_HTTP_1.1"}}]}}`

const connectionContract = `{"contract_content": {"iv": "<iv>", "group_id": "<groep>", "validity": {"not_before": "<not_before>", "not_after": "<not_after>"},
 "hash_algorithm": "HASH_ALGORITHM_SHA3_512", "created_at": "<created_at>", "grants": [{"type": "GRANT_TYPE_SERVICE_CONNECTION",
 "outway": {"peer_id": "<eigen.oin>", "identification": {"type": "OUTWAY_IDENTIFICATION_TYPE_PUBLIC_KEY_THUMBPRINT", "public_key_thumbprint": "<outway.public_key_thumbprint>"}},
 "service": {"type": "SERVICE_TYPE_SERVICE", "peer_id": "<aanbieder.oin>", "name": "DIENST"}}]}}`
