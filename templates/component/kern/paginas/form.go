package paginas

import (
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"

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
}

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
	f := form{Key: typed.Get("sleutel")}
	if !value.IsUUID(f.Key) {
		f.Key = uuid.NewString()
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
			typedFrom(f, known[f.Name], typed)
		case f.Default != "":
			typedFromText(f, f.Default, typed)
		}
	}
	return typed
}

// parse reads the body of a form: with files, or without.
func (v *visit) parse(fields []Field) error {
	limit := int64(256 << 10)
	for _, f := range fields {
		if f.is(value.Upload) {
			limit += value.MaxAttachment + 64<<10
		}
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, limit)
	err := v.r.ParseForm() // first: ParseMultipartForm keeps its error to itself
	if err == nil {
		err = v.r.ParseMultipartForm(limit)
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large || errors.Is(err, multipart.ErrMessageTooLarge) {
		return &fault{status: http.StatusRequestEntityTooLarge, cause: err}
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return &fault{status: http.StatusBadRequest, cause: err}
	}
	return nil
}

// key is the idempotency key of the form that was submitted.
func (v *visit) key() string {
	if key := v.r.PostFormValue("sleutel"); value.IsUUID(key) {
		return key
	}
	return uuid.NewString()
}
