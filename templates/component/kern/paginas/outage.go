package paginas

import (
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// again is a request that can be made once more when what is away has come back.
// Of a form everything that was typed stands in the page itself: where it is kept
// otherwise is what is away.
type again struct {
	Action string // address of the form; "" when it was a page
	Page   string // address of the page; "" when it was a form
	Inputs []input
	Typed  []row    // the same for people, as far as it is known
	Files  []string // that have to be chosen once more
	Safe   bool     // sending it twice does the same as once
}

// input is a hidden one.
type input struct{ Name, Value string }

// chooseAgain names the file fields of a form that was sent again of which the file
// never arrived. Without it the form would do without the file.
const chooseAgain = "opnieuw-kiezen"

// again gathers what is needed to make this request once more; nil when a link or a
// button cannot do that.
func (v *visit) again() *again {
	path := v.r.URL.Path
	if v.r.Method == http.MethodGet {
		if path == backPath { // the provider gives an answer to take once
			path = "/inloggen"
		} else if v.r.URL.RawQuery != "" {
			path += "?" + v.r.URL.RawQuery
		}
		return &again{Page: local(path)}
	}
	if v.r.Method != http.MethodPost || local(path) != path || !v.readTyped() {
		return nil
	}
	a := &again{Action: path, Typed: v.typedRows(v.fieldsSent()), Safe: v.sent.Get(inputKey) != ""}
	for name, values := range v.sent.Values {
		for _, text := range values {
			if name != chooseAgain || len(v.sent.names[text]) == 0 { // below it comes with the name of its file
				a.Inputs = append(a.Inputs, input{name, text})
			}
		}
	}
	for name, files := range v.sent.names {
		if !v.sent.Has(name + partID) {
			a.Inputs = append(a.Inputs, input{chooseAgain, name})
			a.Files = append(a.Files, files...)
		}
	}
	// The key of a form comes first: files that are sent are held for whom it names.
	slices.SortStableFunc(a.Inputs, func(x, y input) int { return strings.Compare(rank(x), rank(y)) })
	return a
}

func rank(i input) string {
	if i.Name == inputKey {
		return ""
	}
	return i.Name
}

// readTyped reads the form that came in when no page did yet, because it is not
// known who sends it. What was too large to read is not offered once more.
func (v *visit) readTyped() bool {
	if v.sent != nil {
		return !v.sent.cut
	}
	v.sent = &sent{Values: v.r.PostForm, names: map[string][]string{}}
	if v.r.PostForm != nil {
		return true
	}
	v.sent.Values = map[string][]string{}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, beyond+int64(mostFiles)*v.site.MaxUpload)
	mediatype, params, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	switch {
	case err != nil:
	case mediatype == "multipart/form-data" && params["boundary"] != "":
		err = v.parseParts(multipart.NewReader(v.r.Body, params["boundary"]), nil)
	default:
		err = v.parseText()
	}
	return err == nil && !v.sent.cut
}

// fieldsSent are the fields of the form that came in, as far as its address and its
// step say which those are.
func (v *visit) fieldsSent() []Field {
	if v.r.URL.Path == startPath {
		return v.site.start().Fields
	}
	screen, _ := v.site.screen(v.sent.Get(inputStep))
	return screen.fields()
}

// missed makes a mistake of each file that has to be chosen once more and was not.
func (v *visit) missed(fields []Field) {
	for _, f := range fields {
		if f.is(value.Upload) && slices.Contains(v.sent.Values[chooseAgain], f.Name) && !v.sent.Has(f.Name+partID) {
			v.sent.wrong = append(v.sent.wrong, mistake{Field: f.Name, Text: "Dit bestand is niet aangekomen; kies het opnieuw"})
		}
	}
	v.sent.Del(chooseAgain)
}
