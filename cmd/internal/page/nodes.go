package page

import (
	"bytes"
	"html/template"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// nodes writes what could be dangerous in a text itself: links, images and HTML.
// What may not be a link is its words, and HTML is shown as it was typed.
type nodes struct {
	o   Options
	ids *headings
}

// RegisterFuncs is how goldmark finds them.
func (n *nodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, n.link)
	r.Register(ast.KindAutoLink, n.autoLink)
	r.Register(ast.KindImage, n.image)
	r.Register(ast.KindRawHTML, n.rawHTML)
	r.Register(ast.KindHTMLBlock, n.htmlBlock)
	r.Register(east.KindTaskCheckBox, n.checkBox)
}

// address is a destination as a browser gets it; "" when it may not be a link.
func (n *nodes) address(destination []byte) string {
	href := string(util.URLEscape(destination, true))
	if fragment, own := strings.CutPrefix(href, "#"); own && n.o.Prefix != "" {
		if name := n.o.Prefix + unescaped(fragment); n.ids.used[name] {
			href = "#" + n.o.Prefix + fragment
		}
	} else if n.o.Link != nil {
		href = n.o.Link(href)
	}
	if !safe(href) {
		return ""
	}
	return href
}

func (n *nodes) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	link := node.(*ast.Link)
	href := n.address(link.Destination)
	switch {
	case href == "":
	case entering:
		_, _ = w.WriteString(`<a href="` + escape(href) + `">`)
	default:
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func (n *nodes) autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	link := node.(*ast.AutoLink)
	address, words := string(link.URL(source)), escape(string(link.Label(source)))
	if link.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	if href := string(util.URLEscape([]byte(address), false)); safe(href) {
		words = `<a href="` + escape(href) + `">` + words + "</a>"
	}
	_, _ = w.WriteString(words)
	return ast.WalkContinue, nil
}

// image shows one of the same folder; one from elsewhere would need the network, and
// tell there who reads the page: it is a link, or only its words.
func (n *nodes) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkSkipChildren, nil
	}
	src, alt := n.address(node.(*ast.Image).Destination), escape(words(node, source))
	pictures := []string{".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif"}
	switch {
	case src != "" && !strings.Contains(firstPart(src), ":") && slices.Contains(pictures, strings.ToLower(path.Ext(src))):
		_, _ = w.WriteString(`<img src="` + escape(src) + `" alt="` + alt + `">`)
	case src != "" && alt != "":
		_, _ = w.WriteString(`<a href="` + escape(src) + `">` + alt + `</a>`)
	default:
		_, _ = w.WriteString(alt)
	}
	return ast.WalkSkipChildren, nil
}

// words is the text within a node.
func words(node ast.Node, source []byte) string {
	var out strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		switch child := child.(type) {
		case *ast.Text:
			out.Write(child.Segment.Value(source))
			if child.SoftLineBreak() {
				out.WriteByte(' ')
			}
		case *ast.String:
			out.Write(child.Value)
		default:
			out.WriteString(words(child, source))
		}
	}
	return out.String()
}

func (n *nodes) rawHTML(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkSkipChildren, nil
	}
	var raw bytes.Buffer
	segments := node.(*ast.RawHTML).Segments
	for i := range segments.Len() {
		segment := segments.At(i)
		raw.Write(segment.Value(source))
	}
	switch typed := strings.ToLower(raw.String()); {
	case strings.HasPrefix(typed, "<!--"):
	case typed == "<br>" || typed == "<br/>" || typed == "<br />": // the only way to a new line in a cell
		_, _ = w.WriteString("<br>")
	default:
		_, _ = w.WriteString(escape(raw.String()))
	}
	return ast.WalkSkipChildren, nil
}

func (n *nodes) htmlBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	block := node.(*ast.HTMLBlock)
	var raw bytes.Buffer
	for i := range block.Lines().Len() {
		line := block.Lines().At(i)
		raw.Write(line.Value(source))
	}
	if block.HasClosure() {
		raw.Write(block.ClosureLine.Value(source))
	}
	typed := strings.TrimSpace(raw.String())
	if strings.HasPrefix(typed, "<!--") && strings.Index(typed, "-->") == len(typed)-len("-->") || typed == "" {
		return ast.WalkContinue, nil // a comment
	}
	_, _ = w.WriteString("<p>" + escape(typed) + "</p>\n")
	return ast.WalkContinue, nil
}

func (n *nodes) checkBox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		sign, name := "☐", "nog te doen"
		if node.(*east.TaskCheckBox).IsChecked {
			sign, name = "☑", "gedaan"
		}
		_, _ = w.WriteString(`<span class="vinkje" role="img" aria-label="` + name + `">` + sign + `</span>`)
	}
	return ast.WalkContinue, nil
}

func escape(s string) string { return template.HTMLEscapeString(s) }

// unescaped is a fragment as it is an id; itself when it is no good escape.
func unescaped(fragment string) string {
	if plain, err := url.PathUnescape(fragment); err == nil {
		return plain
	}
	return fragment
}
