// Package page makes HTML pages in the look of a component that open without a
// server and without network: one file each, with its style in it.
package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/templates"
)

// Page is one page.
type Page struct {
	Title  string // also its first heading
	Lang   string // "nl" or "en"; "" is nl
	Site   string // what it is a page of, above it; "" is the fieldlab
	Colour string // #rrggbb; "" is that of the government. One that is too light is made darker
	Print  bool   // fits on sheets of A4
	Wide   bool   // uses the whole width of a screen
	// Refresh is after how many seconds the page loads itself anew; 0 is never.
	Refresh int
	Next    string       // the address that it loads then, relative; "" is its own
	Crumbs  []Link       // the way to this page, the first one first; without this page itself
	Style   template.CSS // rules of this page only
	Body    template.HTML
}

// Link is an address with what it says. Href is relative, or http(s).
type Link struct{ Href, Text string }

//go:embed pagina.html
var frameText string

//go:embed eigen.css
var ownStyle string

var frame = template.Must(template.New("pagina").Parse(frameText))

// styles is the stylesheet of a component, with what pages need that it has not.
var styles = sync.OnceValues(func() (string, error) {
	body, err := fs.ReadFile(templates.Component(), "kern/paginas/stijl.css")
	return string(body) + ownStyle, err
})

// Write writes the page as a complete document. It holds no script, and says so to
// the browser: a script that would still come into it does not run.
func Write(w io.Writer, p Page) error {
	rules, err := styles()
	if err != nil {
		return err
	}
	if p.Site == "" {
		p.Site = "Common Ground fieldlab"
	}
	skip := "Naar de inhoud"
	switch p.Lang {
	case "":
		p.Lang = "nl"
	case "en":
		skip = "Skip to the content"
	}
	var crumbs []Link
	for _, link := range p.Crumbs {
		if safe(link.Href) {
			crumbs = append(crumbs, link)
		}
	}
	p.Crumbs = crumbs
	style := ":root { --kleur: " + Readable(p.Colour) + "; }\n" + rules + string(p.Style)
	var body bytes.Buffer
	err = frame.Execute(&body, struct {
		Page
		CSS                  template.CSS
		Policy, Reload, Skip string
	}{p, template.CSS(style), Policy(style), p.reload(), skip}) // #nosec G203 -- Our own style, or that of the caller.
	if err != nil {
		return err
	}
	_, err = w.Write(body.Bytes())
	return err
}

// reload is when the page loads what, in the words of a browser; "" is never.
func (p Page) reload() string {
	switch {
	case p.Refresh <= 0:
		return ""
	case p.Next == "" || !safe(p.Next) || strings.ContainsAny(p.Next, ";,'\""):
		return strconv.Itoa(p.Refresh)
	}
	return strconv.Itoa(p.Refresh) + "; url=" + p.Next
}

// Policy is what a browser may do with a page that has this text as its style:
// show it, with images of its own folder, and send its forms to where it came from.
func Policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; style-src-attr 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'",
		base64.StdEncoding.EncodeToString(sum[:]))
}
