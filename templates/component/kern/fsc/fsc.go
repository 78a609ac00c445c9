// Package fsc knows what fsc.yaml says, the one place with peers and services,
// and the few facts of FSC that the client and the stand-in share.
package fsc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"

	"go.yaml.in/yaml/v3"
)

// File is what fsc.yaml says. A text that nobody knows yet is "".
type File struct {
	Versions     Versions  `yaml:"versies"`
	Group        string    `yaml:"groep"`
	Directory    Directory `yaml:"directory"`
	Own          Peer      `yaml:"eigen"`
	Names        Names     `yaml:"namen"`
	Addresses    Addresses `yaml:"adressen"`
	ContractDays int       `yaml:"contractdagen"` // how long a contract is valid that we propose
	Offered      []Offer   `yaml:"aangeboden"`
	Consumed     []Service `yaml:"afgenomen"`
}

// Versions are what the files in this folder are written for. Peers on FSC Core
// 1 and 2 cannot make contracts with each other.
type Versions struct {
	Core   string `yaml:"core"`   // of FSC Core
	Charts string `yaml:"charts"` // of the Helm charts of OpenFSC
	Images string `yaml:"images"` // of the images of OpenFSC
}

// Peer is an organisation in the group.
type Peer struct {
	OIN  string `yaml:"oin"`
	Name string `yaml:"naam"`
}

// Directory is the peer that publishes the services of the group.
type Directory struct {
	OIN     string `yaml:"oin"`
	Manager string `yaml:"manager"` // https://host:port, for other peers
}

// Names are how outway and inway report to the controller.
type Names struct {
	Outway string `yaml:"outway"`
	Inway  string `yaml:"inway"`
}

// Addresses says where the parts of our own peer are: https://host:port, and
// for the outway http as well.
type Addresses struct {
	ManagerExternal string `yaml:"managerExtern"`    // for other peers, port 443 or 8443
	Inway           string `yaml:"inway"`            // for other peers, port 443 or 8443
	Manager         string `yaml:"manager"`          // inside, port 9443
	ManagerForInway string `yaml:"managerVoorInway"` // inside, port 9444
	Controller      string `yaml:"controller"`       // where inway and outway report
	ControllerAdmin string `yaml:"controllerBeheer"` // administration
	TransactionLog  string `yaml:"transactielog"`
	Outway          string `yaml:"outway"` // OUTWAY_URL
}

// Offer is a service that we offer.
type Offer struct {
	Name     string `yaml:"naam"`
	Protocol string `yaml:"protocol"`
	Address  string `yaml:"adres"`    // where the inway reaches it
	Contract string `yaml:"contract"` // file of the publication contract
}

// Service is a service that we call.
type Service struct {
	Name     string `yaml:"naam"`
	Provider Peer   `yaml:"aanbieder"`
	Protocol string `yaml:"protocol"`
	Grant    string `yaml:"grant"`    // environment variable with the grant hash
	Contract string `yaml:"contract"` // file of the connection contract
}

// Headers of stand-ins alone: that the answer is made up, and what does find
// something when it is that there is nothing.
const (
	HeaderStandIn = "Nabootsing"
	HeaderHint    = "Nabootsing-Tip"
)

// Headers between a client and the outway (OpenFSC; FSC Logging 1.0).
const (
	HeaderGrant         = "Fsc-Grant-Hash"
	HeaderTransaction   = "Fsc-Transaction-Id"
	HeaderErrorCode     = "Fsc-Error-Code"
	HeaderAuthorization = "Fsc-Authorization" // from the outway to the inway and to the service
)

// Read reads fsc.yaml strictly and names everything that is wrong with it.
// What is "" is not wrong: without it development works, and a contract does
// not (package openfsc says what a contract needs).
func Read(data []byte) (File, error) {
	var f File
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return File{}, fmt.Errorf("3-integratie/fsc.yaml: %w", err)
	}
	if u, err := url.Parse(f.Addresses.Controller); err == nil && u.Hostname() != "" && f.Addresses.ControllerAdmin == "" {
		f.Addresses.ControllerAdmin = "https://" + u.Hostname() + ":9444" // as the chart of OpenFSC has it
	}
	return f, errors.Join(f.faults()...)
}

// Grants gives the grant hash per service from the environment. In development
// a service without one gets the hash of its contract of development.
func (f File) Grants(env func(string) string, production bool) map[string]string {
	grants := map[string]string{}
	for _, s := range f.Consumed {
		grants[s.Name] = env(s.Grant)
		if grants[s.Name] == "" && !production {
			grants[s.Name] = f.developmentGrant(s)
		}
	}
	return grants
}

// UntilSuffix makes of the name of the setting with a grant hash that of the
// setting with the day on which its contract ends. That one may be empty.
const UntilSuffix = "_TOT"

// GrantNames lists the environment variables with grant hashes.
func (f File) GrantNames() []string {
	var names []string
	for _, s := range f.Consumed {
		names = append(names, s.Grant)
	}
	return names
}
