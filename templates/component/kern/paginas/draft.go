package paginas

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// draftKind is the kind under which layer 1 keeps what somebody typed.
const draftKind = "concept"

// How long what was typed is kept. That of a visitor, and a question that is kept
// nowhere, no longer than it takes to log in or to repair.
const (
	draftLasts      = 24 * time.Hour
	draftShortLasts = time.Hour

	// mostDraft is how much is kept for somebody who did not log in, in bytes. More
	// is on the page only.
	mostDraft = 64 << 10
)

// draftID is where the draft of a form is: one for each person and form.
func draftID(u identity.User, path string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("concept\x00"+u.ID+"\x00"+u.Represents.ID+"\x00"+path)).String()
}

// keepDraft keeps what was typed for whoever opened the form, sealed. It never
// fails: without a draft there still is the page.
func (v *visit) keepDraft(path string) {
	if v.sent == nil || !v.sent.by.Known() || v.sent.standing == byOther || path == "" {
		return
	}
	id := draftID(v.sent.by, path)
	sealed, err := v.site.sessions.sealed(draftKind+id, v.sent.Values)
	if err == nil {
		lasts, visitor := draftLasts, anonymousID(v.sent.by.ID)
		if visitor && len(sealed) > mostDraft {
			return
		}
		if visitor || strings.HasSuffix(path, askPath) {
			lasts = draftShortLasts
		}
		err = v.site.process.keep(v.r.Context(), draftKind, id, kept{Owner: v.sent.by.ID, Content: []byte(sealed), Expires: time.Now().Add(lasts)})
	}
	if err != nil {
		v.site.Log.WarnContext(v.r.Context(), "een half ingevuld formulier is niet bewaard", "fout", err.Error())
	}
	v.kept = err == nil
}

// draft is what the user typed in this form before; nil when there is nothing.
func (v *visit) draft(path string) url.Values {
	if !v.user().Known() || v.session.Expires.IsZero() && v.anonymous() {
		return nil
	}
	id := draftID(v.user(), path)
	found, there, err := v.site.process.kept(v.r.Context(), draftKind, id)
	if err != nil {
		v.site.Log.WarnContext(v.r.Context(), "een half ingevuld formulier is niet gelezen", "fout", err.Error())
	}
	var typed url.Values
	if err != nil || !there || !v.site.sessions.open(draftKind+id, string(found.Content), &typed) {
		return nil
	}
	return typed
}

// forgetDraft removes the draft of a form that was sent.
func (v *visit) forgetDraft(path string) {
	u := v.user()
	if !u.Known() {
		return
	}
	if err := v.site.process.forget(v.r.Context(), draftKind, draftID(u, path)); err != nil {
		v.site.Log.WarnContext(v.r.Context(), "een half ingevuld formulier is niet gewist", "fout", err.Error())
	}
}

// askPath ends the address of the small form for a question to the sources.
const askPath = "/bevraging"

// restart forgets a draft, and shows the form as new.
func (s *site) restart(v *visit) error {
	if err := v.parse(nil); err != nil {
		return err
	}
	path := local(v.sent.Get("naar"))
	v.forgetDraft(path)
	if strings.HasSuffix(path, askPath) {
		path = strings.TrimSuffix(path, askPath) + "/taak"
	}
	return v.redirect(path)
}

// typedRows lists what somebody typed, for a page without a form.
func (v *visit) typedRows(fields []Field) (rows []row) {
	for _, f := range fields {
		var texts []string
		switch {
		case f.is(value.Upload):
			texts = slices.Clone(v.sent.names[f.Name])
		case len(f.parts()) > 0:
			for _, p := range f.parts() {
				if text := strings.TrimSpace(v.sent.Get(f.Name + "." + p.Name)); text != "" {
					texts = append(texts, p.Label+": "+text)
				}
			}
		default:
			texts = append(texts, v.sent.Get(f.Name))
		}
		if text := strings.TrimSpace(strings.Join(texts, ", ")); text != "" {
			rows = append(rows, row{Name: f.Label, Value: value.Shown(text)})
		}
	}
	return rows
}
