package outway

import (
	"net/http"
	"strings"
	"testing"
)

// TestPagesOfZakenByCursor reads the ways to other pages as layer 2 gives them, and
// goes on with them.
func TestPagesOfZakenByCursor(t *testing.T) {
	var asked, body, link string
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.RawQuery
		w.Header().Set("Link", link)
		_, _ = w.Write([]byte(body))
	}))
	s := NewServices(o, "bron", "/v1/dingen", activity, "")
	f := Filter{Zaaktype: "t", Steps: []string{"a"}, Page: 1, Size: 20}
	body = `{"count":1000,"countExact":false,"next":"?cursor=verder-_1&huidigeStap=a%2Cb&pageSize=20","previous":null,"results":[{"id":"z"}]}`
	link = `<?huidigeStap=a%2Cb&pageSize=20>; rel="first", <?cursor=einde&huidigeStap=a%2Cb>; rel="last", <?cursor=verder-_1>; rel="next"`
	p, err := s.Zaken(t.Context(), f)
	if err != nil || p.Count != 1000 || p.Exact || len(p.Zaken) != 1 || p.Next != "verder-_1" || p.Previous != "" || p.Last != "einde" {
		t.Fatalf("%+v, %v", p, err)
	}
	if asked != "huidigeStap=a&page=1&pageSize=20&zaaktype=t" {
		t.Errorf("asked %s", asked)
	}
	f, more := f.After(p)
	if !more {
		t.Fatal("there is no page after the first")
	}
	body, link = `{"count":21,"countExact":true,"next":null,"previous":"?cursor=terug","results":[]}`, ""
	if p, err = s.Zaken(t.Context(), f); err != nil || !p.Exact || p.Next != "" || p.Previous != "terug" || p.Last != "" {
		t.Fatalf("%+v, %v", p, err)
	}
	if asked != "cursor=verder-_1&huidigeStap=a&pageSize=20&zaaktype=t" {
		t.Errorf("asked %s", asked)
	}
	if _, more = f.After(p); more {
		t.Error("there is a page after the last")
	}
}

// TestPagesOfALayer2FromBefore go by number, and are counted to the end.
func TestPagesOfALayer2FromBefore(t *testing.T) {
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("cursor") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Link", `<?page=1&pageSize=2>; rel="first", <?page=3&pageSize=2>; rel="last"`)
		_, _ = w.Write([]byte(`{"count":5,"next":"?page=` + r.URL.Query().Get("page") + `1","previous":null,"results":[]}`))
	}))
	s := NewServices(o, "bron", "/v1/dingen", activity, "")
	f, more, pages := Filter{Zaaktype: "t", Page: 1, Size: 2}, true, 0
	for ; more; pages++ {
		p, err := s.Zaken(t.Context(), f)
		if err != nil || !p.Exact || p.Next+p.Previous+p.Last != "" {
			t.Fatalf("%+v, %v", p, err)
		}
		f, more = f.After(p)
	}
	if pages != 3 {
		t.Errorf("%d pages", pages)
	}
	if _, err := s.Zaken(t.Context(), Filter{Size: 2, Cursor: "x"}); Status(err) != http.StatusBadRequest {
		t.Error(err)
	}
}

func TestTheWayToAPageIsReadFromAnyHeader(t *testing.T) {
	for link, want := range map[string]string{
		`<?cursor=a>; rel="last"`:                              "a",
		`<?page=1>; rel="first",<?x=1&cursor=a%3D>;rel="last"`: "a=",
		`<?cursor=a>; title="x"; rel="last"`:                   "a",
		`<?cursor=a>; rel="first"`:                             "",
		`<?cursor=a`:                                           "",
		``:                                                     "",
		`<%zz?cursor=a>; rel="last"`:                           "",
		`;;;,,,>>>rel="last"`:                                  "",
		strings.Repeat(`<?page=1>; rel="next", `, 1000):        "",
	} {
		if got := cursorIn(linked(http.Header{"Link": {link}}, "last")); got != want {
			t.Errorf("%.60s: %q", link, got)
		}
	}
	if got := linked(http.Header{"Link": {`<a>; rel="next"`, `<b>; rel="last"`}}, "last"); got != "b" {
		t.Errorf("of two headers: %q", got)
	}
}
