package inzage

import (
	_ "embed"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Look is what a report needs to be read by people.
type Look struct {
	Organisation, Service string
	// Label tells how a field is called on the forms, and of what kind it is; ""
	// for a field that is on none.
	Label func(name string) (label, kind string)
}

// Row is a field as people read it.
type Row struct{ Name, Value string }

// Rows are the fields of a record as people read them.
func (l Look) Rows(r Record) []Row {
	var all []Row
	for _, f := range r.Fields {
		label, kind := "", ""
		if l.Label != nil {
			label, kind = l.Label(f.Name)
		}
		if label == "" {
			label = upperFirst(Words(f.Name))
		}
		if text, plain := f.Value.(string); kind == "" && plain && value.Formats["date"](text) {
			kind = "date"
		}
		if text := display(kind, f.Value); text != "" {
			all = append(all, Row{label, text})
		}
	}
	return all
}

// display writes a value as people read it: a file by its name, and an object of
// which the kind is not known part by part. Nothing that is stored stays away.
func display(kind string, v any) string {
	object, parts := v.(map[string]any)
	if !parts {
		return value.Display(kind, v)
	}
	if name, file := object["naam"].(string); file && object["mediatype"] != nil {
		return "bestand " + value.Shown(name)
	}
	if text := value.Display(kind, v); text != "" {
		return text
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		all = append(all, Words(name)+": "+display("", object[name]))
	}
	return strings.Join(all, ", ")
}

// KindWords is what the number of the report is, in words.
func (r *Report) KindWords() string {
	if r.Kind == logboek.KVK {
		return "KVK-nummer"
	}
	return "burgerservicenummer"
}

// Whole says whether all lines of the log are in the report.
func (r *Report) Whole() bool { return r.Lines <= MaxLines }

// Identificatie is the zaaknummer of one of the zaken; "" when it is none.
func (r *Report) Identificatie(zaak string) string {
	for _, z := range r.Zaken {
		if z.ID == zaak {
			return z.Identificatie
		}
	}
	return ""
}

//go:embed overzicht.html
var overview string

var page = template.Must(template.New("overzicht").Funcs(template.FuncMap{
	"moment":     func(t time.Time) string { return value.At(t).String() },
	"shown":      value.Shown,
	"date":       func(s string) string { return value.Date(s).String() },
	"upperFirst": upperFirst,
	"words": func(names []string) string {
		all := make([]string, len(names))
		for i, name := range names {
			all[i] = Words(name)
		}
		return strings.Join(all, ", ")
	},
}).Parse(overview))

// HTML writes the report as one file that people can read, with the same in JSON
// inside. It needs nothing else: no style sheet, no script, no network.
func (r *Report) HTML(w io.Writer, l Look) error {
	return page.Execute(w, struct {
		Look
		Report *Report
	}{l, r})
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
