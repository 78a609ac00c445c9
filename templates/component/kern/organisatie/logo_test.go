package organisatie

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func svg(inside string) string { return `<svg xmlns="` + svgSpace + `">` + inside + `</svg>` }

// TestALogoOnlyDraws: an SVG is a document in which a browser runs, fetches and
// follows; none of that belongs in a logo.
func TestALogoOnlyDraws(t *testing.T) {
	for name, text := range map[string]string{
		"a script":                 svg(`<script>alert(1)</script>`),
		"a script with a prefix":   `<s:svg xmlns:s="` + svgSpace + `"><s:script>alert(1)</s:script></s:svg>`,
		"a script of HTML":         svg(`<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>`),
		"HTML":                     svg(`<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>`),
		"HTML by itself":           `<html xmlns="http://www.w3.org/1999/xhtml"><svg xmlns="` + svgSpace + `"/></html>`,
		"an event":                 svg(`<rect onclick="alert(1)"/>`),
		"an event in capitals":     svg(`<rect ONLOAD="alert(1)"/>`),
		"an event at the root":     `<svg xmlns="` + svgSpace + `" onload="alert(1)"/>`,
		"a link":                   svg(`<a href="https://kwaad.test"><rect/></a>`),
		"a script in a link":       svg(`<linearGradient href="javascript:alert(1)"/>`),
		"xlink":                    `<svg xmlns="` + svgSpace + `" xmlns:xlink="http://www.w3.org/1999/xlink"><filter xlink:href="https://kwaad.test/a.svg#b"/></svg>`,
		"a picture":                svg(`<image href="https://kwaad.test/spion.png"/>`),
		"use":                      svg(`<g id="a"/><use href="#a"/>`),
		"animation":                svg(`<set attributeName="href" to="javascript:alert(1)"/>`),
		"style that fetches":       svg(`<style>@import "https://kwaad.test/a.css";</style>`),
		"a font that fetches":      svg(`<style>@font-face { src: url(https://kwaad.test/a.woff) }</style>`),
		"hidden in CSS":            svg(`<style>rect { fill: \75rl(https://kwaad.test) }</style>`),
		"an attribute":             svg(`<rect style="fill: url('//kwaad.test/a.svg#b')"/>`),
		"an entity":                `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + svg(`&a;`),
		"many entities":            `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>` + svg(`&b;`),
		"a style sheet":            `<?xml-stylesheet href="https://kwaad.test/a.css"?>` + svg(``),
		"taken apart by a comment": svg(`<style>@im<!-- x -->port "https://kwaad.test/a.css";</style>`),
		"taken apart by CDATA":     svg(`<style>rect { fill: ur<![CDATA[l(https://kwaad.test/a)]]> }</style>`),
		"taken apart by a part":    svg(`<style>@im<g/>port "https://kwaad.test/a.css";</style>`),
		"a choice of pictures":     svg(`<style>rect { mask: image-set("https://kwaad.test/a.png" 1x) }</style>`),
		"a picture of CSS":         svg(`<rect style="mask: image('https://kwaad.test/a.png')"/>`),
		"another word for url":     svg(`<style>rect { fill: src("https://kwaad.test/a") }</style>`),
		"another base":             `<svg xmlns="` + svgSpace + `" xml:base="https://kwaad.test/"><rect fill="url(#a)"/></svg>`,
		"not closed":               `<svg xmlns="` + svgSpace + `">`,
		"two drawings":             svg(``) + svg(``),
		"not of SVG":               `<svg/>`,
		"deep":                     svg(strings.Repeat("<g>", 60) + strings.Repeat("</g>", 60)),
		"endless":                  svg(strings.Repeat("<g/>", 6000)),
		"text":                     "een logo",
		"nothing":                  "",
		"GIF":                      "GIF89a",
		"a PNG that is cut off":    "\x89PNG\r\n\x1a\n\x00\x00",
	} {
		if err := new(Logo).take([]byte(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	for name, text := range map[string]string{
		"plain":                 svg(`<rect fill="url(#a)"/>`),
		"styled":                svg(`<style>.a { fill: #123456; clip-path: url("#b") }</style><rect class="a"/>`),
		"of a drawing tool":     `<?xml version="1.0"?><!-- Inkscape --><svg xmlns="` + svgSpace + `" xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:version="1"><i:grid/><desc>Logo (image) of the src</desc><metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata><g/></svg>`,
		"a gradient of another": `<svg xmlns="` + svgSpace + `" xmlns:xlink="http://www.w3.org/1999/xlink"><linearGradient xlink:href="#a"/></svg>`,
	} {
		if err := new(Logo).take([]byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPNGIsWhole(t *testing.T) {
	good := picture(t, 200, 60)
	if err := new(Logo).take(good); err != nil {
		t.Error(err)
	}
	if err := new(Logo).take(good[:len(good)-20]); err == nil {
		t.Error("one that is cut off is taken")
	}
	if err := new(Logo).take(picture(t, maxPixels+1, 1)); err == nil || !strings.Contains(err.Error(), "punten") {
		t.Errorf("one that is too wide: %v", err)
	}
}

func TestALogoTooLargeIsNotRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/logo.png", make([]byte, maxLogo+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/o.yaml", []byte("logo: {bestand: logo.png, tekst: Logo}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, faults := Read(dir+"/o.yaml", made); len(faults) != 1 || !strings.Contains(faults[0], "logo.bestand: is groter dan 256 kB") {
		t.Errorf("%q", faults)
	}
}

// TestALogoIsServedAsAPicture: whoever opens it by itself gets a document that may
// run and fetch nothing.
func TestALogoIsServedAsAPicture(t *testing.T) {
	l := &Logo{}
	if err := l.take([]byte(svg(`<rect/>`))); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	l.ServeHTTP(w, httptest.NewRequest(http.MethodGet, l.Address, nil))
	h := w.Result().Header
	csp := h.Get("Content-Security-Policy")
	if w.Code != 200 || h.Get("Content-Type") != "image/svg+xml" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "sandbox;") || strings.Contains(csp, "script") {
		t.Errorf("%d %v", w.Code, h)
	}
}

func FuzzLogo(f *testing.F) {
	f.Add([]byte(svg(`<rect fill="url(#a)"/>`)))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add([]byte(svg(`<g onload="x"/>`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := &Logo{}
		if l.take(raw) != nil || l.media != "image/svg+xml" {
			return
		}
		low := strings.ToLower(string(raw))
		if strings.Contains(low, "<!doctype") && !strings.Contains(low, "<!--") || strings.Contains(low, "<script") && !strings.Contains(low, "<!--") && !strings.Contains(low, "cdata") {
			t.Errorf("%q", raw)
		}
	})
}

// TestADocumentTypeIsRefused: what reads the file later may fetch it.
func TestADocumentTypeIsRefused(t *testing.T) {
	err := new(Logo).take([]byte(`<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://kwaad.test/svg11.dtd">` + svg(``)))
	if err == nil || !strings.Contains(err.Error(), "DOCTYPE") {
		t.Error(err)
	}
}
