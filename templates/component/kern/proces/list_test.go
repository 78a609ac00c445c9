package proces

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// leafed is a layer 2 that gives zaken in pages. A cursor is of one question: of
// another it is refused, as layer 2 does.
type leafed struct {
	*store
	asked []outway.Filter
	count int // what it says that there are, when it does not count on; 0: all, and exactly
}

func (s *leafed) Zaken(ctx context.Context, f outway.Filter, lines ...logboek.Verwerking) (p outway.ZakenPage, err error) {
	s.asked = append(s.asked, f)
	all, err := s.store.Zaken(ctx, f, lines...)
	if err != nil {
		return p, err
	}
	slices.SortFunc(all.Zaken, func(a, b outway.Zaak) int { return strings.Compare(a.Identificatie, b.Identificatie) })
	question := fmt.Sprint(f.Zaaktype, f.Initiator, f.Representative, f.Steps, f.Open, f.Sort)
	cursor := func(from int) string { return fmt.Sprintf("%x.%d", question, from) }
	from := (max(f.Page, 1) - 1) * f.Size
	if f.Cursor != "" {
		made, at, _ := strings.Cut(f.Cursor, ".")
		if _, err := fmt.Sscan(at, &from); err != nil || made != fmt.Sprintf("%x", question) {
			return p, status(http.StatusBadRequest)
		}
	} else if f.Page > 10_000/f.Size {
		return p, status(http.StatusBadRequest)
	}
	n := len(all.Zaken)
	p.Count, p.Exact, p.Zaken = n, true, all.Zaken[min(from, n):min(from+f.Size, n)]
	if s.count > 0 {
		p.Count, p.Exact = s.count, false
	}
	if from > 0 {
		p.Previous = cursor(max(0, from-f.Size))
	}
	if from+f.Size < n {
		p.Next = cursor(from + f.Size)
	}
	if n > f.Size {
		p.Last = cursor((n - 1) / f.Size * f.Size)
	}
	return p, nil
}

// listing is a process with zaken of two persons and a half.
func listing(t *testing.T) (*harness, *leafed) {
	t.Helper()
	h := newHarness(t, "aanvraag")
	l := &leafed{store: h.store}
	h.process.Zaken = l
	for i := range 25 {
		who := citizen.ID
		if i%2 == 1 {
			who = stranger.ID
		}
		id := fmt.Sprintf("0198f7a0-0000-7000-8000-%012d", i)
		l.zaken[id] = &outway.Zaak{ID: id, Identificatie: fmt.Sprintf("ZAAK-%03d", i), Zaaktype: h.process.model.Name, Startdatum: "2026-11-23",
			CurrentStep: "beoordelen", Initiator: who, ChangedAt: time.Unix(int64(i), 0), Version: `"1"`}
	}
	return h, l
}

type shownList struct {
	Count    int    `json:"count"`
	Exact    bool   `json:"countExact"`
	Next     string `json:"next"`
	Previous string `json:"previous"`
	Results  []struct {
		Identificatie string `json:"identificatie"`
	} `json:"results"`
}

func (h *harness) list(u identity.User, path string) (l shownList) {
	h.t.Helper()
	if err := json.Unmarshal([]byte(h.want(200, u, "GET", path, "").body), &l); err != nil {
		h.t.Fatal(err)
	}
	return l
}

// TestAListGoesOnByCursor follows next to the end, and previous back, and asks layer
// 2 once for each page.
func TestAListGoesOnByCursor(t *testing.T) {
	h, l := listing(t)
	for path, who := range map[string]identity.User{"/zaken?pageSize=4": employee, "/taken?rol=behandelaar&pageSize=4": employee, "/zaken?pageSize=3": citizen} {
		want := 25
		if who == citizen {
			want = 13
		}
		at, _, _ := strings.Cut(path, "?")
		seen, pages, last := []string{}, 0, ""
		for next := path; next != ""; pages++ {
			if pages > want {
				t.Fatalf("%s comes to no end", path)
			}
			before := len(l.asked)
			page := h.list(who, next)
			if len(l.asked) != before+1 {
				t.Fatalf("%s asks layer 2 %d times", next, len(l.asked)-before)
			}
			if page.Count != want || !page.Exact {
				t.Errorf("%s: %d zaken, exact %v", next, page.Count, page.Exact)
			}
			for _, z := range page.Results {
				seen = append(seen, z.Identificatie)
			}
			last = page.Previous
			if next = page.Next; next != "" {
				if q, _ := url.ParseQuery(next[1:]); !strings.HasPrefix(next, "?") || q.Get("cursor") == "" || q.Has("page") || q.Get("rol") == "" && at == "/taken" {
					t.Fatalf("the next page is %s", next)
				}
				next = at + next
			}
		}
		if slices.Sort(seen); len(slices.Compact(seen)) != want {
			t.Errorf("%s showed %d of %d zaken", path, len(seen), want)
		}
		for pages--; last != ""; pages-- {
			last = h.list(who, at+last).Previous
		}
		if pages != 0 {
			t.Errorf("%s: on the way back %d pages are missing", path, pages)
		}
	}
}

