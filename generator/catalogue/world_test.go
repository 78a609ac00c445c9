package catalogue_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
)

// The numbers below are published for tests, so that they belong to nobody:
// persons by RvIG, companies by the KVK.
var (
	testPersons = []string{
		"999993653", "999990408", "999995492", "999991802", "999993483",
		"999994086", "999992971", "999999321", "999997968", "999990524",
	}
	testCompanies = []string{"69599084", "68750110", "69599068", "69599076", "90002148", "55344526"}
)

// world is everything that the answers of all entries tell, by key.
type world struct {
	addresses map[string]map[string]any // adresseerbaarObjectIdentificatie → BAG address
	numbers   map[string]string         // nummeraanduidingIdentificatie → adresseerbaarObjectIdentificatie
	panden    map[string]bool
	persons   map[string]map[string]any // burgerservicenummer → person as told by BSN
}

func readWorld(t *testing.T) world {
	t.Helper()
	w := world{map[string]map[string]any{}, map[string]string{}, map[string]bool{}, map[string]map[string]any{}}
	bag, _ := catalogue.Find("bag")
	for _, op := range parseAnswers(t, bag).Operations {
		for _, g := range op.Answers {
			objects(g.Answer, "nummeraanduidingIdentificatie", func(a map[string]any) {
				id := text(a["adresseerbaarObjectIdentificatie"])
				if known := w.addresses[id]; known != nil && !within(known, a) && !within(a, known) {
					t.Errorf("the BAG tells two things of %s", id)
				}
				if len(w.addresses[id]) < len(a) {
					w.addresses[id] = a
				}
				w.numbers[text(a["nummeraanduidingIdentificatie"])] = id
				for _, pand := range list(a["pandIdentificaties"]) {
					w.panden[text(pand)] = true
				}
			})
		}
	}
	brp, _ := catalogue.Find("brp-personen")
	for _, g := range parseAnswers(t, brp).Operations[0].Answers {
		for _, p := range list(g.Answer.(map[string]any)["personen"]) {
			if person := p.(map[string]any); g.With["type"] == "RaadpleegMetBurgerservicenummer" {
				w.persons[text(person["burgerservicenummer"])] = person
			}
		}
	}
	return w
}

// TestKeysLeadSomewhere: whatever a source tells, the register that a key
// belongs to knows it.
func TestKeysLeadSomewhere(t *testing.T) {
	w := readWorld(t)
	parcels := values(t, "brk", "identificatie")
	for _, e := range catalogue.Entries() {
		for _, op := range parseAnswers(t, e).Operations {
			for _, g := range op.Answers {
				each([]any{g.With, g.Answer}, func(key string, value any) {
					for _, v := range append(list(value), value) {
						id, is := v.(string)
						if !is {
							continue
						}
						known := true
						switch key {
						case "adresseerbaarObjectIdentificatie", "adresseerbaarObjectIdentificaties", "addresseerbaarObjectId":
							known = w.addresses[id] != nil
						case "nummeraanduidingIdentificatie", "nummerAanduidingId", "aoaIdentificatie":
							known = w.numbers[id] != ""
						case "pandIdentificaties":
							known = w.panden[id]
						case "kadastraalOnroerendeZaakIdentificaties":
							known = parcels[id]
						case "burgerservicenummer", "inpBsn":
							known = w.persons[id] != nil && slices.Contains(testPersons, id) && valid("bsn", id)
						case "kvkNummer":
							known = slices.Contains(testCompanies, id)
						case "rsin", "innNnpId", "bronorganisatie", "verantwoordelijkeOrganisatie":
							known = valid("rsin", id)
						}
						if !known {
							t.Errorf("%s %s: nothing is known of %s %s", e.Name, op.Name, key, id)
						}
					}
				})
			}
		}
	}
}

