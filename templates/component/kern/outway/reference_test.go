package outway

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
)

var (
	bag     = Bron{Service: "bron", Activity: activity, Addresses: []string{"https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2"}}
	zaken   = Bron{Service: "bron", Activity: activity, Addresses: []string{"https://zaken.gemeente.test/zaken/api/v1/"}}
	catalog = Bron{Service: "bron", Activity: activity, Addresses: []string{"https://zaken.gemeente.test/catalogi/api/v1", "http://intern:8000/catalogi/api/v1"}}
)

func TestPathOfAReference(t *testing.T) {
	// Apart from its port, a path does not look like a secret.
	const path = "/lvbag/individuelebevragingen/v2"
	const base = "https://api.bag.kadaster.nl" + path
	for url, want := range map[string]string{
		base + "/adressen/0363200000000034":       "/adressen/0363200000000034",
		base + "/adressen?postcode=1028BC&page=2": "/adressen?postcode=1028BC&page=2",
		base + "/adressen/a%20b#deel":             "/adressen/a%20b",
		base:                                      "/",
		"HTTPS://API.bag.kadaster.nl:443" + path + "/panden/1":                     "/panden/1",
		"https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v22/adressen/1":  "",
		"https://api.bag.kadaster.nl/lvbag/individuelebevragingen":                 "",
		"https://api.bag.kadaster.nl.kwaad.test/lvbag/individuelebevragingen/v2/a": "",
		"https://kwaad.test/lvbag/individuelebevragingen/v2/a":                     "",
		"https://api.bag.kadaster.nl@kwaad.test/lvbag/individuelebevragingen/v2/a": "",
		"https://u:w@api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/a":        "",
		"http://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/a":             "",
		"https://api.bag.kadaster.nl:8443" + path + "/a":                           "",
		base + "/../../geheim":    "",
		base + "/%2e%2e/geheim":   "",
		base + "/a%2F..%2Fgeheim": "",
		base + `/a\..\geheim`:     "",
		"/adressen/1":             "",
		"file:///etc/passwd":      "",
		"javascript:alert(1)//https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/": "",
		"//api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/adressen/1":                  "",
	} {
		got, err := bag.Path(url)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s is %q, %v, want %q", url, got, err, want)
		}
	}
	if _, err := (Bron{}).Path(base); err == nil {
		t.Error("a source without addresses knows a reference")
	}
}

// A link in an answer of the BAG leads to the next question, through the outway
// and nowhere else.
func TestALinkOfTheBAGLeadsThroughTheOutway(t *testing.T) {
	const self = "https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/adressen/0363200000000034"
	var paths []string
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
		_, _ = w.Write([]byte(`{"_links":{"self":{"href":"` + self + `"}},"postcode":"1028BC"}`))
	}))
	b := bag
	b.Fields = fields("_links.self.href")
	a, err := o.Ask(t.Context(), b, b.NewQuestion("zoek", http.MethodGet, "/adressen"))
	if err != nil || a.Field("_links.self.href") != self {
		t.Fatalf("the link is %q, %v", a.Field("_links.self.href"), err)
	}
	q := b.NewQuestion("lees", http.MethodGet, "/adressen/{nummeraanduidingIdentificatie}")
	q.InPath("nummeraanduidingIdentificatie", a.Field("_links.self.href"))
	if _, err := o.Ask(t.Context(), b, q); err != nil || strings.Join(paths, " ") != "/adressen /adressen/0363200000000034" {
		t.Errorf("asked %q, %v", paths, err)
	}
	for _, foreign := range []string{
		"https://kwaad.test/adressen/1", "https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/panden/0363200000000034",
		"https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/adressen/1/lijst",
	} {
		q := b.NewQuestion("lees", http.MethodGet, "/adressen/{nummeraanduidingIdentificatie}")
		q.InPath("nummeraanduidingIdentificatie", foreign)
		_, err := o.Ask(t.Context(), b, q)
		f, ok := errors.AsType[*Fault](err)
		if !ok || f.Kind != FaultQuestion || f.Temporary() || CauseOf(err) != CauseRejected || strings.Contains(err.Error(), "kwaad") {
			t.Errorf("%s gives %v", foreign, err)
		}
	}
	if len(paths) != 2 {
		t.Errorf("a foreign reference was followed: %q", paths)
	}
}

// The zaaktype of a zaak is a URL of another ZGW API, and goes back to that one
// as it was given.
func TestAZaaktypeIsAnIdentification(t *testing.T) {
	const zaaktype = "https://zaken.gemeente.test/catalogi/api/v1/zaaktypen/8e6e2d66-4a2b-4e05-9c6a-6a0f0c0f1a2b"
	var asked []string
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+"?"+r.URL.Query().Get("zaaktype"))
		var body struct{ Zaaktype string }
		if json.NewDecoder(r.Body).Decode(&body) == nil {
			asked = append(asked, body.Zaaktype)
		}
		_, _ = w.Write([]byte(`{"url":"http://intern:8000/catalogi/api/v1/zaaktypen/1","zaaktype":"` + zaaktype + `","los":"http://intern:8000/elders","outway":"http://` + r.Host + `/zaaktypen/2"}`))
	}))
	z := zaken
	z.Fields = fields("zaaktype")
	a, err := o.Ask(t.Context(), z, z.NewQuestion("zoek", http.MethodGet, "/zaken"))
	if err != nil || a.Field("zaaktype") != zaaktype {
		t.Fatalf("the zaaktype is %q, %v", a.Field("zaaktype"), err)
	}
	c := catalog
	c.Fields = fields("url", "los", "outway")
	q := c.NewQuestion("lees", http.MethodPost, "/zaaktypen/{uuid}")
	q.InPath("uuid", a.Field("zaaktype"))
	q.InQuery("zaaktype", "http://intern:8000/catalogi/api/v1/zaaktypen/1")
	q.InBody("zaaktype", Text("http://intern:8000/catalogi/api/v1/zaaktypen/1"))
	a, err = o.Ask(t.Context(), c, q)
	if err != nil {
		t.Fatal(err)
	}
	const canonical = "https://zaken.gemeente.test/catalogi/api/v1/zaaktypen/1"
	if strings.Join(asked[1:], " ") != "/zaaktypen/8e6e2d66-4a2b-4e05-9c6a-6a0f0c0f1a2b?"+canonical+" "+canonical {
		t.Errorf("asked %q", asked)
	}
	if a.Field("url") != canonical || a.Field("los") != "http://intern:8000/elders" || a.Field("outway") != "https://zaken.gemeente.test/catalogi/api/v1/zaaktypen/2" {
		t.Errorf("answered %v", a.Data)
	}
}

// Whatever stands in an answer, what becomes of it is a path on the outway that
// does not climb.
func FuzzPath(f *testing.F) {
	f.Add("https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/adressen/1?a=b#c")
	f.Add("https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2/%2e%2e/x")
	f.Fuzz(func(t *testing.T, text string) {
		path, err := bag.Path(text)
		if err != nil {
			return
		}
		if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") && !strings.Contains(text, "v2//") || strings.Contains(path, "/../") || strings.ContainsAny(path, "\\\r\n#") {
			t.Errorf("%q becomes %q", text, path)
		}
		if again, err := bag.Path(bag.canonical(text)); err != nil || again != path {
			t.Errorf("%q is %q and then %q, %v", text, path, again, err)
		}
	})
}
