package start

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// Access is who comes in, and with what the layers show each other who they are.
type Access struct {
	Gate         toegang.Gate
	Certificates *toegang.Certificates // nil: the layers speak HTTP without TLS
	// Visitors says that the limit holds per address of a browser: only when it is
	// known which those are.
	Visitors bool
}

// usualLimit is how many requests a caller makes in a minute of production: a person
// makes ten, and an office has one address.
const usualLimit = 1200

// readAccess reads the settings of who comes in.
func (s *Settings) readAccess(c Component) (faults Faults) {
	faults = append(faults, tokenFaults(s.Token, s.Production)...)
	faults = append(faults, s.readCertificates()...)
	faults = append(faults, s.readLimit()...)
	path := s.Env("AFNEMERS")
	if path == "" || !s.Has(LayerServices) {
		return faults
	}
	operations, err := c.operations()
	if err != nil {
		return append(faults, "AFNEMERS: "+err.Error())
	}
	s.Access.Gate.Afnemers, err = toegang.ReadAfnemers(path, operations, identity.NewTokens(s.Token).Has, s.Log)
	return append(faults, listed(err)...)
}

func (c Component) operations() (toegang.Operations, error) {
	if c.Operations == nil {
		return toegang.Operations{}, nil
	}
	return c.Operations()
}

// listed are the faults in an error of package toegang, each of which begins with its
// setting.
func listed(err error) Faults {
	if faults, ok := errors.AsType[toegang.Faults](err); ok || err == nil {
		return Faults(faults)
	}
	return Faults{err.Error()}
}

// minToken is the length of a token of 24 bytes in base64.
const minToken = 32

// tokenFaults is what is wrong with COMPONENT_TOKEN. In development one that is easy
// to guess does no harm.
func tokenFaults(text string, production bool) (faults Faults) {
	if text == "" {
		return nil
	}
	tokens := strings.Split(text, ",")
	fault := func(format string, args ...any) {
		faults = append(faults, "COMPONENT_TOKEN "+fmt.Sprintf(format, args...))
	}
	if len(tokens) > 2 {
		fault("heeft %d tokens; het zijn er hoogstens twee, met een komma ertussen: het token dat de lagen sturen, en een dat zij ook aannemen", len(tokens))
	}
	for i, token := range tokens {
		which := ""
		if len(tokens) > 1 {
			which = fmt.Sprintf(" (token %d)", i+1)
		}
		switch {
		case token == "":
			fault("heeft een komma zonder token ervoor of erna%s", which)
			continue
		case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
			fault("bevat een spatie of een teken dat niet in een header kan%s", which)
		}
		if production && len(token) < minToken {
			fault("is te raden%s: neem minstens %d willekeurige tekens (openssl rand -base64 32)", which, minToken)
		}
		for _, earlier := range tokens[:i] {
			if earlier == token {
				fault("heeft twee keer hetzelfde token; bij het wisselen staat het oude naast het nieuwe")
			}
		}
	}
	return faults
}

// secured says whether the layers speak TLS.
func (s Settings) secured() bool { return s.Env != nil && s.Env("TLS_CERT") != "" }

// scheme is how a layer is spoken to. What stands in for the outway has certificates
// of its own behind it, and none before it.
func (s Settings) scheme(layer string) string {
	if s.secured() && layer != LayerIntegration {
		return "https://"
	}
	return "http://"
}

func (s *Settings) readCertificates() (faults Faults) {
	paths := toegang.Paths{Certificate: s.Env("TLS_CERT"), Key: s.Env("TLS_KEY"), CA: s.Env("TLS_CA")}
	switch {
	case paths == toegang.Paths{}:
		return nil
	case paths.Certificate == "" || paths.Key == "":
		return Faults{"TLS_CERT en TLS_KEY horen bij elkaar: zet beide, ook als TLS_CA gezet is, of geen"}
	}
	if s.Has(LayerInteraction) && strings.HasPrefix(s.ProcessURL, "http://") {
		faults = append(faults, "PROCES_URL begint met http://, terwijl TLS_CERT gezet is: de laag proces antwoordt dan alleen op https://")
	}
	certificates, err := toegang.ReadCertificates(paths, s.Log)
	if err != nil {
		return append(faults, listed(err)...)
	}
	s.Access.Certificates = certificates
	return faults
}

