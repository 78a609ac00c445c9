package governance

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// documentFacts is what is remembered of texts that are not kept.
type documentFacts struct {
	copyrightHeader bool // SPDX-FileCopyrightText, or a copyright line in source code
	styleInBuild    bool // a formatter in the build of Java
}

func (l *look) lookAtDocument(f check.File, body []byte) {
	if !f.Test {
		l.accessibility(f, body)
	}
	top := body[:min(len(body), 1000)]
	if !l.documents.copyrightHeader && (bytes.Contains(top, []byte("SPDX-FileCopyrightText")) || bytes.Contains(top, []byte("opyright")) && isProgram(f.Path)) {
		l.documents.copyrightHeader = hasCopyrightLine(string(top))
	}
	switch base := f.Name(); {
	case base == "pom.xml" || strings.HasPrefix(base, "build.gradle"):
		lower := bytes.ToLower(body)
		l.documents.styleInBuild = l.documents.styleInBuild || bytes.Contains(lower, []byte("spotless")) || bytes.Contains(lower, []byte("checkstyle")) || bytes.Contains(lower, []byte("ktlint")) || bytes.Contains(lower, []byte("detekt"))
	}
}

// lineFacts is what is remembered of the lines of all files.
type lineFacts struct {
	mixed []string // files with both ends of lines
}

// isPlain says whether the format of a file is text that people write, so that its
// encoding and its line ends matter.
func isPlain(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".go", ".py", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".java", ".kt", ".cs", ".php", ".rb", ".rs", ".sh", ".bash", ".md", ".rst", ".yml", ".yaml", ".json", ".toml", ".html", ".css", ".scss", ".sql", ".xml", ".bpmn":
		return true
	}
	return false
}

var (
	ours   = []byte("<<<<<<< ")
	middle = []byte("\n=======")
	theirs = []byte("\n>>>>>>> ")
)

func (l *look) lookAtLines(ctx context.Context, f check.File, body []byte) {
	if !f.Test && f.Ext() != ".patch" && f.Ext() != ".diff" && f.Ext() != ".txtar" {
		l.to.Looked("repo-merge-marker")
		if bytes.Contains(body, ours) && bytes.Contains(body, middle) && bytes.Contains(body, theirs) {
			l.mergeMarkers(ctx, f, body)
		}
	}
	if f.Test || !isPlain(f.Path) || strings.Contains(f.Path, ".min.") {
		return
	}
	l.to.Looked("repo-encoding", "repo-line-ends")
	if at := notUTF8(body); at >= 0 && !saysEncoding(f, body) {
		l.found("repo-encoding", "", f.Path, check.LineAt(body, at))
	}
	crlf := bytes.Count(body, []byte("\r\n"))
	if crlf == 0 {
		return
	}
	all := bytes.Count(body, []byte("\n"))
	switch ext := f.Ext(); {
	case (ext == ".sh" || ext == ".bash") && bytes.HasPrefix(body, []byte("#!")) && bytes.HasPrefix(body[bytes.IndexByte(body, '\n')-1:], []byte("\r\n")):
		l.lines.mixed = append(l.lines.mixed, "script\x00"+f.Path)
	case crlf >= 3 && all-crlf >= 3:
		l.lines.mixed = append(l.lines.mixed, "mixed\x00"+f.Path+"\x00"+strconv.Itoa(crlf)+"\x00"+strconv.Itoa(all-crlf))
	}
}

// saysEncoding says whether a file names its own encoding, as XML, HTML and Python may.
func saysEncoding(f check.File, body []byte) bool {
	top := bytes.ToLower(body[:min(len(body), 1024)])
	switch f.Ext() {
	case ".xml", ".bpmn":
		return bytes.Contains(top, []byte("encoding="))
	case ".html":
		return bytes.Contains(top, []byte("charset="))
	case ".py":
		return bytes.Contains(top, []byte("coding"))
	}
	return false
}

// notUTF8 is where a text stops being UTF-8, or -1.
func notUTF8(body []byte) int {
	if utf8.Valid(body) {
		return -1
	}
	for at := 0; at < len(body); {
		r, size := utf8.DecodeRune(body[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// mergeMarkers looks for the three markers of a conflict in their order. In a document a
// block of code may show them.
func (l *look) mergeMarkers(ctx context.Context, f check.File, body []byte) {
	prose := isProse(f.Path)
	fence, state, start, number := false, 0, 0, 0
	for line := range bytes.Lines(body) {
		if number++; number&0xfff == 0 && ctx.Err() != nil {
			return
		}
		trimmed := bytes.TrimRight(line, "\r\n")
		if prose && (bytes.HasPrefix(bytes.TrimLeft(trimmed, " "), []byte("```")) || bytes.HasPrefix(bytes.TrimLeft(trimmed, " "), []byte("~~~"))) {
			fence = !fence
		}
		switch {
		case fence:
		case bytes.HasPrefix(line, ours):
			state, start = 1, number
		case state == 1 && string(trimmed) == "=======":
			state = 2
		case state == 2 && bytes.HasPrefix(line, theirs[1:]):
			l.found("repo-merge-marker", "", f.Path, start)
			state = 0
		}
	}
}

// lineEnds says what was found, unless the repository lets Git make the line ends the same.
func (l *look) lineEnds() {
	_, attributes, _ := l.text(".gitattributes")
	for line := range strings.Lines(attributes) {
		words := strings.Fields(line)
		if len(words) > 1 && words[0] == "*" && (slices.Contains(words[1:], "text=auto") || slices.Contains(words[1:], "eol=lf") || slices.Contains(words[1:], "text")) {
			return
		}
	}
	for _, s := range l.lines.mixed {
		parts := strings.Split(s, "\x00")
		l.found("repo-line-ends", parts[0], parts[1], 0, parts[2:]...)
	}
}

// claims of full accessibility, in lower case.
var claims = [][]byte{[]byte("voldoet volledig"), []byte("volledig toegankelijk"), []byte("status a"), []byte("fully compliant"), []byte("fully accessible"), []byte("voldoet aan wcag"), []byte("voldoet aan alle")}

// accessibility looks at a statement of accessibility: a full claim needs the register of
// statements or a report of research behind it.
func (l *look) accessibility(f check.File, body []byte) {
	name := strings.ToLower(f.Name())
	if !strings.Contains(name, "toegankelijkheid") && !strings.Contains(name, "accessibility") || !slices.Contains([]string{".md", ".html", ".htm", ".rst", ".txt"}, f.Ext()) {
		return
	}
	lower := bytes.ToLower(body)
	if !bytes.Contains(lower, []byte("toegankelijkheidsverklaring")) && !bytes.Contains(lower, []byte("accessibility statement")) {
		return
	}
	l.to.Looked("repo-accessibility-claim")
	for _, proof := range []string{"toegankelijkheidsverklaring.nl", "onderzoeksrapport", "onderzocht door", "research report", "audited by", "audit report", "wcag-em", "rapport van"} {
		if bytes.Contains(lower, []byte(proof)) {
			return
		}
	}
	for _, claim := range claims {
		if at := bytes.Index(lower, claim); at >= 0 && !bytes.Contains(lower[max(0, at-30):at], []byte("niet")) && !bytes.Contains(lower[max(0, at-30):at], []byte("not ")) {
			l.found("repo-accessibility-claim", "", f.Path, check.LineAt(lower, at), string(claim))
			return
		}
	}
}
