package update

import (
	"bytes"
	"errors"
	"go/scanner"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// maxNotes is how many places with an old name are listed.
const maxNotes = 40

// NoteOldName says that a file of the team still holds a name of before. Its
// arguments are the path, the line and the name.
const NoteOldName = "old-name"

// identifiersOf calls for every identifier in a text of Go, also in one that
// does not compile.
func identifiersOf(body []byte, call func(at int, name string)) {
	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(body))
	var s scanner.Scanner
	s.Init(file, body, func(token.Position, string) {}, 0)
	for {
		pos, kind, name := s.Scan()
		if kind == token.EOF {
			return
		}
		if kind == token.IDENT {
			call(file.Offset(pos), name)
		}
	}
}

// renamedIdentifiers finds what became of the identifiers that fieldlab made of
// a name: those of before in which the new name gives one of now.
func (f *finder) renamedIdentifiers() map[string]string {
	is := map[string]bool{}
	for _, fresh := range f.fresh {
		if path.Ext(fresh.Path) == ".go" && fresh.Owner == plan.Merged && !isKern(fresh.Path) {
			identifiersOf(fresh.Body, func(_ int, name string) { is[name] = true })
		}
	}
	found := map[string]string{}
	for name, body := range f.base.Files {
		if path.Ext(name) != ".go" || isKern(name) {
			continue
		}
		identifiersOf(body, func(_ int, name string) {
			for _, one := range f.words.all {
				if now := one.inIdentifier(name); now != name && is[now] {
					found[name] = now
				}
			}
		})
	}
	return found
}

// inIdentifier puts the new name in the place of the old one, where that is a
// part of an identifier by itself.
func (s spelling) inIdentifier(name string) string {
	for i := range s.old {
		for _, pair := range [][2]string{{s.old[i].Go, s.now[i].Go}, {s.old[i].Var, s.now[i].Var}} {
			at := strings.Index(name, pair[0])
			if at < 0 || pair[0] == "" || pair[0] == pair[1] {
				continue
			}
			before, _ := utf8.DecodeLastRuneInString(name[:at])
			after, _ := utf8.DecodeRuneInString(name[at+len(pair[0]):])
			first, _ := utf8.DecodeRuneInString(pair[0])
			starts := at == 0 || unicode.IsUpper(first) && !unicode.IsUpper(before)
			if starts && !unicode.IsLower(after) {
				return name[:at] + pair[1] + name[at+len(pair[0]):]
			}
		}
	}
	return name
}

// ownFiles lets the names in the files of the team alone follow: identifiers and
// the address of the component in Go. Where else an old name stands is said.
func (f *finder) ownFiles() error {
	if f.words == nil {
		return nil
	}
	s, err := f.findStrays()
	if err != nil {
		return err
	}
	for _, name := range s.paths {
		if s.taken[name] || name == TransitionPath || strings.HasPrefix(name, migrations+"/") {
			continue
		}
		body, err := f.disk.read(name, s.infos[name])
		switch {
		case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		}
		if !base.IsText(body) {
			continue
		}
		after := body
		if path.Ext(name) == ".go" {
			after = merge.Words(replaceIdentifiers(body, f.words.identifiers), map[string]string{f.words.module[0]: f.words.module[1]})
		}
		if !bytes.Equal(after, body) {
			f.report(Change{Path: name, Action: Merge, Why: WhyNames, Before: body, After: after, Mode: s.infos[name].Mode().Perm(), seen: s.infos[name]})
		}
		f.note(name, after)
	}
	return nil
}

// replaceIdentifiers puts other identifiers in a text of Go and leaves the rest.
func replaceIdentifiers(body []byte, names map[string]string) []byte {
	var out bytes.Buffer
	last := 0
	identifiersOf(body, func(at int, name string) {
		if now, found := names[name]; found && at >= last {
			out.Write(body[last:at])
			out.WriteString(now)
			last = at + len(name)
		}
	})
	out.Write(body[last:])
	return out.Bytes()
}

// note lists the lines that still hold an old name.
func (f *finder) note(name string, body []byte) {
	old := f.oldNames()
	number := 0
	for line := range bytes.Lines(body) {
		number++
		for _, word := range old {
			if len(f.u.Notes) < maxNotes && holdsWord(string(line), word) {
				f.u.Notes = append(f.u.Notes, grow.Note{Code: NoteOldName, Args: []any{name, number, word}})
				break
			}
		}
	}
}

// oldNames are the spellings that are no name of anything now.
func (f *finder) oldNames() []string {
	var old, now []string
	for _, one := range f.words.all {
		for i := range one.old {
			old = append(old, forms(one.old[i], ".go")...)
			now = append(now, forms(one.now[i], ".go")...)
		}
	}
	old, now = append(old, f.words.module[0]), append(now, f.words.module[1])
	slices.Sort(old)
	return slices.DeleteFunc(slices.Compact(old), func(word string) bool { return word == "" || slices.Contains(now, word) })
}

// holdsWord says whether a line holds a word, by itself.
func holdsWord(line, word string) bool {
	for from := 0; ; {
		at := strings.Index(line[from:], word)
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(line[:at])
		after, _ := utf8.DecodeRuneInString(line[at+len(word):])
		if !isWordRune(before) && !isWordRune(after) {
			return true
		}
		from = at + len(word)
	}
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
