package register

import (
	"bufio"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Files is what layer 2 does with files.
type Files struct {
	Store *opslag.Files
	Log   Log
	Most  int64    // bytes of one file
	Kinds []string // that may come without a login; of Kinds in this package
	Scan  Scanner  // looks at each file before it is taken; nil for none
}

// Scanner looks for viruses. An error says that it did not look.
type Scanner func(ctx context.Context, content io.Reader, size int64) (clean bool, err error)

// Headers that go along with a file between the layers.
const (
	headerOwner     = "Bestand-Eigenaar"
	headerAnonymous = "Bestand-Anoniem"
)

// binary is the media type of bytes of which nothing is known.
const binary = "application/octet-stream"

// Routes are the operations of the specification.
func (f Files) Routes() []rest.Route {
	const from = "1-gegevens (een veld met een bestand)"
	return []rest.Route{
		{Method: http.MethodPost, Pattern: "/bestanden", Handler: rest.HandlerFunc(f.receive), From: from},
		{Method: http.MethodGet, Pattern: "/bestanden/{id}", Handler: rest.HandlerFunc(f.content), From: from},
	}
}

// Internal are the operations for the layers above.
func (f Files) Internal() []rest.Route {
	return []rest.Route{
		{Method: http.MethodPost, Pattern: "/bestanden", Handler: ownOnly(f.create)},
		{Method: http.MethodGet, Pattern: "/bestanden/{id}", Handler: ownOnly(f.describe)},
		{Method: http.MethodGet, Pattern: "/bestanden/{id}/inhoud", Handler: ownOnly(f.content)},
		{Method: http.MethodDelete, Pattern: "/bestanden/{id}", Handler: ownOnly(f.drop)},
	}
}

// log begins the line of what is done with a file.
func (f Files) log(r *http.Request, what string) *log[struct{}] {
	p := &personal[struct{}]{Log: f.Log, title: "Bestand", fields: []string{"bestand"}}
	return p.begin(r, what)
}

// receive is create for whoever calls the API: for whom a file is held, and
// whether that person logged in, only the layers of this component say.
func (f Files) receive(w http.ResponseWriter, r *http.Request) error {
	r.Header.Del(headerOwner)
	r.Header.Del(headerAnonymous)
	return f.create(w, r)
}

// create takes a file while it comes in. Nothing of it stays when it is refused.
// What is left of it is read all the same: a sender that is busy sending does not
// hear why.
func (f Files) create(w http.ResponseWriter, r *http.Request) error {
	file, err := f.take(r)
	if err != nil {
		_, _ = io.CopyN(io.Discard, r.Body, f.Most+1<<20)
		return err
	}
	w.Header().Set("Location", r.URL.Path+"/"+file.File.ID)
	return rest.Write(w, createdStatus(!file.Repeated), file.File)
}

func (f Files) take(r *http.Request) (file opslag.StoredFile, err error) {
	u, err := f.upload(r)
	if err != nil {
		return file, err
	}
	if r.ContentLength > f.Most {
		return file, f.tooLarge()
	}
	content := bufio.NewReader(r.Body)
	begin, _ := content.Peek(sniffed) // what is wrong with reading shows below
	if u.Mediatype == binary {
		u.Mediatype = mediatypeOf(begin)
	}
	if u.Anonymous && !slices.Contains(f.Kinds, kindOf(begin, u.Name)) {
		return file, rest.NewProblem(http.StatusUnsupportedMediaType, "Dit soort bestand kan niet zonder in te loggen. Wel kan: "+kindsText(f.Kinds)+".")
	}
	line := f.log(r, "aanmaken")
	in, err := f.Store.Store(r.Context(), u, content)
	if err != nil {
		return file, f.problem(err)
	}
	if err = f.scan(r.Context(), in); err == nil {
		err = line.shown(r.Context())
	}
	if err != nil {
		return file, errors.Join(err, f.Store.Drop(context.WithoutCancel(r.Context()), in.ID))
	}
	file, err = f.Store.Accept(r.Context(), in)
	if reused, ok := errors.AsType[*opslag.ReusedError](err); ok {
		return file, rest.Reused("/v1/bestanden/" + reused.Result)
	}
	if err != nil {
		return file, f.problem(err)
	}
	return file, nil
}

// upload is what the headers say of a file.
func (f Files) upload(r *http.Request) (u opslag.Upload, err error) {
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	if err != nil || params["filename"] == "" {
		return u, rest.Invalid(rest.Fault{In: "header", Location: rest.Location{Name: "Content-Disposition"}, Code: "format",
			Detail: `Noem de naam van het bestand, zoals attachment; filename="bewijs.pdf".`})
	}
	a, err := value.NewAttachment(params["filename"], r.Header.Get("Content-Type"))
	if err != nil {
		return u, rest.Invalid(rest.Fault{In: "header", Location: rest.Location{Name: "Content-Disposition"}, Code: "format", Detail: err.Error() + "."})
	}
	u = opslag.Upload{Attachment: a, Most: f.Most}
	if u.Key, err = chosenKey(r); err == nil {
		u.Owner, u.Anonymous = r.Header.Get(headerOwner), r.Header.Get(headerAnonymous) != ""
	}
	return u, err
}

func (f Files) tooLarge() error {
	return rest.NewProblem(http.StatusRequestEntityTooLarge, "Het bestand is groter dan "+value.ByteSize(f.Most)+".")
}

func (f Files) problem(err error) error {
	switch {
	case errors.Is(err, opslag.ErrTooLarge):
		return f.tooLarge()
	case errors.Is(err, opslag.ErrEmptyOne):
		return rest.Invalid(rest.InBody("", "minLength", "Het bestand is leeg."))
	case errors.Is(err, opslag.ErrIncomplete), errors.Is(err, opslag.ErrNoFile):
		return rest.NewProblem(http.StatusBadRequest, "Het bestand is niet helemaal aangekomen.")
	case errors.Is(err, opslag.ErrTooMany):
		return rest.NewProblem(http.StatusTooManyRequests, "Er zijn nu te veel bestanden gestuurd zonder in te loggen. Probeer het over een uur opnieuw.").With("Retry-After", "3600")
	}
	return problem(err)
}

func (f Files) describe(w http.ResponseWriter, r *http.Request) error {
	file, err := f.Store.Read(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, file)
}

// content gives what is in a file, as bytes: somebody else chose what they are.
func (f Files) content(w http.ResponseWriter, r *http.Request) error {
	line := f.log(r, "lezen")
	file, err := f.Store.Read(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	if err := line.shown(r.Context()); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", binary)
	h.Set("Content-Length", strconv.FormatInt(file.File.Size, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": value.Shown(file.File.Name)}))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	if n, err := io.Copy(w, f.Store.Content(r.Context(), file.File.ID)); err != nil || n != file.File.Size {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return nil
}

func (f Files) drop(w http.ResponseWriter, r *http.Request) error {
	if err := f.Store.Drop(r.Context(), r.PathValue("id")); err != nil {
		return problem(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
