package fsc

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/sha3"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// Contract is the content of a contract with one connection grant, with the
// names of FSC Core 2. Only contracts of development are made here, between the
// stand-ins of this component. The hashes of real contracts are read from the
// FSC Manager: versions of the standard compute them differently.
type Contract struct {
	Version       string   `json:"fsc_version"`
	IV            string   `json:"iv"`
	GroupID       string   `json:"group_id"`
	Validity      Validity `json:"validity"`
	Grants        []Grant  `json:"grants"`
	HashAlgorithm string   `json:"hash_algorithm"`
	CreatedAt     int64    `json:"created_at"`
}

// Validity is the time in which a contract holds, in seconds since 1970.
type Validity struct {
	NotBefore int64 `json:"not_before"`
	NotAfter  int64 `json:"not_after"`
}

// Grant is one permission in a contract.
type Grant struct {
	Data Connection `json:"data"`
}

// Connection is the permission for an outway to use a service.
type Connection struct {
	Type    string          `json:"type"`
	Outway  ConnectingPeer  `json:"outway"`
	Service ConnectionToUse `json:"service"`
}

// ConnectingPeer is the outway that may connect, named by its public key.
type ConnectingPeer struct {
	PeerID         string         `json:"peer_id"`
	Identification Identification `json:"identification"`
}

// Identification says how the outway is recognised.
type Identification struct {
	Type                string `json:"type"`
	PublicKeyThumbprint string `json:"public_key_thumbprint"`
}

// ConnectionToUse is the service that the grant is about.
type ConnectionToUse struct {
	Type   string `json:"type"`
	PeerID string `json:"peer_id"`
	Name   string `json:"name"`
}

// The values of FSC Core 2 that our contracts hold.
const (
	version          = "2.0.0"
	grantConnection  = "GRANT_TYPE_SERVICE_CONNECTION"
	byThumbprint     = "OUTWAY_IDENTIFICATION_TYPE_PUBLIC_KEY_THUMBPRINT"
	serviceType      = "SERVICE_TYPE_SERVICE"
	hashAlgorithm    = "HASH_ALGORITHM_SHA3_512"
	prefixAlgorithm  = "$1$"
	prefixContract   = prefixAlgorithm + "1$"
	prefixConnection = prefixAlgorithm + "3$" // HashType 3, also in the hashes that OpenFSC makes
)

// groupOfDevelopment is the Group ID as long as fsc.yaml has none.
const groupOfDevelopment = "nabootsing"

// The contracts of development hold for as long as anybody will develop with
// them. They are the same on every machine, and so are their hashes.
var (
	developmentFrom  = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	developmentUntil = time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC)
)

// GroupID is the group of FSC; in development one of its own when fsc.yaml
// does not name a group yet.
func (f File) GroupID() string {
	if f.Group == "" {
		return groupOfDevelopment
	}
	return f.Group
}

// PeerID is the OIN of a peer. A peer without one gets, for development, a
// number that is nobody's: 00000099 is the register of the OINs for tests.
func (p Peer) PeerID() string {
	if p.OIN != "" {
		return p.OIN
	}
	sum := sha256.Sum256([]byte("peer/" + p.Name))
	digits := make([]byte, 12)
	for i := range digits {
		digits[i] = '0' + sum[i]%10
	}
	return "00000099" + string(digits)
}

// OutwayKey is the key of the stand-in of our outway. It is the same at every
// start and no secret; see pki.DevelopmentKey.
func (f File) OutwayKey() (*ecdsa.PrivateKey, error) {
	parts := []string{f.GroupID(), f.Own.PeerID()}
	for _, offered := range f.Offered {
		parts = append(parts, offered.Name)
	}
	return pki.DevelopmentKey(strings.Join(parts, "\n"))
}

// Contract is the contract of development for a service that we use.
func (f File) Contract(s Service) (Contract, error) {
	key, err := f.OutwayKey()
	if err != nil {
		return Contract{}, err
	}
	c := Contract{
		Version: version, GroupID: f.GroupID(), HashAlgorithm: hashAlgorithm,
		Validity:  Validity{developmentFrom.Unix(), developmentUntil.Unix()},
		CreatedAt: developmentFrom.Unix(),
		Grants: []Grant{{Connection{Type: grantConnection,
			Outway:  ConnectingPeer{f.Own.PeerID(), Identification{byThumbprint, pki.KeyThumbprint(key.Public())}},
			Service: ConnectionToUse{serviceType, s.Provider.PeerID(), s.Name}}}},
	}
	// The same content must give the same iv; in a real contract it is random.
	c.IV = uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%v", c)).String()
	return c, nil
}

// Hash is the hash of the content (FSC Core 2, "Content hash"): SHA3-512 of the
// canonical JSON of RFC 8785.
func (c Contract) Hash() (string, error) { return sum(prefixContract, "", c) }

// GrantHash is the hash of a grant (FSC Core 2, "Grant hash"), which says which
// contract it stands in as well.
func (c Contract) GrantHash(i int) (string, error) {
	content, err := c.Hash()
	if err != nil {
		return "", err
	}
	return sum(prefixConnection, content, c.Grants[i].Data)
}

// Valid says whether the contract holds at a moment.
func (c Contract) Valid(now time.Time) bool {
	return now.Unix() >= c.Validity.NotBefore && now.Unix() < c.Validity.NotAfter
}

func sum(prefix, before string, v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	canonical, err := jcs.Transform(raw)
	if err != nil {
		return "", fmt.Errorf("canonieke JSON: %w", err)
	}
	hash := sha3.Sum512(append([]byte(before), canonical...))
	return prefix + base64.RawURLEncoding.EncodeToString(hash[:]), nil
}

// developmentGrant is the hash of the grant for a service in the contract of
// development. "" cannot happen with a file that Read accepted; the client then
// says that the grant is missing.
func (f File) developmentGrant(s Service) string {
	c, err := f.Contract(s)
	if err != nil {
		return ""
	}
	hash, err := c.GrantHash(0)
	if err != nil {
		return ""
	}
	return hash
}
