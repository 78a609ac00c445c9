package logboek

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"log/slog"
)

// BSN is the kind of data subject that a burgerservicenummer stands for, and
// Gebruiker that of somebody who is logged in (dpl.core.data_subject_id_type).
const (
	BSN       = "BSN"
	Gebruiker = "gebruiker"
)

// Sleutel is the secret with which pseudonyms are made. Whoever has it can find
// the lines of a person; whoever has only the lines cannot find the person.
type Sleutel []byte

// SleutelEnv is the setting with the key, and sleutelLength how long the key is.
const (
	SleutelEnv    = "LOGBOEK_SLEUTEL"
	sleutelLength = 32
)

// ontwikkelSleutel stands in this source, so it hides nothing. It cannot be
// given as a setting: it has another length.
var ontwikkelSleutel = Sleutel("alleen voor ontwikkeling: deze sleutel is geen geheim")

// LeesSleutel reads LOGBOEK_SLEUTEL: 32 bytes in base64. In development it may
// be absent. The error never holds the setting.
func LeesSleutel(env func(string) string, productie bool) (Sleutel, error) {
	given := env(SleutelEnv)
	if given == "" && !productie {
		return ontwikkelSleutel, nil
	}
	raw, err := base64.StdEncoding.DecodeString(given)
	if err != nil || len(raw) != sleutelLength {
		return nil, errors.New(SleutelEnv + " is geen base64 van 32 bytes: maak een sleutel met openssl rand -base64 32")
	}
	return raw, nil
}

// Pseudoniem stands for a value in the log: the same value gives the same
// pseudonym, with this key only. Soort keeps numbers of different kinds apart.
// It begins with the mark of the key, so that a change of key can be seen. Of ""
// it is "".
func (s Sleutel) Pseudoniem(soort, waarde string) string {
	if waarde == "" {
		return ""
	}
	if soort == BSN && len(waarde) == 8 { // some systems leave out the leading zero
		waarde = "0" + waarde
	}
	return s.merk() + "." + base64.RawURLEncoding.EncodeToString(s.sum(soort+"\x00"+waarde))
}

// merk is the version of the way of making and of the key, without telling it:
// a key is random, so four bytes of a hash of it help nobody.
func (s Sleutel) merk() string {
	sum := sha256.Sum256(append([]byte("merk\x00"), s...))
	return "v1-" + hex.EncodeToString(sum[:4])
}

func (s Sleutel) sum(text string) []byte {
	m := hmac.New(sha256.New, s)
	_, _ = m.Write([]byte(text)) // never fails (hash.Hash)
	return m.Sum(nil)
}

// String leaves out the key, so that %v in a log is harmless.
func (s Sleutel) String() string { return "logboek.Sleutel(" + s.merk() + ")" }

// GoString does the same for %#v.
func (s Sleutel) GoString() string { return s.String() }

// LogValue does the same for slog.
func (s Sleutel) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText does the same for JSON.
func (s Sleutel) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
