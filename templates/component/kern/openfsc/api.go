package openfsc

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// Access is the internal certificate with which the APIs of Manager and
// Controller let somebody in: files in PEM. It is not the certificate of the
// group.
type Access struct{ Certificate, Key, CA string }

// Client makes an HTTP client that shows the internal certificate and trusts
// only the internal CA. The error says which file is missing.
func (a Access) Client() (*http.Client, error) {
	pair, err := pki.Read(a.Certificate, a.Key)
	if err != nil {
		return nil, fmt.Errorf("het interne certificaat is niet te lezen: %w. Vraag het aan wie de FSC-manager beheert en geef het op met --certificaat en --sleutel (of FSC_BEHEER_CERT en FSC_BEHEER_KEY)", err)
	}
	pool, err := pki.ReadPool(a.CA)
	if err != nil {
		return nil, fmt.Errorf("de interne CA is niet te lezen: %w. Geef haar op met --ca (of FSC_BEHEER_CA)", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, RootCAs: pool}
	transport.Proxy = nil // inside the own network
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}, nil
}

// API speaks with the internal APIs of one peer.
type API struct {
	HTTP       *http.Client
	Manager    string // https://host:9443
	Controller string // https://host:9444, the administration
}

// Contract is a contract as the Manager lists it.
type Contract struct {
	Hash        string `json:"hash"`
	ContentHash string `json:"content_hash"`
	State       string `json:"state"`
	HasRejected bool   `json:"has_rejected"`
	HasRevoked  bool   `json:"has_revoked"`
	Signatures  struct {
		Accept map[string]json.RawMessage `json:"accept"`
		Reject map[string]json.RawMessage `json:"reject"`
		Revoke map[string]json.RawMessage `json:"revoke"`
	} `json:"signatures"`
	Content Content `json:"content"`
}

// valid is the state of a contract that every peer on it has accepted.
const valid = "CONTRACT_STATE_VALID"

// ID is the hash of the contract: what accepts and distributions name, and
// never what an outway takes.
func (c Contract) ID() string {
	if c.Hash != "" {
		return c.Hash
	}
	return c.ContentHash
}

// dead says whether somebody has turned the contract down or taken it back.
func (c Contract) dead() bool {
	return c.HasRejected || c.HasRevoked || len(c.Signatures.Reject) > 0 || len(c.Signatures.Revoke) > 0 ||
		strings.HasSuffix(c.State, "_REJECTED") || strings.HasSuffix(c.State, "_REVOKED") || strings.HasSuffix(c.State, "_EXPIRED")
}

// Contracts lists the contracts with a grant of this type on this service; ""
// leaves a condition out.
func (a API) Contracts(ctx context.Context, grantType, service string) ([]Contract, error) {
	query := url.Values{"limit": {"100"}}
	if grantType != "" {
		query.Set("grant_type", grantType)
	}
	if service != "" {
		query.Set("service_name", service)
	}
	return a.list(ctx, "/v1/contracts", query, "contracts")
}

// Pending lists the hashes of the contracts that wait for our signature.
func (a API) Pending(ctx context.Context) (map[string]bool, error) {
	list, err := a.list(ctx, "/v1/contracts/pending", url.Values{}, "pending_contracts")
	waiting := map[string]bool{}
	for _, c := range list {
		waiting[c.ID()] = true
	}
	return waiting, err
}

// list reads all pages of a list of contracts.
func (a API) list(ctx context.Context, path string, query url.Values, field string) ([]Contract, error) {
	var all []Contract
	for seen := map[string]bool{}; ; {
		page := map[string]json.RawMessage{}
		if err := a.manager(ctx, http.MethodGet, path+"?"+query.Encode(), nil, &page); err != nil {
			return nil, err
		}
		var contracts []Contract
		var pagination struct {
			NextCursor string `json:"next_cursor"`
		}
		if err := json.Unmarshal(page[field], &contracts); err != nil {
			return nil, fmt.Errorf("%s geeft geen lijst %s; is dit de interne API van de manager (poort 9443)?", a.Manager, field)
		}
		if raw := page["pagination"]; raw != nil {
			if err := json.Unmarshal(raw, &pagination); err != nil {
				return nil, fmt.Errorf("de manager geeft een paginering die niet te lezen is: %w", err)
			}
		}
		all = append(all, contracts...)
		// The cursor is always set: an empty page or one that was seen is the end.
		cursor := pagination.NextCursor
		if cursor == "" || seen[cursor] || len(contracts) == 0 {
			return all, nil
		}
		seen[cursor] = true
		query.Set("cursor", cursor)
	}
}

// Propose sends a contract; the Manager signs it for us and spreads it. It
// gives the hash of the contract.
func (a API) Propose(ctx context.Context, body []byte) (string, error) {
	var made struct {
		ContentHash string `json:"content_hash"`
	}
	if err := a.manager(ctx, http.MethodPost, "/v1/contracts", body, &made); err != nil {
		return "", err
	}
	if made.ContentHash == "" {
		return "", errors.New("de manager nam het contract aan zonder content_hash terug te geven; is dit OpenFSC 2?")
	}
	return made.ContentHash, nil
}

// Accept signs a contract for us.
func (a API) Accept(ctx context.Context, hash string) error {
	return a.manager(ctx, http.MethodPut, "/v1/contracts/"+url.PathEscape(hash)+"/accept", nil, nil)
}

// Resend sends our signature to a peer again. The Manager does not do so by
// itself when it got lost (OpenFSC).
func (a API) Resend(ctx context.Context, hash, peer string) error {
	return a.manager(ctx, http.MethodPost, "/v1/contracts/"+url.PathEscape(hash)+"/distributions/"+url.PathEscape(peer)+
		"/DISTRIBUTION_ACTION_SUBMIT_ACCEPT_SIGNATURE/retry", nil, nil)
}