func (s *Settings) readLimit() (faults Faults) {
	most := 0
	if s.Production {
		most = usualLimit
	}
	if given := s.Env("VERZOEKEN_PER_MINUUT"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 0 || n > 1_000_000 {
			return Faults{fmt.Sprintf("VERZOEKEN_PER_MINUUT is %q; kies een getal van 1 tot en met 1000000, of 0 voor geen grens", given)}
		}
		most, s.Access.Visitors = n, true
	}
	proxies := s.Env("PROXIES")
	if proxies != "" {
		var err error
		if s.Access.Gate.Proxies, err = toegang.ReadProxies(proxies); err != nil {
			faults = append(faults, "PROXIES: "+err.Error())
		}
		s.Access.Visitors = true
	}
	s.Access.Gate.Limit = toegang.NewLimit(most)
	if s.Production && s.Has(LayerInteraction) && proxies == "" && most > 0 {
		text := "zonder PROXIES is niet bekend van wie een verzoek komt; er geldt geen grens aan het aantal verzoeken per bezoeker"
		if s.Access.Visitors {
			text = "zonder PROXIES is niet bekend van wie een verzoek komt; de grens van VERZOEKEN_PER_MINUUT geldt nu voor alle bezoekers achter één ingress samen"
		}
		s.Log.Warn(text)
	}
	return faults
}

// wait is how long a visitor of the pages has to wait; nil when they may ask as much
// as they like.
func (s Settings) wait() func(*http.Request) time.Duration {
	gate := s.Access.Gate
	if gate.Limit == nil || !s.Access.Visitors {
		return nil
	}
	return func(r *http.Request) time.Duration { return gate.Limit.OfSender(gate.Proxies.Sender(r)) }
}

// toLayer is the way to another layer, of which the address is in a setting unless it
// is in this process; nil is the usual one.
func (s Settings) toLayer(setting string) *http.Transport {
	if s.Access.Certificates == nil {
		return nil
	}
	return s.Access.Certificates.Transport(s.Env(setting) == "")
}

// plainWay is the way to a layer without certificates: the usual one, but for that it
// keeps two connections to an address, and makes one for nearly each call when more
// than two people are busy.
func plainWay() http.RoundTripper {
	usual, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // somebody put something else there
		return http.DefaultTransport
	}
	own := usual.Clone()
	own.MaxIdleConnsPerHost = 32
	return own
}

// listenTLS says how a layer answers: proces and diensten take only who shows a
// certificate, interactie is for browsers. It is nil for a layer without TLS.
func (s Settings) listenTLS(layer string) *tls.Config {
	if s.Access.Certificates == nil || layer == LayerIntegration {
		return nil
	}
	return s.Access.Certificates.Server(layer != LayerInteraction)
}

// healthClient asks layers of this very machine how they are.
func (s Settings) healthClient() *http.Client {
	client := &http.Client{Timeout: 3 * time.Second}
	if s.Access.Certificates != nil {
		client.Transport = s.Access.Certificates.Transport(true)
	}
	return client
}

// healthURL is where a layer of this machine says how it is.
func (s Settings) healthURL(srv server) string {
	host := s.Host
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	return s.scheme(srv.name) + net.JoinHostPort(host, strconv.Itoa(s.Port+srv.offset)) + "/healthz/ready"
}

// env are the settings of a command, which lets nobody in: a planned job has no use for
// the files of who may, and need not have them.
func (c Command) env(env func(string) string) func(string) string {
	return func(name string) string {
		if strings.HasPrefix(name, "TLS_") || name == "AFNEMERS" && c.Name != "afnemer" {
			return ""
		}
		return env(name)
	}
}
