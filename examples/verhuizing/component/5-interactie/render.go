package interactie

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"git.duinstad.test/burgerzaken/verhuizing/internal/identity"
	"git.duinstad.test/burgerzaken/verhuizing/internal/value"
)

//go:embed sjablonen
var templateFiles embed.FS

// pages holds one parsed template per page: the frame, the parts and the page.
var pages = parsePages()

func parsePages() map[string]*template.Template {
	shared := template.Must(template.New("").Funcs(template.FuncMap{
		"datum":  showDate,
		"moment": func(t time.Time) string { return value.At(t).String() },
		"hoofd":  ucfirst,
		"delen":  parts,
	}).ParseFS(templateFiles, "sjablonen/deel/*.html"))
	all := map[string]*template.Template{}
	files, err := fs.Glob(templateFiles, "sjablonen/*.html")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "sjablonen/"), ".html")
		all[name] = template.Must(template.Must(shared.Clone()).ParseFS(templateFiles, file))
	}
	return all
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
	if err := pages[name].ExecuteTemplate(&b, "pagina", f); err != nil {
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
			if f.Soort == "enum" || f.Soort == "boolean" {
				text = ucfirst(text) // as on the form
			}
			if text == "" {
				continue
			}
			shown := row{Naam: f.Label, Waarde: text}
			if f.Soort == "file" {
				shown.Adres = attachmentAt(z.ID, f.Naam)
			}
			rows = append(rows, shown)
		}
	}
	return rows
}
