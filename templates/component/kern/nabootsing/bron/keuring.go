package bron

import (
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// maxVerkeerd is as many faults as an answer names.
const maxVerkeerd = 50

// nieuweKeuring is the answer to a question that is not as the source
// describes it. It names what is wrong and never says what was asked.
func nieuweKeuring(status int, code string, wrong []foutieveld) *fout {
	slices.SortFunc(wrong, func(a, b foutieveld) int { return strings.Compare(a.Naam+" "+a.Code, b.Naam+" "+b.Code) })
	wrong = wrong[:min(len(wrong), maxVerkeerd)]
	var names []string
	for _, w := range wrong {
		if !slices.Contains(names, w.Naam) {
			names = append(names, w.Naam)
		}
	}
	f := nieuweFout(status, "Kijk naar: "+strings.Join(names, ", ")+".")
	f.Code, f.Verkeerd = code, wrong
	return &f
}

// keurVorm judges the media types of question and answer.
func (r *regels) keurVorm(v *vraag) *fout {
	if accept := v.r.Header.Get("Accept"); accept != "" && r.soorten[http.StatusOK] != "" && !aanvaardt(accept, r.soorten) {
		f := nieuweFout(r.of(http.StatusNotAcceptable), "De header Accept noemt geen vorm die de bron geeft.")
		return &f
	}
	if v.heeft && len(r.body) > 0 && r.vorm(v) == nil {
		f := nieuweFout(r.of(http.StatusUnsupportedMediaType), "De header Content-Type noemt geen vorm die de bron leest.")
		return &f
	}
	return nil
}

// of is a status when the specification has it, else 400.
func (r *regels) of(status int) int {
	if _, has := r.soorten[status]; has {
		return status
	}
	return http.StatusBadRequest
}

// vorm is what the body of this media type must look like.
func (r *regels) vorm(v *vraag) *vorm {
	given := kaal(v.r.Header.Get("Content-Type"))
	i := slices.IndexFunc(r.body, func(f vorm) bool { return f.soort == given || f.soort == "*/*" })
	if i < 0 {
		return nil
	}
	return &r.body[i]
}

var codepoint = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// alles matches everything.
type alles struct{}

// MatchString implements openapi3.RegexMatcher.
func (alles) MatchString(string) bool { return true }

// header answers that a header is missing or wrong: 412 or 406 when the source
// has those, as that of Kadaster does for Accept-Crs.
func (r *regels) header(wrong []foutieveld) *fout {
	status := r.of(http.StatusPreconditionFailed)
	if status == http.StatusBadRequest && strings.HasPrefix(strings.ToLower(wrong[0].Naam), "accept") {
		status = r.of(http.StatusNotAcceptable)
	}
	code := map[int]string{http.StatusPreconditionFailed: "preconditionFailed", http.StatusNotAcceptable: "notAcceptable"}[status]
	if code == "" {
		code = "paramsValidation"
	}
	return nieuweKeuring(status, code, wrong)
}

// keurVelden judges the fields that a question chooses: a source that lets one
// choose refuses a field that it does not have.
func (r *regels) keurVelden(v *vraag) []foutieveld {
	if r.kent == nil {
		return nil
	}
	var wrong []foutieveld
	for i, path := range r.kiest.gevraagd(v) {
		if !r.kent(path) {
			wrong = append(wrong, foutieveld{fmt.Sprintf("%s[%d]", r.kiest.veld, i), "fields", "De bron kent dit veld niet."})
		}
	}
	return wrong
}

func aanvaardt(accept string, soorten map[int]string) bool {
	offered := kaal(soorten[http.StatusOK])
	for part := range strings.SplitSeq(accept, ",") {
		wanted := kaal(strings.TrimSpace(part))
		main, _, _ := strings.Cut(offered, "/")
		if wanted == "*/*" || wanted == main+"/*" || wanted == offered || strings.HasSuffix(wanted, "json") && strings.HasSuffix(offered, "json") {
			return true
		}
	}
	return false
}

// kaal is a media type without its parameters.
func kaal(soort string) string {
	bare, _, err := mime.ParseMediaType(soort)
	if err != nil {
		return strings.ToLower(soort)
	}
	return bare
}

// redenen say in Dutch what is wrong, by the keyword of the schema.
var redenen = map[string]string{
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

func meld(all []foutieveld, naam, code string) []foutieveld {
	reden := redenen[code]
	if reden == "" {
		reden = "Dit is niet zoals de bron het beschrijft."
	}
	if naam == "" {
		naam = "body"
	}
	f := foutieveld{naam, code, reden}
	if slices.Contains(all, f) {
		return all
	}
	return append(all, f)
}
