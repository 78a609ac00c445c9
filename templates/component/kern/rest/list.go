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
// the body and in the Link header (RFC 8288). They are reached by cursor in a list that
// has cursors, and by number in another; a list of one page has neither.
func WriteList[T any](w http.ResponseWriter, p Page, found Found, results []T) error {
	if results == nil {
		results = []T{}
	}
	body := list[T]{Count: found.Count, CountExact: !found.More, Results: results}
	first, previous, next, last := p.numbered(found)
	if p.Cursor != "" || found.Next+found.Previous+found.Last != "" {
		first, previous, next, last = p.at("", ""), p.placed(found.Previous), p.placed(found.Next), p.placed(found.Last)
		if last == "" {
			last = first
		}
	}
	link := `<` + first + `>; rel="first", <` + last + `>; rel="last"`
	if previous != "" {
		body.Previous = &previous
		link += `, <` + previous + `>; rel="prev"`
	}
	if next != "" {
		body.Next = &next
		link += `, <` + next + `>; rel="next"`
	}
	w.Header()["Link"] = []string{link}
	return Write(w, http.StatusOK, body)
}

// numbered are the pages by number; "" for one that is not there.
func (p Page) numbered(found Found) (first, previous, next, last string) {
	final := max(1, (found.Count+p.Size-1)/p.Size)
	page := func(n int) string { return p.at("page", strconv.Itoa(n)) }
	if p.Number > 1 {
		previous = page(min(p.Number-1, final))
	}
	if p.Number < final {
		next = page(p.Number + 1)
	}
	return page(1), previous, next, page(final)
}

func (p Page) placed(cursor string) string {
	if cursor == "" {
		return ""
	}
	return p.at("cursor", cursor)
}

// at is the same list at another page: what else was asked stays.
func (p Page) at(name, value string) string {
	q := make(url.Values, len(p.query)+2)
	for k, v := range p.query {
		if k != "page" && k != "cursor" {
			q[k] = v
		}
	}
	if name != "" {
		q.Set(name, value)
	}
	q.Set("pageSize", strconv.Itoa(p.Size))
	return "?" + q.Encode()
}
