package probe

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// foreign is a website that no API has on its list.
const foreign = "https://fieldlab-check.invalid"

var errEnough = errors.New("the number of requests is used up")

// request is one question.
type request struct {
	method string // "" is GET
	path   string // below the base
	query  string
	accept string
	media  string // of the body
	body   string
	open   bool // without the token
	limit  int64
}

// answer is what came back.
type answer struct {
	what   string // "GET /v1/zaken"
	status int
	header http.Header
	body   []byte
	cut    bool // there was more
	err    error
}

// mediatype is the type of the body, in lower case.
func (a *answer) mediatype() string {
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		kind, _, _ = strings.Cut(a.header.Get("Content-Type"), ";")
	}
	return strings.ToLower(strings.TrimSpace(kind))
}

// says names the status for a finding.
func (a *answer) says() string { return strconv.Itoa(a.status) }

// redirects says whether the answer sends the client elsewhere.
func (a *answer) redirects() bool { return a.status >= 300 && a.status < 400 && a.status != 304 }

// undecided says whether the answer comes before what was asked is looked at: somebody
// has to log in, is not let in, or the server is too busy.
func (a *answer) undecided() (why string, is bool) {
	switch a.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "needs-token", true
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return "busy", true
	}
	return "", false
}

// prober is at work on one API.
type prober struct {
	ctx     context.Context
	client  *http.Client
	base    *url.URL
	token   string
	left    int
	answers []*answer
	found   map[string]*found
	api     api
}

func newProber(ctx context.Context, client *http.Client, base *url.URL, token string) *prober {
	if client == nil {
		client = Client()
	}
	own := *client
	own.Jar, own.Timeout = nil, requestTime
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &prober{ctx: ctx, client: &own, base: base, token: token, left: maxRequests, found: map[string]*found{}}
}

// ask asks one thing of the API and remembers the answer, for what has to hold for all.
func (p *prober) ask(r request) *answer {
	u := *p.base
	u.Path, u.RawQuery = p.base.Path+r.path, r.query
	a := p.get(&u, r)
	if a.err == nil {
		p.answers = append(p.answers, a)
	}
	return a
}

// get asks one thing of any address.
func (p *prober) get(u *url.URL, r request) *answer {
	if r.method == "" {
		r.method = http.MethodGet
	}
	if r.limit == 0 {
		r.limit = maxBody
	}
	a := &answer{what: r.method + " " + u.Path}
	if p.left--; p.left < 0 {
		a.err = errEnough
		return a
	}
	ctx, stop := context.WithTimeout(p.ctx, requestTime)
	defer stop()
	var body io.Reader
	if r.body != "" {
		body = strings.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), body)
	if err != nil {
		a.err = err
		return a
	}
	req.Header.Set("Origin", foreign)
	req.Header.Set("User-Agent", "fieldlab-check")
	req.Header.Set("Accept-Encoding", "identity")
	if r.accept != "" {
		req.Header.Set("Accept", r.accept)
	}
	if r.media != "" {
		req.Header.Set("Content-Type", r.media)
	}
	if p.token != "" && !r.open {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		if inner := (*url.Error)(nil); errors.As(err, &inner) {
			err = inner.Err // what was asked, the answer says
		}
		a.err = err
		return a
	}
	defer func() { _ = resp.Body.Close() }()
	a.status, a.header = resp.StatusCode, resp.Header
	a.body, a.cut, a.err = read(resp, r.limit)
	return a
}

// read reads a body up to a limit, also when it was packed though nobody asked for that.
func read(resp *http.Response, limit int64) (body []byte, cut bool, err error) {
	var from io.Reader = resp.Body
	if strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") && resp.ContentLength != 0 {
		if from, err = gzip.NewReader(io.LimitReader(from, limit)); err != nil {
			return nil, false, err
		}
	}
	body, err = io.ReadAll(io.LimitReader(from, limit+1))
	if int64(len(body)) > limit {
		return nil, true, nil
	}
	return body, false, err
}

// tame makes a text of the server fit for a finding: short, on one line, printable.
func tame(s string) string {
	const most = 160
	var b strings.Builder
	n := 0
	for _, c := range s {
		if n++; n > most {
			b.WriteString("…")
			break
		}
		if !unicode.IsPrint(c) {
			c = '?'
		}
		b.WriteRune(c)
	}
	return b.String()
}
