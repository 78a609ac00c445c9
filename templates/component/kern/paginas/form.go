package paginas

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// form is a form as the templates show it.
type form struct {
	Target   string
	Fields   []fieldView
	Mistakes []summaryItem
	Key      string // the same when somebody submits twice: one zaak, one step
	Version  string // the version of the zaak that the page shows
	File     bool   // it has a file, so it goes as multipart
	Button   string
	Draft    bool   // it holds what the person typed before
	Path     string // of the draft
}

// The inputs of a form that are not of its fields. They begin with a sign that no
// name of a field has, so that a team may call a field anything.
const (
	inputKey     = "_sleutel"
	inputVersion = "_versie"
	inputStep    = "_stap"
	inputFixed   = "_vast" // names a field that is shown and not asked
)

// summaryItem is one line of the list of mistakes, with the input it points to.
type summaryItem struct{ ID, Text string }

// Optional says whether a field may stay empty, for the text above the form.
func (f form) Optional() bool {
	return slices.ContainsFunc(f.Fields, func(v fieldView) bool { return !v.Required && !v.Fixed })
}

// Required says whether a field has to be filled in, for the same text.
func (f form) Required() bool {
	return slices.ContainsFunc(f.Fields, func(v fieldView) bool { return v.Required && !v.Fixed })
}

// newForm makes the form for fields: typed is what is in them, mistakes what
// is wrong with that.
func (v *visit) newForm(fields []Field, typed url.Values, mistakes []mistake) (form, error) {
	return v.newFormAs("veld-", fields, typed, mistakes)
}

// newFormAs is newForm with another beginning of the ids, for a page with two forms.
func (v *visit) newFormAs(prefix string, fields []Field, typed url.Values, mistakes []mistake) (form, error) {
	f := form{Key: typed.Get(inputKey)}
	if k, ok := v.readKey(f.Key); !ok || !v.mine(k) {
		var err error
		if f.Key, err = v.newKey(); err != nil {
			return f, err
		}
	}
	for _, field := range fields {
		var options []option
		if field.is(value.ReferenceList) {
			var err error
			if options, err = v.site.process.options(v.r.Context(), v.user(), field.Reference); err != nil {
				return f, err
			}
		}
		view := newView(prefix+field.Name, field, typed, mistakes, options)
		v.fix(&view)
		if field.is(value.Upload) {
			mistakes = v.showFile(&view, typed, mistakes)
		}
		f.Fields = append(f.Fields, view)
		f.File = f.File || field.is(value.Upload)
	}
	for _, m := range mistakes {
		f.Mistakes = append(f.Mistakes, summaryItem{f.target(m), m.Text})
	}
	return f, nil
}

// target is the id of the input with the mistake.
func (f form) target(m mistake) string {
	for _, view := range f.Fields {
		if view.Name != m.Field {
			continue
		}
		if m.Part != "" {
			return view.ID + "-" + m.Part
		}
		return view.Focus()
	}
	return ""
}

// options asks layer 4 what a reference may point to.
func (c *client) options(ctx context.Context, u identity.User, collection string) ([]option, error) {
	var answer struct {
		Results []option `json:"results"`
	}
	_, err := c.do(ctx, call{method: http.MethodGet, path: "/keuzes/" + url.PathEscape(collection), user: u}, &answer)
	return answer.Results, err
}

// initial fills an empty form: defaults, and what the zaak already knows.
func (v *visit) initial(fields []Field, known map[string]any) url.Values {
	typed := url.Values{}
	for _, f := range fields {
		switch {
		case known[f.Name] != nil:
			if a, ok := value.ReadAttachment(known[f.Name]); ok && f.is(value.Upload) {
				v.note(a)
			}
			typedFrom(f, known[f.Name], typed)
		case f.Default != "":
			typedFromText(f, f.Default, typed)
		}
	}
	return typed
}

// showFile adds to a file field what it holds, and how large a file may be.
func (v *visit) showFile(view *fieldView, typed url.Values, mistakes []mistake) []mistake {
	view.Hints = append(view.Hints, "Hoogstens "+value.ByteSize(v.site.MaxUpload))
	id := typed.Get(view.Name + partID)
	if id == "" {
		return mistakes
	}
	a, there := v.file(id)
	if !there && slices.ContainsFunc(mistakes, func(m mistake) bool { return m.Field == view.Name }) {
		return mistakes // layer 4 said so already
	}
	if !there {
		text := view.sentence("Het bestand dat u eerder koos is er niet meer; kies het opnieuw")
		view.Mistakes = append(view.Mistakes, text)
		return append(mistakes, mistake{Field: view.Name, Text: text})
	}
	view.File = &fileView{ID: a.ID, Text: a.String(), Choices: []optionView{
		{ID: view.ID + "-houden", Value: choiceKeep, Label: "Dit bestand houden", Selected: true},
		{ID: view.ID + "-vervangen", Value: choiceReplace, Label: "Vervangen door het bestand dat u hieronder kiest"},
	}}
	if !view.Required {
		view.File.Choices = append(view.File.Choices, optionView{ID: view.ID + "-verwijderen", Value: choiceRemove, Label: "Dit bestand verwijderen"})
	}
	return mistakes
}

// key is the idempotency key of the form that was submitted.
func (v *visit) key() string {
	if v.sent != nil && v.sent.key != "" {
		return v.sent.key
	}
	return uuid.NewString()
}

// compare says at each field of a draft what is stored now, when the zaak has
// changed since somebody typed it: the draft as it is would put back what another
// put right.
func (f *form) compare(typed url.Values, stored []Field, data map[string]any) {
	if !f.Draft || typed.Get(inputVersion) == f.Version {
		return
	}
	for i := range f.Fields {
		view := &f.Fields[i]
		keeps := slices.ContainsFunc(stored, func(s Field) bool { return s.Name == view.Name })
		if !keeps || view.Fixed || view.is(value.Upload) {
			continue
		}
		was, now := view.asRead(typed), Typed(view.Field, data[view.Name])
		for _, name := range append(view.inputs(), view.Name) {
			if strings.TrimSpace(was.Get(name)) != now.Get(name) {
				text := value.Display(view.Kind, data[view.Name])
				view.Hints = append(view.Hints, "Intussen is de zaak gewijzigd. Hier staat nu: "+cmp.Or(text, "niets"))
				break
			}
		}
	}
}

// asRead is what somebody typed as a form shows it once it is read: 1.250 as 1250.
// What cannot be read stays as it is.
func (f Field) asRead(typed url.Values) url.Values {
	v, wrong := f.read(&sent{Values: typed})
	raw, err := json.Marshal(v)
	var read any
	if len(wrong) > 0 || err != nil || json.Unmarshal(raw, &read) != nil {
		return typed
	}
	return Typed(f, read)
}

// inputs are the names of the parts of a field that is more than one input.
func (f Field) inputs() (names []string) {
	for _, p := range f.parts() {
		names = append(names, f.Name+"."+p.Name)
	}
	return names
}
