package page

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Options say how a text in Markdown becomes part of a page.
type Options struct {
	// Shift makes its headings lower: 1 makes # a second-level heading.
	Shift int
	// Prefix comes before the id of every heading, so that more texts can stand on one
	// page. Links to its own headings follow.
	Prefix string
	// Link gives another address for one in the text, such as that of the page made of a
	// file; nil keeps them.
	Link func(href string) string
}

// most is how large a text may be; no document of people comes near.
const most = 1 << 20

// Markdown is a text in Markdown as HTML: GitHub's tables, headings with an id,
// no raw HTML, links only relative or http(s). Shift makes its headings lower: 1
// makes # a second-level heading.
func Markdown(source []byte, shift int) (template.HTML, error) {
	return MarkdownWith(source, Options{Shift: shift})
}

// MarkdownWith is Markdown with more to say about it.
func MarkdownWith(source []byte, o Options) (template.HTML, error) {
	if len(source) > most {
		return "", fmt.Errorf("de tekst is groter dan %d MiB", most>>20)
	}
	source = bytes.ToValidUTF8(source, []byte("\uFFFD"))
	ids := &headings{used: map[string]bool{"inhoud": true}, last: map[string]int{}, prefix: o.Prefix} // inhoud is of the page
	own := &nodes{o: o, ids: ids}
	machine := goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			extension.Strikethrough, extension.TaskList),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(
			html.WithWriter(html.DefaultWriter),
			renderer.WithNodeRenderers(util.Prioritized(own, 1))))
	root := machine.Parser().Parse(text.NewReader(source), parser.WithContext(parser.NewContext(parser.WithIDs(ids))))
	if err := ast.Walk(root, own.prepare); err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := machine.Renderer().Render(&out, source, root); err != nil {
		return "", err
	}
	return template.HTML(out.String()), nil // #nosec G203 -- All of it is of goldmark, which escapes, and of nodes.
}

// headings gives every heading the id that it has on GitHub, so that links between
// documents work in both places.
type headings struct {
	used   map[string]bool
	last   map[string]int // number that was added to a name last
	prefix string
}

// Generate makes an id.
func (h *headings) Generate(value []byte, _ ast.NodeKind) []byte {
	id := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, strings.TrimSpace(string(value)))
	if id == "" {
		id = "kop"
	}
	name := h.prefix + id
	for h.used[name] {
		h.last[id]++
		name = h.prefix + id + "-" + strconv.Itoa(h.last[id])
	}
	h.used[name] = true
	return []byte(name)
}

// Put keeps an id.
func (h *headings) Put(value []byte) { h.used[string(value)] = true }

// safe says whether an address may be in a page: relative, # and further, http(s)
// without a name and a password in it, or an e-mail address.
func safe(href string) bool {
	odd := func(r rune) bool {
		return r <= ' ' || r == '\\' || r == 0x7f || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	}
	if strings.ContainsFunc(href, odd) {
		return false
	}
	u, err := url.Parse(href)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "":
		return u.Host == "" && u.User == nil && !strings.HasPrefix(href, "/") && !strings.Contains(firstPart(href), ":")
	case "http", "https":
		return u.Host != "" && u.User == nil
	case "mailto":
		return u.Opaque != "" && strings.Contains(u.Opaque, "@")
	}
	return false
}

// firstPart is what a browser could take for a scheme.
func firstPart(href string) string {
	if at := strings.IndexAny(href, "/?#"); at >= 0 {
		return href[:at]
	}
	return href
}

// prepare changes a text before it is written: lower headings, and the side of the
// cells of a table as a class.
func (n *nodes) prepare(node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch node := node.(type) {
	case *ast.Heading:
		node.Level = min(max(node.Level+n.o.Shift, 1), 6)
	case *east.TableCell:
		switch node.Alignment {
		case east.AlignRight:
			node.SetAttributeString("class", []byte("rechts"))
		case east.AlignCenter:
			node.SetAttributeString("class", []byte("midden"))
		}
	}
	return ast.WalkContinue, nil
}
