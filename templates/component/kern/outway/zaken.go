package outway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Filter chooses zaken.
type Filter struct {
	Zaaktype       string
	Initiator      string   // "" for everybody's
	Representative string   // who began it for the initiator; "" for anybody
	Steps          []string // nil for every step
	Open           bool     // only zaken that go on
	Sort           string
	Page           int
	Size           int
	Cursor         string // of an earlier page with the same filter; it goes before Page
}

func (f Filter) query() url.Values {
	q := url.Values{"zaaktype": {f.Zaaktype}, "pageSize": {strconv.Itoa(f.Size)}}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if set("cursor", f.Cursor); f.Cursor == "" {
		set("page", strconv.Itoa(max(f.Page, 1)))
	}
	set("initiator", f.Initiator)
	set("gemachtigde", f.Representative)
	set("huidigeStap", strings.Join(f.Steps, ","))
	if f.Open {
		set("open", "true")
	}
	set("sort", f.Sort)
	return q
}

// ZakenPage is one page of zaken.
type ZakenPage struct {
	Count int
	Exact bool // or else there are more than Count
	Zaken []Zaak

	Next, Previous, Last string // cursors for Filter; "" when there is no such page, or when it goes by number
}

// After is the filter of the page that comes after p, when there is one.
func (f Filter) After(p ZakenPage) (next Filter, there bool) {
	next = f
	switch {
	case p.Next != "":
		next.Cursor = p.Next
		return next, true
	case f.Cursor != "" || p.Last != "":
		return next, false
	}
	next.Page = max(f.Page, 1) + 1 // of a layer 2 from before the cursors
	return next, max(f.Page, 1)*f.Size < p.Count
}

// Zaken reads one page of zaken. With lines, which say that it is read, they are
// written in the same call; without them nothing comes back.
func (s *Services) Zaken(ctx context.Context, f Filter, lines ...logboek.Verwerking) (p ZakenPage, err error) {
	if len(lines) == 0 {
		var raw json.RawMessage
		h, err := s.send(ctx, call{name: "zaken lezen", method: http.MethodGet, path: zakenPath, query: f.query()}, &raw)
		if err != nil {
			return p, err
		}
		return p, s.unreadable(p.read(raw, h))
	}
	l := &series{}
	l.record(lines)
	place := l.add(part{Method: http.MethodGet, Path: zakenPath, Query: f.query().Encode()})
	if err := s.do(ctx, "zaken lezen", true, l); err != nil {
		return p, err
	}
	a := l.answers[place]
	return p, s.unreadable(p.read(a.Body, http.Header{"Link": {a.Header["Link"]}}))
}

const zakenPath = "/v1/zaken"

func (p *ZakenPage) read(raw []byte, h http.Header) error {
	var l struct {
		Count    int    `json:"count"`
		Exact    *bool  `json:"countExact"` // nil of a layer 2 from before the cursors, which always counted to the end
		Next     string `json:"next"`
		Previous string `json:"previous"`
		Zaken    []Zaak `json:"results"`
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return err
	}
	*p = ZakenPage{Count: l.Count, Exact: l.Exact == nil || *l.Exact, Zaken: l.Zaken,
		Next: cursorIn(l.Next), Previous: cursorIn(l.Previous), Last: cursorIn(linked(h, "last"))}
	return nil
}

// cursorIn gives the cursor in the address of a page; "" when it has none.
func cursorIn(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get("cursor")
}

// linked is the address of a page in the Link header (RFC 8288); "" when it is not
// there.
func linked(h http.Header, rel string) string {
	for link := range strings.SplitSeq(strings.Join(h.Values("Link"), ","), ",") {
		address, more, _ := strings.Cut(strings.TrimSpace(link), ">")
		for parameter := range strings.SplitSeq(more, ";") {
			if strings.TrimSpace(parameter) == `rel="`+rel+`"` {
				return strings.TrimPrefix(address, "<")
			}
		}
	}
	return ""
}
