package bron

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// retryAfter is after how many seconds a source that is too busy may be asked again.
const retryAfter = 5

// titles say in Dutch what a status means.
var titles = map[int]string{
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

// fault is a problem as RFC 9457 describes it, with the members that Dutch
// sources add: a code, and what is wrong per parameter. It holds names of
// parameters and never a value.
type fault struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Code   string         `json:"code,omitempty"`
	Wrong  []invalidParam `json:"invalidParams,omitempty"`
}

// invalidParam is one parameter that is wrong.
type invalidParam struct {
	Name   string `json:"name"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

func newFault(status int, detail string) fault {
	title := titles[status]
	if title == "" {
		title = http.StatusText(status)
	}
	return fault{Type: "about:blank", Title: title, Status: status, Detail: detail}
}

// problem answers with a fault of the source.
func problem(w http.ResponseWriter, status int, detail string) {
	write(w, status, "", newFault(status, detail))
}

// forced answers with the fault that a tester asked for: as the answers
// file says for this question, or a plain one.
func forced(w http.ResponseWriter, candidates []*operation, status int) {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	for _, op := range candidates {
		if own, has := op.faults[status]; has {
			write(w, status, "", own)
			return
		}
		if op.otherwise != nil && op.otherwise.status == status {
			write(w, status, "", op.otherwise.content)
			return
		}
	}
	problem(w, status, "De nabootsing doet dit omdat het zo is ingesteld.")
}

// write writes an answer as JSON, of the media type that the source gives it.
func write(w http.ResponseWriter, status int, mediaType string, v any) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		status = http.StatusInternalServerError // only when v is not from JSON
	}
	switch {
	case mediaType != "":
	case status >= http.StatusBadRequest:
		mediaType = "application/problem+json"
	default:
		mediaType = "application/json"
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // when the caller has gone there is nobody to tell
}
