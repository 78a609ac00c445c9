// Package naming derives every spelling of a name (Go, SQL, JSON, URL path,
// file) from what a team wrote. It is the only place that does so.
//
// A name is cut into words of ASCII letters and digits; every spelling is made
// from the same words. Accents are folded, a few scripts and signs are
// written out, other letters become their code point, and what is neither
// letter nor digit separates words.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
)

// Names holds every spelling of one name. Go, Var, SQL, JSON, Path and File
// are never empty and never reserved in their language.
type Names struct {
	Raw  string // as answered
	Go   string // exported Go identifier: NieuwAdres
	Var  string // unexported Go identifier: nieuwAdres
	SQL  string // snake_case, at most 63 bytes: nieuw_adres
	JSON string // camelCase: nieuwAdres
	Path string // kebab-case URL segment: nieuw-adres
	File string // base of a file name, safe on every system: nieuw_adres
}

// ErrUnusable is a name without a single letter or digit.
var ErrUnusable = errors.New("naming: no letter or digit in the name")

// maxLength is what PostgreSQL keeps of an identifier and DNS of a label. All
// spellings are cut alike, so that one is still recognised by another.
const maxLength = 63

// Of returns every spelling of raw. The same raw always gives the same names.
func Of(raw string) (Names, error) {
	words := split(raw)
	if len(words) == 0 {
		return Names{Raw: raw}, ErrUnusable
	}
	if c := words[0][0]; c >= '0' && c <= '9' {
		words[0] = "n" + words[0] // n as in number: no language allows a digit in front
	}
	words = shorten(words)
	return Names{
		Raw:  raw,
		Go:   goName(words),
		Var:  varName(words),
		SQL:  sqlName(words),
		JSON: camel(words),
		Path: pathName(words),
		File: fileName(words),
	}, nil
}

// shorten cuts words that are too long together and ends them with a hash of
// the whole, so that two long names that begin alike stay apart.
func shorten(words []string) []string {
	whole := strings.Join(words, "_")
	if len(whole) < maxLength { // one less, so that a suffix fits
		return words
	}
	sum := sha256.Sum256([]byte(whole))
	hash := "x" + hex.EncodeToString(sum[:])[:8]
	cut := strings.TrimRight(whole[:maxLength-len(hash)-2], "_")
	return append(strings.Split(cut, "_"), hash)
}

func goName(words []string) string {
	var b strings.Builder
	for _, word := range words {
		writeGoWord(&b, word)
	}
	if name := b.String(); !reservedExported[name] {
		return name
	}
	return b.String() + "Value"
}

func varName(words []string) string {
	var b strings.Builder
	b.WriteString(words[0])
	for _, word := range words[1:] {
		writeGoWord(&b, word)
	}
	if name := b.String(); !reservedGo[name] {
		return name
	}
	return b.String() + "Value"
}

// writeGoWord writes word with a capital, or in capitals when Go programmers
// and Dutch civil servants do so.
func writeGoWord(b *strings.Builder, word string) {
	if initialisms[word] {
		b.WriteString(strings.ToUpper(word))
		return
	}
	writeCapital(b, word)
}

func writeCapital(b *strings.Builder, word string) {
	c := word[0]
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	b.WriteByte(c)
	b.WriteString(word[1:])
}

func camel(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	var b strings.Builder
	b.WriteString(words[0])
	for _, word := range words[1:] {
		writeCapital(&b, word)
	}
	return b.String()
}

func sqlName(words []string) string {
	name := strings.Join(words, "_")
	if reservedSQL[name] {
		return name + "_"
	}
	if words[0] == "sqlite" { // SQLite keeps sqlite_… to itself
		return "n" + name
	}
	return name
}

func pathName(words []string) string {
	name := strings.Join(words, "-")
	if reservedFile[name] { // a path may also become the name of a folder
		return name + "-naam"
	}
	return name
}

func fileName(words []string) string {
	name := strings.Join(words, "_")
	if reservedFile[name] || goSuffix[words[len(words)-1]] {
		return name + "_"
	}
	return name
}
