package paginas

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// list is a page of a list, as layer 4 gives it. The addresses of other pages are
// relative to its own; nil or "" when there is no such page.
type list[T any] struct {
	Count    int     `json:"count"`
	Exact    *bool   `json:"countExact"` // false: there are more than Count
	Next     *string `json:"next"`
	Previous *string `json:"previous"`
	Results  []T     `json:"results"`

	last      string
	restarted bool // another page was asked for, which is not there any more
}

// spot says which page of a list is asked for: by a cursor that an earlier page gave,
// or else by its number.
type spot struct {
	number int
	cursor string
}

// Parameters of a page with a list. A number is what old bookmarks have, and pages
// about the log of processing.
const (
	inNumber = "pagina"
	inCursor = "plaats"
)

// maxCursor is longer than any cursor of ours.
const maxCursor = 2000

func (v *visit) spot() spot {
	if v.r.URL.RawQuery == "" {
		return spot{number: 1}
	}
	q := v.r.URL.Query()
	if c := q.Get(inCursor); c != "" && len(c) <= maxCursor {
		return spot{cursor: c}
	}
	n, err := strconv.Atoi(q.Get(inNumber))
	if err != nil || n < 1 || n > 1_000_000 {
		return spot{number: 1}
	}
	return spot{number: n}
}

func (p spot) first() bool { return p.cursor == "" && p.number == 1 }

// read reads the page of a list that the visitor asks for. A place that is not there
// any more, as in an old bookmark, or that is not of this visitor leads to the first
// page.
func read[T any](v *visit, path string, query url.Values) (list[T], error) {
	at := v.spot()
	l, err := page[T](v.r.Context(), v.site.process, v.user(), path, query, at)
	if at.first() || err == nil && len(l.Results) > 0 || err != nil && statusOf(err) != http.StatusBadRequest {
		return l, err
	}
	l, err = page[T](v.r.Context(), v.site.process, v.user(), path, query, spot{number: 1})
	l.restarted = true
	return l, err
}

// page reads one page of a list.
func page[T any](ctx context.Context, c *client, u identity.User, path string, query url.Values, at spot) (l list[T], err error) {
	q := url.Values{}
	for name, values := range query {
		q[name] = values
	}
	switch {
	case at.cursor != "":
		q.Set("cursor", at.cursor)
	case at.number > 1:
		q.Set("page", strconv.Itoa(at.number))
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	resp, err := c.send(ctx, call{method: http.MethodGet, path: path, user: u})
	if err != nil {
		return l, err
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&l); err != nil {
		return l, fmt.Errorf("antwoord van GET %s: %w", path, err)
	}
	l.last = linked(resp.Header, "last")
	return l, nil
}

// linked is the address of a page in the Link header (RFC 8288); "" when it is not
// there.
func linked(h http.Header, rel string) string {
	for link := range strings.SplitSeq(strings.Join(h.Values("Link"), ","), ",") {
		address, more, _ := strings.Cut(strings.TrimSpace(link), ">")
		if strings.Contains(more, `rel="`+rel+`"`) {
			return strings.TrimPrefix(address, "<")
		}
	}
	return ""
}

// paging is what stands around a list: how many there are, and the links to other
// pages.
type paging struct {
	Page      int // its number; 0 when nobody knows
	Count     int
	More      bool // there are more than Count
	Restarted bool // another page was asked for, which is not there any more

	First, Previous, Next, Last string
}

func newPaging[T any](v *visit, l list[T]) paging {
	p := paging{Count: l.Count, More: l.Exact != nil && !*l.Exact, Restarted: l.restarted}
	link := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			return ""
		}
		q := u.Query()
		switch {
		case q.Get("cursor") != "":
			return v.r.URL.Path + "?" + url.Values{inCursor: q["cursor"]}.Encode()
		case q.Get("page") != "":
			return v.r.URL.Path + "?" + url.Values{inNumber: q["page"]}.Encode()
		}
		return v.r.URL.Path
	}
	if l.Previous != nil {
		p.First, p.Previous = v.r.URL.Path, link(*l.Previous)
	}
	if l.Next != nil {
		p.Next = link(*l.Next)
		if l.last != "" {
			p.Last = link(l.last)
		}
	}
	if at := v.spot(); l.Previous == nil {
		p.Page = 1
	} else if at.cursor == "" {
		p.Page = at.number
	}
	return p
}

// Total says in words how many there are of something.
func (p paging) Total(one, more string) string {
	switch {
	case p.More:
		return "meer dan " + thousands(p.Count) + " " + more
	case p.Count == 1:
		return "1 " + one
	}
	return thousands(p.Count) + " " + more
}

// thousands is a number as people read it.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return thousands(n/1000) + fmt.Sprintf(".%03d", n%1000)
}

type casesBody struct {
	Zaken   []zaak
	Citizen bool
	Paging  paging
}

func (s *site) cases(v *visit) error {
	if err := v.loggedIn(); err != nil {
		return err
	}
	l, err := read[zaak](v, "/zaken", nil)
	if err != nil {
		return err
	}
	body := casesBody{Zaken: l.Results, Citizen: s.role(v.user().Role).Outside(), Paging: newPaging(v, l)}
	title := "Zaken"
	if body.Citizen {
		title = "Mijn zaken"
	}
	return v.render(http.StatusOK, "zaken", title, body)
}

type tasksBody struct {
	Taken  []task
	Paging paging
}

func (s *site) tasks(v *visit) error {
	if err := v.loggedIn(); err != nil {
		return err
	}
	l, err := read[task](v, "/taken", url.Values{"rol": {v.user().Role}})
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, "taken", "Taken", tasksBody{l.Results, newPaging(v, l)})
}
