package register

import (
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Zaken makes the routes of the zaken and their statussen.
func Zaken(z *opslag.Zaken) []rest.Route {
	h := zaken{z}
	return []rest.Route{
		{Method: http.MethodGet, Pattern: "/zaken", Handler: rest.HandlerFunc(h.list)},
		{Method: http.MethodPost, Pattern: "/zaken", Handler: rest.HandlerFunc(h.create)},
		{Method: http.MethodGet, Pattern: "/zaken/{id}", Handler: rest.HandlerFunc(h.read)},
		{Method: http.MethodGet, Pattern: "/zaken/{id}/statussen", Handler: rest.HandlerFunc(h.statussen)},
		{Method: http.MethodPost, Pattern: "/zaken/{id}/statussen", Handler: rest.HandlerFunc(h.move)},
	}
}

type zaken struct{ *opslag.Zaken }

func (h zaken) list(w http.ResponseWriter, r *http.Request) error {
	page := rest.ReadPage(r)
	v := opslag.ZakenVraag{Vraag: opslag.Vraag{Limit: page.Size, Offset: page.Offset()}}
	if query := page.Query(); query != nil {
		v.Zaaktype, v.Initiator, v.Sort = query.Get("zaaktype"), query.Get("initiator"), query.Get("sort")
		if steps := query.Get("huidigeStap"); steps != "" {
			v.HuidigeStap = strings.Split(steps, ",")
		}
		if query.Has("open") {
			v.Open = new(query.Get("open") == "true")
		}
	}
	all, count, err := h.List(r.Context(), v)
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
	var n opslag.NieuweZaak
	if err := rest.Decode(r, &n); err != nil {
		return err
	}
	zaak, created, err := h.Create(r.Context(), n, key)
	if err != nil {
		return problem(err)
	}
	w.Header().Set("Location", r.URL.Path+"/"+zaak.ID)
	rest.SetETag(w.Header(), zaak.Versie)
	return rest.Write(w, createdStatus(created), zaak)
}

func (h zaken) read(w http.ResponseWriter, r *http.Request) error {
	zaak, err := h.Read(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	rest.SetETag(w.Header(), zaak.Versie)
	return rest.Write(w, http.StatusOK, zaak)
}

// statussen gives the whole history of a zaak on one page: it is short, and
// half of it says little.
func (h zaken) statussen(w http.ResponseWriter, r *http.Request) error {
	zaak, err := h.Read(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	all, err := h.Statussen(r.Context(), zaak.ID)
	if err != nil {
		return problem(err)
	}
	rest.SetETag(w.Header(), zaak.Versie)
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
	var n opslag.NieuweStatus
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
