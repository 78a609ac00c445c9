package bron

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// wacht is after how many seconds a source that is too busy may be asked again.
const wacht = 5

// titels say in Dutch what a status means.
var titels = map[int]string{
	http.StatusBadRequest:            "Een of meer onderdelen van de vraag kloppen niet.",
	http.StatusUnauthorized:          "De vrager is niet bekend bij de bron.",
	http.StatusForbidden:             "De vrager mag dit niet vragen.",
	http.StatusNotFound:              "Niets gevonden.",
	http.StatusMethodNotAllowed:      "Deze methode kan hier niet.",
	http.StatusNotAcceptable:         "De bron kan niet antwoorden in de gevraagde vorm.",
	http.StatusPreconditionFailed:    "Een verplichte header ontbreekt of klopt niet.",
	http.StatusRequestEntityTooLarge: "De vraag is te groot.",
	http.StatusUnsupportedMediaType:  "De bron kan de vorm van de vraag niet lezen.",
	http.StatusTooManyRequests:       "Er zijn te veel vragen gesteld.",
	http.StatusInternalServerError:   "Er ging iets mis bij de bron.",
	http.StatusServiceUnavailable:    "De bron is tijdelijk niet beschikbaar.",
}

// fout is a problem as RFC 9457 describes it, with the members that Dutch
// sources add: a code, and what is wrong per parameter. It holds names of
// parameters and never a value.
type fout struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail,omitempty"`
	Code     string       `json:"code,omitempty"`
	Verkeerd []foutieveld `json:"invalidParams,omitempty"`
}

// foutieveld is one parameter that is wrong.
type foutieveld struct {
	Naam  string `json:"name"`
	Code  string `json:"code"`
	Reden string `json:"reason"`
}

func nieuweFout(status int, detail string) fout {
	title := titels[status]
	if title == "" {
		title = http.StatusText(status)
	}
	return fout{Type: "about:blank", Title: title, Status: status, Detail: detail}
}

// probleem answers with a fault of the source.
func probleem(w http.ResponseWriter, status int, detail string) {
	schrijf(w, status, "", nieuweFout(status, detail))
}

// gedwongen answers with the fault that a tester asked for: as the answers
// file says for this question, or a plain one.
func gedwongen(w http.ResponseWriter, candidates []*operatie, status int) {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", strconv.Itoa(wacht))
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	for _, op := range candidates {
		if own, has := op.fouten[status]; has {
			schrijf(w, status, "", own)
			return
		}
		if op.anders != nil && op.anders.status == status {
			schrijf(w, status, "", op.anders.inhoud)
			return
		}
	}
	probleem(w, status, "De nabootsing doet dit omdat het zo is ingesteld.")
}

// schrijf writes an answer as JSON, of the media type that the source gives it.
func schrijf(w http.ResponseWriter, status int, soort string, v any) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		status = http.StatusInternalServerError // only when v is not from JSON
	}
	switch {
	case soort != "":
	case status >= http.StatusBadRequest:
		soort = "application/problem+json"
	default:
		soort = "application/json"
	}
	w.Header().Set("Content-Type", soort)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // when the caller has gone there is nobody to tell
}
