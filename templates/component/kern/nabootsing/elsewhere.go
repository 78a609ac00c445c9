package nabootsing

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// Settings with which the outway uses somebody else's manager and inway.
const (
	envTokenURL    = "NABOOTSING_TOKEN_URL_" // #nosec G101 -- The name of a setting; + the name of the service.
	envCA          = "NABOOTSING_CA"
	envCertificate = "NABOOTSING_CERTIFICAAT"
	envKey         = "NABOOTSING_SLEUTEL"
)

// elsewhere is a group outside this program: its services and our certificate
// there.
type elsewhere struct {
	tokenURLs map[string]string // per service
	transport *http.Transport
}

func (e elsewhere) has(s fsc.Service) bool { return e.tokenURLs[s.Name] != "" }

// elsewhere reads the settings. The certificate must be that of our own peer.
func (n *StandIn) elsewhere(o Options) (elsewhere, error) {
	e := elsewhere{tokenURLs: map[string]string{}}
	for _, s := range o.FSC.Consumed {
		address := o.Env(tokenURLEnv(s.Name))
		if address == "" {
			continue
		}
		if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" {
			return e, fmt.Errorf("%s is geen adres als https://manager.aanbieder.nl:8443/v1/token", tokenURLEnv(s.Name))
		}
		e.tokenURLs[s.Name] = address
	}
	if len(e.tokenURLs) == 0 {
		return e, nil
	}
	for _, name := range []string{envCA, envCertificate, envKey} {
		if o.Env(name) == "" {
			return e, fmt.Errorf("%s ontbreekt: de outway heeft het bestand nodig voor een echte aanbieder (%s…)", name, envTokenURL)
		}
	}
	group, err := pki.ReadPool(o.Env(envCA))
	if err != nil {
		return e, fmt.Errorf("%s: %w", envCA, err)
	}
	own, err := pki.Read(o.Env(envCertificate), o.Env(envKey))
	if err != nil {
		return e, err
	}
	if o.FSC.Group == "" || o.FSC.Own.OIN == "" {
		return e, fmt.Errorf("vul groep en eigen.oin in 3-integratie/fsc.yaml in: een echte aanbieder kent het component daaraan")
	}
	if pki.PeerID(own.Leaf) != o.FSC.Own.OIN {
		return e, fmt.Errorf("%s is van OIN %q, en eigen.oin in 3-integratie/fsc.yaml is %q", envCertificate, pki.PeerID(own.Leaf), o.FSC.Own.OIN)
	}
	n.log.Info("de outway heeft een certificaat voor echte aanbieders", "thumbprint", pki.PublicKeyThumbprint(own.Leaf))
	e.transport = n.newTransport(own, group)
	return e, nil
}

// aim aims a service at its own manager, outside this program.
func (e elsewhere) aim(d *service, s fsc.Service, o Options) error {
	if s.Provider.OIN == "" {
		return fmt.Errorf("vul de OIN van de aanbieder van %s in 3-integratie/fsc.yaml in", s.Name)
	}
	if o.Env(s.Grant) == "" {
		return fmt.Errorf("%s ontbreekt: %s is gezet, dus de grant hash komt uit een echt contract", s.Grant, tokenURLEnv(s.Name))
	}
	d.tokenURL, d.transport = e.tokenURLs[s.Name], e.transport
	return nil
}

// tokenURLEnv is the name of the setting with the token endpoint of the manager
// that offers a service.
func tokenURLEnv(service string) string {
	return envTokenURL + strings.Map(func(r rune) rune {
		if r == '-' || r == '.' {
			return '_'
		}
		return r
	}, strings.ToUpper(service))
}
