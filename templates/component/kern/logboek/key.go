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
// User that of somebody who is logged in (dpl.core.data_subject_id_type).
const (
	BSN  = "BSN"
	User = "gebruiker"
)

// Key is the secret with which pseudonyms are made. Whoever has it can find
// the lines of a person; whoever has only the lines cannot find the person.
type Key []byte

// KeyEnv is the setting with the key, and keyLength how long the key is.
const (
	KeyEnv    = "LOGBOEK_SLEUTEL"
	keyLength = 32
)

// developmentKey stands in this source, so it hides nothing. It cannot be
// given as a setting: it has another length.
var developmentKey = Key("alleen voor ontwikkeling: deze sleutel is geen geheim")

// ReadKey reads LOGBOEK_SLEUTEL: 32 bytes in base64. In development it may
// be absent. The error never holds the setting.
func ReadKey(env func(string) string, production bool) (Key, error) {
	given := env(KeyEnv)
	if given == "" && !production {
		return developmentKey, nil
	}
	raw, err := base64.StdEncoding.DecodeString(given)
	if err != nil || len(raw) != keyLength {
		return nil, errors.New(KeyEnv + " is geen base64 van 32 bytes: maak een sleutel met openssl rand -base64 32")
	}
	return raw, nil
}

// Pseudonym stands for a value in the log: the same value gives the same
// pseudonym, with this key only. Kind keeps numbers of different kinds apart.
// It begins with the mark of the key, so that a change of key can be seen. Of ""
// it is "".
func (k Key) Pseudonym(kind, value string) string {
	if value == "" {
		return ""
	}
	if kind == BSN && len(value) == 8 { // some systems leave out the leading zero
		value = "0" + value
	}
	return k.mark() + "." + base64.RawURLEncoding.EncodeToString(k.sum(kind+"\x00"+value))
}

// KVK is the kind of number that a KVK-nummer is, beside BSN.
const KVK = "KVK"

// PersonID is the id of a user who logs in with a number: the same for the
// person and for whoever acts for that person, and to be found with the number
// and this key only. It is no pseudonym of a log line, so that one does not give
// the other away. Of "" it is "".
func (k Key) PersonID(kind, number string) string {
	if number == "" {
		return ""
	}
	return "p-" + hex.EncodeToString(k.sum("persoon\x00" + kind + "\x00" + number)[:12])
}

// Fingerprint stands for the content of a request: the same content gives the
// same fingerprint, with this key only, so that what is asked cannot be guessed
// from it.
func (k Key) Fingerprint(content []byte) string {
	return base64.RawURLEncoding.EncodeToString(k.sum("vingerafdruk\x00" + string(content)))
}

// mark is the version of the way of making and of the key, without telling it:
// a key is random, so four bytes of a hash of it help nobody.
func (k Key) mark() string {
	sum := sha256.Sum256(append([]byte("merk\x00"), k...))
	return "v1-" + hex.EncodeToString(sum[:4])
}

func (k Key) sum(text string) []byte {
	m := hmac.New(sha256.New, k)
	_, _ = m.Write([]byte(text)) // never fails (hash.Hash)
	return m.Sum(nil)
}

// String leaves out the key, so that %v in a log is harmless.
func (k Key) String() string { return "logboek.Sleutel(" + k.mark() + ")" }

// GoString does the same for %#v.
func (k Key) GoString() string { return k.String() }

// LogValue does the same for slog.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText does the same for JSON.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
