package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/examples/internal/specimen"
)

// link is the address of a rel in the Link header of an answer, "" for none.
func link(h http.Header, rel string) string {
	for _, value := range h.Values("Link") {
		for part := range strings.SplitSeq(value, ",") {
			target, params, ok := strings.Cut(part, ">")
			if ok && strings.Contains(params, `rel="`+rel+`"`) {
				return strings.TrimPrefix(strings.TrimSpace(target), "<")
			}
		}
	}
	return ""
}

// follow is where a relative link leads.
func follow(address, relative string) (string, error) {
	base, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	u, err := base.Parse(relative)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// asked is one list that is measured.
type asked struct {
	group, what, address string
	headers              http.Header
	aim                  string
	filled               bool // there must be something on it
}

// timed asks a list a number of times, and gives the row of it.
func (m *measuring) timed(ctx context.Context, c *component, a asked) (r row, header http.Header, body []byte, err error) {
	var begin time.Duration
	t, err := repeatedly(ctx, m.size.asks, m.size.patience, func() error {
		header, body, err = c.caller.expect(ctx, http.StatusOK, http.MethodGet, a.address, a.headers, nil)
		return err
	}, func() { begin, _ = processor(c.cmd.Process.Pid) })
	if err != nil {
		return row{}, nil, nil, err
	}
	r = row{Group: a.group, What: a.what, On: m.on, Value: ms(t.at(50)), Unit: "ms p50", Aim: a.aim, Against: "p95 " + number(ms(t.at(95))) + " ms"}
	if a.group == "pages" {
		r.Value, r.Unit, r.Against = ms(t.at(95)), "ms p95", "p50 "+number(ms(t.at(50)))+" ms"
	}
	if end, known := processor(c.cmd.Process.Pid); known {
		r.Against += ", processor " + number(ms((end-begin)/time.Duration(len(t)))) + " ms"
	}
	return r, header, body, nil
}

// paged measures the first page of a list, and the last when it says where that is.
func (m *measuring) paged(ctx context.Context, c *component, a asked) ([]row, error) {
	what := a.what
	a.what = what + ", first page"
	first, header, body, err := m.timed(ctx, c, a)
	if err != nil {
		return nil, err
	}
	if a.filled && !strings.Contains(string(body), `"id"`) {
		return nil, fmt.Errorf("%s: there is nothing on it", what)
	}
	last := link(header, "last")
	if last == "" {
		return []row{first}, nil
	}
	if a.address, err = follow(a.address, last); err != nil {
		return nil, err
	}
	a.what = what + ", last page"
	other, _, _, err := m.timed(ctx, c, a)
	return []row{first, other}, err
}

// cases measures the lists of zaken, of layer 4 and as pages.
func (m *measuring) cases(ctx context.Context, c *component) error {
	all := []asked{
		{group: "pages", what: "API: tasks of an employee", address: c.url(layerProcess, "/v1/taken?rol="+clerk.role), headers: clerk.headers(), aim: "< 15"},
		{group: "pages", what: "API: zaken of an employee", address: c.url(layerProcess, "/v1/zaken"), headers: clerk.headers(), aim: "< 15"},
		{group: "pages", what: "API: zaken of an inhabitant", address: c.url(layerProcess, "/v1/zaken"), headers: user{inhabitant, "inwoner"}.headers(), aim: "< 15"},
	}
	for _, a := range all {
		rows, err := m.paged(ctx, c, a)
		if err != nil {
			return err
		}
		m.add(rows...)
	}
	counted := map[string]int{}
	for path, a := range map[string]asked{"/taken": all[0], "/zaken": all[1]} {
		_, raw, err := c.caller.expect(ctx, http.StatusOK, http.MethodGet, a.address, a.headers, nil)
		if err != nil {
			return err
		}
		var list struct{ Count int }
		if err := json.Unmarshal(raw, &list); err != nil {
			return err
		}
		counted[path] = list.Count
	}
	browser, err := newCaller()
	if err != nil {
		return err
	}
	visitor := *c
	visitor.caller = browser
	if err := visitor.login(ctx, clerkTitle); err != nil {
		return err
	}
	for _, path := range []string{"/taken", "/zaken"} {
		if err := m.page(ctx, &visitor, path, counted[path]); err != nil {
			return err
		}
	}
	return nil
}

// onPage is how many there are on a page of layer 5.
const onPage = 20

var (
	chosen   = regexp.MustCompile(`name="persoon" value="([^"]+)"`)
	lastPage = regexp.MustCompile(`<a[^>]*href="([^"]+)"[^>]*>\s*Laatste pagina`)
)

// login lets the pages know the first persona of a role, which has this title.
func (c *component) login(ctx context.Context, title string) error {
	_, raw, err := c.caller.expect(ctx, http.StatusOK, http.MethodGet, c.url(layerPages, "/inloggen"), nil, nil)
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(string(raw), "<h2>"+title)
	found := chosen.FindStringSubmatch(after)
	if found == nil {
		return fmt.Errorf("on the page to log in is no %s", title)
	}
	headers := http.Header{"Origin": {c.url(layerPages, "")}}
	_, _, err = c.caller.expect(ctx, http.StatusOK, http.MethodPost, c.url(layerPages, "/inloggen"), headers, url.Values{"persoon": {found[1]}, "naar": {"/taken"}})
	return err
}

// page measures the first and the last page of a list as a browser sees it.
func (m *measuring) page(ctx context.Context, c *component, path string, count int) error {
	a := asked{group: "pages", what: "page " + path + ", first", address: c.url(layerPages, path), aim: "< 15"}
	r, _, body, err := m.timed(ctx, c, a)
	if err != nil {
		return err
	}
	m.add(r)
	last := fmt.Sprintf("%s?pagina=%d", path, (count+onPage-1)/onPage)
	if found := lastPage.FindSubmatch(body); found != nil {
		last = strings.ReplaceAll(string(found[1]), "&amp;", "&")
	}
	if a.address, err = follow(a.address, last); err != nil {
		return err
	}
	a.what = "page " + path + ", last"
	r, _, _, err = m.timed(ctx, c, a)
	if err != nil {
		return err
	}
	m.add(r)
	return nil
}

// offered are the sorts and the filters of a list in the specification of layer 2: a
// filter with a value that many rows have.
func (c *component) offered(ctx context.Context, table string) (sorts, filters []string, err error) {
	_, raw, err := c.caller.expect(ctx, http.StatusOK, http.MethodGet, c.url(layerServices, "/v1/openapi.json"), nil, nil)
	if err != nil {
		return nil, nil, err
	}
	var spec any
	if err := json.Unmarshal(raw, &spec); err != nil {
		return nil, nil, err
	}
	parameters, _ := specimen.At(spec, "paths", "/"+table, "get", "parameters").([]any)
	for _, p := range parameters { // none when there is no such list
		name, _ := specimen.At(p, "name").(string)
		switch {
		case name == "sort":
			values, _ := specimen.At(p, "schema", "enum").([]any)
			for _, v := range values {
				sorts = append(sorts, fmt.Sprint(v))
			}
		case name != "" && specimen.At(p, "in") == "query" && !strings.HasPrefix(strings.ToLower(name), "page") && name != "cursor":
			if value, ok := filtered[name]; ok {
				filters = append(filters, name+"="+value)
			}
		}
	}
	return sorts, filters, nil
}

// filtered are values that a filter can have, by its name.
var filtered = map[string]string{"verhuisdatum": "2020-02-01", "inwoning": "ja", "aantalPersonen": "3",
	"aanduiding": "Lindehof Eik", "bestemming": "Beukhof Iep", "soort": "winkel", "bouwdatum": "2020-02-01", "verdiepingen": "7", "monument": "true"}

// lists measures the lists of the register in every way that they offer.
func (m *measuring) lists(ctx context.Context, c *component, few []row) (all []row, err error) {
	for _, table := range []string{buildings, register} {
		sorts, filters, err := c.offered(ctx, table)
		if err != nil {
			return nil, err
		}
		if len(sorts) == 0 {
			continue
		}
		questions := []string{""}
		for _, sort := range sorts {
			questions = append(questions, "sort="+sort)
		}
		for _, q := range append(questions, filters...) {
			what := table + " " + q
			if q == "" {
				what = table + " in the order of id"
			}
			rows, err := m.paged(ctx, c, asked{group: "lists", what: what, address: c.url(layerServices, "/v1/"+table+"?"+strings.ReplaceAll(q, " ", "%20")), aim: "< 3", filled: few != nil})
			if err != nil {
				return nil, err
			}
			all = append(all, besideFew(rows, few)...)
		}
	}
	return all, nil
}

// besideFew gives rows their ratio to the same with few rows in the table.
func besideFew(rows, few []row) []row {
	for i, r := range rows {
		for _, f := range few {
			if r.same(f) && f.Value > 0 {
				rows[i].Ratio, rows[i].Against = r.Value/f.Value, r.Against+"; with 1 000 rows "+number(f.Value)+" ms"
			}
		}
	}
	return rows
}

// keys measures a POST with a key that meets keys that nobody can use any more.
func (m *measuring) keys(ctx context.Context, c *component, db *database) error {
	_, raw, err := c.caller.expect(ctx, http.StatusOK, http.MethodGet, c.url(layerServices, "/v1/openapi.json"), nil, nil)
	if err != nil {
		return err
	}
	var spec any
	if err := json.Unmarshal(raw, &spec); err != nil {
		return err
	}
	body := specimen.Value(spec, specimen.At(spec, "paths", "/"+register, "post", "requestBody", "content", "application/json", "schema"))
	if err := c.stop(); err != nil {
		return err
	}
	if err := db.expired(ctx, m.size.keys); err != nil {
		return err
	}
	if err := db.settle(ctx); err != nil {
		return err
	}
	if err := c.start(ctx); err != nil {
		return err
	}
	var all times
	for n := range 200 {
		one, err := m.post(ctx, c, body, n)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	m.add(row{
		Group: "keys", What: fmt.Sprintf("slowest of 200 POSTs that meet %d expired keys", m.size.keys), On: m.on,
		Value: ms(all.at(100)), Unit: "ms", Ratio: ratio(all.at(100), all.at(50)), Against: fmt.Sprintf("the middle one: %s ms", number(ms(all.at(50)))),
	})
	return nil
}

// post makes a row with a key.
func (m *measuring) post(ctx context.Context, c *component, body any, n int) (time.Duration, error) {
	begin := time.Now()
	headers := http.Header{"Idempotency-Key": {fmt.Sprintf("01900000-0000-7000-9000-%012x", n)}}
	_, _, err := c.caller.expect(ctx, http.StatusCreated, http.MethodPost, c.url(layerServices, "/v1/"+register), headers, body)
	return time.Since(begin), err
}