// TestOneAddress: two keys of one thing belong to one address, and the address
// is written the same everywhere.
func TestOneAddress(t *testing.T) {
	w := readWorld(t)
	for _, e := range catalogue.Entries() {
		for _, op := range parseAnswers(t, e).Operations {
			for _, g := range op.Answers {
				for _, number := range []string{"nummeraanduidingIdentificatie", "nummerAanduidingId", "aoaIdentificatie"} {
					objects(g.Answer, number, func(o map[string]any) {
						address := w.addresses[w.numbers[text(o[number])]]
						if address == nil {
							return // "is in onderzoek", or a key that leads nowhere: the test above
						}
						for _, key := range []string{"adresseerbaarObjectIdentificatie", "addresseerbaarObjectId"} {
							if o[key] != nil && o[key] != address["adresseerbaarObjectIdentificatie"] {
								t.Errorf("%s: %s belongs to another address than %s", e.Name, o[key], o[number])
							}
						}
						same := map[string]string{"postcode": "postcode", "huisnummer": "huisnummer", "huisletter": "huisletter", "straat": "openbareRuimteNaam", "officieleStraatnaam": "openbareRuimteNaam",
							"woonplaats": "woonplaatsNaam", "aoaPostcode": "postcode", "aoaHuisnummer": "huisnummer", "gorOpenbareRuimteNaam": "openbareRuimteNaam", "wplWoonplaatsNaam": "woonplaatsNaam"}
						for _, place := range []any{o, o["verblijfadres"]} {
							written, _ := place.(map[string]any)
							for here, there := range same {
								if written[here] != nil && written[here] != address[there] {
									t.Errorf("%s: %s is %v, in the BAG %v", e.Name, here, written[here], address[there])
								}
							}
						}
					})
				}
			}
		}
	}
}

// TestWhoLivesWhere: bewoning and personen tell the same of everybody.
func TestWhoLivesWhere(t *testing.T) {
	w := readWorld(t)
	lives := map[string][]string{} // by object, whom BRP Personen has there
	for bsn, p := range w.persons {
		if home, _ := p["verblijfplaats"].(map[string]any); p["opschortingBijhouding"] == nil {
			id := text(home["adresseerbaarObjectIdentificatie"])
			lives[id] = append(lives[id], bsn)
		}
	}
	entry, _ := catalogue.Find("brp-bewoning")
	asked := map[string]bool{}
	for _, g := range parseAnswers(t, entry).Operations[0].Answers {
		id := text(g.With["adresseerbaarObjectIdentificatie"])
		asked[id] = true
		var found []string
		objects(g.Answer, "burgerservicenummer", func(b map[string]any) {
			bsn := text(b["burgerservicenummer"])
			found = append(found, bsn)
			p := w.persons[bsn]
			name, _ := p["naam"].(map[string]any)
			birth, _ := p["geboorte"].(map[string]any)
			home, _ := p["verblijfplaats"].(map[string]any)
			if name["volledigeNaam"] != b["naam"].(map[string]any)["volledigeNaam"] || !reflect.DeepEqual(birth["datum"], b["geboorte"].(map[string]any)["datum"]) {
				t.Errorf("%s has two names or births", bsn)
			}
			if p["geheimhoudingPersoonsgegevens"] != b["geheimhoudingPersoonsgegevens"] || (home["inOnderzoek"] != nil) != (b["inOnderzoek"] != nil) {
				t.Errorf("%s: the registers differ about geheimhouding or onderzoek", bsn)
			}
		})
		slices.Sort(found)
		slices.Sort(lives[id])
		if !slices.Equal(found, lives[id]) {
			t.Errorf("at %s live %v, according to personen %v", id, found, lives[id])
		}
	}
	for id := range lives {
		if !asked[id] {
			t.Errorf("bewoning knows nothing of %s, where %v live", id, lives[id])
		}
	}
}

// TestTheCasesThatTeamsMeet: the world holds what makes teams think.
func TestTheCasesThatTeamsMeet(t *testing.T) {
	w := readWorld(t)
	var births, ended []string
	secret := 0
	for _, p := range w.persons {
		birth := p["geboorte"].(map[string]any)["datum"].(map[string]any)
		births = append(births, text(birth["type"]))
		if end, is := p["opschortingBijhouding"].(map[string]any); is {
			ended = append(ended, text(end["reden"].(map[string]any)["omschrijving"]))
		}
		if p["geheimhoudingPersoonsgegevens"] == true {
			secret++
		}
	}
	for _, kind := range []string{"Datum", "JaarMaandDatum", "JaarDatum", "DatumOnbekend"} {
		if !slices.Contains(births, kind) {
			t.Errorf("nobody has a date of birth of type %s", kind)
		}
	}
	slices.Sort(ended)
	if !slices.Equal(ended, []string{"emigratie", "overlijden"}) || secret != 1 {
		t.Errorf("ended: %v, %d secret", ended, secret)
	}
	holysloot := w.addresses["0363010000000034"]
	if holysloot["openbareRuimteNaam"] != "Dorpsstraat" || holysloot["huisnummer"] != float64(34) || holysloot["woonplaatsNaam"] != "Holysloot" {
		t.Errorf("Dorpsstraat 34 in Holysloot is %v", holysloot)
	}
	for _, part := range []string{"huisletter", "huisnummertoevoeging"} {
		if !slices.ContainsFunc(slices.Collect(maps.Values(w.addresses)), func(a map[string]any) bool { return a[part] != nil }) {
			t.Errorf("no address has a %s", part)
		}
	}
}