// TestACursorIsOfOnePersonAndOneList: that of somebody else, of another list or a
// changed one is refused, and shows nothing.
func TestACursorIsOfOnePersonAndOneList(t *testing.T) {
	h, l := listing(t)
	cursor := func(u identity.User, path string) string {
		q, err := url.ParseQuery(strings.TrimPrefix(h.list(u, path).Next, "?"))
		if err != nil || q.Get("cursor") == "" {
			t.Fatal(q, err)
		}
		return url.QueryEscape(q.Get("cursor"))
	}
	mine, all, tasks := cursor(citizen, "/zaken?pageSize=2"), cursor(employee, "/zaken?pageSize=2"), cursor(employee, "/taken?rol=behandelaar&pageSize=2")
	for _, wrong := range []struct {
		who  identity.User
		path string
	}{
		{stranger, "/zaken?cursor=" + mine}, {employee, "/zaken?cursor=" + mine}, {citizen, "/zaken?cursor=" + all}, {employee, "/zaken?cursor=" + tasks},
		{employee, "/taken?rol=behandelaar&cursor=" + all}, {employee, "/zaken?cursor=x" + all}, {employee, "/zaken?cursor=1"},
	} {
		a := h.want(400, wrong.who, "GET", wrong.path, "")
		if strings.Contains(a.body, "ZAAK-") || !strings.Contains(a.body, "begin opnieuw bij de eerste pagina") || len(a.problem.Errors) != 1 || a.problem.Errors[0].Location.Name != "cursor" {
			t.Errorf("%s: %s", wrong.path, a.body)
		}
	}
	h.want(200, citizen, "GET", "/zaken?cursor="+mine, "")
	h.want(403, citizen, "GET", "/taken?rol=behandelaar&cursor="+tasks, "")
	if a := h.want(400, employee, "GET", "/zaken?pageSize=100&page=101", ""); a.problem.Errors[0].Location.Name != "page" || !strings.Contains(a.body, "10 000") {
		t.Error(a.body)
	}
	h.want(200, employee, "GET", "/zaken?pageSize=100&page=100", "")
	h.want(400, employee, "GET", "/zaken?cursor="+strings.Repeat("a", 2001), "")
	h.want(400, employee, "GET", "/zaken/0198f7a0-0000-7000-8000-000000000001/verwerkingen?cursor=a", "") // has none
	l.failAt = l.calls + 1
	h.want(503, employee, "GET", "/zaken?cursor="+all, "") // layer 2 is away: that says nothing of the cursor
}

// TestNobodyCountsOn passes on that there are more than were counted.
func TestNobodyCountsOn(t *testing.T) {
	h, l := listing(t)
	l.count = 1000
	for _, path := range []string{"/zaken", "/taken?rol=behandelaar"} {
		if page := h.list(employee, path); page.Count != 1000 || page.Exact {
			t.Errorf("%s: %+v", path, page)
		}
	}
}

// TestRoundsReadEveryZaakThatRests, however many pages there are.
func TestRoundsReadEveryZaakThatRests(t *testing.T) {
	h, l := listing(t)
	for i := range 350 {
		id := fmt.Sprintf("0198f7a1-0000-7000-8000-%012d", i)
		l.zaken[id] = &outway.Zaak{ID: id, Identificatie: fmt.Sprintf("ZAAK-1%03d", i), Zaaktype: h.process.model.Name, CurrentStep: "opzoeken", Initiator: citizen.ID,
			Marks: []string{"beperking"}, ChangedAt: time.Unix(int64(i), 0), Version: `"1"`}
	}
	l.asked = nil
	h.resume(1)
	if len(l.asked) != 4 || l.asked[0].Cursor != "" || l.asked[3].Cursor == "" {
		t.Errorf("a round reads %d pages: %+v", len(l.asked), l.asked)
	}
}
