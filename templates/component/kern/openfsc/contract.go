// Package openfsc manages the contracts of this component in the Manager of
// its own peer, through the internal APIs of OpenFSC (FSC Core 2), and keeps
// the files in this folder in line with fsc.yaml. The Managers hash, sign and
// spread the contracts; nothing here does.
package openfsc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// The types of grants that a component needs (FSC Core 2), and how an outway
// and a service are told apart in a connection.
const (
	Publication = "GRANT_TYPE_SERVICE_PUBLICATION"
	Connection  = "GRANT_TYPE_SERVICE_CONNECTION"

	serviceType    = "SERVICE_TYPE_SERVICE"
	thumbprintType = "OUTWAY_IDENTIFICATION_TYPE_PUBLIC_KEY_THUMBPRINT"
	hashAlgorithm  = "HASH_ALGORITHM_SHA3_512"
)

// Skew is how long ago a contract says that it was made: a Manager whose
// clock is behind refuses one from the future.
const Skew = 60 * time.Second

// who says who has the value of a placeholder, and where it is filled in.
var who = map[string]string{
	"groep":                        `vul groep in 3-integratie/fsc.yaml in; de beheerder van de FSC-groep weet het`,
	"eigen.oin":                    `vul eigen.oin in 3-integratie/fsc.yaml in; uw FSC-beheerder weet het, of het OIN-register`,
	"directory.oin":                `vul directory.oin in 3-integratie/fsc.yaml in; de beheerder van de FSC-groep weet het`,
	"aanbieder.oin":                `vul het OIN van de aanbieder bij afgenomen in 3-integratie/fsc.yaml in; de aanbieder weet het`,
	"outway.public_key_thumbprint": `dit komt van de FSC-controller zodra de outway draait; voor "verbind" haalt het programma het daar zelf op`,
	"iv":                           `dit vult het programma in`,
	"created_at":                   `dit vult het programma in`,
	"not_before":                   `dit vult het programma in`,
	"not_after":                    `dit vult het programma in`,
}

// values are the values for the placeholders in a contract. thumbprint is ""
// for a publication.
func values(f fsc.File, provider, thumbprint string, now time.Time) map[string]any {
	days := f.ContractDays
	if days == 0 {
		days = 365
	}
	from := now.Add(-Skew)
	return map[string]any{
		"groep": f.Group, "eigen.oin": f.Own.OIN, "directory.oin": f.Directory.OIN, "aanbieder.oin": provider,
		"outway.public_key_thumbprint": thumbprint,
		"iv":                           uuid.NewString(), "created_at": from.Unix(), "not_before": from.Unix(),
		"not_after": from.AddDate(0, 0, days).Unix(),
	}
}

var placeholder = regexp.MustCompile(`^<([^<>]*)>$`)

// Fill fills the placeholders of a contract file and gives the body for the
// Manager. The error names every placeholder that stays empty and who has its
// value: a contract with one in it is never sent.
func Fill(file string, raw []byte, values map[string]any) ([]byte, error) {
	var body any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		return nil, fmt.Errorf("%s is geen JSON: %w", file, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s bevat meer dan één JSON-document", file)
	}
	var faults []error
	body = fill(body, values, func(name string) {
		advice, known := who[name]
		if !known {
			advice = "deze naam kent het programma niet; neem het contract over zoals het was"
		}
		faults = append(faults, fmt.Errorf("%s: <%s> is niet ingevuld: %s", file, name, advice))
	})
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return json.Marshal(body)
}

// fill walks through decoded JSON and replaces the texts that are a placeholder.
func fill(v any, values map[string]any, missing func(string)) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = fill(v[key], values, missing)
		}
	case []any:
		for i := range v {
			v[i] = fill(v[i], values, missing)
		}
	case string:
		m := placeholder.FindStringSubmatch(v)
		if m == nil {
			return v
		}
		value, known := values[m[1]]
		if !known || value == "" {
			missing(m[1])
			return v
		}
		return value
	}
	return v
}

// Content is the content of a contract as the internal API has it: with flat
// grants, where the API between Managers nests them below data.
type Content struct {
	IV            string         `json:"iv"`
	GroupID       string         `json:"group_id"`
	Validity      Validity       `json:"validity"`
	HashAlgorithm string         `json:"hash_algorithm"`
	CreatedAt     int64          `json:"created_at"`
	Grants        []GrantContent `json:"grants"`
}

// Validity is from when to when a contract is valid, in Unix seconds.
type Validity struct {
	NotBefore int64 `json:"not_before"`
	NotAfter  int64 `json:"not_after"`
}

// GrantContent is one grant. Hash is there once the Manager has made it.
type GrantContent struct {
	Type      string  `json:"type"`
	Hash      string  `json:"hash"`
	Directory PeerID  `json:"directory"`
	Outway    Outway  `json:"outway"`
	Service   Service `json:"service"`
}

// PeerID points at an organisation.
type PeerID struct {
	PeerID string `json:"peer_id"`
}

// Outway is the outway that a connection is for.
type Outway struct {
	PeerID         string `json:"peer_id"`
	Identification struct {
		Type                string `json:"type"`
		PublicKeyThumbprint string `json:"public_key_thumbprint"`
	} `json:"identification"`
}

// Service is the service that a grant is about.
type Service struct {
	Type     string `json:"type"`
	PeerID   string `json:"peer_id"`
	Name     string `json:"name"`
	Protocol string `json:"protocol"`
}

var hexThumbprint = regexp.MustCompile(`^[0-9a-f]{64}$`)

// check refuses a body that a Manager would not take, or that says
// something else than fsc.yaml: the files in contracten may be edited by hand.
func check(file string, body []byte, grantType, service string) error {
	var c struct {
		Content Content `json:"contract_content"`
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return fmt.Errorf("%s heeft niet de vorm van een contract: %w", file, err)
	}
	say := func(format string, args ...any) error { return fmt.Errorf(file+": "+format, args...) }
	if len(c.Content.Grants) != 1 {
		return say("een contract van dit component heeft precies één grant, en hier staan er %s", strconv.Itoa(len(c.Content.Grants)))
	}
	g := c.Content.Grants[0]
	switch {
	case g.Type != grantType:
		return say("type is %q en moet %s zijn", g.Type, grantType)
	case g.Service.Name != service:
		return say("service.name is %q, maar in fsc.yaml heet de dienst %q", g.Service.Name, service)
	case c.Content.HashAlgorithm != hashAlgorithm:
		return say("hash_algorithm moet %s zijn", hashAlgorithm)
	case grantType == Publication:
		return nil
	case g.Service.Type != serviceType:
		return say(`service.type moet %s zijn; zonder dat antwoordt de manager met status 500 ("invalid service type")`, serviceType)
	case g.Outway.Identification.Type != thumbprintType:
		return say("outway.identification.type moet %s zijn", thumbprintType)
	case !hexThumbprint.MatchString(g.Outway.Identification.PublicKeyThumbprint):
		return say("outway.identification.public_key_thumbprint %q is geen SHA-256 in 64 kleine hexadecimale tekens", g.Outway.Identification.PublicKeyThumbprint)
	}
	return nil
}