// TestReferences: an address of a ZGW resource in an answer is answered by the
// entry that has such resources.
func TestReferences(t *testing.T) {
	known := map[string]bool{}
	have := map[string]bool{} // kinds of resources that some entry answers
	var used []string
	kind := func(address string) string { return address[:strings.LastIndexByte(address, '/')] }
	for _, e := range catalogue.Entries() {
		if !strings.HasPrefix(e.Name, "zgw-") {
			continue
		}
		for _, op := range parseAnswers(t, e).Operations {
			for _, g := range op.Answers {
				each(g.Answer, func(key string, value any) {
					for _, v := range append(list(value), value) {
						address := text(v)
						switch {
						case !strings.HasPrefix(address, "https://") || strings.HasSuffix(address, "/download"):
						case !strings.HasPrefix(address, "https://openzaak.veenrade.test/"):
							t.Errorf("%s: %s is not of the stand-in", e.Name, address)
						case key == "url":
							known[address], have[kind(address)] = true, true
							if !strings.HasPrefix(address, e.BaseURLs[0].URL+"/") {
								t.Errorf("%s is not below %s", address, e.BaseURLs[0].URL)
							}
						default:
							used = append(used, address)
						}
					}
				})
			}
		}
	}
	for _, address := range used {
		if have[kind(address)] && !known[address] {
			t.Errorf("nothing answers %s", address)
		}
	}
	if len(used) < 10 {
		t.Errorf("only %d references were seen", len(used))
	}
}

// TestPersonas: what people are told to try is in the answers.
func TestPersonas(t *testing.T) {
	for _, e := range catalogue.Entries() {
		told := string(e.Answers())
		for _, p := range e.Personas {
			key, _, _ := strings.Cut(p.Key, " ")
			if !strings.Contains(told, `"`+key+`"`) {
				t.Errorf("%s: no answer holds %s", e.Name, p.Key)
			}
		}
	}
}

// TestWhoLogsInIsInTheBRP: the people of the development login are those that
// the stand-in of the BRP knows by their numbers.
func TestWhoLogsInIsInTheBRP(t *testing.T) {
	source, err := os.ReadFile("../../templates/component/kern/identity/personas.go")
	if err != nil {
		t.Fatal(err)
	}
	people := regexp.MustCompile(`Name: "([^"]+)", BSN: "(\d{9})"`).FindAllStringSubmatch(string(source), -1)
	if len(people) < 5 {
		t.Fatalf("only %d people are found", len(people))
	}
	e, _ := catalogue.Find("brp-personen")
	for _, p := range people {
		if !slices.ContainsFunc(e.Personas, func(known catalogue.Persona) bool {
			return known.Key == p[2] && strings.HasPrefix(known.About, p[1]+":")
		}) {
			t.Errorf("%s logs in as %s, and the BRP calls that number something else", p[1], p[2])
		}
	}
}

// values are all values that an entry tells under a key.
func values(t *testing.T, entry, key string) map[string]bool {
	t.Helper()
	e, _ := catalogue.Find(entry)
	all := map[string]bool{}
	for _, op := range parseAnswers(t, e).Operations {
		for _, g := range op.Answers {
			objects(g.Answer, key, func(o map[string]any) { all[text(o[key])] = true })
		}
	}
	return all
}

// objects calls f for every object in value that has the key.
func objects(value any, key string, f func(map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		if value[key] != nil {
			f(value)
		}
		for _, below := range value {
			objects(below, key, f)
		}
	case []any:
		for _, item := range value {
			objects(item, key, f)
		}
	}
}

// within says whether all that small tells, large tells too.
func within(small, large map[string]any) bool {
	for key, value := range small {
		if !reflect.DeepEqual(value, large[key]) {
			return false
		}
	}
	return true
}

func list(value any) []any {
	items, _ := value.([]any)
	return items
}

func text(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number, float64:
		return fmt.Sprint(value)
	}
	return ""
}
