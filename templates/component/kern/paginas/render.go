package paginas

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

//go:embed sjablonen stijl.css
var own embed.FS

// templates parses one template per page: the frame, the parts and the page. A
// file in room with the name of one of ours comes in its place.
func templates(room fs.FS) (map[string]*template.Template, error) {
	shared := template.New("").Funcs(template.FuncMap{
		"date":       showDate,
		"moment":     func(t time.Time) string { return value.At(t).String() },
		"upperFirst": ucfirst,
		"shown":      value.Shown,
		"found":      show,
		"paragraphs": paragraphs,
		"kop":        func(level int, text string) heading { return heading{level, text} },
	})
	for _, file := range names("sjablonen/deel/*.html") {
		if err := parseInto(shared, room, file); err != nil {
			return nil, err
		}
	}
	all := map[string]*template.Template{}
	for _, file := range names("sjablonen/*.html") {
		page, err := shared.Clone()
		if err != nil {
			return nil, err
		}
		if err := parseInto(page, room, file); err != nil {
			return nil, err
		}
		if page.Lookup("inhoud") == nil {
			return nil, fmt.Errorf("5-interactie/%s heeft geen blok inhoud (define \"inhoud\"); begin met een kopie van kern/paginas/%s", file, file)
		}
		all[strings.TrimSuffix(path.Base(file), ".html")] = page
	}
	return all, unknown(room)
}

// names lists our own files that match.
func names(pattern string) []string {
	files, err := fs.Glob(own, pattern)
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return files
}

func parseInto(t *template.Template, room fs.FS, file string) error {
	raw, err := choose(room, file)
	if err != nil {
		return err
	}
	if _, err := t.New(file).Parse(string(raw)); err != nil {
		return fmt.Errorf("5-interactie/%s: %w", file, err)
	}
	return nil
}

// choose reads a file of the room when it has one, and otherwise ours.
func choose(room fs.FS, file string) ([]byte, error) {
	if room != nil {
		raw, err := fs.ReadFile(room, file)
		if !errors.Is(err, fs.ErrNotExist) {
			return raw, err
		}
	}
	return fs.ReadFile(own, file)
}

// unknown names the templates in the room that take the place of none of ours:
// a mistake in a name would otherwise go unnoticed.
func unknown(room fs.FS) error {
	if room == nil {
		return nil
	}
	var faults []error
	for _, pattern := range []string{"sjablonen/*", "sjablonen/deel/*"} {
		files, err := fs.Glob(room, pattern)
		if err != nil {
			return err
		}
		for _, file := range files {
			if _, err := fs.Stat(own, file); err != nil {
				faults = append(faults, fmt.Errorf("5-interactie/%s vervangt geen bestand van kern/paginas; daar staan %s", file, strings.Join(names(pattern+".html"), ", ")))
			}
		}
	}
	return errors.Join(faults...)
}

// frame is what every page shows around its own content.
type frame struct {
	Site      Options
	Title     string // heading of the page
	Faulty    bool   // the form has mistakes
	User      identity.User
	Role      string
	Roles     []identity.Role // roles that the user may change to
	Anonymous bool
	Menu      []menuItem
	StandIn   bool
	Note      []string // paragraphs that the organisation has on this page
	Content   any
}

type menuItem struct {
	Address, Text string
	Current       bool
}

// render writes a page. It is made in memory first, so that a mistake in a
// template never ends in half a page.
func (v *visit) render(status int, name, title string, content any) error {
	var b bytes.Buffer
	f := frame{
		Site: v.site.Options, Title: title, User: v.user(), Anonymous: v.anonymous(),
		Menu: v.menu(), StandIn: len(v.site.StandIns) > 0, Content: content,
		Faulty: status >= http.StatusBadRequest && name != "fout",
	}
	if text := v.site.Notes[name]; text != "" {
		f.Note = paragraphs(text)
	}
	if !f.Anonymous {
		f.Role = v.site.role(v.user().Role).Title
		for _, role := range v.session.Roles {
			if role != v.user().Role {
				f.Roles = append(f.Roles, v.site.role(role))
			}
		}
	}
	if err := v.site.pages[name].ExecuteTemplate(&b, "pagina", f); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(b.Bytes())
	return nil
}

func (v *visit) menu() []menuItem {
	items := []menuItem{{Address: "/", Text: "Home"}}
	if v.anonymous() {
		if v.site.anonymousStart() {
			items = append(items, menuItem{Address: "/starten", Text: v.site.start().Title}, menuItem{Address: "/volgen", Text: "Zaak volgen"})
		}
	} else {
		if v.site.mayStart(v.user().Role) {
			items = append(items, menuItem{Address: "/starten", Text: v.site.start().Title})
		}
		mine := "Zaken"
		if v.site.role(v.user().Role).Outside() {
			mine = "Mijn zaken"
		}
		items = append(items, menuItem{Address: "/taken", Text: "Taken"}, menuItem{Address: "/zaken", Text: mine})
		if v.may(identity.RightInzage) {
			items = append(items, menuItem{Address: "/inzage", Text: "Inzage"})
		}
		if v.may(identity.RightArchief) {
			items = append(items, menuItem{Address: "/archief", Text: "Archief"})
		}
	}
	items = append(items, menuItem{Address: "/proces", Text: "Proces"})
	for i := range items {
		items[i].Current = items[i].Address == v.r.URL.Path
	}
	return items
}

func showDate(s string) string { return value.Date(s).String() }

// row is one name with its value, on the screen.
type row struct {
	Name, Value string
	Address     string // of the file that the value names; "" for none
}

// record lists the fields of the record of a zaak that have a value.
func record(fields []Field, z zaak) []row {
	var rows []row
	for _, f := range fields {
		if v, ok := z.Data[f.Name]; ok && v != nil {
			text := value.Display(f.Kind, v)
			if f.is(value.Choice) || f.is(value.YesNo) {
				text = ucfirst(text) // as on the form
			}
			if text == "" {
				continue
			}
			shown := row{Name: f.Label, Value: text}
			if f.Person == Other {
				shown.Name += unchecked
			}
			if f.is(value.Upload) {
				shown.Address = attachmentAt(z.ID, f.Name)
			}
			rows = append(rows, shown)
		}
	}
	return rows
}

// paragraphs are the parts of a text with an empty line in between.
func paragraphs(text string) (all []string) {
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}
