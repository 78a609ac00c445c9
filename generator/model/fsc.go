package model

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// The versions that the files of OpenFSC are written for. FSC Core 2 and 1 do
// not go together, and all peers of a group run one of them. In a component
// they stand in 3-integratie/fsc.yaml, and what repeats them there is held
// against that file.
const (
	fscCore      = "2.0.0"
	fscCharts    = "2.4.0"
	fscImages    = "v2.5.2"
	managerPort  = "9443"
	inwayPort    = "9444" // the same manager without authentication of the client
	adminPort    = "9444" // the administration of the controller
	chartManager = "open-fsc-manager"
)

// fsc derives what is known of the FSC group. Ports that other peers see are
// 443 or 8443 (FSC Core 1.1).
func (b *builder) fsc() {
	a, f := b.a.FSC, &b.c.FSC
	f.Core, f.Charts, f.Images = fscCore, fscCharts, fscImages
	f.OwnPeer, f.Compose = a.OwnPeer, a.Compose
	f.Group = strings.TrimSpace(a.Group)
	if f.Group != "" && !regexGroup.MatchString(f.Group) {
		b.add(problem.GroupForm, "fsc.group", f.Group)
	}
	f.DirectoryOIN = b.oin("fsc.directory.oin", a.Directory.OIN)
	f.DirectoryManager = b.address("fsc.directory.manager", a.Directory.Manager, "443", "8443")
	f.ManagerAddress = b.address("fsc.managerAddress", a.ManagerAddress, "443", "8443")
	f.InwayAddress = b.address("fsc.inwayAddress", a.InwayAddress, "443", "8443")
	f.Manager = b.internal("fsc.manager", a.Manager, inwayPort, managerPort)
	f.ManagerForInway = b.internal("fsc.managerForInway", a.ManagerForInway, managerPort, inwayPort)
	f.Controller = b.internal("fsc.controller", a.Controller, adminPort, managerPort)
	f.ControllerAdmin = b.internal("fsc.controllerAdmin", a.ControllerAdmin, managerPort, adminPort)
	f.TransactionLog = b.address("fsc.transactionLog", a.TransactionLog)
	f.OutwayAddress = b.outway("fsc.outwayAddress", a.OutwayAddress)
	if f.OwnPeer {
		f.ownPeer()
	}
	if f.ControllerAdmin == "" {
		if u, err := url.Parse(f.Controller); err == nil && u.Port() == managerPort {
			f.ControllerAdmin = "https://" + u.Hostname() + ":" + adminPort
		}
	}
}

// ownPeer fills in the addresses that follow from the releases of the charts
// when a component brings its own peer: a release that is called as its chart.
func (f *FSC) ownPeer() {
	f.Manager = or(f.Manager, "https://"+chartManager+"-internal:9443")
	f.ManagerForInway = or(f.ManagerForInway, "https://"+chartManager+"-internal-unauthenticated:9444")
	f.Controller = or(f.Controller, "https://open-fsc-controller:9443")
	f.TransactionLog = or(f.TransactionLog, "https://open-fsc-txlog-api:9443")
}

// InwayHost is the name of the inway for certificates, "" when nobody knows it.
func (f FSC) InwayHost() string { return hostOf(f.InwayAddress) }

// OutwayHost is the name of the outway for certificates, "" when nobody knows it.
func (f FSC) OutwayHost() string { return hostOf(f.OutwayAddress) }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

