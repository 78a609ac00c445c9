package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Series lets a layer of this component send several requests in one call: each
// call goes through the outway and the inway, and a start takes a record, a zaak, a
// status and lines in the log. Every request goes to the same handler as when it
// comes alone, after the same checks. When one of them changes something, all of
// them are one transaction: what is refused halfway never was.
type Series struct {
	API      API
	Database *opslag.Database
	Logboek  *opslag.Logboek

	server http.Handler
}

// Routes are the internal routes.
func (s *Series) Routes() []rest.Route {
	return []rest.Route{{Method: http.MethodPost, Pattern: "/reeks", Handler: ownOnly(soon(s.Logboek, s.run))}}
}

// Through says which server handles the requests: the one in which the route is.
func (s *Series) Through(server http.Handler) { s.server = server }

const (
	maxSeries   = 5 << 20 // bytes of JSON: two bodies of the largest size, and lines
	maxRequests = 20
)

// part is one request of a series.
type part struct {
	Method string            `json:"methode"`
	Path   string            `json:"pad"`   // in which {1.id} is the id of the second answer
	Query  string            `json:"vraag"` // of a list
	Header map[string]string `json:"headers"`
	Body   json.RawMessage   `json:"inhoud"`
	Fill   map[string]string `json:"vul"`     // fields of the body that are taken from an answer: onderwerp: 0.id
	If     map[string]string `json:"als"`     // done only when these answers say so: 0.initiator: burger-1
	May    []int             `json:"magZijn"` // statuses that are no failure
	Lasts  bool              `json:"duurt"`   // lines that end when the series does
}

// partAnswer is what came of it; nothing when it was not done.
type partAnswer struct {
	Status int               `json:"status"`
	Header map[string]string `json:"headers,omitempty"`
	Body   json.RawMessage   `json:"inhoud,omitempty"`

	fields map[string]json.RawMessage
}

// seriesAnswer is the answer to a series. Of one that failed only the answer that
// it failed on is given.
type seriesAnswer struct {
	Answers []partAnswer `json:"antwoorden"`
	Failed  *int         `json:"mislukt,omitempty"` // the place of the one that failed
	// Unwritten says that the lines could not be written, so that nothing was done, and
	// how many seconds the caller had better wait.
	Unwritten int `json:"nietVastgelegd,omitempty"`
}

// errPart ends a series at a request that failed.
var errPart = errors.New("register: een verzoek van de reeks is geweigerd")

func (s *Series) run(w http.ResponseWriter, r *http.Request) error {
	begin := time.Now()
	var asked struct {
		Parts []part `json:"verzoeken"`
	}
	if err := rest.DecodeInternal(w, r, maxSeries, &asked); err != nil {
		return err
	}
	changes, err := s.check(r.Context(), asked.Parts)
	if err != nil {
		return err
	}
	answer := seriesAnswer{Answers: make([]partAnswer, len(asked.Parts))}
	do := func(ctx context.Context) error {
		for i := range asked.Parts {
			one, err := s.one(r.WithContext(ctx), &asked.Parts[i], answer.Answers[:i], begin)
			if err != nil {
				return err
			}
			answer.Answers[i] = one
			if failed := one.Status >= http.StatusMultipleChoices; failed && !slices.Contains(asked.Parts[i].May, one.Status) {
				answer.Failed = &i
				return errPart
			}
		}
		return nil
	}
	if changes {
		err = s.Database.Together(r.Context(), do)
	} else {
		err = s.Logboek.Gather(r.Context(), do)
	}
	if errors.Is(err, errPart) {
		return answer.failed(w)
	}
	if unwritten, ok := errors.AsType[*opslag.LinesError](err); ok {
		if away, ok := errors.AsType[*opslag.Outage](unwritten); ok {
			_, wait := away.Unavailable()
			return rest.Write(w, http.StatusOK, seriesAnswer{Unwritten: max(1, int(wait.Seconds()))})
		}
	}
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, answer)
}

// failed answers with what failed alone. What is our own fault is that of the whole,
// so that the caller tries again as it would.
func (a seriesAnswer) failed(w http.ResponseWriter) error {
	last := a.Answers[*a.Failed]
	if last.Status >= http.StatusInternalServerError {
		for name, v := range last.Header {
			w.Header().Set(name, v)
		}
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(last.Status)
		_, _ = w.Write(last.Body) // when the caller has gone there is nobody to tell
		return nil
	}
	a.Answers = make([]partAnswer, len(a.Answers))
	a.Answers[*a.Failed] = last
	return rest.Write(w, http.StatusOK, a)
}

// check refuses what does not belong in a series, before any of it is done, and
// says whether something of it changes.
func (s *Series) check(ctx context.Context, parts []part) (changes bool, err error) {
	if len(parts) == 0 || len(parts) > maxRequests {
		return false, rest.Invalid(rest.InBody("/verzoeken", "maxItems", fmt.Sprintf("Een reeks heeft 1 tot %d verzoeken.", maxRequests)))
	}
	for i, p := range parts {
		c, ok := s.takes(p)
		if !ok {
			return false, rest.Invalid(rest.InBody(fmt.Sprintf("/verzoeken/%d/pad", i), "enum", "Dit verzoek kan niet in een reeks."))
		}
		if p.Method == http.MethodGet || p.Path == linesPath {
			continue
		}
		changes = true
		if c != nil {
			if err := c.prepare(ctx); err != nil {
				return false, problem(err)
			}
		}
	}
	return changes, nil
}

// linesPath is where lines of the log are written, which changes nothing by itself.
const linesPath = "/v1/verwerkingen"

// inSeries are the requests that can be part of a series, besides those on the
// records of a collection. No file is among them, nor a series.
var inSeries = []string{
	"POST " + linesPath, "POST " + zakenPath, listOfZaken, "GET " + zakenPath + "/*", "GET " + zakenPath + "/*/statussen", "POST " + zakenPath + "/*/statussen",
	"GET /intern/zaken/*/correcties", "GET /intern/zaken/*/sleutels/*", "GET /intern/sleutels/*/zaak",
}

// listOfZaken is the one list that can be part of a series.
const listOfZaken = "GET " + zakenPath

// takes says whether a request can be part of a series, and on which collection it
// is, if any.
func (s *Series) takes(p part) (*Collection, bool) {
	if path.Clean(p.Path) != p.Path || strings.ContainsAny(p.Path, "?#%\\") {
		return nil, false
	}
	asked := p.Method + " " + p.Path
	if p.Query != "" && asked != listOfZaken {
		return nil, false
	}
	for _, pattern := range inSeries {
		if ok, _ := path.Match(pattern, asked); ok {
			return nil, true
		}
	}
	for i := range s.API.Collections {
		c := &s.API.Collections[i]
		for _, pattern := range []string{"POST /v1/" + c.Path, "GET /v1/" + c.Path + "/*", "PATCH /v1/" + c.Path + "/*"} {
			if ok, _ := path.Match(pattern, asked); ok {
				return c, true
			}
		}
	}
	return nil, false
}
