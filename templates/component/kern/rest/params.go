package rest

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// param is a parameter in the query, the path or a header.
type param struct {
	in, name string
	kind     string // string, integer, number, boolean or array
	required bool
	repeated bool // an array is given by repeating the name, not with commas
	uuid     bool
	lines    bool // a list that may come in more than one line of the header
	check    check
}

func (p param) fault(code, detail string) Fault {
	return Fault{In: p.in, Location: Location{Name: p.name}, Detail: detail, Code: code}
}

// judge checks the parameters and the body of a request and reports all that is
// wrong at once.
func (op *operation) judge(w http.ResponseWriter, r *http.Request) error {
	var faults []Fault
	if len(op.params) > 0 || r.URL.RawQuery != "" {
		var err error
		if faults, err = op.judgeParams(r); err != nil {
			return err
		}
	}
	if len(op.body) > 0 {
		more, err := op.judgeBody(w, r)
		if err != nil {
			return err
		}
		faults = append(faults, more...)
	}
	if len(faults) > 0 {
		return Invalid(faults[:min(len(faults), maxFaults)]...)
	}
	return nil
}

// maxFaults is more than anybody repairs at once. Without it a body of 2 MB can
// ask for an answer of 15.
const maxFaults = 100

func (op *operation) judgeParams(r *http.Request) (faults []Fault, err error) {
	var query url.Values
	if r.URL.RawQuery != "" {
		if query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
			return nil, NewProblem(http.StatusBadRequest, "Het deel van het adres na het vraagteken klopt niet.")
		}
		for name := range query {
			if !op.query[name] {
				faults = append(faults, InQuery(pointerSegment(name), "unknown", "Deze parameter bestaat niet."))
			}
		}
	}
	for i := range op.params {
		p := &op.params[i]
		given := p.given(r, query)
		if len(given) == 0 {
			if p.required {
				faults = append(faults, p.fault("required", "Deze parameter is verplicht."))
			}
			continue
		}
		given = p.composedQuery(r, query, given)
		faults = append(faults, p.judge(given)...)
		if p.uuid {
			p.write(r, query, given[0])
		}
	}
	return faults, nil
}

// write gives the handler an id in small letters: that is how ids are stored,
// and whoever sends another spelling means the same one (RFC 9562, section 4).
func (p *param) write(r *http.Request, query url.Values, given string) {
	id := strings.ToLower(given)
	if id == given {
		return
	}
	switch p.in {
	case "path":
		r.SetPathValue(p.name, id)
	case "query":
		query.Set(p.name, id)
		r.URL.RawQuery = query.Encode()
	default:
		r.Header.Set(p.name, id)
	}
}

func (p *param) given(r *http.Request, query url.Values) []string {
	switch p.in {
	case "query":
		return query[p.name]
	case "path":
		return []string{r.PathValue(p.name)}
	}
	return r.Header.Values(p.name)
}

func (p *param) judge(given []string) []Fault {
	if p.lines {
		given = []string{strings.Join(given, ",")}
	}
	if len(given) > 1 && (p.kind != "array" || !p.repeated) {
		return []Fault{p.fault("unique", "Geef deze parameter één keer.")}
	}
	for _, s := range given {
		if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
			return []Fault{p.fault("encoding", "Deze tekst bevat tekens die niet kunnen.")}
		}
	}
	if p.uuid {
		if value.IsUUID(given[0]) {
			return nil
		}
		return []Fault{p.fault("format", value.UUID("").Error()+".")}
	}
	v, fault := p.parse(given)
	if fault != nil {
		return []Fault{*fault}
	}
	var faults []Fault
	for _, wrong := range p.check(v) {
		faults = append(faults, p.fault(wrong.code, wrong.detail))
	}
	return faults
}

func (p *param) parse(given []string) (any, *Fault) {
	wrong := func(detail string) (any, *Fault) {
		f := p.fault("type", detail)
		return nil, &f
	}
	switch p.kind {
	case "integer":
		n, err := strconv.ParseInt(given[0], 10, 64)
		if err != nil || strings.HasPrefix(given[0], "+") {
			return wrong("Dit moet een geheel getal zijn.")
		}
		return n, nil
	case "number":
		f, err := strconv.ParseFloat(given[0], 64)
		if err != nil {
			return wrong("Dit moet een getal zijn.")
		}
		return f, nil
	case "boolean":
		if given[0] != "true" && given[0] != "false" {
			return wrong("Dit moet true of false zijn.")
		}
		return given[0] == "true", nil
	case "array":
		if !p.repeated {
			given = strings.Split(given[0], ",")
		}
		items := make([]any, len(given))
		for i, s := range given {
			items[i] = s
		}
		return items, nil
	}
	return given[0], nil
}

// judgeBody answers 415 for a media type that the operation does not take, and
// reads the body for the handler.
func (op *operation) judgeBody(w http.ResponseWriter, r *http.Request) ([]Fault, error) {
	mediatype, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	judge := op.body[mediatype]
	empty := r.ContentLength == 0 && r.Header.Get("Content-Type") == ""
	if empty && !op.required {
		r.Body = body{bytes.NewReader(nil), nil}
		return nil, nil
	}
	charset := strings.ToLower(params["charset"])
	if !empty && (err != nil || judge == nil || charset != "" && charset != "utf-8" || r.Header.Get("Content-Encoding") != "") {
		return nil, NewProblem(http.StatusUnsupportedMediaType, "Stuur de inhoud als "+strings.Join(keys(op.body), " of ")+utf8Unless(op.stream)+".")
	}
	if op.stream {
		return nil, nil
	}
	raw, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		if !op.required {
			return nil, nil
		}
		return []Fault{InBody("", "required", "De inhoud ontbreekt.")}, nil
	}
	v, fault := parseJSON(raw)
	if fault != nil {
		return []Fault{*fault}, nil
	}
	if v, err = composedBody(r, raw, v); err != nil {
		return nil, err
	}
	violations, err := shaped(r, op.shapes[mediatype], v, judge(v))
	if err != nil {
		return nil, err
	}
	var faults []Fault
	for _, wrong := range violations {
		faults = append(faults, InBody(wrong.pointer, wrong.code, wrong.detail))
	}
	return faults, nil
}

// number writes a limit of the specification without an exponent.
func number(f float64) string {
	return strings.Replace(strconv.FormatFloat(f, 'f', -1, 64), ".", ",", 1)
}

// find is the operation for a path under the base; nil when there is none.
func (c *Contract) find(method, requested string) *operation {
	given := strings.Split(strings.TrimPrefix(requested, c.Base), "/")
	for pattern, methods := range c.paths {
		want := strings.Split(pattern, "/")
		fits := len(want) == len(given) && methods[method] != nil
		for i := 0; fits && i < len(want); i++ {
			fits = want[i] == given[i] || strings.HasPrefix(want[i], "{") && c.paths[requested[len(c.Base):]] == nil
		}
		if fits {
			return methods[method]
		}
	}
	return nil
}

// rereadable reads the body of an answer and puts it back.
func rereadable(resp *http.Response) ([]byte, error) {
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	return raw, nil
}

// utf8Unless is what is asked of text and not of bytes.
func utf8Unless(bytes bool) string {
	if bytes {
		return ""
	}
	return " in UTF-8"
}
