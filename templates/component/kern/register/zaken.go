package register

import (
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Zaken makes the routes of the zaken and their statuses.
func Zaken(z *opslag.Zaken) []rest.Route {
	h := zaken{z}
	return []rest.Route{
		{Method: http.MethodGet, Pattern: "/zaken", Handler: rest.HandlerFunc(h.list)},
		{Method: http.MethodPost, Pattern: "/zaken", Handler: rest.HandlerFunc(h.create)},
		{Method: http.MethodGet, Pattern: "/zaken/{id}", Handler: rest.HandlerFunc(h.read)},
		{Method: http.MethodGet, Pattern: "/zaken/{id}/statussen", Handler: rest.HandlerFunc(h.statuses)},
		{Method: http.MethodPost, Pattern: "/zaken/{id}/statussen", Handler: rest.HandlerFunc(h.move)},
	}
}

type zaken struct{ *opslag.Zaken }

func (h zaken) list(w http.ResponseWriter, r *http.Request) error {
	page := rest.ReadPage(r)
	q := opslag.ZakenQuery{Query: opslag.Query{Limit: page.Size, Offset: page.Offset()}}
	if query := page.Query(); query != nil {
		q.Zaaktype, q.Initiator, q.Sort = query.Get("zaaktype"), query.Get("initiator"), query.Get("sort")
		if steps := query.Get("huidigeStap"); steps != "" {
			q.CurrentStep = strings.Split(steps, ",")
		}
		if query.Has("open") {
			q.Open = new(query.Get("open") == "true")
		}
	}
	all, count, err := h.List(r.Context(), q)
	if err != nil {
		return problem(err)
	}
	return rest.WriteList(w, page, count, all)
}

func (h zaken) create(w http.ResponseWriter, r *http.Request) error {
	key, err := rest.IdempotencyKey(r)
	if err != nil {
		return err
	}
	var n opslag.NewZaak
	if err := rest.Decode(r, &n); err != nil {
		return err
	}
	zaak, created, err := h.Create(r.Context(), n, key)
	if err != nil {
		return problem(err)
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
	return rest.WriteList(w, rest.Page{Number: 1, Size: max(1, len(all))}, len(all), all)
}

func (h zaken) move(w http.ResponseWriter, r *http.Request) error {
	version, err := rest.IfMatch(r)
	if err != nil {
		return err
	}
	key, err := rest.IdempotencyKey(r)
	if err != nil {
		return err
	}
	var n opslag.NewStatus
	if err := rest.Decode(r, &n); err != nil {
		return err
	}
	status, now, created, err := h.Move(r.Context(), r.PathValue("id"), version, n, key)
	if err != nil {
		return problem(err)
	}
	rest.SetETag(w.Header(), now)
	return rest.Write(w, createdStatus(created), status)
}
