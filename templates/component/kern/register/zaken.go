package register

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// Zaken makes the routes of the zaken and their statuses. The secret is that of
// the fingerprints of what is asked with a key.
func Zaken(z *opslag.Zaken, secret logboek.Key) []rest.Route {
	h := zaken{z, secret, newCursors(secret)}
	return []rest.Route{
		{Method: http.MethodGet, Pattern: "/zaken", Handler: soon(z, h.list)},
		{Method: http.MethodPost, Pattern: "/zaken", Handler: soon(z, h.create)},
		{Method: http.MethodGet, Pattern: "/zaken/{id}", Handler: soon(z, h.read)},
		{Method: http.MethodGet, Pattern: "/zaken/{id}/statussen", Handler: soon(z, h.statuses)},
		{Method: http.MethodPost, Pattern: "/zaken/{id}/statussen", Handler: soon(z, h.move)},
	}
}

type zaken struct {
	*opslag.Zaken
	secret  logboek.Key
	cursors cursors
}

// userOf is the user who did something, as the caller says: a layer of this component
// knows that, a consumer does not, and what it does nobody here did.
func userOf(r *http.Request, said string) string {
	if toegang.FromContext(r.Context()) != nil {
		return ""
	}
	return said
}

// zakenPath is where zaken are.
const zakenPath = "/v1/zaken"

func (h zaken) list(w http.ResponseWriter, r *http.Request) error {
	page := rest.ReadPage(r)
	var q opslag.ZakenQuery
	if query := page.Query(); query != nil {
		q.Zaaktype, q.Initiator, q.Sort = query.Get("zaaktype"), query.Get("initiator"), query.Get("sort")
		q.Representative = query.Get("gemachtigde")
		if steps := query.Get("huidigeStap"); steps != "" {
			q.CurrentStep = strings.Split(steps, ",")
		}
		if query.Has("open") {
			q.Open = new(query.Get("open") == "true")
		}
	}
	asked := func(of opslag.Query) opslag.ZakenQuery {
		q.Query = of
		return q
	}
	return list(w, page, h.cursors, q.Query, func(of opslag.Query) (string, error) { return h.Question(asked(of)) },
		func(of opslag.Query) (opslag.Page[opslag.Zaak], error) {
			found, err := h.Page(r.Context(), asked(of))
			return found, problem(err)
		})
}

func (h zaken) create(w http.ResponseWriter, r *http.Request) error {
	var n opslag.NewZaak
	if err := rest.Decode(r, &n); err != nil {
		return err
	}
	n.SetBy = userOf(r, n.SetBy)
	if said := r.Header.Get(headerProcess); said != "" {
		var err error
		if n.Process, err = strconv.ParseInt(said, 10, 64); err != nil || n.Process < 1 {
			return rest.NewProblem(http.StatusBadRequest, "De header "+headerProcess+" is een geheel getal vanaf 1.")
		}
	}
	key, err := keyOf(r, h.secret, n)
	if err != nil {
		return err
	}
	zaak, created, err := h.Create(r.Context(), n, key)
	if err != nil {
		return problemAt(err, zakenPath)
	}
	w.Header().Set("Location", r.URL.Path+"/"+zaak.ID)
	rest.SetETag(w.Header(), zaak.Version)
	return rest.Write(w, createdStatus(created), zaak)
}

func (h zaken) read(w http.ResponseWriter, r *http.Request) error {
	zaak, err := h.Read(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	rest.SetETag(w.Header(), zaak.Version)
	return rest.Write(w, http.StatusOK, zaak)
}

// statuses gives the whole history of a zaak on one page: it is short, and
// half of it says little.
func (h zaken) statuses(w http.ResponseWriter, r *http.Request) error {
	zaak, err := h.Read(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	all, err := h.Statuses(r.Context(), zaak.ID)
	if err != nil {
		return problem(err)
	}
	rest.SetETag(w.Header(), zaak.Version)
	return rest.WriteList(w, rest.Page{Number: 1, Size: max(1, len(all))}, rest.Found{Count: len(all)}, all)
}

func (h zaken) move(w http.ResponseWriter, r *http.Request) error {
	seen, err := rest.IfMatch(r)
	if err != nil {
		return err
	}
	var n opslag.NewStatus
	if err := rest.Decode(r, &n); err != nil {
		return err
	}
	n.SetBy = userOf(r, n.SetBy)
	key, err := keyOf(r, h.secret, n)
	if err != nil {
		return err
	}
	var status *opslag.Status
	var now int64
	var created bool
	err = unseen(seen, func() error {
		version, err := h.version(r.Context(), r.PathValue("id"), seen)
		if err == nil {
			status, now, created, err = h.Move(r.Context(), r.PathValue("id"), version, n, key)
		}
		return err
	})
	if errors.Is(err, opslag.ErrKeyReused) { // a status has no address of its own
		return rest.Reused(zakenPath + "/" + r.PathValue("id") + "/statussen")
	}
	if err != nil {
		return problem(err)
	}
	rest.SetETag(w.Header(), now)
	return rest.Write(w, createdStatus(created), status)
}

// version is the one of those that the caller saw at which the zaak is. It is 0,
// which no zaak has, when it is at another: the key of a repeated request comes
// before the version.
func (h zaken) version(ctx context.Context, id string, seen rest.Condition) (int64, error) {
	if tag, sole := seen.Sole(); sole {
		return rest.VersionOf(tag), nil
	}
	zaak, err := h.Read(ctx, id)
	if err != nil || seen.MeetsVersion(zaak.Version) != nil {
		return 0, err
	}
	return zaak.Version, nil
}
