package page_test

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/page"
)

// TestMarkdown: what comes out of what is typed.
func TestMarkdown(t *testing.T) {
	for source, want := range map[string]string{
		"# Één stap `go run .`\n":                     `<h2 id="één-stap-go-run-">Één stap <code>go run .</code></h2>`,
		"## A\n## A\n":                                `<h3 id="a">A</h3>` + "\n" + `<h3 id="a-1">A</h3>`,
		"## Inhoud\n":                                 `<h3 id="inhoud-1">Inhoud</h3>`,
		"## !!\n":                                     `<h3 id="kop">!!</h3>`,
		"###### diep\n":                               `<h6 id="diep">diep</h6>`,
		"[a](docs/x.md#b)":                            `<p><a href="docs/x.md#b">a</a></p>`,
		"[a](#b)":                                     `<p><a href="#b">a</a></p>`,
		"[a](https://x.nl/?a=1&b=2)":                  `<p><a href="https://x.nl/?a=1&amp;b=2">a</a></p>`,
		"[a](mailto:a@b.nl)":                          `<p><a href="mailto:a@b.nl">a</a></p>`,
		"<a@b.nl> <http://x.nl>":                      `<p><a href="mailto:a@b.nl">a@b.nl</a> <a href="http://x.nl">http://x.nl</a></p>`,
		"[a](javascript:alert(1))":                    `<p>a</p>`,
		"[a](&#106;avascript:alert(1))":               `<p>a</p>`,
		"[a](java&Tab;script:alert)":                  `<p>a</p>`,
		"[a](\\\\x.nl/b)":                             `<p><a href="%5Cx.nl/b">a</a></p>`,
		"[a](//x.nl/b)":                               `<p>a</p>`,
		"[a](/etc/passwd)":                            `<p>a</p>`,
		"[a](file:///etc/passwd)":                     `<p>a</p>`,
		"[a](https://mijn.bank.nl@x.nl)":              `<p>a</p>`,
		"[a](data:text/html,x)":                       `<p>a</p>`,
		"<javascript:alert(1)>":                       `<p>javascript:alert(1)</p>`,
		"![plaat](beeld.png)":                         `<p><img src="beeld.png" alt="plaat"></p>`,
		"![een **plaat**](https://x.nl/a.png)":        `<p><a href="https://x.nl/a.png">een plaat</a></p>`,
		"![\"x\"](javascript:a.png)":                  `<p>&#34;x&#34;</p>`,
		"a <b onclick=x>b</b>":                        `<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>`,
		"<script>alert(1)</script>\n":                 `<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>`,
		"<!-- weg -->\n\na<!-- ook -->b":              `<p>ab</p>`,
		"<!-- a --> <script>x</script> -->\n":         `<p>&lt;!-- a --&gt; &lt;script&gt;x&lt;/script&gt; --&gt;</p>`,
		"a<br>b":                                      `<p>a<br>b</p>`,
		"- [x] a\n- [ ] b\n":                          "<ul>\n<li><span class=\"vinkje\" role=\"img\" aria-label=\"gedaan\">☑</span>a</li>\n<li><span class=\"vinkje\" role=\"img\" aria-label=\"nog te doen\">☐</span>b</li>\n</ul>",
		"|a|b|\n|--|-:|\n|1|<br>|\n":                  "<table>\n<thead>\n<tr>\n<th>a</th>\n<th class=\"rechts\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td class=\"rechts\"><br></td>\n</tr>\n</tbody>\n</table>",
		"```sh\"><script>\nfieldlab <naam>\n```\n":    "<pre><code class=\"language-sh&quot;&gt;&lt;script&gt;\">fieldlab &lt;naam&gt;\n</code></pre>",
		"~~weg~~":                                     `<p><del>weg</del></p>`,
		"# Kop {onclick=alert(1)}":                    `<h2 id="kop-onclickalert1">Kop {onclick=alert(1)}</h2>`,
		"[a]\n\n[a]: javascript:alert(1) \"onclick\"": `<p>a</p>`,
		"\xff\x00":                                    "<p>\uFFFD\uFFFD</p>",
	} {
		if got, err := page.Markdown([]byte(source), 1); err != nil || strings.TrimSpace(string(got)) != want {
			t.Errorf("%q\n gives %s (%v)\n want  %s", source, strings.TrimSpace(string(got)), err, want)
		}
	}
}

// TestMarkdownInAPage: more texts on one page have their own ids, and links between
// files become links between pages.
func TestMarkdownInAPage(t *testing.T) {
	o := page.Options{Shift: 9, Prefix: "veld-", Link: func(href string) string {
		return strings.Replace(strings.Replace(href, ".md", ".html", 1), "bad", "javascript:", 1)
	}}
	got, err := page.MarkdownWith([]byte("# Hint\n[a](#hint) [b](#elders) [c](lezen.md#d) [e](bad)\n"), o)
	want := `<h6 id="veld-hint">Hint</h6>` + "\n" + `<p><a href="#veld-hint">a</a> <a href="#elders">b</a> <a href="lezen.html#d">c</a> e</p>`
	if err != nil || strings.TrimSpace(string(got)) != want {
		t.Errorf("%s (%v)", got, err)
	}
}

