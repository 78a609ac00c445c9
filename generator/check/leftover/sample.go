package leftover

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

// explains are words on a line that is there to explain, or that asks for something: what
// such a line shows is an example and meant to be one.
var explains = []string{"placeholder", "example", "voorbeeld", "bijv", "e.g.", "i.e.", "description", "omschrijving", "help", "hint", "toelichting", "@oa", "@swg", "@api", "@example",
	"docstring", "usage", "tooltip", "schema", "xmlns", "namespace", "verbose", "log.", "logger", "console.", "print(", "printf", "println", "echo ", "assert", "expect(", "summary", "documentation", "git config", "raise ", "panic(", "errorf", "error(", "exception"}

func explaining(lower string) bool {
	return slices.ContainsFunc(explains, func(word string) bool { return strings.Contains(lower, word) })
}

// samples looks for the people, places and texts of samples in what runs and in what
// people see.
func (p *page) samples(ctx context.Context) {
	p.to.Looked(sampleData)
	p.text.Lines(ctx, sections()["sample"], func(line scan.Line) bool {
		if !bounded(line, line.At, len(line.Word)) || p.comment(line, line.At) || !p.shown(line) {
			return true
		}
		rest := strings.ReplaceAll(line.Lower, line.Word, "")
		if explaining(rest) || explainedAbove(p.text.Around(line.Number, 1)) || p.shownToConsumers(line) {
			return true
		}
		p.tell(sampleData, "", line, line.At, cut(line.Text[line.At:line.At+len(line.Word)]))
		return true
	})
}

// explainedAbove says whether one of a few lines is that of a field in which it is usual
// to show an example.
func explainedAbove(around string) bool {
	return strings.Contains(around, "placeholder") || strings.Contains(around, "help_text") || strings.Contains(around, "helptext")
}

// bounded says whether a word stands on its own, and not in the middle of another one.
func bounded(line scan.Line, at, length int) bool {
	letter := func(i int) bool {
		return i >= 0 && i < len(line.Lower) && (line.Lower[i] >= 'a' && line.Lower[i] <= 'z' || line.Lower[i] >= '0' && line.Lower[i] <= '9' || line.Lower[i] == '_')
	}
	last := line.Lower[at+length-1]
	return !letter(at-1) && (last == '@' || last == '.' || !letter(at+length))
}

// shown says whether what stands there is a text of the program or of a page, and not a
// name in the code.
func (p *page) shown(line scan.Line) bool {
	if p.kind != scan.Code {
		return true
	}
	before := line.Text[:line.At]
	for _, quote := range []string{`"`, "'", "`"} {
		if strings.Count(before, quote)%2 == 1 {
			return true
		}
	}
	markup := slices.Contains([]string{".tsx", ".jsx", ".vue", ".svelte", ".astro", ".php"}, p.f.Ext())
	trimmed := strings.TrimSpace(line.Text)
	return markup && (strings.Contains(before, ">") || !strings.ContainsAny(trimmed, "=;(){}"))
}

// examples looks at the examples in the description of an API of ourselves.
func (p *page) examples(ctx context.Context) {
	if !p.ownAPI(strings.ToLower(p.f.Name())) {
		return
	}
	p.to.Looked(apiExample)
	p.text.Lines(ctx, sections()["sample"], func(line scan.Line) bool {
		if bounded(line, line.At, len(line.Word)) {
			p.tell(apiExample, "", line, line.At, cut(line.Text[line.At:line.At+len(line.Word)]))
			return false
		}
		return true
	})
}

var sampleNames = []string{"vite.svg", "react.svg", "logo.svg", "welcome.blade.php", "helloworld.vue", "weatherforecastcontroller.cs", "weatherforecast.cs"}

// sampleFile says whether a file can be one of a skeleton by its name only.
func sampleFile(f check.File) bool { return slices.Contains(sampleNames, strings.ToLower(f.Name())) }

var (
	foo = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(?:class|interface|struct|enum|type)\s+(Foo|Bar|Baz|FooBar|Foobar)\b`)
	})
	pets = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("[\"'`][^\"'`\\s]*/pets?(?:[\"'`/?]|\\$\\{)|\\b(?:class|interface|struct)\\s+(?:Pet|PetStore|Petstore)\\b")
	})
	paths = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^\s*["']?/pets?(?:/\{[^}]+\})?["']?\s*:`) })
)

