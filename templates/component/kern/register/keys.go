package register

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// keyOf reads the key with which a caller can repeat a request, and makes the
// fingerprint of what is asked with it: of the content as this layer understood
// it, so that white space and the order of names make no difference, or of what
// another layer of this component says that it was asked.
func keyOf(r *http.Request, secret logboek.Key, content any) (opslag.Key, error) {
	id, err := chosenKey(r)
	if err != nil || id == "" {
		return opslag.Key{}, err
	}
	asked := []byte(r.Header.Get(rest.FingerprintHeader))
	if len(asked) == 0 {
		if asked, err = json.Marshal(content); err != nil {
			return opslag.Key{}, err
		}
	}
	return opslag.Key{ID: id, Fingerprint: secret.Fingerprint(asked)}, nil
}

// chosenKey reads the key. It is of who chose it: another consumer, or this component
// itself, may have chosen the same, and then gets no answer that was for somebody else.
func chosenKey(r *http.Request) (string, error) {
	id, err := rest.IdempotencyKey(r)
	if a := toegang.FromContext(r.Context()); a != nil && id != "" {
		id = uuid.NewSHA1(uuid.NameSpaceOID, []byte("afnemer "+a.Name+" "+id)).String()
	}
	return id, err
}

// moved tells the layer above whether a status was set on a zaak with a key, and
// whether that was asked the same way: 200 for the same, a 409 for something else
// and 404 for none.
func (h zaken) moved(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	err := h.Moved(r.Context(), id, h.askedWith(r))
	if errors.Is(err, opslag.ErrKeyReused) {
		return rest.Reused(zakenPath + "/" + id + "/statussen")
	}
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, struct{}{})
}

// askedWith is the key in a path, with the fingerprint of what was asked.
func (h zaken) askedWith(r *http.Request) opslag.Key {
	key := opslag.Key{ID: r.PathValue("sleutel")}
	if asked := r.Header.Get(rest.FingerprintHeader); asked != "" {
		key.Fingerprint = h.secret.Fingerprint([]byte(asked))
	}
	return key
}

// opened tells the layer above which zaak came of a key, and whether that was
// asked the same way: 200 with the id for the same, a 409 for something else and
// 404 for no zaak.
func (h zaken) opened(w http.ResponseWriter, r *http.Request) error {
	id, err := h.Opened(r.Context(), h.askedWith(r))
	if err != nil {
		return problemAt(err, zakenPath)
	}
	return rest.Write(w, http.StatusOK, map[string]string{"id": id})
}
