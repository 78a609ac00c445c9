package paginas

import (
	"bufio"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Bounds on one form. A file is never in memory; the rest is.
const (
	mostText   = 1 << 20 // bytes that are typed
	mostValues = 2000
	mostFiles  = 50
	mostName   = 1000 // bytes of the name of an input, or of a file; more than there are

	// beyond is what is read past the files that may come: a browser that is busy
	// sending does not see what we answer.
	beyond = 64 << 20
)

// sent is a form as it came in.
type sent struct {
	url.Values                     // what was typed, and per file field the id of its file
	names      map[string][]string // per field the files that were chosen, as their sender calls them
	wrong      []mistake           // with files, or with the form as a whole
	cut        bool                // it was too large to read to its end

	by       identity.User // for whom it counts
	standing standing
	key      string // the idempotency key
}

// parse reads the body of a form, with the files of fields. Each file goes on to
// layer 4 while it comes in, and is held there for whoever opened the form.
func (v *visit) parse(fields []Field) error {
	v.sent = &sent{Values: url.Values{}, names: map[string][]string{}}
	limit := int64(beyond)
	for _, f := range fields {
		if f.is(value.Upload) {
			limit += v.site.MaxUpload
		}
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, limit)
	mediatype, params, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	switch {
	case err != nil:
	case mediatype == "multipart/form-data" && params["boundary"] != "":
		err = v.parseParts(multipart.NewReader(v.r.Body, params["boundary"]), fields)
	case mediatype == "application/x-www-form-urlencoded":
		err = v.parseText()
	}
	v.r.Form, v.r.PostForm = v.sent.Values, v.sent.Values
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		v.sent.cut, err = true, nil
	}
	if err != nil {
		return &fault{status: http.StatusBadRequest, cause: err}
	}
	if v.sent.cut && fields == nil {
		return &fault{status: http.StatusRequestEntityTooLarge}
	}
	if v.sent.cut {
		v.sent.wrong = append(v.sent.wrong, mistake{Text: "Wat u verstuurde is zo groot dat we niet alles konden lezen. Kijk of alles er nog staat, en verstuur het opnieuw."})
	}
	v.settle()
	v.settleFiles(fields)
	v.missed(fields)
	return nil
}

// parseText reads a form without files.
func (v *visit) parseText() error {
	raw, err := io.ReadAll(io.LimitReader(v.r.Body, mostText+1))
	if err != nil {
		return err
	}
	if len(raw) > mostText {
		v.sent.cut = true
		raw = raw[:strings.LastIndexByte(string(raw[:mostText]), '&')+1]
		if _, err := io.Copy(io.Discard, v.r.Body); err != nil {
			return err
		}
	}
	values, err := url.ParseQuery(string(raw))
	count := 0
	for name, all := range values {
		if count += len(all); count > mostValues {
			v.sent.cut = true
			return err
		}
		v.sent.Values[name] = all
	}
	return err
}

// parseParts reads a form with files, part by part.
func (v *visit) parseParts(parts *multipart.Reader, fields []Field) error {
	room, files, texts := int64(mostText), 0, 0
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := part.FormName()
		if len(name) > mostName { // what it is called is kept; it is no input of ours
			name = ""
		}
		field, upload := fileField(fields, name)
		if upload || part.FileName() != "" {
			if files++; files == mostFiles+1 {
				v.sent.wrong = append(v.sent.wrong, mistake{Text: "U stuurde te veel bestanden in één formulier. Kies bij elke vraag één bestand."})
			}
			if upload && files <= mostFiles {
				v.take(field, part)
			} else if fields == nil && part.FileName() != "" && name != "" && files <= mostFiles {
				v.sent.names[name] = append(v.sent.names[name], part.FileName())
			}
			if _, err := io.Copy(io.Discard, part); err != nil {
				return err
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, room+1))
		if err != nil {
			return err
		}
		texts++
		if room -= int64(len(name) + len(text)); room < 0 || texts > mostValues {
			v.sent.cut = true
			room = 0
			if _, err := io.Copy(io.Discard, part); err != nil {
				return err
			}
			continue
		}
		if name != "" {
			v.sent.Add(name, string(text))
		}
	}
}

func fileField(fields []Field, name string) (Field, bool) {
	for _, f := range fields {
		if f.Name == name && f.is(value.Upload) {
			return f, true
		}
	}
	return Field{}, false
}

