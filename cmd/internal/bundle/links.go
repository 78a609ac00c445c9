package bundle

import (
	"html"
	"html/template"
	"path"
	"regexp"
	"strings"
)

var (
	anchor = regexp.MustCompile(`(?s)<a href="([^"]*)"[^>]*>(.*?)</a>`)
	image  = regexp.MustCompile(`<img src="([^"]*)"[^>]*>`)
)

// relink makes the links of a page go where its text is now. What is not in the
// bundle is no link any more, and a picture that is not there is left out: a page
// with dead links in a room without network helps nobody.
func relink(body template.HTML, link func(string) (string, bool)) template.HTML {
	text := image.ReplaceAllStringFunc(string(body), func(tag string) string {
		if strings.HasPrefix(image.FindStringSubmatch(tag)[1], "data:") {
			return tag
		}
		return ""
	})
	text = anchor.ReplaceAllStringFunc(text, func(tag string) string {
		parts := anchor.FindStringSubmatch(tag)
		href := html.UnescapeString(parts[1])
		if strings.HasPrefix(href, "#") || strings.HasPrefix(href, "http://") || strings.HasPrefix(href, "https://") {
			return tag
		}
		to, known := link(href)
		if !known {
			return parts[2]
		}
		return strings.Replace(tag, `href="`+parts[1]+`"`, `href="`+html.EscapeString(to)+`"`, 1)
	})
	return template.HTML(text) // #nosec G203 -- It came from package page, and only lost links.
}

// target finds the page of a text that another one refers to by its path. A group
// is a tree of files of its own.
func target(all []Document, from Document, href string) (string, bool) {
	name, fragment, _ := strings.Cut(href, "#")
	if from.From == "" || name == "" {
		return "", false
	}
	wanted := path.Join(path.Dir(from.From), name)
	for _, d := range all {
		if d.Group == from.Group && d.From == wanted {
			if fragment != "" {
				fragment = "#" + fragment
			}
			return d.Name + ".html" + fragment, true
		}
	}
	return "", false
}
