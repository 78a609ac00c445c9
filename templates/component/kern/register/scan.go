package register

import (
	"bytes"
	"context"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// sniffed is how much of a file says what kind it is.
const sniffed = 512

// kinds are the kinds of files that can be allowed, as a setting names them and
// as people read them.
var kinds = []struct{ name, text string }{
	{"pdf", "PDF"}, {"afbeelding", "foto of afbeelding"}, {"kantoor", "document van Word, Excel, PowerPoint of LibreOffice"}, {"tekst", "gewone tekst"},
}

// Kinds are the names of the kinds of files.
func Kinds() (names []string) {
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

func kindsText(allowed []string) string {
	var texts []string
	for _, k := range kinds {
		if slices.Contains(allowed, k.name) {
			texts = append(texts, k.text)
		}
	}
	return strings.Join(texts, ", ")
}

// photos are what telephones make and net/http does not know: the brand of an ISO
// base media file.
var photos = []string{"heic", "heix", "hevc", "heif", "mif1", "msf1", "avif"}

func isPhoto(begin []byte) bool {
	return len(begin) >= 12 && string(begin[4:8]) == "ftyp" && slices.Contains(photos, string(begin[8:12]))
}

// mediatypeOf is the media type that the first bytes of a file have.
func mediatypeOf(begin []byte) string {
	if isPhoto(begin) {
		return "image/heic"
	}
	found, _, _ := strings.Cut(http.DetectContentType(begin), ";")
	return found
}

// scripts are the names of texts that a computer runs when somebody opens them.
var scripts = []string{".svg", ".htm", ".html", ".xhtml", ".mht", ".mhtml", ".xml", ".xsl", ".js", ".mjs", ".jse", ".vbs", ".vbe", ".wsf", ".hta",
	".bat", ".cmd", ".ps1", ".sh", ".command", ".url", ".lnk", ".desktop", ".reg", ".py", ".php", ".jnlp", ".scf", ".inf"}

// kindOf looks at what a file is, not at what its sender calls it; "" is a kind
// that cannot be allowed. Documents of an office program are archives: only there
// the name counts too.
func kindOf(begin []byte, name string) string {
	found := mediatypeOf(begin)
	switch {
	case found == "application/pdf":
		return "pdf"
	case strings.HasPrefix(found, "image/"):
		return "afbeelding"
	case found == "text/plain" && !slices.Contains(scripts, strings.ToLower(path.Ext(name))):
		return "tekst"
	case bytes.HasPrefix(begin, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "kantoor"
	case found == "application/zip" && slices.Contains([]string{".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"}, strings.ToLower(path.Ext(name))):
		return "kantoor"
	}
	return ""
}

// scan lets the scanner look at a file before anybody sees it. It refuses what
// the scanner refuses, and what the scanner did not look at.
func (f Files) scan(ctx context.Context, in *opslag.Incoming) error {
	if f.Scan == nil {
		return nil
	}
	clean, err := f.Scan(ctx, f.Store.Content(ctx, in.ID), in.Size)
	switch {
	case err != nil:
		return rest.NewProblem(http.StatusServiceUnavailable, "Het bestand is nu niet te controleren op virussen en daarom niet aangenomen. Probeer het later opnieuw.").With("Retry-After", "60")
	case !clean:
		return rest.NewProblem(http.StatusUnprocessableEntity, "Het bestand is niet aangenomen: de controle op virussen keurt het af.")
	}
	return nil
}
