// Package text holds everything the command says to people, in Dutch and in
// English. A text has a key; the two catalogues hold the same keys.
package text

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"strings"
)

//go:embed nl/*.txt en/*.txt
var files embed.FS

// Language is a language the command speaks.
type Language string

// The languages of the catalogues.
const (
	Dutch   Language = "nl"
	English Language = "en"
)

// Languages lists them all, the default first.
func Languages() []Language { return []Language{Dutch, English} }

// Parse reads the value of --lang.
func Parse(value string) (Language, bool) {
	for _, l := range Languages() {
		if strings.EqualFold(value, string(l)) {
			return l, true
		}
	}
	return Dutch, false
}

// FromLocale picks the language from the locale variables, in the order in
// which POSIX reads them. Only an English locale gives English: a Dutch
// laptop often has no locale, or C.
func FromLocale(env func(string) string) Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value := strings.ToLower(env(name))
		if value == "" {
			continue
		}
		if value == "en" || strings.HasPrefix(value, "en_") || strings.HasPrefix(value, "en-") || strings.HasPrefix(value, "en.") {
			return English
		}
		return Dutch
	}
	return Dutch
}

// Catalogue holds the texts of one language.
type Catalogue struct {
	language Language
	texts    map[string]string
}

// Load reads the catalogue of a language.
func Load(language Language) *Catalogue {
	c := &Catalogue{language: language, texts: map[string]string{}}
	entries, err := fs.ReadDir(files, string(language))
	if err != nil {
		return c // a language without files: every key shows as itself
	}
	for _, entry := range entries {
		body, err := fs.ReadFile(files, string(language)+"/"+entry.Name())
		if err == nil {
			parse(c.texts, string(body))
		}
	}
	return c
}

// Language is the language of the catalogue.
func (c *Catalogue) Language() Language { return c.language }

// Keys returns all keys, in no order.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.texts))
	for key := range c.texts {
		keys = append(keys, key)
	}
	return keys
}

// Has says whether the catalogue holds the key.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.texts[key]
	return ok
}

// T returns the text of a key with its values filled in. A key that does not
// exist shows as itself, so that a mistake is seen and nothing breaks.
func (c *Catalogue) T(key string, values ...any) string {
	text, ok := c.texts[key]
	if !ok {
		return "[" + key + "]"
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}

// With is the catalogue with more texts, of something that brings its own words.
func (c *Catalogue) With(more map[string]string) *Catalogue {
	all := &Catalogue{language: c.language, texts: maps.Clone(c.texts)}
	maps.Copy(all.texts, more)
	return all
}

// parse reads "[key]" lines, each followed by its text up to the next one. Every
// command begins with it: a regular expression took longer than the rest of its start.
func parse(into map[string]string, body string) {
	key, from := "", 0
	for at := 0; at < len(body); {
		end := len(body)
		if n := strings.IndexByte(body[at:], '\n'); n >= 0 {
			end = at + n
		}
		if line := body[at:end]; isHeader(line) {
			if key != "" {
				into[key] = strings.Trim(body[from:at], "\n")
			}
			key, from = line[1:len(line)-1], end
		}
		at = end + 1
	}
	if key != "" {
		into[key] = strings.Trim(body[from:], "\n")
	}
}

func isHeader(line string) bool {
	if len(line) < 3 || line[0] != '[' || line[len(line)-1] != ']' {
		return false
	}
	for _, c := range []byte(line[1 : len(line)-1]) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' {
			return false
		}
	}
	return true
}