// TestMarkdownIsQuick: a text that was made to be slow is not.
func TestMarkdownIsQuick(t *testing.T) {
	for _, mark := range []string{">", "[", "![", "*a ", "<", "- ", "`", "|a", "# a\n", "[a](", "&", "<!--"} {
		began := time.Now()
		if _, err := page.Markdown([]byte(strings.Repeat(mark, 5_000)), 0); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q takes %v", mark, took)
		}
	}
}

// TestMarkdownOfASize: what no person wrote is refused.
func TestMarkdownOfASize(t *testing.T) {
	if _, err := page.Markdown(make([]byte, 1<<20+1), 0); err == nil {
		t.Error("a text of more than 1 MiB is taken")
	}
}

// TestWrite: a whole document, in which values stay values.
func TestWrite(t *testing.T) {
	var out bytes.Buffer
	err := page.Write(&out, page.Page{
		Title: "</title><script>alert(1)</script>", Site: "Team <Zuid>", Colour: "#FFFF00", Refresh: 10, Next: "?deel=2", Print: true,
		Crumbs: []page.Link{{"index.html", "Begin"}, {"javascript:alert(1)", "weg"}, {`\\\\evil.example`, "weg"}, {"a b", "weg"}, {"a\u202eb", "weg"}},
		Body:   "<p>inhoud</p>",
	})
	if err != nil {
		t.Fatal(err)
	}
	got := out.String()
	for _, want := range []string{`<html lang="nl">`, `<meta charset="utf-8">`, `name="viewport"`, `http-equiv="refresh" content="10; url=?deel=2"`, `class="blad"`, "<h1>&lt;/title&gt;", `href="#inhoud"`, `<main id="inhoud"`, "<p>inhoud</p>", `<a href="index.html">Begin</a>`, "@page { size: A4", "Team &lt;Zuid&gt;"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(got, "<script") || strings.Contains(got, "weg") || strings.Contains(got, "#FFFF00") {
		t.Errorf("something came in that may not:\n%s", got)
	}
	style := got[strings.Index(got, "<style>")+7 : strings.Index(got, "</style>")]
	if policy := page.Policy(style); !strings.Contains(html.UnescapeString(got), policy) {
		t.Errorf("the policy does not fit the style")
	}
	for _, next := range []string{"javascript:alert(1)", "//evil.example", "x; url=//evil.example", "'"} {
		out.Reset()
		if err := page.Write(&out, page.Page{Title: "x", Refresh: 3, Next: next}); err != nil || !strings.Contains(out.String(), `content="3"`) {
			t.Errorf("%q is taken (%v)", next, err)
		}
	}
	if err := page.Write(brokenWriter{}, page.Page{Title: "x"}); err == nil {
		t.Error("a full disk is not told")
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestReadable(t *testing.T) {
	for colour, want := range map[string]string{"": "#154273", "rood": "#154273", "#154273": "#154273", "#FFFFFF": "#727272", "#000000": "#000000", "#b00020;}": "#154273"} {
		if got := page.Readable(colour); got != want {
			t.Errorf("%q gives %s, want %s", colour, got, want)
		}
	}
}

// FuzzMarkdown: whatever is typed, a browser finds nothing in it that runs, loads
// from elsewhere or leads to something else than a page.
func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"# a\n[b](c)", "<a href=javascript:x>", "[a](javascript&colon;x)", "![a](b.png \"c\" )", "|a|\n|-|\n|b|", "- [x] a", "<http://a\"onclick=b>", "&lt;script&gt;", "[a](&#x6A;avascript:b)", "```\"onclick=\"\n```", "<!-->\n<script>x</script>", "[a][b]\n\n[b]: <java\nscript:x>", "<svg/onload=x>", "\x00<\xffscript>"} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, source string, shift int) {
		got, err := page.MarkdownWith([]byte(source), page.Options{Shift: shift % 7, Prefix: "stap-"})
		if err != nil {
			t.Fatal(err)
		}
		checkHTML(t, "<!DOCTYPE html><body><main>"+string(got)+"</main>")
	})
}

var allowedTags = strings.Fields("html head body main h1 h2 h3 h4 h5 h6 p a img em strong del code pre ul ol li blockquote hr br table thead tbody tr th td span")

var idForm = regexp.MustCompile(`^stap-[\pL\pN\p{Mn}_-]+$`)

func checkHTML(t *testing.T, document string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for node := range root.Descendants() {
		if node.Type == html.CommentNode {
			t.Errorf("a comment in %q", document)
		}
		if node.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(allowedTags, node.Data) {
			t.Errorf("an element %s in %q", node.Data, document)
		}
		for _, a := range node.Attr {
			if err := checkAttribute(a, ids); err != nil {
				t.Errorf("%v in %q", err, document)
			}
		}
	}
}

func checkAttribute(a html.Attribute, ids map[string]bool) error {
	switch a.Key {
	case "id":
		if ids[a.Val] || !idForm.MatchString(a.Val) {
			return fmt.Errorf("id %q", a.Val)
		}
		ids[a.Val] = true
	case "href", "src":
		u, err := url.Parse(strings.TrimSpace(a.Val))
		if err != nil || !slices.Contains([]string{"", "http", "https", "mailto"}, u.Scheme) || u.Scheme == "" && (u.Host != "" || strings.HasPrefix(u.Path, "/")) || a.Key == "src" && u.Scheme != "" {
			return fmt.Errorf("%s %q (%w)", a.Key, a.Val, err)
		}
	case "class", "alt", "role", "aria-label", "start":
	default:
		return fmt.Errorf("attribute %s", a.Key)
	}
	return nil
}
