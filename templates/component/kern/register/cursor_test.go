package register

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
)

// named are the names on a page.
func namesOn(v map[string]any) (names []string) {
	for _, row := range v["results"].([]any) {
		row := row.(map[string]any)
		name, _ := row["naam"].(string)
		if name == "" {
			name, _ = row["omschrijving"].(string)
		}
		names = append(names, name)
	}
	return names
}

// linked are the addresses in a Link header.
func linked(h http.Header) map[string]string {
	all := map[string]string{}
	for link := range strings.SplitSeq(h.Get("Link"), ", ") {
		target, rel, _ := strings.Cut(strings.TrimPrefix(link, "<"), `>; rel="`)
		all[strings.TrimSuffix(rel, `"`)] = target
	}
	return all
}

// TestLinksLeadThroughAList forward and back, and keep what was asked.
func TestLinksLeadThroughAList(t *testing.T) {
	a := newAPI(t)
	for i := range 13 {
		colour := []string{"rood", "groen"}[i%2]
		a.call(201, "POST", "/dingen", fmt.Sprintf(`{"naam":"ding %02d","aantal":%d,"kleur":"%s"}`, i, i/4+1, colour))
		a.call(201, "POST", "/zaken", fmt.Sprintf(`{"omschrijving":"zaak %02d","zaaktype":"soort","huidigeStap":"stap","initiator":"p-1a2b"}`, i))
	}
	for path, want := range map[string]string{
		"/dingen?pageSize=3&kleur=rood&sort=-aantal": "ding 12,ding 10,ding 08|ding 06,ding 04,ding 02|ding 00",
		"/dingen?pageSize=6&page=1":                  "ding 00,ding 01,ding 02,ding 03,ding 04,ding 05|ding 06,ding 07,ding 08,ding 09,ding 10,ding 11|ding 12",
		"/zaken?pageSize=7&initiator=p-1a2b":         "zaak 00,zaak 01,zaak 02,zaak 03,zaak 04,zaak 05,zaak 06|zaak 07,zaak 08,zaak 09,zaak 10,zaak 11,zaak 12",
	} {
		walk := func(from, rel, field string) string {
			var pages []string
			for target := from; target != ""; {
				v, h := a.call(200, "GET", target, "")
				links := linked(h)
				names := strings.Join(namesOn(v), ",")
				if rel == "prev" {
					pages = append([]string{names}, pages...)
				} else {
					pages = append(pages, names)
				}
				next, _ := v[field].(string)
				if next != links[rel] || links["first"] == "" || links["last"] == "" || v["countExact"] != true {
					t.Errorf("%s: %v %v", target, v, links)
				}
				asked, _ := url.ParseQuery(strings.TrimPrefix(next, "?"))
				for name, values := range mustQuery(t, path) {
					if next != "" && name != "page" && !slices.Equal(asked[name], values) {
						t.Errorf("%s: %s is lost in %s", path, name, next)
					}
				}
				if target = ""; next != "" {
					target = strings.Split(path, "?")[0] + next
				}
			}
			return strings.Join(pages, "|")
		}
		if got := walk(path, "next", "next"); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", path, got, want)
		}
		_, h := a.call(200, "GET", path, "")
		if got := walk(strings.Split(path, "?")[0]+linked(h)["last"], "prev", "previous"); got != want {
			t.Errorf("%s, back:\ngot  %s\nwant %s", path, got, want)
		}
		v, _ := a.call(200, "GET", strings.Split(path, "?")[0]+linked(h)["first"], "")
		if got, _, _ := strings.Cut(want, "|"); strings.Join(namesOn(v), ",") != got {
			t.Errorf("%s: the first page is %v", path, namesOn(v))
		}
	}
}

