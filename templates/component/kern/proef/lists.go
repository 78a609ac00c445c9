package proef

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// offered is what a list offers, as the specification says.
type offered struct {
	sorts   []string
	filters []string
}

// offers reads what the list of a collection offers.
func (a *api) offers(name string) (o offered) {
	a.Helper()
	type parameter struct {
		Ref    string `json:"$ref"`
		Name   string `json:"name"`
		In     string `json:"in"`
		Schema struct {
			Enum []string `json:"enum"`
		} `json:"schema"`
	}
	var spec struct {
		Paths map[string]struct {
			Get struct {
				Parameters []parameter `json:"parameters"`
			} `json:"get"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(a.contract.JSON, &spec); err != nil {
		a.Fatal(err)
	}
	for _, p := range spec.Paths["/"+name].Get.Parameters {
		switch {
		case p.Ref != "" || p.In != "query": // of every list: page, pageSize and cursor
		case p.Name == "sort":
			o.sorts = p.Schema.Enum
		default:
			o.filters = append(o.filters, p.Name)
		}
	}
	return o
}

// lists goes through the list of a collection in every order and with every filter
// that it offers: to the end, and back to the beginning.
func (a *api) lists(name string) {
	a.Helper()
	o := a.offers(name)
	rows := a.walk(name, url.Values{})
	for _, sort := range o.sorts {
		a.sameRows(name, "sort="+sort, rows, a.walk(name, url.Values{"sort": {sort}}))
	}
	for _, filter := range o.filters {
		tried := map[string]bool{}
		for _, row := range rows {
			value, is := row[filter]
			text := inQuery(value)
			if !is || tried[text] {
				continue
			}
			tried[text] = true
			var want []map[string]any
			for _, other := range rows {
				if v, is := other[filter]; is && inQuery(v) == text {
					want = append(want, other)
				}
			}
			a.sameRows(name, filter, want, a.walk(name, url.Values{filter: {text}}))
			if len(o.sorts) > 0 {
				a.sameRows(name, filter, want, a.walk(name, url.Values{filter: {text}, "sort": {o.sorts[len(o.sorts)-1]}}))
			}
		}
	}
	a.strange(name, o)
}

// inQuery is a value as it stands in a query.
func inQuery(value any) string {
	if text, is := value.(string); is {
		return text // not as JSON writes it: that escapes a quote and a <
	}
	text, _ := json.Marshal(value)
	return string(text)
}

func (a *api) sameRows(name, how string, want, got []map[string]any) {
	a.Helper()
	ids := func(rows []map[string]any) (all []string) {
		for _, row := range rows {
			all = append(all, fmt.Sprint(row["id"]))
		}
		slices.Sort(all)
		return all
	}
	if !slices.Equal(ids(want), ids(got)) {
		a.Errorf("GET /%s met %s geeft %d gegevens, verwacht %d", name, how, len(got), len(want))
	}
}

// walk reads a list two at a time, follows next to the end and previous back to the
// beginning, and gives its rows.
func (a *api) walk(name string, query url.Values) (rows []map[string]any) {
	a.Helper()
	query.Set("pageSize", "2")
	read := func(at string) (page []map[string]any, next, previous string) {
		answer := a.call(200, "GET", "/"+name+at, plain, nil, "")
		found, _ := answer["results"].([]any)
		for _, row := range found {
			page = append(page, row.(map[string]any))
		}
		next, _ = answer["next"].(string)
		previous, _ = answer["previous"].(string)
		return page, next, previous
	}
	var pages [][]map[string]any
	var back string
	for at := "?" + query.Encode(); at != ""; {
		page, next, previous := read(at)
		pages, rows, at, back = append(pages, page), append(rows, page...), next, previous
		if len(pages) > 1000 {
			a.Fatalf("GET /%s?%s komt met next niet aan het eind", name, query.Encode())
		}
	}
	for i := len(pages) - 2; i >= 0; i-- {
		var page []map[string]any
		if back == "" {
			a.Errorf("GET /%s?%s: pagina %d heeft geen previous", name, query.Encode(), i+2)
			break
		}
		page, _, back = read(back)
		a.sameRows(name, "previous", pages[i], page)
	}
	if back != "" {
		a.Errorf("GET /%s?%s: de eerste pagina heeft een previous", name, query.Encode())
	}
	return rows
}

// strange asks what a list must refuse: a cursor of another question, one that was
// changed, and a page far away.
func (a *api) strange(name string, o offered) {
	a.Helper()
	next, _ := a.call(200, "GET", "/"+name+"?pageSize=1", plain, nil, "")["next"].(string)
	query, err := url.ParseQuery(strings.TrimPrefix(next, "?"))
	if err != nil {
		a.Fatal(err)
	}
	cursor := query.Get("cursor")
	if cursor == "" {
		return // there is one row
	}
	a.call(200, "GET", "/"+name+"?pageSize=2&cursor="+cursor, plain, nil, "")
	for _, sort := range o.sorts {
		a.call(400, "GET", "/"+name+"?sort="+sort+"&cursor="+cursor, plain, nil, "")
	}
	turned := []byte(cursor)
	for i := range turned {
		turned[i] ^= 1 // another letter or sign
		a.call(400, "GET", "/"+name+"?cursor="+url.QueryEscape(string(turned)), plain, nil, "")
		turned[i] ^= 1
	}
	a.call(400, "GET", "/"+name+"?pageSize=100&page=101", plain, nil, "")
}
