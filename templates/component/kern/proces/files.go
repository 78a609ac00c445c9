package proces

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// FileService is what layer 2 does with files.
type FileService interface {
	StoreFile(ctx context.Context, u outway.Upload, content io.Reader) (value.Attachment, error)
	File(ctx context.Context, id string) (outway.StoredFile, error)
	FileContent(ctx context.Context, id string) (*outway.Stream, error)
	DropFile(ctx context.Context, id string) error
}

// fileRoutes are the operations with which the pages send files on before a form
// is complete, and get them back.
func (p *Process) fileRoutes() []rest.Route {
	if p.Files == nil {
		return nil
	}
	return []rest.Route{
		{Method: http.MethodPost, Pattern: "/bestanden", Handler: p.logged("Bestand meesturen", changes, p.upload)},
		{Method: http.MethodGet, Pattern: "/bestanden/{id}", Handler: rest.HandlerFunc(p.describeFile)},
		{Method: http.MethodDelete, Pattern: "/bestanden/{id}", Handler: rest.HandlerFunc(p.dropFile)},
		{Method: http.MethodGet, Pattern: "/zaken/{zaakId}/bestanden/{veld}", Handler: rest.HandlerFunc(p.download)},
	}
}

// upload sends a file on to layer 2 while it comes in. It is the user's until a
// form that names it is stored.
func (p *Process) upload(w http.ResponseWriter, r *http.Request) error {
	u, err := p.known(r)
	if err != nil {
		return err
	}
	key, err := rest.IdempotencyKey(r)
	if err != nil {
		return err
	}
	if key != "" { // with the key of somebody else one gets nothing of theirs
		key = uuid.NewSHA1(uuid.NameSpaceURL, []byte(key+"/"+u.ID+"/bestand")).String()
	}
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	if err != nil {
		return rest.NewProblem(http.StatusBadRequest, "De naam van het bestand ontbreekt.")
	}
	file, err := p.Files.StoreFile(r.Context(), outway.Upload{
		Name: params["filename"], Mediatype: r.Header.Get("Content-Type"), Owner: u.ID, Key: key,
		Anonymous: r.Header.Get(outway.HeaderAnonymous) != "", Size: r.ContentLength,
	}, r.Body)
	if err != nil {
		return fileFault(err)
	}
	return rest.Write(w, http.StatusCreated, file)
}

// fileFault is what somebody hears whose file is not taken.
func fileFault(err error) error {
	switch status := outway.Status(err); status {
	case http.StatusBadRequest:
		return rest.NewProblem(status, "Het bestand is leeg, heeft een naam die niet kan, of kwam niet goed over; kies het opnieuw.")
	case http.StatusRequestEntityTooLarge:
		return rest.NewProblem(status, "Het bestand is te groot.")
	case http.StatusUnsupportedMediaType:
		return rest.NewProblem(status, "Dit soort bestand kan niet zonder in te loggen.")
	case http.StatusUnprocessableEntity:
		return rest.NewProblem(status, "Het bestand is niet aangenomen: de controle op virussen keurt het af.")
	case http.StatusTooManyRequests:
		return rest.NewProblem(status, "Er zijn nu te veel bestanden gestuurd zonder in te loggen; probeer het over een uur opnieuw.").With("Retry-After", "3600")
	case http.StatusServiceUnavailable:
		return rest.NewProblem(status, "Het bestand is nu niet te controleren of te bewaren; probeer het later opnieuw.").With("Retry-After", "60")
	}
	return storeFault(err)
}

// heldFile finds a file that the user sent. Whose it is not, for whom it is not there.
func (p *Process) heldFile(r *http.Request) (outway.StoredFile, error) {
	u, err := p.known(r)
	if err != nil {
		return outway.StoredFile{}, err
	}
	f, err := p.findFile(r.Context(), r.PathValue("id"))
	if err == nil && (f == nil || f.Owner != u.ID) {
		err = rest.NotFound()
	}
	if err != nil {
		return outway.StoredFile{}, err
	}
	return *f, nil
}

// findFile is nil for a file that is not there.
func (p *Process) findFile(ctx context.Context, id string) (*outway.StoredFile, error) {
	if !value.IsUUID(id) {
		return nil, nil //nolint:nilnil // not there is no error
	}
	f, err := p.Files.File(ctx, id)
	if outway.Status(err) == http.StatusNotFound {
		return nil, nil //nolint:nilnil // see above
	}
	if err != nil {
		return nil, storeFault(err)
	}
	return &f, nil
}

