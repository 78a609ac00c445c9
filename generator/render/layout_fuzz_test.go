package render

import (
	"bytes"
	"go/format"
	"go/scanner"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// textsIn says where words of a team can stand in Go source of our templates: in a text,
// and in a comment behind its first word. Imports hold names only.
func textsIn(source []byte) (spots [][2]int) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, source, nil, scanner.ScanComments)
	imports := false
	for {
		pos, kind, text := s.Scan()
		at := file.Offset(pos)
		switch {
		case kind == token.EOF:
			return spots
		case kind == token.IMPORT, kind == token.RPAREN:
			imports = kind == token.IMPORT
		case kind == token.STRING && text[0] == '"' && !imports, kind == token.COMMENT && strings.HasPrefix(text, "// ") && strings.Count(text, " ") > 1:
			spots = append(spots, [2]int{at, at + len(text)})
		}
	}
}

// FuzzLayoutOfTexts: whatever a team writes where its words can stand, the layout is that
// of gofmt or none, and what is laid out is Go.
func FuzzLayoutOfTexts(f *testing.F) {
	sources := made(f)
	names := slices.Sorted(maps.Keys(sources))
	for i, words := range []string{
		`"; os.Exit(1) //`, "`id`", "*/ func init(){panic(1)} /*", "//go:embed x", "\ufeff", "a\ufeffb", "eind\u00a0", "eind\u2003", "eind\u0085", "\u2028", "``x''", "''", "``", "# Kop", "[x]: https://x.test", "Deprecated: nee",
		"een lange tekst die langer is dan negentig tekens, met (haakjes), {accolades} en [blokhaken] erin, en nog meer", "日本語のテキスト", "a\tb", "a  b", ":", "a: b", ",", "x,", "\\", "\u200b", "e\u0301", `{"a":"b"}`, "a // b", "'", "",
	} {
		f.Add(uint16(i*37), uint16(i*11), false, words)
		f.Add(uint16(i*41), uint16(i*7), true, words)
	}
	f.Fuzz(func(t *testing.T, file, place uint16, every bool, words string) {
		name := names[int(file)%len(names)]
		source := sources[name]
		spots := textsIn(source)
		if len(spots) == 0 {
			return
		}
		changed, last := []byte(nil), 0
		for i, spot := range spots {
			if !every && i != int(place)%len(spots) {
				continue
			}
			changed = append(changed, source[last:spot[0]]...)
			was := string(source[spot[0]:spot[1]])
			if was[0] == '"' {
				changed = append(changed, quote.Go(words)...)
			} else {
				changed = append(changed, strings.Join(strings.SplitN(was, " ", 3)[:2], " ")+" "+quote.GoComment(words)...)
			}
			last = spot[1]
		}
		changed = append(changed, source[last:]...)
		got, known := layoutGo(changed)
		if !known {
			return // go/format judges
		}
		want, err := format.Source(changed)
		if err != nil {
			t.Fatalf("%s is laid out, and is not Go: %v\n%q", name, err, words)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%s with %q: %s", name, words, firstDifference(got, want))
		}
	})
}
