package outway

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// The promises of four kinds of sources.
var (
	ofPersons  = Contract{List: "personen", Holds: []string{"personen", "type"}}
	ofAddress  = Contract{List: "_embedded.adressen", Holds: []string{"_embedded", "_links"}, NotFound: true}
	ofThings   = Contract{Array: true}
	ofBuilding = Contract{Holds: []string{"identificatie", "status", "title"}, Required: []string{"identificatie"}, NotFound: true}
	ofNotice   = Contract{Holds: []string{"status", "title"}} // it has the names of a problem, and no others
	ofNobody   = Contract{NotFound: true}
)

// told asks a source that answers like this.
func told(t *testing.T, c Contract, status int, kind, body string, more ...func(*Question)) (Answer, error) {
	t.Helper()
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		if kind == "" {
			w.Header()["Content-Type"] = nil // or net/http would guess one
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	q := NewQuestion("zoek", http.MethodGet, "/dingen/{id}")
	q.contract = c
	for _, add := range more {
		add(&q)
	}
	return o.Ask(t.Context(), Bron{Title: "De bron", Service: "bron", Activity: activity, Fields: fields("naam")}, q)
}

// What is no answer decides nothing: it is a source that fails.
func TestAnAnswerIsWhatTheSourcePromises(t *testing.T) {
	const (
		jsonKind = "application/json"
		hal      = "application/hal+json; charset=utf-8"
		problem  = `{"type":"about:blank","title":"Not allowed","status":403,"detail":"GEHEIM"}`
		failing  = -1
	)
	for name, c := range map[string]struct {
		contract Contract
		status   int
		kind     string
		body     string
		count    int
	}{
		"found":                         {ofPersons, 200, jsonKind, `{"type":"x","personen":[{"naam":"a"},{}]}`, 2},
		"nothing":                       {ofPersons, 200, jsonKind, `{"type":"x","personen":[]}`, 0},
		"nothing, as null":              {ofPersons, 200, jsonKind, `{"personen":null}`, 0},
		"nothing, without the list":     {ofPersons, 200, jsonKind, `{"type":"x"}`, 0},
		"nothing, without _embedded":    {ofAddress, 200, hal, `{"_links":{"self":{"href":"/adressen"}}}`, 0},
		"nothing, with 204":             {ofAddress, 204, "", ``, 0},
		"nothing, with 404":             {ofAddress, 404, "application/problem+json", problem, 0},
		"nothing, with 410":             {ofBuilding, 410, jsonKind, ``, 0},
		"nothing, with 404 and no type": {ofBuilding, 404, "", ``, 0},
		"found, of a vendor":            {ofPersons, 200, "application/vnd.x+json", `{"personen":[{}]}`, 1},
		"found, without a type":         {ofPersons, 200, "", `{"personen":[{}]}`, 1},
		"found, with a status":          {ofBuilding, 200, jsonKind, `{"identificatie":"1","status":"gesloopt","title":"x"}`, 1},
		"found, with 201":               {ofBuilding, 201, jsonKind, `{"identificatie":"1"}`, 1},
		"found, the list itself":        {ofThings, 200, jsonKind, `[{"naam":"a"}]`, 1},
		"nothing in the list itself":    {ofThings, 200, jsonKind, `[]`, 0},
		"found, of nobody knows what":   {ofNobody, 200, jsonKind, `{"x":1}`, 1},
		"a list of nobody knows what":   {ofNobody, 200, jsonKind, `[{"x":1},{}]`, 2},
		"a type that is a word":         {ofNobody, 200, jsonKind, `{"type":"boek","title":"x"}`, 1},
		"a status that is no failure":   {ofNobody, 200, jsonKind, `{"status":700,"title":"x"}`, 1},
		"a status and nothing else":     {ofNobody, 200, jsonKind, `{"status":404}`, 1},

		"found, a notice":        {ofNotice, 200, jsonKind, `{"title":"x","status":"open"}`, 1},
		"problem for a notice":   {ofNotice, 200, jsonKind, `{"title":"x","status":403}`, failing},
		"a notice with a detail": {ofNotice, 200, jsonKind, `{"title":"x","detail":"y"}`, failing},

		"problem by its type":             {ofPersons, 200, "application/problem+json", `{"personen":[{}]}`, failing},
		"problem with status":             {ofPersons, 200, jsonKind, problem, failing},
		"problem without status":          {ofPersons, 200, jsonKind, `{"type":"about:blank","title":"x"}`, failing},
		"problem for a building":          {ofBuilding, 200, jsonKind, `{"title":"x","status":500}`, failing},
		"problem of nobody knows what":    {ofNobody, 200, jsonKind, problem, failing},
		"problem, no status, of nobody":   {ofNobody, 200, jsonKind, `{"type":"https://x.test/fout","title":"x"}`, failing},
		"problem with a urn, of nobody":   {ofNobody, 200, jsonKind, `{"type":"urn:fout","title":"x"}`, failing},
		"empty object":                    {ofPersons, 200, jsonKind, `{}`, failing},
		"empty object of nobody":          {ofNobody, 200, jsonKind, `{}`, failing},
		"empty object for a list":         {ofThings, 200, jsonKind, `{}`, failing},
		"list for an object":              {ofPersons, 200, jsonKind, `[]`, failing},
		"list for a building":             {ofBuilding, 200, jsonKind, `[{"identificatie":"1"}]`, failing},
		"object for a list":               {ofThings, 200, jsonKind, `{"naam":"a"}`, failing},
		"other object":                    {ofPersons, 200, jsonKind, `{"message":"no"}`, failing},
		"list that is none":               {ofPersons, 200, jsonKind, `{"personen":"geen"}`, failing},
		"list that is an object":          {ofPersons, 200, jsonKind, `{"personen":{}}`, failing},
		"way to the list is none":         {ofAddress, 200, jsonKind, `{"_embedded":[]}`, failing},
		"without what it always has":      {ofBuilding, 200, jsonKind, `{"status":"x"}`, failing},
		"text":                            {ofNobody, 200, jsonKind, `"ok"`, failing},
		"null":                            {ofNobody, 200, jsonKind, `null`, failing},
		"null in the list":                {ofPersons, 200, jsonKind, `{"type":"x","personen":[null,{}]}`, failing},
		"null in the list itself":         {ofThings, 200, jsonKind, `[null]`, failing},
		"page":                            {ofPersons, 200, "text/html", `<html>`, failing},
		"page that says it is JSON":       {ofPersons, 200, jsonKind, `<html>`, failing},
		"JSON that says it is a page":     {ofPersons, 200, "text/html; charset=utf-8", `{"personen":[]}`, failing},
		"XML":                             {ofPersons, 200, "application/xml", `<a/>`, failing},
		"no body":                         {ofPersons, 200, jsonKind, " \n", failing},
		"not yet":                         {ofPersons, 202, jsonKind, `{"personen":[]}`, failing},
		"205":                             {ofPersons, 205, jsonKind, ``, failing},
		"half":                            {ofPersons, 200, jsonKind, `{"personen":[`, failing},
		"more than JSON":                  {ofPersons, 200, jsonKind, `{"personen":[]} GEHEIM`, failing},
		"two answers":                     {ofPersons, 200, jsonKind, `{"personen":[]}{}`, failing},
		"404 that the source has not":     {ofPersons, 404, "application/problem+json", problem, failing},
		"404 page":                        {ofAddress, 404, "text/html", `<html>`, failing},
		"404 page without a body":         {ofAddress, 404, "text/html", ``, failing},
		"404 page that says it is JSON":   {ofAddress, 404, jsonKind, `<html>`, failing},
		"404 text of something in front":  {ofAddress, 404, "text/plain; charset=utf-8", "404 page not found", failing},
		"404 page of nobody":              {ofNobody, 404, "text/html", `<html>`, failing},
		"410 that the source has not":     {ofPersons, 410, "application/problem+json", problem, failing},
		"moved to a page to log in":       {ofNobody, 302, "text/html", ``, failing},
		"all is well, say the load tests": {ofPersons, 200, "text/plain", "OK", failing},
	} {
		a, err := told(t, c.contract, c.status, c.kind, c.body)
		f, _ := errors.AsType[*Fault](err)
		switch {
		case c.count == failing:
			if f == nil || f.Kind != FaultService || CauseOf(err) != CauseUnreadable || a.Found || a.Data != nil || a.Count != 0 || f.Transaction == "" || f.Bron == "" || strings.Contains(err.Error(), "GEHEIM") {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
		case err != nil || a.Found != (c.count > 0) || a.Count != c.count || (a.Data != nil) != a.Found:
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

// Found is found, also when the purpose keeps nothing of it.
func TestFoundOfWhichNothingIsKept(t *testing.T) {
	a, err := told(t, ofPersons, 200, "application/json", `{"type":"x","personen":[{"bsn":"1"},{"bsn":"2"}]}`)
	if raw, _ := json.Marshal(a.Data); err != nil || string(raw) != `{"personen":[{},{}]}` || a.Count != 2 || a.List != "personen" {
		t.Errorf("%s, %+v, %v", raw, a, err)
	}
	a, err = told(t, ofNobody, 200, "application/json", `[{"naam":"a"},7,null,[1]]`)
	if raw, _ := json.Marshal(a.Data); err != nil || string(raw) != `[{"naam":"a"},{},{},{}]` || a.Count != 4 || a.List != "" {
		t.Errorf("%s, %+v, %v", raw, a, err)
	}
}

// Another person or another thing than was asked is no answer: nothing of it is
// kept, and the log says whose data came.
func TestSomebodyElseIsNoAnswer(t *testing.T) {
	about := func(name string, numbers ...string) func(*Question) {
		return func(q *Question) {
			var all []any
			for _, n := range numbers {
				all = append(all, n)
			}
			q.InBody(name, all)
			q.About(numbers...)
		}
	}
	key := func(value string) func(*Question) { return func(q *Question) { q.InPath("id", value) } }
	part := func(q *Question) {
		*q = Question{Operation: "x", Method: "GET", Path: "/dingen/{id}/kinderen", template: "/dingen/{id}/kinderen", contract: ofPersons}
		q.InPath("id", "1")
	}
	for name, c := range map[string]struct {
		asked func(*Question)
		body  string
		ok    bool
	}{
		"this person":           {about("burgerservicenummer", "999993653"), `{"personen":[{"burgerservicenummer":"999993653"}]}`, true},
		"other person":          {about("burgerservicenummer", "999993653"), `{"personen":[{"burgerservicenummer":"999990408"}]}`, false},
		"a second person":       {about("burgerservicenummer", "999993653"), `{"personen":[{"burgerservicenummer":"999993653"},{"burgerservicenummer":"999990408"}]}`, false},
		"both persons":          {about("burgerservicenummer", "999993653", "999990408"), `{"personen":[{"burgerservicenummer":"999990408"},{"burgerservicenummer":"999993653"}]}`, true},
		"number as a number":    {about("burgerservicenummer", "012345672"), `{"personen":[{"burgerservicenummer":12345672}]}`, true},
		"a partner has another": {about("burgerservicenummer", "999993653"), `{"personen":[{"burgerservicenummer":"999993653","partners":[{"burgerservicenummer":"999990408"}]}]}`, true},
		"nobody says who it is": {about("burgerservicenummer", "999993653"), `{"personen":[{"naam":"x","burgerservicenummer":null}]}`, true},
		"this key":              {key("ab-1"), `{"personen":[{"id":"AB-1"}]}`, true},
		"this key as a URL":     {key("ab-1"), `{"personen":[{"id":"https://bron.test/dingen/AB-1/"}]}`, true},
		"key with a namespace":  {key("0363100000000001"), `{"personen":[{"id":"NL.IMBAG.Pand.0363100000000001"}]}`, true},
		"key that ends alike":   {key("63"), `{"personen":[{"id":"0363"}]}`, false},
		"decimals end alike":    {key("5"), `{"personen":[{"id":"1.5"}]}`, false},
		"other key":             {key("ab-1"), `{"personen":[{"id":"ab-2"}]}`, false},
		"one of more keys":      {key("ab-1"), `{"personen":[{"id":["x","ab-1"]}]}`, true},
		"parts of a thing":      {part, `{"personen":[{"id":"2"}]}`, true},
	} {
		b := &notebook{}
		o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(c.body)) }))
		o.Logboek, o.Key = b, testKey
		q := NewQuestion("zoek", http.MethodPost, "/dingen/{id}")
		q.contract = ofPersons
		c.asked(&q)
		a, err := o.Ask(t.Context(), Bron{Service: "bron", Activity: activity, Fields: fields("burgerservicenummer", "id")}, q)
		if c.ok {
			if err != nil || !a.Found || len(a.Notes) > 0 {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
			continue
		}
		if CauseOf(err) != CauseElsewhere || a.Found || a.Data != nil || len(a.Notes) > 0 {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
		if text := err.Error() + log.String(); numbers.MatchString(text) || strings.Contains(text, "ab-2") {
			t.Errorf("%s: a value is in %s", name, text)
		}
		if strings.Contains(c.body, "999990408") && (b.ended[len(b.ended)-1].DataSubject != pseudonym("999990408") || b.ended[0].Status != logboek.Error) {
			t.Errorf("%s: written down as %+v", name, b.ended)
		}
	}
}

// Of a list without end the first few are kept, and all are counted and judged.
func TestAHundredThousand(t *testing.T) {
	list := func(n int, last string) string {
		return `{"personen":[` + strings.Repeat(`{"naam":"a"},`, n-1) + last + `]}`
	}
	a, err := told(t, ofPersons, 200, "application/json", list(100_000, `{"naam":"a"}`))
	all, _ := a.Data.(map[string]any)["personen"].([]any)
	if err != nil || a.Count != 100_000 || len(all) != maxKept || cap(all) != maxKept {
		t.Errorf("%d of %d kept, %v", len(all), a.Count, err)
	}
	a, err = told(t, ofPersons, 200, "application/json", list(100_000, `{"id":"2"}`), func(q *Question) { q.InPath("id", "1") })
	if CauseOf(err) != CauseElsewhere || a.Data != nil {
		t.Errorf("the last is another: %d, %v", a.Count, err)
	}
	if _, err = told(t, ofPersons, 200, "application/json", list(400_000, `{}`)); CauseOf(err) != CauseUnreadable || !strings.Contains(err.Error(), "groter dan 4 MiB") {
		t.Errorf("too large: %v", err)
	}
}

// The right answer, too late, is none.
func TestTheRightAnswerTooLate(t *testing.T) {
	var sent atomic.Int32
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent.Add(1)
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte(`{"personen":`))
		_ = http.NewResponseController(w).Flush()
		select {
		case <-time.After(time.Second):
		case <-r.Context().Done():
		}
		_, _ = w.Write([]byte(`[{"naam":"x"}]}`))
	}))
	o.Timeout = 50 * time.Millisecond
	q := NewQuestion("zoek", http.MethodGet, "/")
	q.contract = ofPersons
	a, err := o.Ask(t.Context(), Bron{Service: "bron", Activity: activity, Fields: fields("naam")}, q)
	if f, ok := errors.AsType[*Fault](err); !ok || f.Kind != FaultConnection || !f.Temporary() || a.Found || a.Data != nil || sent.Load() != 1 {
		t.Errorf("asked %d times: %+v, %v", sent.Load(), a, err)
	}
}

