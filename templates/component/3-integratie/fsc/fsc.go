// Package fsc knows what fsc.yaml says, the one place with peers and services,
// and the few facts of FSC that the client and the stand-in share.
package fsc

import (
	"bytes"
	"crypto/sha3"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"regexp"

	"go.yaml.in/yaml/v3"
)

// File is what fsc.yaml says.
type File struct {
	Groep      string   `yaml:"groep"`
	Eigen      Peer     `yaml:"eigen"`
	Aangeboden []string `yaml:"aangeboden"`
	Afgenomen  []Dienst `yaml:"afgenomen"`
}

// Peer is an organisation in the group.
type Peer struct {
	OIN  string `yaml:"oin"`
	Naam string `yaml:"naam"`
}

// Dienst is a service that we call.
type Dienst struct {
	Naam      string `yaml:"naam"`
	Aanbieder Peer   `yaml:"aanbieder"`
	Grant     string `yaml:"grant"` // environment variable with the grant hash
}

// Headers between a client and the outway (OpenFSC; FSC Logging 1.0).
const (
	HeaderGrant       = "Fsc-Grant-Hash"
	HeaderTransaction = "Fsc-Transaction-Id"
	HeaderErrorCode   = "Fsc-Error-Code"
)

var (
	groupID     = regexp.MustCompile(`^[a-zA-Z0-9./_-]{1,100}$`)
	serviceName = regexp.MustCompile(`^[a-zA-Z0-9-._]{1,100}$`)
	oinPattern  = regexp.MustCompile(`^\d{20}$`)
	envName     = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
)

// Read reads fsc.yaml strictly and names everything that is wrong with it.
// The group and an OIN may still be empty: without them development works, and
// a contract does not.
func Read(data []byte) (File, error) {
	var f File
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return File{}, fmt.Errorf("3-integratie/fsc.yaml: %w", err)
	}
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf("3-integratie/fsc.yaml: "+format, args...))
		}
	}
	checkOIN := func(p Peer, where string) {
		check(p.OIN == "" || oinPattern.MatchString(p.OIN), "%s: een OIN heeft 20 cijfers (zet er aanhalingstekens om)", where)
	}
	check(f.Groep == "" || groupID.MatchString(f.Groep), "groep: een Group ID bestaat uit letters, cijfers en . / _ -")
	checkOIN(f.Eigen, "eigen.oin")
	for i, name := range f.Aangeboden {
		check(serviceName.MatchString(name), "aangeboden[%d]: %q is geen geldige dienstnaam", i, name)
	}
	seen := map[string]bool{}
	for i, s := range f.Afgenomen {
		check(serviceName.MatchString(s.Naam), "afgenomen[%d].naam: %q is geen geldige dienstnaam", i, s.Naam)
		check(!seen[s.Naam], "afgenomen[%d].naam: %q staat er twee keer", i, s.Naam)
		check(envName.MatchString(s.Grant), "afgenomen[%d].grant: %q is geen naam van een omgevingsvariabele", i, s.Grant)
		checkOIN(s.Aanbieder, fmt.Sprintf("afgenomen[%d].aanbieder.oin", i))
		seen[s.Naam] = true
	}
	return f, errors.Join(faults...)
}

// Grants gives the grant hash per service from the environment. In development
// a service without one gets the hash under which the stand-in knows it.
func (f File) Grants(env func(string) string, productie bool) map[string]string {
	grants := map[string]string{}
	for _, s := range f.Afgenomen {
		grants[s.Naam] = env(s.Grant)
		if grants[s.Naam] == "" && !productie {
			grants[s.Naam] = developmentGrant(s.Naam)
		}
	}
	return grants
}

// GrantNames lists the environment variables with grant hashes.
func (f File) GrantNames() []string {
	var names []string
	for _, s := range f.Afgenomen {
		names = append(names, s.Grant)
	}
	return names
}

// developmentGrant looks like the hash of a connection grant and is none: a
// real one comes from the contract in the FSC Manager and cannot be computed
// here.
func developmentGrant(service string) string {
	sum := sha3.Sum512([]byte("nabootsing/" + service))
	return "$1$3$" + base64.RawURLEncoding.EncodeToString(sum[:])
}
