package paginas

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// attachment gives a file that is stored with a zaak to whoever may see what
// the zaak is about. The browser saves it and never shows it as a page of ours:
// somebody else chose what is in it.
func (s *site) attachment(v *visit) error {
	z, _, err := v.zaak()
	if err != nil {
		return err
	}
	name := v.r.PathValue("veld")
	for _, f := range s.Subject {
		if f.Name != name || !f.is(value.Upload) {
			continue
		}
		a, ok := value.ReadAttachment(z.Data[name])
		if !ok {
			break
		}
		resp, err := s.process.send(v.r.Context(), call{method: http.MethodGet, user: v.user(), internal: true, slow: true,
			path: "/zaken/" + url.PathEscape(z.ID) + "/bestanden/" + url.PathEscape(name)})
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		h := v.w.Header()
		h.Set("Content-Type", "application/octet-stream")
		if resp.ContentLength >= 0 {
			h.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
		}
		h.Set("Content-Disposition", disposition(a.Name))
		if _, err := io.Copy(v.w, resp.Body); err != nil {
			panic(http.ErrAbortHandler) // half a file must not look like a whole one
		}
		return nil
	}
	return notFound()
}

// disposition tells the browser to save a file, under its name if that can be
// written in a header (RFC 6266).
func disposition(name string) string {
	if text := mime.FormatMediaType("attachment", map[string]string{"filename": value.Shown(name)}); text != "" {
		return text
	}
	return "attachment"
}

// attachmentAt is the address of a file; it holds no name of a file.
func attachmentAt(zaak, field string) string {
	return "/zaken/" + url.PathEscape(zaak) + "/bestanden/" + url.PathEscape(field)
}
