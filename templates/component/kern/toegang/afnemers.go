package toegang

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
)

// Afnemer is a consumer of layer 2 from outside this component: another system of
// this organisation or, with an OIN, of another one.
type Afnemer struct {
	Name string
	// OIN is the organisation that it is of, when its requests come through the
	// inway; "" when they do not.
	OIN string

	operations map[string]bool
	tokens     [][sha256.Size]byte
}

// May says whether the consumer may use an operation, by its operationId.
func (a *Afnemer) May(operation string) bool { return operation != "" && a.operations[operation] }

// URI names the consumer in the log of processing, as the NL GOV profile of
// CloudEvents names a system of an organisation. Own is the OIN of ours.
func (a *Afnemer) URI(own string) string {
	if a.OIN != "" {
		own = a.OIN
	}
	return "urn:nld:oin:" + own + ":systeem:" + a.Name
}

// Afnemers are the consumers in the file of AFNEMERS, which is read again when it
// changes.
type Afnemers struct{ file *watched[list] }

type list struct{ all []*Afnemer }

// Operations are those of the specification of layer 2, by operationId.
type Operations struct {
	Offered []string // that a consumer can have
	Own     []string // for the layers of this component alone
}

// ReadAfnemers reads the file. The error is Faults, each with the setting and its line.
// Taken says of a sum whether it is that of a token of the component itself.
func ReadAfnemers(path string, o Operations, taken func([sha256.Size]byte) bool, log *slog.Logger) (*Afnemers, error) {
	w, err := watch([]settingFile{{"AFNEMERS", path}}, log, func(content [][]byte) (*list, error) {
		r := reader{path: path, operations: o, taken: taken}
		all := r.read(content[0])
		return &list{all}, r.faults.orNil()
	})
	if err != nil {
		return nil, err
	}
	return &Afnemers{w}, nil
}

// Find gives the consumer with a token of this sum; nil when there is none. It
// looks at all of them, so that the time that it takes tells nothing.
func (a *Afnemers) Find(sum [sha256.Size]byte) (found *Afnemer) {
	if a == nil {
		return nil
	}
	for _, one := range a.file.get().all {
		for i := range one.tokens {
			if subtle.ConstantTimeCompare(one.tokens[i][:], sum[:]) == 1 {
				found = one
			}
		}
	}
	return found
}

// Look reads the file again at once, when it changed.
func (a *Afnemers) Look() { a.file.again() }

// Names are the consumers that there are now.
func (a *Afnemers) Names() (names []string) {
	if a == nil {
		return nil
	}
	for _, one := range a.file.get().all {
		names = append(names, one.Name)
	}
	return names
}

// NewToken makes a token and the sum that stands in the file in its place.
func NewToken() (token, sum string) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	token = base64.RawURLEncoding.EncodeToString(raw)
	hash := sha256.Sum256([]byte(token))
	return token, hex.EncodeToString(hash[:])
}