// Published lists the names of the services that a peer has in the directory.
func (a API) Published(ctx context.Context, directory, peer string) ([]byte, error) {
	var raw json.RawMessage
	err := a.manager(ctx, http.MethodGet, "/v1/peers/"+url.PathEscape(directory)+"/services?peer_id="+url.QueryEscape(peer), nil, &raw)
	return raw, err
}

// Registered is an outway or inway that reported to the controller.
type Registered struct {
	Name                string `json:"name"`
	Address             string `json:"address"`
	PublicKeyThumbprint string `json:"public_key_thumbprint"`
}

// Outways lists the outways that reported, with the thumbprint of their key.
func (a API) Outways(ctx context.Context) ([]Registered, error) {
	var page struct {
		Outways []Registered `json:"outways"`
	}
	return page.Outways, a.controller(ctx, http.MethodGet, "/v1/outways", nil, &page)
}

// Inways lists the inways that reported.
func (a API) Inways(ctx context.Context) ([]Registered, error) {
	var page struct {
		Inways []Registered `json:"inways"`
	}
	return page.Inways, a.controller(ctx, http.MethodGet, "/v1/inways", nil, &page)
}

// OfferedService is a service in the controller.
type OfferedService struct {
	Name         string `json:"name"`
	EndpointURL  string `json:"endpoint_url"`
	InwayAddress string `json:"inway_address"`
}

// Services lists the services that the inways offer.
func (a API) Services(ctx context.Context) ([]OfferedService, error) {
	var page struct {
		Services []OfferedService `json:"services"`
	}
	return page.Services, a.controller(ctx, http.MethodGet, "/v1/services", nil, &page)
}

// NewService tells the controller of a service.
func (a API) NewService(ctx context.Context, s OfferedService) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return a.controller(ctx, http.MethodPost, "/v1/services", body, nil)
}

func (a API) manager(ctx context.Context, method, path string, body []byte, out any) error {
	if a.Manager == "" {
		return errors.New("het adres van de manager is niet bekend: vul adressen.manager in 3-integratie/fsc.yaml in (poort 9443); uw FSC-beheerder weet het")
	}
	return a.do(ctx, "de manager", method, a.Manager+path, body, out)
}

func (a API) controller(ctx context.Context, method, path string, body []byte, out any) error {
	if a.Controller == "" {
		return errors.New("het adres van de controller is niet bekend: vul adressen.controllerBeheer in 3-integratie/fsc.yaml in (poort 9444); uw FSC-beheerder weet het")
	}
	return a.do(ctx, "de controller", method, a.Controller+path, body, out)
}

// largest is how much of an answer is read.
const largest = 16 << 20

func (a API) do(ctx context.Context, who, method, address string, body []byte, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := a.HTTP.Do(req)
	if err != nil {
		return fmt.Errorf("%s is niet bereikt: %w%s", who, err, advice(err))
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, largest))
	if err != nil {
		return fmt.Errorf("het antwoord van %s brak af: %w", who, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return refusal(who, req, resp, raw)
	}
	if out == nil || len(raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("%s antwoordt geen JSON zoals OpenFSC 2 dat doet: %w", who, err)
	}
	return nil
}

// refusal is what Manager or Controller said, with the likely cause.
func refusal(who string, req *http.Request, resp *http.Response, raw []byte) error {
	said := printable(raw)
	hint := ""
	switch {
	case resp.StatusCode == http.StatusNotFound && strings.HasSuffix(req.URL.Path, "/contracts"):
		hint = " Op dit adres is geen interne API van de manager: poort 9443 is de goede, 9444 is voor de inway en 443 of 8443 voor andere peers."
	case resp.StatusCode == http.StatusNotFound && req.Method == http.MethodGet:
		hint = " Op dit adres is geen beheer van de controller: poort 9444 is de goede, op 9443 melden inway en outway zich."
	case strings.Contains(said, "invalid service type"):
		hint = " In het contract ontbreekt service.type."
	case strings.Contains(said, "created_at"):
		hint = " Loopt de klok van deze computer gelijk met die van de manager?"
	}
	return fmt.Errorf("%s weigert %s %s met status %d: %s.%s", who, req.Method, req.URL.Path, resp.StatusCode, said, hint)
}

// advice names the next step after a connection that failed.
func advice(err error) string {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var dns *net.DNSError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown):
		return ". Het certificaat van de andere kant komt van een andere CA: hier hoort de interne CA (--ca), niet die van de groep"
	case errors.As(err, &host):
		return ". De naam in het adres staat niet in het certificaat: gebruik een naam die erin staat"
	case errors.As(err, &dns):
		return ". De naam bestaat hier niet: draai dit binnen het netwerk van de manager, of vraag de netwerkbeheerder om de naam in DNS"
	case errors.As(err, &record) || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return ". Daar luistert iets zonder TLS: is het een proxy, of de poort voor monitoring?"
	case strings.Contains(err.Error(), "certificate required") || strings.Contains(err.Error(), "bad certificate") || strings.Contains(err.Error(), "unknown certificate authority"):
		return ". De andere kant neemt dit certificaat niet aan: hier hoort een intern certificaat, niet dat van de groep"
	case strings.Contains(err.Error(), "refused"):
		return ". Op die poort luistert niets: 9443 is de manager, 9444 het beheer van de controller"
	}
	return ""
}

// printable is the beginning of an answer, fit for a terminal.
func printable(raw []byte) string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, string(raw[:min(len(raw), 400)]))
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return "zonder uitleg"
	}
	return strings.TrimRight(text, ".")
}