// What may change something is put once, whatever comes of it.
func TestAQuestionThatMayChangeSomethingIsPutOnce(t *testing.T) {
	for _, once := range []bool{false, true} {
		var sent atomic.Int32
		o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			sent.Add(1)
			w.WriteHeader(http.StatusServiceUnavailable)
		}))
		q := NewQuestion("meld", http.MethodPost, "/meldingen")
		q.contract.Once = once
		_, err := o.Ask(t.Context(), Bron{Service: "bron", Activity: activity}, q)
		if want := map[bool]int32{false: attempts, true: 1}[once]; err == nil || sent.Load() != want {
			t.Errorf("once is %t: sent %d times, %v", once, sent.Load(), err)
		}
	}
}

// Only a stand-in has a hint, and only in development it is read.
func TestOnlyAStandInHasAHint(t *testing.T) {
	for name, c := range map[string]struct {
		status      int
		body        string
		standIn     string
		development bool
		hint, want  string
	}{
		"nothing found":   {404, ``, "bron", true, "Met postcode 1028BC %C3%A9n 1", "Met postcode 1028BC én 1"},
		"an empty list":   {200, `{"personen":[]}`, "bron", true, "x", "x"},
		"found":           {200, `{"personen":[{}]}`, "bron", true, "x", ""},
		"a real source":   {404, ``, "", true, "x", ""},
		"in production":   {404, ``, "bron", false, "x", ""},
		"that is no text": {404, ``, "bron", true, "a%0Ab", ""},
		"without end":     {404, ``, "bron", true, strings.Repeat("x", maxHint+1), ""},
	} {
		o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if c.standIn != "" {
				w.Header().Set(fsc.HeaderStandIn, c.standIn)
			}
			w.Header().Set(fsc.HeaderHint, c.hint)
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		o.Development = c.development
		q := NewQuestion("zoek", http.MethodGet, "/")
		q.contract = Contract{List: "personen", NotFound: true}
		if a, err := o.Ask(t.Context(), Bron{Service: "bron", Activity: activity}, q); err != nil || a.Hint != c.want {
			t.Errorf("%s: %q, %v", name, a.Hint, err)
		}
	}
}

