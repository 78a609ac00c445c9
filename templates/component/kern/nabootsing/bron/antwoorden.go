package bron

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// antwoorden is an answers file: what a source answers, by operation.
type antwoorden struct {
	dienst       string
	specificatie string // path of the OpenAPI file, from the root of the component; "" for none
	operaties    []*operatie
	echt         []string // places of numbers that may be of a person who exists
}

// operatie is one question that can be put to a source.
type operatie struct {
	naam, methode string
	segmenten     []string // of the path; {naam} for a parameter
	vragen        []string // names of what a question varies in
	kiest         *keuze   // nil: the question does not choose its fields
	gevallen      []*geval // the first that fits is the answer
	anders        *geval   // when none fits; nil: an empty list, or 404
	fouten        map[int]any
}

// geval is one answer.
type geval struct {
	bij    map[string][]string // what must be asked; nil: what the answer itself holds
	houdt  map[string][]string // what the answer holds, by the name of a question
	status int
	inhoud any
	zonder bool // there is no content
}

// keuze says that a question names the fields that it wants back.
type keuze struct {
	veld   string   // of the question
	onder  string   // the fields are paths below this field of the answer
	altijd []string // names of fields that come back unasked
}

// bestand judges an answers file; it goes on after a mistake, to tell all.
type bestand struct {
	lezer
	files fs.FS // for answers in files of their own
	echt  []string
}

var (
	patroonPad     = regexp.MustCompile(`^(/([^/{}?#\s]+|\{[^/{}?#\s]+\}))+/?$|^/$`)
	methodes       = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	sleutelsTop    = []string{"dienst", "specificatie", "uitleg", "operaties"}
	sleutelsOp     = []string{"naam", "methode", "pad", "vragen", "kiest", "antwoorden", "anders", "fouten"}
	sleutelsGeval  = []string{"bij", "status", "antwoord", "bestand"}
	sleutelsAnders = sleutelsGeval[1:]
	sleutelsKiest  = []string{"veld", "onder", "altijd"}
)

// leesAntwoorden reads the answers file called naam. The error is of type
// Fouten when the file can be read and is wrong.
func leesAntwoorden(files fs.FS, naam string) (*antwoorden, error) {
	raw, err := fs.ReadFile(files, naam)
	if err != nil {
		return nil, fmt.Errorf("het antwoordenbestand %s is niet te lezen: %w", naam, err)
	}
	b := &bestand{lezer: lezer{naam: naam, data: raw}, files: files}
	a := &antwoorden{}
	top := b.lees()
	if top != nil {
		b.echt = echteBSN(top, "")
	}
	if top != nil && b.isObject(top, sleutelsTop, "dienst", "operaties") {
		a.dienst = b.tekst(top.veld("dienst"))
		a.specificatie = b.tekst(top.veld("specificatie"))
		b.tekst(top.veld("uitleg"))
		for _, item := range b.lijst(top.veld("operaties")) {
			a.operaties = append(a.operaties, b.operatie(item))
		}
	}
	if len(b.fouten) > 0 {
		return nil, b.fouten
	}
	a.echt = b.echt
	return a, nil
}

func (b *bestand) operatie(k *knoop) *operatie {
	op := &operatie{fouten: map[int]any{}}
	if !b.isObject(k, sleutelsOp, "naam", "methode", "pad") {
		return op
	}
	op.naam, op.methode = b.tekst(k.veld("naam")), b.tekst(k.veld("methode"))
	if op.methode != "" && !slices.Contains(methodes, op.methode) {
		b.fout(k.veld("methode").begin, k.veld("methode").plek, "kies een van %s", strings.Join(methodes, ", "))
	}
	pad := b.tekst(k.veld("pad"))
	if pad != "" && !patroonPad.MatchString(pad) {
		b.fout(k.veld("pad").begin, k.veld("pad").plek, "een pad begint met / en heeft geen vraagteken of spatie; wat wisselt staat tussen accolades, zoals /adressen/{id}")
	}
	op.segmenten = strings.Split(pad, "/")
	op.vragen = b.teksten(k.veld("vragen"))
	if kiest := k.veld("kiest"); kiest != nil && b.isObject(kiest, sleutelsKiest, "veld") {
		op.kiest = &keuze{veld: b.tekst(kiest.veld("veld")), onder: b.tekst(kiest.veld("onder")), altijd: b.teksten(kiest.veld("altijd"))}
	}
	for _, item := range b.lijst(k.veld("antwoorden")) {
		op.gevallen = append(op.gevallen, b.geval(op, item, sleutelsGeval))
	}
	if anders := k.veld("anders"); anders != nil {
		op.anders = b.geval(op, anders, sleutelsAnders)
	}
	if fouten := k.veld("fouten"); fouten != nil && b.isObject(fouten, nil) {
		for _, v := range fouten.velden {
			status, err := strconv.Atoi(v.naam)
			if err != nil || status < 400 || status > 599 {
				b.fout(v.onder.begin, v.onder.plek, "de sleutel is een foutstatus van 400 tot en met 599")
				continue
			}
			if b.isObject(v.onder, nil) {
				op.fouten[status] = v.onder.gewoon()
			}
		}
	}
	return op
}