func mustQuery(t *testing.T, path string) url.Values {
	t.Helper()
	_, query, _ := strings.Cut(path, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// TestACursorIsOfOneQuestion: with another filter, another order, of another person or
// changed it is refused.
func TestACursorIsOfOneQuestion(t *testing.T) {
	a := newAPI(t)
	for i := range 5 {
		a.call(201, "POST", "/dingen", fmt.Sprintf(`{"naam":"ding %d","kleur":"rood","dag":"2026-03-0%d"}`, i, i+1))
		for _, person := range []string{"p-1a2b", "p-3c4d"} {
			a.call(201, "POST", "/zaken", `{"omschrijving":"x","zaaktype":"soort","huidigeStap":"stap","initiator":"`+person+`"}`)
		}
	}
	cursorOf := func(path string) string {
		t.Helper()
		v, _ := a.call(200, "GET", path, "")
		next, _ := v["next"].(string)
		cursor := mustQuery(t, next).Get("cursor")
		if cursor == "" {
			t.Fatalf("%s: no next page: %v", path, v)
		}
		return cursor
	}
	things, mine := cursorOf("/dingen?pageSize=2&sort=dag"), cursorOf("/zaken?pageSize=2&initiator=p-1a2b")
	if raw, err := base64.RawURLEncoding.DecodeString(things); err != nil || strings.Contains(string(raw), "2026") {
		t.Errorf("the cursor says what is in the row: %q, %v", raw, err)
	}
	for _, good := range []string{"/dingen?pageSize=2&sort=dag&cursor=" + things, "/dingen?pageSize=3&sort=dag&page=7&cursor=" + things, "/zaken?initiator=p-1a2b&cursor=" + mine} {
		a.call(200, "GET", good, "")
	}
	changed := []byte(things)
	changed[len(changed)/2] ^= 1
	other := "n"
	if things[1] == 'n' {
		other = "m"
	}
	for _, bad := range []string{
		"/dingen?pageSize=2&cursor=" + things, "/dingen?pageSize=2&sort=-dag&cursor=" + things, "/dingen?pageSize=2&sort=dag&kleur=rood&cursor=" + things,
		"/zaken?initiator=p-3c4d&cursor=" + mine, "/zaken?cursor=" + mine, "/zaken?initiator=p-1a2b&sort=-identificatie&cursor=" + mine, "/zaken?initiator=p-1a2b&open=true&cursor=" + mine,
		"/zaken?initiator=p-1a2b&cursor=" + things, "/dingen?pageSize=2&sort=dag&cursor=" + string(changed), "/dingen?pageSize=2&sort=dag&cursor=" + things[:1] + other + things[2:],
		"/dingen?pageSize=2&sort=dag&cursor=" + things[:len(things)-4], "/dingen?sort=dag&cursor=x", "/dingen?sort=dag&cursor=AQ", "/dingen?sort=dag&cursor=%2B%2F",
		"/dingen?sort=dag&cursor=" + strings.Repeat("A", 2000),
	} {
		p, _ := a.call(400, "GET", bad, "")
		if detail, _ := p["detail"].(string); !strings.HasSuffix(detail, "begin opnieuw bij de eerste pagina.") || !strings.Contains(toJSON(t, p["errors"]), `"cursor"`) {
			t.Errorf("%s: %v", bad, p)
		}
	}
	for path, status := range map[string]int{"/dingen?page=100&pageSize=100": 200, "/dingen?page=101&pageSize=100": 400, "/dingen?page=10000&pageSize=1": 200, "/zaken?page=5001&pageSize=2": 400} {
		p, _ := a.call(status, "GET", path, "")
		if status == 400 && !strings.Contains(p["detail"].(string), "Volg next") {
			t.Errorf("%s: %v", path, p)
		}
	}
}

// TestACursorOfAnotherKey is refused: after a change of the key one begins anew.
func TestACursorOfAnotherKey(t *testing.T) {
	p := &opslag.Place{Way: opslag.After, Value: "sé\x00\x01", ID: "een"}
	key := newCursors(testKey)
	cursor := key.write("vraag", p)
	if got, err := key.read("vraag", cursor); err != nil || *got != *p {
		t.Errorf("%+v, %v", got, err)
	}
	if cursor == key.write("vraag", p) {
		t.Error("a nonce is used twice")
	}
	if _, err := newCursors(logboek.Key("een andere")).read("vraag", cursor); !errors.Is(err, opslag.ErrPlace) {
		t.Error(err)
	}
	if key.write("vraag", nil) != "" {
		t.Error("a cursor of no place")
	}
	// The longest key of a text fits in an address.
	long := &opslag.Place{Way: opslag.Before, Value: "s" + strings.Repeat("x", 1200), ID: "01a22dfa-68ee-7dbf-bb84-7830c97fb5ec"}
	if n := len(key.write("vraag", long)); n > 2000 {
		t.Errorf("a cursor of %d characters", n)
	}
}

// FuzzCursor: whatever comes, only what was made here for this question is read.
func FuzzCursor(f *testing.F) {
	key := newCursors(testKey)
	place := opslag.Place{Way: opslag.After, Value: "i5", ID: "een"}
	made := key.write("vraag", &place)
	for _, seed := range []string{made, made[:20], "", "AQ", key.write("andere vraag", &opslag.Place{Way: opslag.End}), strings.ToUpper(made), made + "="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := key.read("vraag", cursor)
		if err == nil && *p != place || err != nil && !errors.Is(err, opslag.ErrPlace) {
			t.Errorf("%q: %+v, %v", cursor, p, err)
		}
	})
}

// TestExamplesOfPages: the specification shows the way to other pages as a list gives
// it. It still showed page numbers when lists had cursors.
func TestExamplesOfPages(t *testing.T) {
	a := newAPI(t)
	for i := range 21 {
		a.call(201, "POST", "/dingen", fmt.Sprintf(`{"naam":"ding %02d","aantal":1}`, i))
	}
	v, h := a.call(200, "GET", "/dingen", "")
	spec, err := os.ReadFile("testdata/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	shape := func(address string) string {
		return regexp.MustCompile(`=[^&;<>"]+`).ReplaceAllString(address, "=")
	}
	for _, given := range []string{v["next"].(string), "<" + linked(h)["first"] + `>; rel="first"`, "<" + linked(h)["next"] + `>; rel="next"`} {
		found := false
		for _, example := range regexp.MustCompile(`example: (.+)`).FindAllStringSubmatch(string(spec), -1) {
			found = found || strings.Contains(shape(example[1]), shape(given))
		}
		if !found {
			t.Errorf("no example looks like %s", given)
		}
	}
}
