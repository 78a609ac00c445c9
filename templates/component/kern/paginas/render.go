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
		"datum":  showDate,
		"moment": func(t time.Time) string { return value.At(t).String() },
		"hoofd":  ucfirst,
		"delen":  parts,
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
	if _, err := t.Parse(string(raw)); err != nil {
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
				faults = append(faults, fmt.Errorf("5-interactie/%s vervangt geen bestand van kern/paginas; daar staan %s", file, strings.Join(names("sjablonen/*.html"), ", ")))
			}
		}
	}
	return errors.Join(faults...)
}

// frame is what every page shows around its own content.
type frame struct {
	Site       Options
	Titel      string // heading of the page
	Fout       bool   // the form has mistakes
	Gebruiker  identity.User
	Rol        string
	Rollen     []identity.Role // roles that the user may change to
	Anoniem    bool
	Menu       []menuItem
	Nabootsing bool
	Inhoud     any
}

type menuItem struct {
	Adres, Tekst string
	Hier         bool
}

// render writes a page. It is made in memory first, so that a mistake in a
// template never ends in half a page.
func (v *visit) render(status int, name, title string, content any) error {
	var b bytes.Buffer
	f := frame{
		Site: v.site.Options, Titel: title, Gebruiker: v.user(), Anoniem: v.anonymous(),
		Menu: v.menu(), Nabootsing: len(v.site.Nabootsingen) > 0, Inhoud: content,
		Fout: status == http.StatusUnprocessableEntity,
	}
	if !f.Anoniem {
		f.Rol = v.site.role(v.user().Rol).Titel
		for _, role := range v.session.Rollen {
			if role != v.user().Rol {
				f.Rollen = append(f.Rollen, v.site.role(role))
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
	items := []menuItem{{Adres: "/", Tekst: "Home"}}
	if v.anonymous() {
		if v.site.anonymousStart() {
			items = append(items, menuItem{Adres: "/starten", Tekst: v.site.start().Titel}, menuItem{Adres: "/volgen", Tekst: "Zaak volgen"})
		}
	} else {
		if v.site.mayStart(v.user().Rol) {
			items = append(items, menuItem{Adres: "/starten", Tekst: v.site.start().Titel})
		}
		mine := "Zaken"
		if v.site.role(v.user().Rol).Burger {
			mine = "Mijn zaken"
		}
		items = append(items, menuItem{Adres: "/taken", Tekst: "Taken"}, menuItem{Adres: "/zaken", Tekst: mine})
	}
	items = append(items, menuItem{Adres: "/proces", Tekst: "Proces"})
	for i := range items {
		items[i].Hier = items[i].Adres == v.r.URL.Path
	}
	return items
}

func showDate(s string) string { return value.Date(s).String() }

// row is one name with its value, on the screen.
type row struct {
	Naam, Waarde string
	Adres        string // of the file that the value names; "" for none
}

// record lists the fields of the record of a zaak that have a value.
func record(fields []Field, z zaak) []row {
	var rows []row
	for _, f := range fields {
		if v, ok := z.Gegevens[f.Naam]; ok && v != nil {
			text := value.Display(f.Soort, v)
			if f.is(value.Choice) || f.is(value.YesNo) {
				text = ucfirst(text) // as on the form
			}
			if text == "" {
				continue
			}
			shown := row{Naam: f.Label, Waarde: text}
			if f.is(value.Upload) {
				shown.Adres = attachmentAt(z.ID, f.Naam)
			}
			rows = append(rows, shown)
		}
	}
	return rows
}
