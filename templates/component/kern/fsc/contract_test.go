package fsc

import (
	"crypto/sha3"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

var sample = File{
	Group: "proef", Own: Peer{"00000099000000001000", "Eigen"}, Offered: []Offer{{Name: "eigen-diensten"}},
	Consumed: []Service{{Name: "adressen", Provider: Peer{"00000099000000002000", "Ander"}, Grant: "FSC_GRANT_HASH_ADRESSEN"}},
}

// The rule of FSC Core 2 written out by hand: the canonical JSON has its keys in
// order and no white space.
func TestTheHashesOfAContract(t *testing.T) {
	c, err := sample.Contract(sample.Consumed[0])
	if err != nil {
		t.Fatal(err)
	}
	key, err := sample.OutwayKey()
	if err != nil {
		t.Fatal(err)
	}
	data := `{"outway":{"identification":{"public_key_thumbprint":"` + pki.KeyThumbprint(key.Public()) + `","type":"OUTWAY_IDENTIFICATION_TYPE_PUBLIC_KEY_THUMBPRINT"},` +
		`"peer_id":"00000099000000001000"},"service":{"name":"adressen","peer_id":"00000099000000002000","type":"SERVICE_TYPE_SERVICE"},"type":"GRANT_TYPE_SERVICE_CONNECTION"}`
	content := `{"created_at":1577836800,"fsc_version":"2.0.0","grants":[{"data":` + data + `}],"group_id":"proef",` +
		`"hash_algorithm":"HASH_ALGORITHM_SHA3_512","iv":"` + c.IV + `","validity":{"not_after":4102358400,"not_before":1577836800}}`
	sum := sha3.Sum512([]byte(content))
	want := "$1$1$" + base64.RawURLEncoding.EncodeToString(sum[:])
	if got, err := c.Hash(); err != nil || got != want {
		t.Errorf("the content hash is %s %v, want %s", got, err, want)
	}
	sum = sha3.Sum512([]byte(want + data))
	grant := "$1$3$" + base64.RawURLEncoding.EncodeToString(sum[:])
	if got, err := c.GrantHash(0); err != nil || got != grant || len(got) != 91 {
		t.Errorf("the grant hash is %s %v, want %s", got, err, grant)
	}
	// What the application asks with is what the contract says.
	if got := sample.Grants(func(string) string { return "" }, false)["adressen"]; got != grant {
		t.Errorf("in development the application uses %s", got)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(c.IV) {
		t.Errorf("iv is %s", c.IV)
	}
}

func TestAContractIsTheSameOnEveryMachine(t *testing.T) {
	hash := func(f File) string { return f.Grants(func(string) string { return "" }, false)["adressen"] }
	first := hash(sample)
	if again := hash(sample); again != first || first == "" {
		t.Errorf("%q and then %q", first, again)
	}
	for name, change := range map[string]func(*File){
		"group":     func(f *File) { f.Group = "ander" },
		"own OIN":   func(f *File) { f.Own.OIN = "00000099000000003000" },
		"provider":  func(f *File) { f.Consumed = []Service{{Name: "adressen", Provider: Peer{Name: "Derde"}}} },
		"component": func(f *File) { f.Offered = []Offer{{Name: "andere-diensten"}} },
	} {
		other := sample
		change(&other)
		if hash(other) == first {
			t.Errorf("another %s gives the same grant hash", name)
		}
	}
}

func TestWhenAContractHolds(t *testing.T) {
	c, err := sample.Contract(sample.Consumed[0])
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[int64]bool{
		c.Validity.NotBefore - 1: false, c.Validity.NotBefore: true, c.Validity.NotAfter - 1: true, c.Validity.NotAfter: false,
	} {
		if got := c.Valid(time.Unix(at, 0)); got != want {
			t.Errorf("at %d: %t", at, got)
		}
	}
	raw, err := json.Marshal(c)
	if err != nil || !json.Valid(raw) {
		t.Error(err)
	}
}

func TestAPeerWithoutAnOIN(t *testing.T) {
	a, b := Peer{Name: "A"}.PeerID(), Peer{Name: "B"}.PeerID()
	if !oinPattern.MatchString(a) || a == b || (Peer{Name: "A"}).PeerID() != a {
		t.Errorf("%s and %s", a, b)
	}
	if got := (Peer{OIN: "00000099000000001000", Name: "A"}).PeerID(); got != "00000099000000001000" {
		t.Error(got)
	}
}

func TestAGrantOfTheEnvironmentGoesFirst(t *testing.T) {
	env := func(name string) string { return map[string]string{"FSC_GRANT_HASH_ADRESSEN": "$1$3$echt"}[name] }
	for _, production := range []bool{true, false} {
		if got := sample.Grants(env, production)["adressen"]; got != "$1$3$echt" {
			t.Errorf("production %t: %s", production, got)
		}
	}
	if got := sample.Grants(func(string) string { return "" }, true)["adressen"]; got != "" {
		t.Errorf("a hash of development in production: %s", got)
	}
}
