package pack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
	"text/template/parse"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// form judges the form of a file by its kind. The line of a problem is that in the
// text; nobody knows yet in which file.
func form(output string, body []byte) problem.List {
	one := func(line int, kind, what string) problem.List {
		p := problem.New(problem.PackMalformed, "", kind, what)
		p.Line = line
		return problem.List{p}
	}
	if bytes.Contains(body, []byte{0}) {
		if kind, isText := texts[path.Ext(output)]; isText {
			return one(0, kind, "it holds a NUL byte")
		}
		return nil
	}
	if kind, isText := texts[path.Ext(output)]; isText && !utf8.Valid(body) {
		return one(0, kind, "it is not UTF-8")
	}
	if found := turned(output, body); len(found) > 0 {
		return found
	}
	switch path.Ext(output) {
	case ".go":
		return goForm(output, body)
	case ".yaml", ".yml":
		if isChart(output, body) {
			return actions(body, one)
		}
		return yamlForm(body, one)
	case ".json":
		return jsonForm(body, one)
	case ".xml", ".bpmn", ".svg":
		return xmlForm(body, one)
	case ".html", ".tpl":
		return actions(body, one)
	}
	return nil
}

// turned finds a character that turns the direction of a text around: who reads the
// file sees other code than runs (CVE-2021-42574). Languages that are written from
// right to left need none of them.
func turned(output string, body []byte) problem.List {
	at := bytes.IndexFunc(body, func(r rune) bool { return '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' })
	if at < 0 || !utf8.Valid(body) {
		return nil
	}
	r, _ := utf8.DecodeRune(body[at:])
	kind := cmp.Or(texts[path.Ext(outputOf(output))], "tekst")
	p := problem.New(problem.PackMalformed, "", kind, fmt.Sprintf("it holds %U, which shows other words than there are", r))
	p.Line = 1 + bytes.Count(body[:at], []byte("\n"))
	return problem.List{p}
}

// texts are the kinds of file that are text, with the name by which people know them.
var texts = map[string]string{
	".go": "Go", ".yaml": "YAML", ".yml": "YAML", ".json": "JSON", ".xml": "XML", ".bpmn": "BPMN", ".svg": "SVG",
	".html": "HTML", ".css": "CSS", ".sql": "SQL", ".md": "Markdown", ".sh": "shell", ".txt": "tekst", ".js": "JavaScript",
}

// isChart says whether a file is a template of Helm, which is no YAML yet.
func isChart(output string, body []byte) bool {
	return strings.Contains(output, "/templates/") && bytes.Contains(body, []byte("{{"))
}

func goForm(output string, body []byte) problem.List {
	one := func(line int, code problem.Code, args ...any) problem.List {
		p := problem.New(code, "", args...)
		p.Line = line
		return problem.List{p}
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path.Base(output), body, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		line, what := 0, err.Error()
		var list scanner.ErrorList
		if errors.As(err, &list) && len(list) > 0 {
			line, what = list[0].Pos.Line, list[0].Msg
		}
		return one(line, problem.PackMalformed, "Go", what)
	}
	for _, spec := range parsed.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && path == "C" {
			return one(files.Position(spec.Pos()).Line, problem.PackCgo)
		}
	}
	formatted, _ := format.Source(body) // what can be read can be formatted
	if bytes.Equal(formatted, body) {
		return nil
	}
	was, is := bytes.Split(body, []byte("\n")), bytes.Split(formatted, []byte("\n"))
	for i := range was {
		if i >= len(is) || !bytes.Equal(was[i], is[i]) {
			return one(i+1, problem.PackNotFormatted)
		}
	}
	return one(len(was), problem.PackNotFormatted)
}

var yamlLine = regexp.MustCompile(`line ([0-9]+): (.*)`)

func yamlForm(body []byte, one func(int, string, string) problem.List) problem.List {
	decoder := yaml.NewDecoder(bytes.NewReader(body))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			line, what := 0, strings.TrimPrefix(err.Error(), "yaml: ")
			if match := yamlLine.FindStringSubmatch(err.Error()); match != nil {
				line, _ = strconv.Atoi(match[1])
				what = match[2]
			}
			return one(line, "YAML", what)
		}
	}
}

func jsonForm(body []byte, one func(int, string, string) problem.List) problem.List {
	decoder := json.NewDecoder(bytes.NewReader(body))
	var value any
	err := decoder.Decode(&value)
	offset := decoder.InputOffset()
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("more follows after the value")
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = syntax.Offset
	}
	return one(1+bytes.Count(body[:min(int(offset), len(body))], []byte("\n")), "JSON", err.Error())
}

func xmlForm(body []byte, one func(int, string, string) problem.List) problem.List {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	elements := 0
	for {
		part, err := decoder.Token()
		line, _ := decoder.InputPos()
		switch {
		case errors.Is(err, io.EOF) && elements > 0:
			return nil
		case errors.Is(err, io.EOF):
			return one(1, "XML", "there is no element")
		case err != nil:
			return one(line, "XML", err.Error())
		}
		switch part.(type) {
		case xml.StartElement:
			elements++
		case xml.Directive:
			return one(line, "XML", "a DOCTYPE is not for a component: it can name files and entities")
		}
	}
}

var templateLine = regexp.MustCompile(`^template: .*?:([0-9]+):(?:[0-9]+:)? (.*)`)

// actions judges the templates that the component itself executes.
func actions(body []byte, one func(int, string, string) problem.List) problem.List {
	tree := parse.New("page")
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(string(body), "", "", map[string]*parse.Tree{}); err != nil {
		line, what := 0, err.Error()
		if match := templateLine.FindStringSubmatch(what); match != nil {
			line, _ = strconv.Atoi(match[1])
			what = match[2]
		}
		return one(line, "HTML", what)
	}
	return nil
}