func (p *Process) describeFile(w http.ResponseWriter, r *http.Request) error {
	f, err := p.heldFile(r)
	if err != nil {
		return err
	}
	return rest.Write(w, http.StatusOK, f.File)
}

func (p *Process) dropFile(w http.ResponseWriter, r *http.Request) error {
	f, err := p.heldFile(r)
	if err != nil {
		return err
	}
	if err := p.Files.DropFile(r.Context(), f.File.ID); err != nil {
		return storeFault(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// download gives a file that is stored with a zaak to whoever may see what the
// zaak is about. It is in the log before the first byte goes out.
func (p *Process) download(w http.ResponseWriter, r *http.Request) error {
	var found *outway.Stream
	var file value.Attachment
	h := p.newAction("Bestand bekijken", r.Header)
	u := identity.FromContext(r.Context())
	h.line.Role = u.Role
	work := func(ctx context.Context) error {
		s, err := p.find(ctx, u, r.PathValue("zaakId"))
		if err != nil {
			return err
		}
		if s.subject == nil || s.seen != everything {
			return rest.NotFound()
		}
		var data map[string]json.RawMessage
		if json.Unmarshal(s.subject.Data, &data) != nil || !slices.Contains(p.fileFields(http.MethodGet), r.PathValue("veld")) ||
			json.Unmarshal(data[r.PathValue("veld")], &file) != nil {
			return rest.NotFound()
		}
		if found, err = p.Files.FileContent(ctx, file.ID); err != nil {
			return storeFault(err)
		}
		return nil
	}
	// The call goes on after the line is written, so it has the context of the request.
	if err := p.withLogboek(r.Context(), h, reads, work); err != nil {
		if found != nil {
			_ = found.Body.Close()
		}
		return err
	}
	defer func() { _ = found.Body.Close() }()
	out := w.Header()
	out.Set("Content-Type", "application/octet-stream")
	out.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": value.Shown(file.Name)}))
	if size := found.Header.Get("Content-Length"); size != "" {
		out.Set("Content-Length", size)
	}
	w.WriteHeader(http.StatusOK)
	if _, err := io.Copy(w, found.Body); err != nil {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return nil
}

// fileFields are the fields of what a zaak is about that hold a file.
func (p *Process) fileFields(method string) (names []string) {
	for _, name := range p.contract.AnswerFields(method, "/zaken/{zaakId}", "gegevens") {
		if p.contract.HoldsFile(method, "/zaken/{zaakId}", "gegevens", name) {
			names = append(names, name)
		}
	}
	return names
}

// admitFiles refuses a form that names a file that is not the user's own and not
// in this very record already. Of what it lets through only the id is left.
func (p *Process) admitFiles(ctx context.Context, u identity.User, step string, fields map[string]json.RawMessage, subject *outway.Subject) error {
	if p.Files == nil {
		return nil
	}
	stored := p.storedFiles(subject)
	var faults []rest.Fault
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !p.asksFile(step, name) || string(fields[name]) == "null" {
			continue
		}
		var f value.Attachment
		if json.Unmarshal(fields[name], &f) != nil {
			continue // the contract has judged its form
		}
		if !stored[f.ID] {
			if err := p.begin(ctx); err != nil {
				return err
			}
			found, err := p.findFile(ctx, f.ID)
			if err != nil {
				return err
			}
			if found == nil || !u.Known() || found.Owner != u.ID {
				faults = append(faults, rest.InBody("/"+name, "file", "Dit bestand is er niet meer; kies het opnieuw."))
			}
		}
		only, err := json.Marshal(map[string]string{"id": f.ID})
		if err != nil {
			return err
		}
		fields[name] = only
	}
	if len(faults) > 0 {
		return rest.Invalid(faults...)
	}
	return nil
}

// asksFile says whether a field of a form is a file.
func (p *Process) asksFile(step, name string) bool {
	for _, pattern := range []string{"/zaken/{zaakId}/" + step, "/zaken"} {
		if f, there := p.contract.Field(http.MethodPost, pattern, name); there {
			return f.File
		}
	}
	return false
}

// storedFiles are the ids of the files that a record has.
func (p *Process) storedFiles(o *outway.Subject) map[string]bool {
	ids := map[string]bool{}
	if o == nil {
		return ids
	}
	var data map[string]json.RawMessage
	if err := json.Unmarshal(o.Data, &data); err != nil {
		return ids
	}
	for _, name := range p.fileFields(http.MethodGet) {
		var f value.Attachment
		if err := json.Unmarshal(data[name], &f); err == nil {
			ids[f.ID] = true
		}
	}
	return ids
}