var (
	regexGroup = regexp.MustCompile(`^[a-zA-Z0-9./_-]{1,100}$`)
	regexHost  = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$`)
)

// address checks an https address with a port and nothing behind it; "" is
// fine. With ports, it has one of those.
func (b *builder) address(key, s string, ports ...string) string {
	s = strings.TrimSuffix(strings.TrimSpace(s), "/")
	if s == "" {
		return ""
	}
	port, ok := portOf(s, "https")
	if !ok || port == "" {
		b.add(problem.AddressForm, key, s)
		return ""
	}
	for _, p := range ports {
		if p == port {
			return s
		}
	}
	if len(ports) > 0 {
		b.add(problem.AddressPort, key, s, ports)
	}
	return s
}

// internal checks an address inside the own network. A manager and a controller
// each listen on two ports for different callers; the port of the other is the
// mistake that everybody makes once.
func (b *builder) internal(key, s, wrong, right string) string {
	s = b.address(key, s)
	if port, _ := portOf(s, "https"); port == wrong {
		b.suggest(strings.TrimSuffix(s, wrong)+right, problem.AddressMixed, key, s, right)
	}
	return s
}

// outway checks the address of an outway: http or https, without a path.
func (b *builder) outway(key, s string) string {
	s = strings.TrimSuffix(strings.TrimSpace(s), "/")
	if s == "" {
		return ""
	}
	if _, ok := portOf(s, "http", "https"); !ok {
		b.add(problem.OutwayForm, key, s)
		return ""
	}
	return s
}

// portOf takes an address apart: a scheme, a host and perhaps a port.
func portOf(s string, schemes ...string) (port string, ok bool) {
	u, err := url.Parse(s)
	if err != nil || !regexHost.MatchString(u.Hostname()) {
		return "", false
	}
	for _, scheme := range schemes {
		if s == scheme+"://"+u.Host {
			n, err := strconv.Atoi(u.Port())
			return u.Port(), u.Port() == "" && !strings.HasSuffix(u.Host, ":") || err == nil && n > 0 && n < 65536
		}
	}
	return "", false
}

// openFSC lists what the people behind FSC still have to say.
func (b *builder) openFSC() {
	f := b.c.FSC
	const file = "3-integratie/fsc.yaml"
	missing := func(value, who, what, where, why string) {
		if value == "" {
			b.open(who, what, file+": "+where, why)
		}
	}
	missing(f.Group, whoDirectory, "Group ID van de FSC-groep", "groep", "Elk contract en elke inway en outway noemt de groep.")
	missing(f.DirectoryOIN, whoDirectory, "OIN van de directory", "directory.oin", "De eigen dienst wordt daar gepubliceerd.")
	missing(f.DirectoryManager, whoDirectory, "Adres van de manager van de directory", "directory.manager", "De eigen manager meldt zich daar; het moet teken voor teken gelijk zijn aan wat de directory zelf gebruikt.")
	missing(f.Manager, whoFSC, "Intern adres van de FSC-manager", "adressen.manager", "De outway haalt daar zijn tokens, en het beheer sluit daar contracten (poort 9443).")
	missing(f.ManagerForInway, whoFSC, "Adres van de FSC-manager voor de inway", "adressen.managerVoorInway", "De inway haalt daar de sleutels waarmee hij tokens controleert (poort 9444).")
	missing(f.Controller, whoFSC, "Adres van de FSC-controller", "adressen.controller", "Outway en inway melden zich daar (poort 9443).")
	missing(f.TransactionLog, whoFSC, "Adres van het transactielog", "adressen.transactielog", "Zonder geschreven regel weigeren outway en inway elke aanroep.")
	missing(f.InwayAddress, whoNetwork, "Naam en poort waarop andere peers de inway bereiken", "adressen.inway", "De naam komt in het certificaat en in DNS; de poort is 443 of 8443.")
	missing(f.OutwayAddress, whoPlatform, "Adres van de outway", "adressen.outway", "De waarde van OUTWAY_URL; de naam komt in het certificaat van de outway.")
	b.open(whoPlatform, "Adres waarop de inway laag 2 bereikt", file+": aangeboden.adres", "De controller moet weten waar de dienst "+b.c.Name.Path+"-diensten draait.")
	b.open(whoFSC, "PKIoverheid-certificaat voor outway en inway", "deploy/openfsc/pki/group.csr.json", "De groep vertrouwt alleen certificaten van haar eigen trust anchor, met het OIN in serialNumber.")
	if f.OwnPeer {
		const values = "deploy/openfsc/controller/values.yaml"
		b.open(whoFSC, "Inloggen op het scherm van de controller", values+": config.authn", "Nu staat er none: wie het scherm bereikt, sluit contracten namens de organisatie. Maak een client bij de eigen inlogvoorziening en zet type op oidc, met discoveryUrl, clientId, redirectUrl en existingSecret. Houd het scherm tot dan dicht (geen ingress).")
		b.open(whoFSC, "CSRF-bescherming van de controller", values+": config.csrfProtection", "Nu staat zij uit: een andere website kan dan handelen in de naam van wie is ingelogd. Zet enabled op true, met 32 willekeurige bytes in het secret dat authKeyExistingSecret noemt.")
	}
}
