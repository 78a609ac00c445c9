package paginas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// The answers of layer 4 about what is due to be destroyed.
type (
	due struct {
		Kind          string `json:"soort"`
		ID            string `json:"id"`
		Identificatie string `json:"identificatie"`
		Resultaat     string `json:"resultaat"`
		Begin         string `json:"begin"`
		End           string `json:"einde"`
		Term          string `json:"termijn"`
		From          string `json:"ingang"`
		Since         string `json:"ingegaanOp"`
		Expired       string `json:"vervallenOp"`
		Source        string `json:"bron"`
	}
	heldZaak struct {
		ID            string `json:"id"`
		Identificatie string `json:"identificatie"`
		Marks         marks  `json:"markeringen"`
		Expired       string `json:"vervallenOp"`
	}
	proposal struct {
		Items   []due      `json:"teVernietigen"`
		Count   int        `json:"aantal"`
		Held    []heldZaak `json:"tegengehouden"`
		Running int        `json:"termijnLoopt"`
		Kept    int        `json:"blijvendBewaard"`
		NoTerm  int        `json:"zonderTermijn"`
		NoDay   int        `json:"zonderDatum"`
	}
	destroyed struct {
		due
		At     time.Time        `json:"vernietigdOp"`
		Counts map[string]int64 `json:"aantallen"`
	}
	declaration struct {
		ID        string      `json:"id"`
		DecidedAt time.Time   `json:"beslotenOp"`
		By        string      `json:"door"`
		Approval  string      `json:"goedkeuring"`
		How       string      `json:"wijze"`
		Count     int         `json:"aantal"`
		Lines     []destroyed `json:"vernietigd"`
	}
	skipped struct {
		Kind          string `json:"soort"`
		ID            string `json:"id"`
		Identificatie string `json:"identificatie"`
		Why           string `json:"waarom"`
	}
	destruction struct {
		Declaration *declaration `json:"verklaring"`
		Skipped     []skipped    `json:"overgeslagen"`
		Warning     string       `json:"waarschuwing"`
	}
)

// Name is what something is called on the page and in its checkbox.
func (d due) Name() string { return d.Kind + " " + d.Identificatie }

// Choice is the value of its checkbox.
func (d due) Choice() string { return d.Kind + ":" + d.ID }

// Zaak says whether it is a zaak, which has a page.
func (d due) Zaak() bool { return d.Kind == "zaak" }

// Period is the term in words, with where it begins.
func (d due) Period() string {
	text := d.Term
	if term, err := value.ParseTerm(d.Term); err == nil {
		text = term.String()
	}
	return text + " na " + d.From
}

// Made is of how many rows and files it was made.
func (d destroyed) Made() string {
	var all []string
	for what, n := range d.Counts {
		if n > 0 {
			all = append(all, fmt.Sprintf("%s: %d", what, n))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// get reads something below /intern of layer 4.
func (c *client) get(ctx context.Context, u identity.User, path string, out any) error {
	_, err := c.do(ctx, call{method: http.MethodGet, path: path, user: u, internal: true}, out)
	return err
}

const archiveAt = "/archief/vernietigingen"

type archiveBody struct {
	proposal
	Declarations []declaration
	Mistakes     []summaryItem
	Chosen       map[string]bool // nil: all
}

// Checked says whether the box of something is checked.
func (b archiveBody) Checked(choice string) bool { return b.Chosen == nil || b.Chosen[choice] }

// archivePage shows what is due, and what was destroyed before.
func (s *site) archivePage(v *visit) error {
	if err := v.entitled(identity.RightArchief); err != nil {
		return err
	}
	return v.showArchive(http.StatusOK, archiveBody{})
}

func (v *visit) showArchive(status int, body archiveBody) error {
	if err := v.site.process.get(v.r.Context(), v.user(), "/archief", &body.proposal); err != nil {
		return err
	}
	if err := v.site.process.get(v.r.Context(), v.user(), archiveAt, &body.Declarations); err != nil {
		return err
	}
	return v.render(status, "archief", "Archief", body)
}

// approveSubmit destroys what was chosen, when it was said that the list was
// looked at.
func (s *site) approveSubmit(v *visit) error {
	if err := v.entitled(identity.RightArchief); err != nil {
		return err
	}
	if err := v.parseChoices(); err != nil {
		return err
	}
	body := archiveBody{Chosen: map[string]bool{}}
	items := []map[string]string{}
	for _, choice := range v.r.PostForm["kies"] {
		kind, id, ok := strings.Cut(choice, ":")
		if ok && !body.Chosen[choice] {
			items = append(items, map[string]string{"soort": kind, "id": id})
			body.Chosen[choice] = true
		}
	}
	if len(items) == 0 {
		body.Mistakes = append(body.Mistakes, summaryItem{"lijst", "Kies wat er vernietigd wordt"})
	}
	if v.r.PostFormValue("akkoord") != "ja" {
		body.Mistakes = append(body.Mistakes, summaryItem{"akkoord", "Bevestig dat u de lijst hebt gecontroleerd"})
	}
	if len(body.Mistakes) > 0 {
		return v.showArchive(http.StatusUnprocessableEntity, body)
	}
	var done destruction
	_, err := s.process.do(v.r.Context(), call{method: http.MethodPost, path: archiveAt, user: v.user(), internal: true,
		body: map[string]any{"teVernietigen": items, "door": v.user().Name}}, &done)
	if err != nil {
		return err
	}
	title := "Vernietigd"
	if done.Declaration == nil {
		title = "Er is niets vernietigd"
	}
	return v.render(http.StatusOK, "verklaring", title, done)
}

// parseChoices reads a form of which one name may have many values.
func (v *visit) parseChoices() error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, 256<<10)
	err := v.r.ParseForm()
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return &fault{status: http.StatusRequestEntityTooLarge, cause: err}
	}
	if err != nil {
		return &fault{status: http.StatusBadRequest, cause: err}
	}
	return nil
}

// declared fetches the declaration of the page.
func (v *visit) declared(out any) error {
	if err := v.entitled(identity.RightArchief); err != nil {
		return err
	}
	id := v.r.PathValue("verklaring")
	if !value.IsUUID(id) {
		return notFound()
	}
	return v.site.process.get(v.r.Context(), v.user(), archiveAt+"/"+url.PathEscape(id), out)
}

// declarationPage shows one declaration of destruction.
func (s *site) declarationPage(v *visit) error {
	var d declaration
	if err := v.declared(&d); err != nil {
		return err
	}
	return v.render(http.StatusOK, "verklaring", "Verklaring van vernietiging", destruction{Declaration: &d})
}

// declarationFile gives a declaration as a file to keep elsewhere.
func (s *site) declarationFile(v *visit) error {
	var d json.RawMessage
	if err := v.declared(&d); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", disposition("verklaring-van-vernietiging-"+v.r.PathValue("verklaring")+".json"))
	_, _ = v.w.Write(d) // when the browser has gone there is nobody to tell
	return nil
}
