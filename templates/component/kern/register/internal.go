package register

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Internal makes the routes for the other layers of this component: what they
// keep for a short time, and what came of a key. They are in no specification,
// and nobody else may use them.
func Internal(t *opslag.Temporary, z *opslag.Zaken, secret logboek.Key) []rest.Route {
	h := temporary{t}
	const one = "/tijdelijk/{soort}/{id}"
	return []rest.Route{
		{Method: http.MethodPut, Pattern: one, Handler: ownOnly(soon(t, h.put))},
		{Method: http.MethodGet, Pattern: one, Handler: ownOnly(soon(t, h.get))},
		{Method: http.MethodDelete, Pattern: one, Handler: ownOnly(soon(t, h.remove))},
		{Method: http.MethodGet, Pattern: "/sleutels/{sleutel}/zaak", Handler: ownOnly(zaken{Zaken: z, secret: secret}.opened)},
		{Method: http.MethodGet, Pattern: "/zaken/{id}/sleutels/{sleutel}", Handler: ownOnly(zaken{Zaken: z, secret: secret}.moved)},
		{Method: http.MethodPost, Pattern: "/personen", Handler: ownOnly(zaken{Zaken: z, secret: secret}.rename)},
	}
}

type temporary struct{ *opslag.Temporary }

// kept is what the layers keep, in JSON.
type kept struct {
	Owner   string    `json:"eigenaar"`
	Content []byte    `json:"inhoud"`
	Expires time.Time `json:"verlooptOp"`
}

const (
	maxKept  = 2 << 20 // bytes of JSON
	longKept = 48 * time.Hour
)

// What visitors who did not log in may have kept together: whoever has no name can
// come as often as they like. Their pseudonyms begin so.
const (
	visitors     = "anoniem-"
	mostVisitors = 2000
)

// keptName is what a kind and an id look like: never something of a person.
var keptName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,99}$`)

func names(r *http.Request) (kind, id string, err error) {
	kind, id = r.PathValue("soort"), r.PathValue("id")
	if !keptName.MatchString(kind) || !keptName.MatchString(id) {
		return "", "", rest.NotFound()
	}
	return kind, id, nil
}

func (h temporary) put(w http.ResponseWriter, r *http.Request) error {
	kind, id, err := names(r)
	if err != nil {
		return err
	}
	var k kept
	if err := rest.DecodeInternal(w, r, maxKept, &k); err != nil {
		return err
	}
	if until := time.Now().Add(longKept); k.Expires.After(until) {
		k.Expires = until
	}
	if strings.HasPrefix(k.Owner, visitors) {
		if n, err := h.Count(r.Context(), kind, visitors); err != nil {
			return problem(err)
		} else if n >= mostVisitors {
			return rest.NewProblem(http.StatusConflict, "Er wordt nu te veel bewaard van bezoekers die niet zijn ingelogd.")
		}
	}
	if err := h.Put(r.Context(), kind, id, opslag.Kept{Owner: k.Owner, Content: k.Content, Expires: k.Expires}); err != nil {
		return problem(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (h temporary) get(w http.ResponseWriter, r *http.Request) error {
	kind, id, err := names(r)
	if err != nil {
		return err
	}
	found, err := h.Get(r.Context(), kind, id)
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, kept{found.Owner, found.Content, found.Expires})
}

func (h temporary) remove(w http.ResponseWriter, r *http.Request) error {
	kind, id, err := names(r)
	if err != nil {
		return err
	}
	if err := h.Delete(r.Context(), kind, id); err != nil {
		return problem(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// userID is the user id of somebody who logs in; that of a visitor is another.
var userID = regexp.MustCompile(`^p-[0-9a-f]{24}$`)

// rename gives the zaken of a person to the later of two user ids. The layer that
// logs people in knows that they are of one person.
func (h zaken) rename(w http.ResponseWriter, r *http.Request) error {
	var ids struct {
		From string `json:"van"`
		To   string `json:"naar"`
	}
	if err := rest.DecodeInternal(w, r, maxMark, &ids); err != nil {
		return err
	}
	if !userID.MatchString(ids.From) || !userID.MatchString(ids.To) {
		return rest.Invalid(rest.InBody("", "format", "Dit zijn geen kenmerken van iemand die inlogt."))
	}
	if err := h.Rename(r.Context(), ids.From, ids.To); err != nil {
		return problem(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