// Whatever comes back, it is an answer or a failure, and found means that there is
// something.
func FuzzAnswer(f *testing.F) {
	f.Add(200, "application/json", `{"personen":[{"naam":"x","id":"1"}]}`, "personen", false)
	f.Add(200, "", `[[],{},null]`, "", true)
	f.Add(404, "text/html", `{}`, "a.b", false)
	f.Fuzz(func(t *testing.T, status int, kind, body, list string, array bool) {
		if status < 200 || status > 299 {
			return
		}
		reply := &Reply{Status: status, Header: http.Header{"Content-Type": {kind}}, Body: []byte(body)}
		answer, err := read(reply)
		if err != nil || answer == nil {
			return
		}
		c := Contract{List: list, Array: array}
		found, ok := c.find(answer)
		if !ok || len(found.items) == 0 {
			return
		}
		q := NewQuestion("x", "GET", "/{id}")
		q.InPath("id", "1")
		_ = q.elsewhere(found)
		p := newPruner(found.list, fields("naam"), []Warning{{Field: "geheim.code", Text: "!"}})
		_ = p.differences(Bron{}, q, found)
		data := p.prune(answer)
		if data == nil {
			t.Errorf("found, and nothing left of %s", body)
		}
		for _, n := range warningsIn([]Warning{{Field: "geheim.code", Text: "!"}}, data) {
			if _, err := resolve(data, n.Place); err != nil {
				t.Errorf("%s of %s: %v", n.Place, body, err)
			}
		}
	})
}

