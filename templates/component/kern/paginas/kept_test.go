package paginas

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// below is what layer 4 does for the pages below /intern.
type below struct {
	files map[string]heldFile
}

type heldFile struct {
	value.Attachment
	owner, key, anonymous string
	content               string
}

func (b *below) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.files == nil {
		b.files = map[string]heldFile{}
	}
	path := strings.TrimPrefix(r.URL.Path, "/intern")
	id := path[strings.LastIndexByte(path, '/')+1:]
	f, held := b.files[id]
	switch {
	case path == "/bestanden":
		b.take(w, r)
	case held && r.Header.Get(identity.HeaderID) == f.owner && r.Method == http.MethodDelete:
		delete(b.files, id)
		w.WriteHeader(http.StatusNoContent)
	case held && r.Header.Get(identity.HeaderID) == f.owner:
		_ = json.NewEncoder(w).Encode(f.Attachment)
	default:
		problem(w, http.StatusNotFound, "Niet gevonden")
	}
}

func (b *below) take(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return // the sender stopped halfway
	}
	_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	f := heldFile{value.Attachment{ID: uuid.NewString(), Name: params["filename"], Mediatype: r.Header.Get("Content-Type"), Size: int64(len(content))},
		r.Header.Get(identity.HeaderID), r.Header.Get("Idempotency-Key"), r.Header.Get("Bestand-Anoniem"), string(content)}
	b.files[f.ID] = f
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(f.Attachment)
}

// withKey adds the hidden key of the page with the form, as a browser does.
func (b *browser) withKey(path string, form url.Values) url.Values {
	b.t.Helper()
	page, known := map[string]string{"/starten": path, "/taak": path, "/bevraging": strings.TrimSuffix(path, "/bevraging") + "/taak"}[path[strings.LastIndexByte(path, '/'):]]
	if !known || form.Has("_sleutel") {
		return form
	}
	all := url.Values{}
	for name, values := range form {
		all[name] = values
	}
	if _, text := b.get(page); strings.Contains(text, `name="_sleutel"`) {
		all.Set("_sleutel", hidden(text, "_sleutel"))
	}
	return all
}
