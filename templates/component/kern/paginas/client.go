package paginas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// maxAnswer bounds what is read of one answer: a form may hold a file.
const maxAnswer = 8 << 20

// client calls the API of layer 4.
type client struct {
	base     string
	token    string
	api      string // specification of layer 4 for which these pages were made
	http     *http.Client
	slow     *http.Client    // for a file, which takes as long as the connection of a person
	employee map[string]bool // roles of which the name of the user goes along
}

func newClient(o Options) *client {
	c := &client{
		base:     strings.TrimSuffix(o.ProcessURL, "/"),
		token:    o.Token,
		api:      o.API,
		http:     &http.Client{Timeout: 30 * time.Second, Transport: o.Transport},
		slow:     &http.Client{Timeout: 20 * time.Minute, Transport: o.Transport},
		employee: map[string]bool{},
	}
	for _, role := range o.Roles {
		c.employee[role.Name] = !role.Outside()
	}
	return c
}

// call is one request to layer 4 on behalf of a user.
type call struct {
	method, path string
	user         identity.User
	body         any         // JSON; nil for none
	ifMatch      string      // the version of the zaak that the user saw
	key          string      // the same for a repetition of the same submit
	slow         bool        // the answer may take long
	stream       io.Reader   // bytes instead of body
	header       http.Header // beside what every call has
	internal     bool        // below /intern and not in the specification
}