// resolve follows a JSON pointer.
func resolve(v any, place string) (any, error) {
	for part := range strings.SplitSeq(strings.TrimPrefix(place, "/"), "/") {
		if place == "" {
			break
		}
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch at := v.(type) {
		case map[string]any:
			below, ok := at[part]
			if !ok {
				return nil, fmt.Errorf("no %q", part)
			}
			v = below
		case []any:
			i := -1
			if _, err := fmt.Sscan(part, &i); err != nil || i < 0 || i >= len(at) {
				return nil, fmt.Errorf("no item %q", part)
			}
			v = at[i]
		default:
			return nil, fmt.Errorf("nothing below %q", part)
		}
	}
	return v, nil
}

// A source may give its own URLs under another of its addresses than the one that
// was asked with: that is no other thing.
func TestAURLUnderAnotherAddressIsNoDifference(t *testing.T) {
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"personen":[{"zaaktype":"https://een.test/api/zaaktypen/1"}]}`))
	}))
	b := Bron{Service: "bron", Activity: activity, Fields: fields("zaaktype"), Addresses: []string{"https://een.test/api", "https://twee.test/v1"}}
	for asked, notes := range map[string]int{"https://twee.test/v1/zaaktypen/1": 0, "https://twee.test/v1/zaaktypen/2": 1} {
		q := b.NewQuestion("zoek", http.MethodGet, "/zaken")
		q.contract = ofPersons
		q.InQuery("zaaktype", asked)
		if a, err := o.Ask(t.Context(), b, q); err != nil || !a.Found || len(a.Notes) != notes {
			t.Errorf("%s: %+v, %v", asked, a.Notes, err)
		}
	}
}
