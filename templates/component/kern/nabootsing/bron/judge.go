package bron

import (
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// maxWrong is as many faults as an answer names.
const maxWrong = 50

// newJudgement is the answer to a question that is not as the source
// describes it. It names what is wrong and never says what was asked.
func newJudgement(status int, code string, wrong []invalidParam) *fault {
	slices.SortFunc(wrong, func(a, b invalidParam) int { return strings.Compare(a.Name+" "+a.Code, b.Name+" "+b.Code) })
	wrong = wrong[:min(len(wrong), maxWrong)]
	var names []string
	for _, w := range wrong {
		if !slices.Contains(names, w.Name) {
			names = append(names, w.Name)
		}
	}
	f := newFault(status, "Kijk naar: "+strings.Join(names, ", ")+".")
	f.Code, f.Wrong = code, wrong
	return &f
}

// judgeShape judges the media types of question and answer.
func (r *rules) judgeShape(q *question) *fault {
	if accept := q.r.Header.Get("Accept"); accept != "" && r.mediaTypes[http.StatusOK] != "" && !accepts(accept, r.mediaTypes) {
		f := newFault(r.of(http.StatusNotAcceptable), "De header Accept noemt geen vorm die de bron geeft.")
		return &f
	}
	if q.hasBody && len(r.body) > 0 && r.bodyShape(q) == nil {
		f := newFault(r.of(http.StatusUnsupportedMediaType), "De header Content-Type noemt geen vorm die de bron leest.")
		return &f
	}
	return nil
}

// of is a status when the specification has it, else 400.
func (r *rules) of(status int) int {
	if _, has := r.mediaTypes[status]; has {
		return status
	}
	return http.StatusBadRequest
}

// bodyShape is what the body of this media type must look like.
func (r *rules) bodyShape(q *question) *bodyShape {
	given := bare(q.r.Header.Get("Content-Type"))
	i := slices.IndexFunc(r.body, func(f bodyShape) bool { return f.mediaType == given || f.mediaType == "*/*" })
	if i < 0 {
		return nil
	}
	return &r.body[i]
}

var codepoint = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// anything matches everything.
type anything struct{}

// MatchString implements openapi3.RegexMatcher.
func (anything) MatchString(string) bool { return true }

// header answers that a header is missing or wrong: 412 or 406 when the source
// has those, as that of Kadaster does for Accept-Crs.
func (r *rules) header(wrong []invalidParam) *fault {
	status := r.of(http.StatusPreconditionFailed)
	if status == http.StatusBadRequest && strings.HasPrefix(strings.ToLower(wrong[0].Name), "accept") {
		status = r.of(http.StatusNotAcceptable)
	}
	code := map[int]string{http.StatusPreconditionFailed: "preconditionFailed", http.StatusNotAcceptable: "notAcceptable"}[status]
	if code == "" {
		code = "paramsValidation"
	}
	return newJudgement(status, code, wrong)
}

// judgeFields judges the fields that a question chooses: a source that lets one
// choose refuses a field that it does not have.
func (r *rules) judgeFields(q *question) []invalidParam {
	if r.knows == nil {
		return nil
	}
	var wrong []invalidParam
	for i, path := range r.choice.asked(q) {
		if !r.knows(path) {
			wrong = append(wrong, invalidParam{fmt.Sprintf("%s[%d]", r.choice.field, i), "fields", "De bron kent dit veld niet."})
		}
	}
	return wrong
}

func accepts(accept string, mediaTypes map[int]string) bool {
	offered := bare(mediaTypes[http.StatusOK])
	for part := range strings.SplitSeq(accept, ",") {
		wanted := bare(strings.TrimSpace(part))
		main, _, _ := strings.Cut(offered, "/")
		if wanted == "*/*" || wanted == main+"/*" || wanted == offered || strings.HasSuffix(wanted, "json") && strings.HasSuffix(offered, "json") {
			return true
		}
	}
	return false
}

// bare is a media type without its parameters.
func bare(mediaType string) string {
	bare, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return strings.ToLower(mediaType)
	}
	return bare
}

// reasons say in Dutch what is wrong, by the keyword of the schema.
var reasons = map[string]string{
	"required":     "Dit onderdeel is verplicht en ontbreekt.",
	"type":         "Dit heeft niet het juiste type.",
	"pattern":      "Dit heeft niet de juiste vorm.",
	"format":       "Dit heeft niet de juiste vorm.",
	"enum":         "Dit is geen van de waarden die de bron kent.",
	"minLength":    "Dit is te kort.",
	"maxLength":    "Dit is te lang.",
	"minimum":      "Dit is te klein.",
	"maximum":      "Dit is te groot.",
	"minItems":     "Hier horen meer waarden.",
	"maxItems":     "Hier staan te veel waarden.",
	"unknownParam": "De bron kent dit onderdeel niet.",
}

func report(all []invalidParam, name, code string) []invalidParam {
	reason := reasons[code]
	if reason == "" {
		reason = "Dit is niet zoals de bron het beschrijft."
	}
	if name == "" {
		name = "body"
	}
	f := invalidParam{name, code, reason}
	if slices.Contains(all, f) {
		return all
	}
	return append(all, f)
}
