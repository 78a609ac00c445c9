package bundle

import (
	"bytes"
	_ "embed" // for the texts
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/page"
	"github.com/commonground-fieldlab/fieldlab/examples"
)

// ReadMe is the page that a bundle begins with.
const ReadMe = "LEES-MIJ.html"

// Document is a text in Markdown that goes along as a page.
type Document struct {
	Name  string // of the file, without its ending: uitleg-bron
	Title string
	Group string // of the list on the first page
	From  string // path in the tree that its links are relative to, such as docs/bronnen.md; "" when it has none
	Body  []byte
}

//go:embed lees-mij.md
var readMe string

// facts are what the first page tells.
type facts struct {
	Manifest
	Downloads []Download
	Teams     []string
	Warm      bool
	Examples  []Document
	Documents []documentGroup
}

type documentGroup struct {
	Title string
	Pages []Document
}

func (f facts) Windows() bool { return has(f.Systems, "windows") }
func (f facts) MacOS() bool   { return has(f.Systems, "darwin") }
func (f facts) Linux() bool   { return has(f.Systems, "linux") }

// first makes the page that a bundle begins with.
func first(f facts) (item, error) {
	parsed, err := template.New(ReadMe).Funcs(template.FuncMap{
		"plain": plain, "spoken": spoken, "short": func(version string) string { return strings.TrimPrefix(version, "go") },
	}).Parse(readMe)
	if err != nil {
		return item{}, err
	}
	var words bytes.Buffer
	if err := parsed.Execute(&words, f); err != nil {
		return item{}, err
	}
	return htmlItem(ReadMe, "Fieldlab zonder netwerk", nil, words.Bytes(), nil)
}

// spoken is a system as its owner calls it.
func spoken(system string) string {
	names := map[string]string{
		"darwin/amd64": "macOS met Intel", "darwin/arm64": "macOS met Apple-chip", "linux/amd64": "Linux", "linux/arm64": "Linux op ARM",
		"windows/amd64": "Windows", "windows/arm64": "Windows op ARM",
	}
	return names[system]
}

// plain keeps a text from meaning something in Markdown.
func plain(text string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "|", `\|`).Replace(strings.Join(strings.Fields(text), " "))
}

func htmlItem(name, title string, crumbs []page.Link, markdown []byte, link func(string) (string, bool)) (item, error) {
	body, err := page.Markdown(markdown, 0)
	if err != nil {
		return item{}, fmt.Errorf("%s: %w", name, err)
	}
	if link != nil {
		body = relink(body, link)
	}
	var out bytes.Buffer
	if err := page.Write(&out, page.Page{Title: title, Crumbs: crumbs, Body: body}); err != nil {
		return item{}, fmt.Errorf("%s: %w", name, err)
	}
	return bytesItem(name, out.Bytes()), nil
}

// back is the way to the first page.
var back = []page.Link{{Href: "../" + ReadMe, Text: "Fieldlab zonder netwerk"}}

// examplePage is what there is to read of an example: what is said about it, and the
// answers.
func examplePage(name string) (item, Document, error) {
	about := Document{Name: name, Title: name}
	var words bytes.Buffer
	for _, file := range examples.Files(name) {
		if file.Name == "fieldlab.yaml" {
			fmt.Fprintf(&words, "\n\n## De antwoorden\n\n`fieldlab answers example %s` geeft ze ook.\n\n```yaml\n%s\n```\n", name, bytes.TrimSpace(file.Body))
			continue
		}
		if heading := firstHeading.Find(file.Body); heading != nil {
			about.Title = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(string(heading)), "#"))
		}
		words.Write(withoutTitle(file.Body))
	}
	page, err := htmlItem(examplesFolder+"/"+name+".html", about.Title, back, words.Bytes(), func(string) (string, bool) { return "", false })
	return page, about, err
}

// documents makes a page of every text, and lists them by group.
func documents(all []Document) (items []item, groups []documentGroup, err error) {
	for _, d := range all {
		one, err := htmlItem(documentsFolder+"/"+d.Name+".html", d.Title, back, withoutTitle(d.Body), func(href string) (string, bool) { return target(all, d, href) })
		if err != nil {
			return nil, nil, err
		}
		items = append(items, one)
		if len(groups) == 0 || groups[len(groups)-1].Title != d.Group {
			groups = append(groups, documentGroup{Title: d.Group})
		}
		last := &groups[len(groups)-1]
		last.Pages = append(last.Pages, d)
	}
	return items, groups, nil
}

var firstHeading = regexp.MustCompile(`\A\s*# [^\n]*\n`)

// withoutTitle leaves the first heading out: the page has the title already.
func withoutTitle(markdown []byte) []byte { return firstHeading.ReplaceAll(markdown, nil) }