// do performs a call and decodes the answer into out, unless that is nil. It
// returns the ETag. A problem of the API comes back as a *fault.
func (c *client) do(ctx context.Context, what call, out any) (string, error) {
	resp, err := c.send(ctx, what)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	if out == nil {
		return resp.Header.Get("ETag"), nil
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(out); err != nil {
		return "", fmt.Errorf("antwoord van %s %s: %w", what.method, what.path, err)
	}
	return resp.Header.Get("ETag"), nil
}

// send performs a call and returns the answer when it is a success.
func (c *client) send(ctx context.Context, what call) (*http.Response, error) {
	var body io.Reader
	if what.body != nil {
		raw, err := json.Marshal(what.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(raw)
	}
	through := c.http
	if what.slow || what.stream != nil {
		through = c.slow
	}
	if what.stream != nil {
		body = io.NopCloser(what.stream)
	}
	base := "/v1"
	if what.internal {
		base = "/intern"
	}
	req, err := http.NewRequestWithContext(ctx, what.method, c.base+base+what.path, body)
	if err != nil {
		return nil, err
	}
	what.user.SetHeaders(req.Header)
	if c.employee[what.user.Role] {
		what.user.SetName(req.Header)
	}
	identity.SetToken(req.Header, c.token)
	logboek.TraceFrom(ctx).SetHeader(req.Header)
	set(req.Header, "Content-Type", "application/json", what.body != nil)
	for name, values := range what.header {
		req.Header[name] = values
	}
	identity.SetAPI(req.Header, c.api)
	set(req.Header, "If-Match", what.ifMatch, what.ifMatch != "")
	set(req.Header, "Idempotency-Key", what.key, what.key != "")
	resp, err := through.Do(req)
	if err != nil {
		return nil, &fault{status: http.StatusServiceUnavailable, detail: "Een deel van dit component geeft nu geen antwoord.", cause: err}
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		defer func() { _ = resp.Body.Close() }()
		return nil, readProblem(resp)
	}
	return resp, nil
}

func set(h http.Header, name, value string, when bool) {
	if when {
		h.Set(name, value)
	}
}

// live says whether layer 4 answers at all.
func (c *client) live(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/healthz/live", nil)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return nil
}

// The answers of layer 4, as far as the pages show them.
type (
	step struct {
		Name    string `json:"naam"`
		Title   string `json:"titel"`
		Kind    string `json:"soort"`
		Role    string `json:"rol"`
		DueDate string `json:"uiterlijkeDatum"`
		Once    bool   `json:"vraagEenmalig"` // its question is put again only when somebody says so

		Help     string        `json:"uitleg"`
		Outcomes []stepOutcome `json:"uitkomsten"`
	}
	stepOutcome struct {
		Name  string `json:"naam"`
		Title string `json:"titel"`
	}
	zaak struct {
		ID            string         `json:"id"`
		Identificatie string         `json:"identificatie"`
		Title         string         `json:"titel"`
		Startdatum    string         `json:"startdatum"`
		Einddatum     string         `json:"einddatum"`
		Resultaat     string         `json:"resultaat"`
		Step          step           `json:"stap"`
		Marks         marks          `json:"markeringen"`
		Drawing       int            `json:"procesversie"` // of the process that shows where it is; 0 for that of today
		History       []event        `json:"historie"`
		MaySee        bool           `json:"inzage"`
		Data          map[string]any `json:"gegevens"`
		Answers       []answer       `json:"antwoorden"`
		parties
	}
	parties struct {
		Applicant      string `json:"aanvrager"`
		Representative string `json:"gemachtigde"`
	}
	event struct {
		Step        string    `json:"stap"`
		Title       string    `json:"titel"`
		Time        time.Time `json:"tijdstip"`
		Outcome     string    `json:"uitkomst"`
		Explanation string    `json:"toelichting"`
		By          string    `json:"door"`
	}
	answer struct {
		Step     string        `json:"stap"`
		Title    string        `json:"titel"`
		Activity string        `json:"activiteit"`
		Found    bool          `json:"gevonden"`
		Unasked  bool          `json:"nietGevraagd"`
		Count    int           `json:"aantal"`
		Data     any           `json:"gegevens"`
		List     string        `json:"lijst"` // path in Data of the list of what was found
		Fields   []answerField `json:"velden"`
		Notes    []note        `json:"opmerkingen"`
		Hint     string        `json:"tip"`
	}
	answerField struct {
		Name  string `json:"naam"`
		Title string `json:"titel"`
		Warns bool   `json:"waarschuwing"` // its path goes from any object in Data
	}
	note struct {
		Place string `json:"plaats"` // JSON pointer into Data
		Kind  string `json:"soort"`
		Field string `json:"veld"`
		Text  string `json:"tekst"`
	}
	task struct {
		Zaak          string    `json:"zaak"`
		Identificatie string    `json:"identificatie"`
		Title         string    `json:"titel"`
		Step          step      `json:"stap"`
		Since         time.Time `json:"sinds"`
		DueDate       string    `json:"uiterlijkeDatum"`
		parties
		Marks marks `json:"markeringen"`
	}
	process struct {
		Title string `json:"titel"`
	}
	option struct {
		ID    string `json:"id"`
		Label string `json:"label"`
	}
)

// UnmarshalJSON keeps every number as the source wrote it: an identification may
// be longer than a float can tell.
func (a *answer) UnmarshalJSON(raw []byte) error {
	type bare answer
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode((*bare)(a))
}

// Closed says whether the zaak has come to an end.
func (z zaak) Closed() bool { return z.Einddatum != "" || z.Step.Kind == "end" }

func (c *client) zaak(ctx context.Context, u identity.User, id string) (z zaak, etag string, err error) {
	etag, err = c.do(ctx, call{method: http.MethodGet, path: "/zaken/" + url.PathEscape(id), user: u}, &z)
	return z, etag, err
}

// fault is something that went wrong, with what a person should read.
type fault struct {
	status     int
	detail     string // plain Dutch
	errors     []inputFault
	zaak       string // what came of the same form before; "" for nothing
	retryAfter string
	cause      error // for the log
}

// inputFault is a mistake in one field, as layer 4 reports it.
type inputFault struct {
	Location struct {
		Pointer string `json:"pointer"`
		Name    string `json:"name"`
	} `json:"location"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
}

func (f *fault) Error() string {
	text := fmt.Sprintf("status %d: %s", f.status, f.detail)
	if f.cause != nil {
		text += ": " + f.cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (f *fault) Unwrap() error { return f.cause }

// detailOf is what a person should read of an error of the client; "" for
// another error.
func detailOf(err error) string {
	if f, ok := errors.AsType[*fault](err); ok {
		return strings.TrimSuffix(f.detail, ".")
	}
	return ""
}

func notFound() error { return &fault{status: http.StatusNotFound} }

// readProblem makes a fault of a problem of layer 4.
func readProblem(resp *http.Response) error {
	var p struct {
		Detail string       `json:"detail"`
		Errors []inputFault `json:"errors"`
		Zaak   string       `json:"zaak"`
	}
	f := &fault{status: resp.StatusCode, retryAfter: resp.Header.Get("Retry-After")}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&p); err != nil {
		f.cause = errors.New("het antwoord is geen probleem in JSON")
		return f
	}
	f.detail, f.errors, f.zaak = p.Detail, p.Errors, p.Zaak
	return f
}

// statusOf is the status of an error of the client, 0 for another error.
func statusOf(err error) int {
	var f *fault
	if errors.As(err, &f) {
		return f.status
	}
	return 0
}
