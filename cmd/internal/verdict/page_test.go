package verdict_test

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	markdown "github.com/yuin/goldmark/text"
	"golang.org/x/net/html"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
)

// looked is what of a page a test looks at.
type looked struct {
	lang, title      string
	headings         []string
	words            strings.Builder
	tables, captions int
	ids              map[string]bool
}

// lookAtPage reads a page, and complains about everything in it that is no plain text.
func lookAtPage(t testing.TB, page string) *looked {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	found := &looked{ids: map[string]bool{}}
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" {
			found.words.WriteString(n.Data)
		}
		if n.Type == html.CommentNode {
			t.Errorf("the page holds a comment: %q", n.Data)
		}
		if n.Type == html.ElementNode {
			found.element(t, n)
		}
	}
	return found
}

func (l *looked) element(t testing.TB, n *html.Node) {
	t.Helper()
	switch n.Data {
	case "script", "img", "iframe", "object", "embed", "form", "input", "svg", "audio", "video", "base":
		t.Errorf("the page holds a %s", n.Data)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		l.headings = append(l.headings, n.Data)
	case "table":
		l.tables++
	case "caption":
		l.captions++
	case "th":
		if attribute(n, "scope") == "" {
			t.Error("a th has no scope")
		}
	case "html":
		l.lang = attribute(n, "lang")
	case "title":
		l.title = n.FirstChild.Data
	}
	for _, a := range n.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on"):
			t.Errorf("%s has %s", n.Data, a.Key)
		case a.Key == "id":
			if l.ids[a.Val] {
				t.Errorf("the id %s is there twice", a.Val)
			}
			l.ids[a.Val] = true
		case a.Key == "src", a.Key == "srcset", a.Key == "href" && n.Data != "a" && a.Val != "data:,":
			t.Errorf("%s asks for %s", n.Data, a.Val)
		case a.Key == "href" && n.Data == "a" && !strings.HasPrefix(a.Val, "https://") && a.Val != "#inhoud":
			t.Errorf("a link to %s", a.Val)
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// TestPage: one file that asks for nothing, with headings in their order, tables that
// say what they are, in its own language.
func TestPage(t *testing.T) {
	t.Parallel()
	for _, language := range text.Languages() {
		page := write(t, verdict.HTML, language, results()...)
		found := lookAtPage(t, page)
		if found.lang != string(language) || !strings.Contains(found.title, "2") {
			t.Errorf("the page is in %q with the title %q", found.lang, found.title)
		}
		if found.tables != 3 || found.captions != 3 {
			t.Errorf("%d tables, %d captions", found.tables, found.captions)
		}
		level := byte('0')
		for i, h := range found.headings {
			if h[1] > level+1 || i > 0 && h == "h1" {
				t.Errorf("heading %d is %s after h%c", i, h, level)
			}
			level = h[1]
		}
		for _, words := range []string{"<script>alert(1)</script>", "Wordt uitgezet", "2027-01-31", "repo-besluit", "privacy-log", "publiccode-naam", "16"} {
			if !strings.Contains(found.words.String(), words) {
				t.Errorf("the page does not say %q", words)
			}
		}
		if strings.Contains(page, "url(") || strings.Contains(page, "@import") {
			t.Error("the style asks for something")
		}
		if !strings.Contains(page, "default-src &#39;none&#39;") && !strings.Contains(page, "default-src 'none'") {
			t.Error("the page does not forbid scripts")
		}
	}
}

// TestSummaryComesFirst: who reads only the beginning knows the outcome, and not more
// than is known.
func TestSummaryComesFirst(t *testing.T) {
	t.Parallel()
	words := lookAtPage(t, write(t, verdict.HTML, text.Dutch, clean())).words.String()
	at := -1
	for _, part := range []string{"Cijfer 100 van 100", "In orde", "Niet in orde", "Niets gevonden dat niet in orde is.", "1 vraag", "1 regel is niet gecontroleerd", "Per onderdeel"} {
		i := strings.Index(words[max(at, 0):], part)
		if i < 0 {
			t.Fatalf("%q is not there, or too early", part)
		}
		at = max(at, 0) + i
	}
	for _, format := range []verdict.Format{verdict.HTML, verdict.Proof} {
		for _, language := range text.Languages() {
			all := write(t, format, language, clean())
			for _, claim := range []string{"100%", "100 %", "compliant", "gecertificeerd", "certified"} {
				if strings.Contains(strings.ReplaceAll(all, "max-width: 100%", ""), claim) && format == verdict.Proof {
					t.Errorf("the %s claims %q", format, claim)
				}
			}
		}
	}
}

// lookAtProof reads Markdown as GitHub does, and complains about HTML, pictures and
// links that are not ours.
func lookAtProof(t testing.TB, proof string) (headings []string, tables int) {
	t.Helper()
	source := []byte(proof)
	machine := goldmark.New(goldmark.WithExtensions(extension.GFM))
	root := machine.Parser().Parse(markdown.NewReader(source))
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.HTMLBlock, *ast.RawHTML, *ast.Image, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.Blockquote:
			t.Errorf("the proof holds a %s", n.Kind())
		case *ast.Link:
			if !strings.HasPrefix(string(n.Destination), "https://gitdocumentatie.logius.nl/") && !strings.HasPrefix(string(n.Destination), "https://standard.publiccode.net/") {
				t.Errorf("the proof links to %s", n.Destination)
			}
		case *ast.AutoLink:
			t.Errorf("the proof links to %s", n.URL(source))
		case *ast.Heading:
			headings = append(headings, string(n.Lines().Value(source)))
		}
		if n.Kind().String() == "Table" {
			tables++
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return headings, tables
}

func TestProof(t *testing.T) {
	t.Parallel()
	for _, language := range text.Languages() {
		proof := write(t, verdict.Proof, language, results()[0])
		headings, tables := lookAtProof(t, proof)
		// The title, six chapters, four rules that are broken, a group with what people say and two groups that are met.
		if len(headings) != 14 || tables != 5 {
			t.Errorf("%d tables and the headings %q", tables, headings)
		}
		for _, words := range []string{
			"fieldlab `1.3.0`", "2026-11-30", "`0123456789abcdef0123456789abcdef01234567`", "Wordt uitgezet", "2027-01-31", "J. Jansen, 12 november 2026: akkoord",
			"`publiccode-naam`", "`adr-header`", "`privacy-log`", "`repo-licentie`", "Standard for Public Code 0.8.0, 13",
		} {
			if !strings.Contains(proof, words) {
				t.Errorf("the proof does not say %q", words)
			}
		}
	}
}

// TestProofKeepsWhatPeopleWrote: the proof is written anew again and again; a signature
// is not.
func TestProofKeepsWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ previous, kept string }{
		{"", "|  |"},
		{"| `repo-besluit` | a | b | P. Peters **ja** |", "| P. Peters **ja** |"},
		{"| `repo-besluit` | a \\| x | b | d\\|e |\r\n", "| d\\|e |"},
		{"| `repo-besluit` | a | b |", "|  |"},
		{"| `repo-besluit` | a | b | c | d |", "|  |"},
		{"| `repo-anders` | a | b | d |", "|  |"},
		{"| `repo-besluit` | a | b | \x1b[31m" + strings.Repeat("x", 1000) + " |", "…"},
	} {
		a := about()
		a.Previous = c.previous
		var b strings.Builder
		if err := verdict.Write(&b, verdict.Proof, catalogue(text.Dutch), a, results()[:1]); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(b.String(), "| `repo-besluit`")
		row, _, _ := strings.Cut(rest, "\n")
		if !strings.HasSuffix(row, c.kept) && !strings.Contains(row, c.kept) || strings.Contains(row, "\x1b") {
			t.Errorf("of %q the row became %q", c.previous, row)
		}
		a.Previous = b.String()
		var again strings.Builder
		if err := verdict.Write(&again, verdict.Proof, catalogue(text.Dutch), a, results()[:1]); err != nil || again.String() != b.String() {
			t.Errorf("written twice it is otherwise: %v\n%s", err, row)
		}
	}
}