// geval reads one answer.
func (b *bestand) geval(op *operatie, k *knoop, sleutels []string) *geval {
	g := &geval{status: http.StatusOK}
	if !b.isObject(k, sleutels) {
		return g
	}
	if status := k.veld("status"); status != nil {
		number, _ := status.waarde.(json.Number)
		n, err := strconv.Atoi(number.String())
		if err != nil || n < 200 || n > 599 {
			b.fout(status.begin, status.plek, "een status is een geheel getal van 200 tot en met 599")
		}
		g.status = n
	}
	if bij := k.veld("bij"); bij != nil {
		g.bij = b.bij(op, bij)
	}
	antwoord, bestand := k.veld("antwoord"), k.veld("bestand")
	g.zonder = g.status == http.StatusNoContent || g.status == http.StatusNotModified
	switch {
	case g.zonder && (antwoord != nil || bestand != nil):
		b.fout(k.begin, k.plek, "bij status %d hoort geen antwoord", g.status)
	case g.zonder:
	case (antwoord == nil) == (bestand == nil):
		b.fout(k.begin, k.plek, `geef hier "antwoord" of "bestand", een van de twee`)
	case bestand != nil:
		g.inhoud = b.ander(bestand)
	default:
		g.inhoud = inhoud(&b.lezer, antwoord)
	}
	if g.bij == nil {
		g.houdt = map[string][]string{}
		for _, naam := range op.vragen {
			g.houdt[naam] = verzamel(g.inhoud, naam, nil)
		}
	}
	return g
}

// bij reads what must be asked for an answer to be given.
func (b *bestand) bij(op *operatie, k *knoop) map[string][]string {
	wanted := map[string][]string{}
	if !b.isObject(k, nil) {
		return wanted
	}
	for _, v := range k.velden {
		if !slices.Contains(op.vragen, v.naam) {
			b.fout(v.onder.begin, v.onder.plek, `"vragen" van deze operatie noemt dit niet; daar staat: %s`, strings.Join(op.vragen, ", "))
		}
		values := []*knoop{v.onder}
		if v.onder.lijst() {
			values = v.onder.items
		}
		wanted[v.naam] = []string{}
		for _, value := range values {
			s, plain := gewoneWaarde(value.waarde)
			switch {
			case value.waarde == nil || s == "" && plain: // not asked at all
			case !plain:
				b.fout(value.begin, value.plek, "hier hoort een tekst, een getal, true, false, null of een lijst daarvan")
			default:
				wanted[v.naam] = append(wanted[v.naam], gelijk(s))
			}
		}
	}
	return wanted
}

// inhoud is an answer as it is given.
func inhoud(l *lezer, k *knoop) any {
	if !k.object() && !k.lijst() {
		l.fout(k.begin, k.plek, "een antwoord is een object of een lijst")
		return nil
	}
	return k.gewoon()
}

// ander reads an answer that the team keeps in a file of its own.
func (b *bestand) ander(k *knoop) any {
	naam := b.tekst(k)
	if naam == "" {
		return nil
	}
	raw, err := fs.ReadFile(b.files, naam)
	if err != nil {
		reason := "dit bestand is niet te lezen"
		if errors.Is(err, fs.ErrNotExist) || !fs.ValidPath(naam) {
			reason = "dit bestand is er niet, of gaat niet mee in het programma: noem het ook in main.go achter go:embed"
		}
		b.fout(k.begin, k.plek, "%s", reason)
		return nil
	}
	other := &lezer{naam: naam, data: raw}
	var content any
	if top := other.lees(); top != nil {
		content = inhoud(other, top)
		for _, plek := range echteBSN(top, "") {
			b.echt = append(b.echt, naam+": "+plek)
		}
	}
	b.fouten = append(b.fouten, other.fouten...)
	return content
}

// isObject says whether k is an object, with no keys but these (nil: any) and
// at least the needed ones.
func (b *bestand) isObject(k *knoop, keys []string, needed ...string) bool {
	if !k.object() {
		b.fout(k.begin, k.plek, "hier hoort een object: { … }")
		return false
	}
	for _, v := range k.velden {
		if keys != nil && !slices.Contains(keys, v.naam) {
			b.fout(v.onder.begin, v.onder.plek, "deze sleutel bestaat hier niet; kies uit: %s", strings.Join(keys, ", "))
		}
	}
	for _, naam := range needed {
		if k.veld(naam) == nil {
			b.fout(k.begin, k.plek, `hier ontbreekt "%s"`, naam)
		}
	}
	return true
}

// tekst is a text that must not be empty; "" when it is not there or wrong.
func (b *bestand) tekst(k *knoop) string {
	if k == nil {
		return ""
	}
	s, isText := k.waarde.(string)
	switch {
	case !isText:
		b.fout(k.begin, k.plek, "hier hoort een tekst tussen aanhalingstekens")
	case strings.TrimSpace(s) == "":
		b.fout(k.begin, k.plek, "dit mag niet leeg zijn")
	default:
		return s
	}
	return ""
}

func (b *bestand) lijst(k *knoop) []*knoop {
	if k != nil && !k.lijst() {
		b.fout(k.begin, k.plek, "hier hoort een lijst: [ … ]")
		return nil
	}
	if k == nil {
		return nil
	}
	return k.items
}

func (b *bestand) teksten(k *knoop) []string {
	var all []string
	for _, item := range b.lijst(k) {
		all = append(all, b.tekst(item))
	}
	return all
}

// echteBSN lists the places of numbers that may be of a person who exists:
// they pass the check on a burgerservicenummer and are not from the range that
// is set apart for tests, 9999xxxxx.
func echteBSN(k *knoop, naam string) []string {
	var all []string
	if s, ok := k.waarde.(string); ok && (naam == "bsn" || naam == "burgerservicenummer") && value.BSN(s) == nil && !strings.HasPrefix(s, "9999") {
		all = append(all, k.plek)
	}
	for _, v := range k.velden {
		all = append(all, echteBSN(v.onder, strings.ToLower(v.naam))...)
	}
	for _, item := range k.items {
		all = append(all, echteBSN(item, naam)...)
	}
	return all
}
