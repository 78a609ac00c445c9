package rest

import (
	"net/http"
	"net/url"
	"strconv"
)

// Size of a page when the caller does not say, and at most.
const (
	DefaultPageSize = 20
	MaxPageSize     = 100
)

// Page is the part of a list that a caller asks for: by its number, or by a cursor
// that an earlier page gave.
type Page struct {
	Number, Size int
	Cursor       string // opaque, only the layer that made it can read it; "" for none
	query        url.Values
}

// Found is what is known of a list as a whole, beside the results of one page.
type Found struct {
	Count int  // how many results there are
	More  bool // and there are more than that: nobody counts on
	// The cursors of other pages; "" when there is no such page, or when it goes by
	// number.
	Next, Previous, Last string
}

// ReadPage reads page and pageSize; the contract guards their limits.
func ReadPage(r *http.Request) Page {
	p := Page{Number: 1, Size: DefaultPageSize}
	if r.URL.RawQuery == "" {
		return p
	}
	p.query = r.URL.Query()
	if n, err := strconv.Atoi(p.query.Get("page")); err == nil && n > 0 {
		p.Number = n
	}
	p.Cursor = p.query.Get("cursor")
	if n, err := strconv.Atoi(p.query.Get("pageSize")); err == nil && n > 0 {
		p.Size = min(n, MaxPageSize)
	}
	return p
}

// Query is the rest of the query; nil when there is none.
func (p Page) Query() url.Values { return p.query }

// Offset is how many results come before this page.
func (p Page) Offset() int { return (p.Number - 1) * p.Size }

// list is the body of an answer with a page of results. Next and Previous are
// relative to the address of the request, so that they are also right behind a
// gateway that serves the API under another name.
type list[T any] struct {
	Count      int     `json:"count"`
	CountExact bool    `json:"countExact"`
	Next       *string `json:"next"`
	Previous   *string `json:"previous"`
	Results    []T     `json:"results"`
}

// WriteList answers with a page of results and the way to the other pages, in
// the body and in the Link header (RFC 8288).
func WriteList[T any](w http.ResponseWriter, p Page, found Found, results []T) error {
	if results == nil {
		results = []T{}
	}
	body := list[T]{Count: found.Count, CountExact: !found.More, Results: results}
	last := max(1, (found.Count+p.Size-1)/p.Size)
	link := `<` + p.to(1) + `>; rel="first", <` + p.to(last) + `>; rel="last"`
	if p.Number > 1 {
		previous := p.to(min(p.Number-1, last))
		body.Previous = &previous
		link += `, <` + previous + `>; rel="prev"`
	}
	if p.Number < last {
		next := p.to(p.Number + 1)
		body.Next = &next
		link += `, <` + next + `>; rel="next"`
	}
	w.Header()["Link"] = []string{link}
	return Write(w, http.StatusOK, body)
}

// to is the same list at another page.
func (p Page) to(number int) string {
	if p.query == nil {
		return "?page=" + strconv.Itoa(number) + "&pageSize=" + strconv.Itoa(p.Size)
	}
	q := make(url.Values, len(p.query)+2)
	for k, v := range p.query {
		q[k] = v
	}
	q.Set("page", strconv.Itoa(number))
	q.Set("pageSize", strconv.Itoa(p.Size))
	return "?" + q.Encode()
}