// scaffold looks for code that came with a skeleton to show how it is done.
func (p *page) scaffold(ctx context.Context, lower string) {
	stem := strings.TrimSuffix(lower, path.Ext(lower))
	ofSkeleton := stem == "app.test" || stem == "exampletest" || stem == "example"
	if p.sham && !ofSkeleton || scan.Within(p.f.Path, "template", "skeleton") {
		return
	}
	if p.kind == scan.Code || p.kind == scan.Page || sampleFile(p.f) {
		p.to.Looked(sampleCode)
	}
	switch {
	case lower == "vite.svg",
		lower == "react.svg" && p.text.Has("logos"),
		lower == "logo.svg" && p.text.Has("61dafb"):
		p.tell(sampleCode, "file", scan.Line{}, -1, p.f.Name())
		return
	case stem == "example" && p.kind == scan.Code && !p.f.Test && scan.Within(p.f.Path, "src", "app", "api", "lib"):
		p.tell(sampleCode, "file", scan.Line{}, -1, p.f.Name())
		return
	case stem == "kickstart" && p.kind == scan.Code:
		p.tell(sampleCode, "file", scan.Line{}, -1, p.f.Name())
		return
	}
	if p.api {
		if p.ownAPI(lower) {
			p.petRoutes(ctx)
		}
		return
	}
	if p.kind != scan.Code && p.kind != scan.Page {
		return
	}
	found := false
	p.text.Lines(ctx, sections()["code"], func(line scan.Line) bool {
		if strings.HasPrefix(line.Word, "this is a dummy") || ofSkeleton || !p.comment(line, line.At) {
			found = true
			p.tell(sampleCode, "text", line, line.At, cut(line.Text[line.At:line.At+len(line.Word)]))
		}
		return !found
	})
	if found || p.f.Test {
		return
	}
	p.text.Lines(ctx, slices.Concat(entityWords, sections()["route"]), func(line scan.Line) bool {
		at := foo().FindStringSubmatchIndex(line.Text)
		if at != nil && !p.comment(line, at[2]) {
			p.tell(sampleCode, "sample", line, at[2], line.Text[at[2]:at[3]])
			return false
		}
		if m := pets().FindStringIndex(line.Text); m != nil && !p.comment(line, m[0]) && !strings.HasPrefix(strings.TrimSpace(line.Text), "import ") {
			p.tell(sampleCode, "pets", line, m[0])
			return false
		}
		return true
	})
}

// petRoutes looks for the routes of the pet store in the description of an API.
func (p *page) petRoutes(ctx context.Context) {
	p.text.Lines(ctx, sections()["route"], func(line scan.Line) bool {
		if at := paths().FindStringIndex(line.Text); at != nil {
			p.tell(sampleCode, "pets", line, line.At)
			return false
		}
		return true
	})
}

// query says whether a line asks a database, where a date is something to compare with.
func query(lower string) bool {
	return strings.Contains(lower, "where ") || strings.Contains(lower, "select ") || strings.Contains(lower, "update ") || strings.Contains(lower, "insert ")
}

var startDate = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)["']?\b(startdatum|start_datum|registratiedatum|datumstatusgezet|datum_status_gezet)["']?\s*(?::|=>|=|:=)\s*["'` + "`" + `]((?:19|20)\d\d-\d\d-\d\d)`)
})

// dates looks for a date that every case gets.
func (p *page) dates(ctx context.Context) {
	if p.kind != scan.Code {
		return
	}
	p.to.Looked(fixedDate)
	p.text.Lines(ctx, dateWords, func(line scan.Line) bool {
		at := startDate().FindStringSubmatchIndex(line.Text)
		if at != nil && !p.comment(line, at[2]) && !explaining(line.Lower) && !query(line.Lower) && !p.shownToConsumers(line) {
			p.tell(fixedDate, "", line, at[4], line.Text[at[2]:at[3]], line.Text[at[4]:at[5]])
		}
		return true
	})
}