// take sends one file on. What is wrong with it becomes a mistake at its field.
func (v *visit) take(f Field, part *multipart.Part) {
	content := bufio.NewReader(part)
	name := part.FileName()
	if _, err := content.Peek(1); err != nil && name == "" {
		return // nothing was chosen
	}
	if name == "" {
		name = "bestand"
	}
	if len(name) > mostName { // kept and shown, so not at any length
		name = strings.ToValidUTF8(name[:mostName], "") + "…"
	}
	again := len(v.sent.names[f.Name]) > 0
	if len(v.sent.names[f.Name]) < mostFiles {
		v.sent.names[f.Name] = append(v.sent.names[f.Name], name)
	}
	wrong := func(text string) { v.sent.wrong = append(v.sent.wrong, mistake{Field: f.Name, Text: text}) }
	if again {
		if len(v.sent.names[f.Name]) == 2 {
			wrong("Kies bij deze vraag één bestand")
		}
		return
	}
	described, err := value.NewAttachment(name, part.Header.Get("Content-Type"))
	if err != nil {
		wrong(err.Error())
		return
	}
	v.settle() // the hidden key comes before the files
	if !v.sent.by.Known() {
		return // there is nobody to hold it for; that is said of the form as a whole
	}
	limited := &limited{r: content, most: v.site.MaxUpload}
	held, err := v.site.process.upload(v.r.Context(), v.sent.by, !v.ownSession(), v.fileKey(f), described, limited)
	switch status := statusOf(err); {
	case limited.stop() || status == http.StatusRequestEntityTooLarge:
		wrong("Het bestand is te groot: hoogstens " + value.ByteSize(v.site.MaxUpload))
	case err == nil:
		v.note(held)
		v.sent.Set(f.Name+partID, held.ID)
		v.sent.Set(f.Name+partChoice, choiceKeep)
	case status >= http.StatusBadRequest && detailOf(err) != "" && status != http.StatusInternalServerError:
		wrong(detailOf(err))
	default:
		v.site.Log.WarnContext(v.r.Context(), "een bestand is niet bewaard", "fout", err.Error())
		wrong("Het bestand kwam niet goed over; kies het opnieuw")
	}
}

// fileKey is the same for the same file field of the same form.
func (v *visit) fileKey(f Field) string {
	if v.sent.key == "" {
		return ""
	}
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(v.sent.key+"/"+f.Name)).String()
}

// limited reads no more than a file may be. An answer may come before all was
// sent, and then whoever sends still reads: after stop nobody does.
type limited struct {
	mu      sync.Mutex
	r       io.Reader
	n       int64
	most    int64
	over    bool
	stopped bool
}

var (
	errOver    = errors.New("het bestand is te groot")
	errStopped = errors.New("er wordt niet meer gelezen")
)

// stop ends the reading, and says whether there was too much.
func (l *limited) stop() (over bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	return l.over
}

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return 0, errStopped
	}
	n, err := l.r.Read(p)
	if l.n += int64(n); l.n > l.most {
		l.over = true
		return 0, errOver
	}
	return n, err
}

// The inputs beside the one for a file.
const (
	partID     = ".id"    // the file that is there
	partChoice = ".keuze" // what to do with it

	choiceKeep    = "houden"
	choiceReplace = "vervangen"
	choiceRemove  = "verwijderen"
)

// settleFiles makes of the inputs of each file field what is left: the id of a
// file, or nothing. An input in which nothing was chosen changes nothing.
func (v *visit) settleFiles(fields []Field) {
	for _, f := range fields {
		if !f.is(value.Upload) || !v.sent.Has(f.Name+partChoice) {
			continue
		}
		id, choice := v.sent.Get(f.Name+partID), v.sent.Get(f.Name+partChoice)
		v.sent.Del(f.Name + partChoice)
		switch {
		case choice == choiceRemove:
			v.sent.Del(f.Name + partID)
			if value.IsUUID(id) && v.sent.by.Known() {
				// One that is stored stays until the form is; what is left expires.
				_ = v.site.process.dropFile(v.r.Context(), v.sent.by, id)
			}
		case choice == choiceReplace && len(v.sent.names[f.Name]) == 0:
			v.sent.wrong = append(v.sent.wrong, mistake{Field: f.Name, Text: "Kies het bestand dat ervoor in de plaats komt"})
		}
	}
}

// note remembers what a file is, for showing it.
func (v *visit) note(a value.Attachment) {
	if v.files == nil {
		v.files = map[string]value.Attachment{}
	}
	v.files[a.ID] = a
}

// noteStored remembers the files that a zaak has.
func (v *visit) noteStored(data map[string]any) {
	for _, f := range v.site.Subject {
		if f.is(value.Upload) {
			if a, ok := value.ReadAttachment(data[f.Name]); ok {
				v.note(a)
			}
		}
	}
}

// file says what the file in a form is; false when it is not there any more.
func (v *visit) file(id string) (value.Attachment, bool) {
	if a, known := v.files[id]; known {
		return a, true
	}
	if !value.IsUUID(id) {
		return value.Attachment{}, false
	}
	a, err := v.site.process.fileInfo(v.r.Context(), v.user(), id)
	return a, err == nil
}

// upload sends a file on while it comes in.
func (c *client) upload(ctx context.Context, u identity.User, anonymous bool, key string, a value.Attachment, content io.Reader) (held value.Attachment, err error) {
	h := http.Header{"Content-Type": {a.Mediatype}}
	h.Set("Content-Disposition", disposition(a.Name))
	set(h, "Bestand-Anoniem", "ja", anonymous)
	_, err = c.do(ctx, call{method: http.MethodPost, path: "/bestanden", internal: true, user: u, key: key, stream: content, header: h}, &held)
	return held, err
}

// fileInfo says what a file is that the user sent.
func (c *client) fileInfo(ctx context.Context, u identity.User, id string) (a value.Attachment, err error) {
	_, err = c.do(ctx, call{method: http.MethodGet, path: "/bestanden/" + url.PathEscape(id), internal: true, user: u}, &a)
	return a, err
}

func (c *client) dropFile(ctx context.Context, u identity.User, id string) error {
	_, err := c.do(ctx, call{method: http.MethodDelete, path: "/bestanden/" + url.PathEscape(id), internal: true, user: u}, nil)
	return err
}
