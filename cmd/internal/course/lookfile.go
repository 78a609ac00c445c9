package course

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// file looks what is in a file; with a star in its name in any of those that fit.
func (l *looker) file(p spec) string {
	names := l.fitting(p.path)
	if len(names) == 0 {
		return l.inFile(p)
	}
	why := ""
	for _, name := range names {
		one := p
		one.path = name
		if why = l.inFile(one); (why == "") == (p.lacks == "") {
			return why // one that has it, or one that should not
		}
	}
	if p.lacks == "" {
		return fmt.Sprintf("In geen van de bestanden %s staat wat er hoort te staan. Is alles bewaard?", p.path)
	}
	return why
}

// maxFitting is how many files a star may stand for.
const maxFitting = 500

// fitting gives the files for which a name with a star stands; none without a star.
func (l *looker) fitting(name string) []string {
	folder, pattern := path.Split(name)
	if !strings.Contains(pattern, "*") {
		return nil
	}
	entries, err := fs.ReadDir(l.root.FS(), path.Clean(folder))
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if fits, err := path.Match(pattern, entry.Name()); err == nil && fits && entry.Type().IsRegular() && len(names) < maxFitting {
			names = append(names, folder+entry.Name())
		}
	}
	return names
}

func (l *looker) inFile(p spec) string {
	body, err := l.read(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && p.lacks != "" && p.contains == "" && !p.changed:
		return ""
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("Het bestand %s is er niet.", p.path)
	case err != nil:
		return unreadable(p.path, err)
	case p.contains != "" && !strings.Contains(body, unix(p.contains)):
		return fmt.Sprintf("In %s staat nog niet wat er hoort te staan. Hebt u het bestand bewaard?", p.path)
	case p.lacks != "" && strings.Contains(body, unix(p.lacks)):
		return fmt.Sprintf("In %s staat nog “%s”.", p.path, short(p.lacks))
	case p.changed:
		return l.changed(p.path, body)
	}
	return ""
}

// changed compares a file with what fieldlab last made of it.
func (l *looker) changed(name, body string) string {
	manifest, err := base.ReadManifest(l.root.FS())
	if err != nil {
		return "Wat fieldlab maakte is niet te lezen: .fieldlab/manifest.json is weg of stuk. Haal het terug uit Git."
	}
	sum := plan.SumOf([]byte(body))
	for _, row := range manifest.Files {
		if row.Path == name && row.SHA256 == sum {
			return fmt.Sprintf("%s is nog zoals fieldlab het maakte. Verander er iets in en bewaar het.", name)
		}
	}
	return ""
}

// committed looks whether everything is in a commit.
func (l *looker) committed() string {
	work, err := repository.Open(l.at.Dir)
	if errors.Is(err, repository.ErrNone) {
		return "Dit component staat niet in Git. Begin met: git init"
	}
	if err != nil {
		return "De Git-gegevens van het component zijn niet te lezen. Vraag de trainer."
	}
	defer work.Close()
	const named = 3
	names, err := work.Uncommitted(1000, func(name string) bool { return name == ".fieldlab/workshop" })
	slices.SortStableFunc(names, func(a, b string) int { // first what people know
		return strings.Count(a[:1], ".") - strings.Count(b[:1], ".")
	})
	switch {
	case err != nil:
		return "De Git-gegevens van het component zijn niet te lezen. Vraag de trainer."
	case len(names) == 0:
		return ""
	case len(names) > named:
		return "Nog niet alles is vastgelegd, zoals " + strings.Join(names[:named], ", ") + ". Kijk met git status."
	}
	return "Nog niet vastgelegd: " + strings.Join(names, ", ") + ". Kijk met git status."
}

// short is the beginning of a text, on one line.
func short(text string) string {
	const most = 60
	text, _, more := strings.Cut(strings.TrimSpace(text), "\n")
	if utf8.RuneCountInString(text) > most {
		text, more = string([]rune(text)[:most]), true
	}
	if more {
		text += "…"
	}
	return text
}
