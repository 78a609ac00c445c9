// Package page makes HTML pages in the look of a component that open without a
// server and without network: one file each, with its style in it.
package page

import (
	"html/template"
	"io"
)

// Page is one page.
type Page struct {
	Title  string
	Colour string // #rrggbb; "" is that of the government
	Print  bool   // fits on sheets of A4
	// Refresh is after how many seconds the page loads itself anew; 0 is never.
	Refresh int
	Crumbs  []Link // the way to this page, the first one first
	Body    template.HTML
}

// Link is an address with what it says. Href is relative, or http(s).
type Link struct{ Href, Text string }

// Markdown is a text in Markdown as HTML: GitHub's tables, headings with an id,
// no raw HTML, links only relative or http(s). Shift makes its headings lower: 1
// makes # a second-level heading.
func Markdown(source []byte, shift int) (template.HTML, error) { return "", nil }

// Write writes the page as a complete document.
func Write(w io.Writer, p Page) error { return nil }
