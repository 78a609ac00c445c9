package course

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// looker looks at a component for one step. What it reads is read through root
// and never by way of a link.
type looker struct {
	at   Place
	root *os.Root
	step string
}

// Look looks whether a step is done at a place.
func (s *Step) Look(ctx context.Context, at Place) []Result {
	results := make([]Result, len(s.Checks))
	root, err := os.OpenRoot(at.Dir)
	if err != nil {
		for i, c := range s.Checks {
			results[i] = Result{Check: c.Name, Why: "De map van het component is niet te lezen."}
		}
		return results
	}
	defer func() { _ = root.Close() }()
	l := &looker{at, root, s.ID}
	for i, c := range s.Checks {
		results[i] = l.look(ctx, c)
	}
	return results
}

// look looks at one check.
func (l *looker) look(ctx context.Context, c Check) Result {
	r := Result{Check: c.Name}
	why := ""
	switch {
	case ctx.Err() != nil, c.Slow && !l.at.Slow && (c.Kind != checked || !l.at.rehearsed), !l.at.Live && c.Live():
		r.Skipped = true
		return r
	case c.Kind == running:
		why = l.running(ctx)
	case c.Kind == page:
		why = l.page(ctx, c.spec)
	case c.Kind == file:
		why = l.file(c.spec)
	case c.Kind == inAnswers:
		why = l.answers(c.spec)
	case c.Kind == logged:
		why = l.log(c.spec)
	case c.Kind == tests:
		why = l.tests(ctx)
	case c.Kind == committed:
		why = l.committed()
	case c.Kind == asked:
		why = l.asked(c)
	case c.Kind == planted:
		why = l.planted(c.spec)
	case c.Kind == checked:
		why = l.checked(ctx, c.spec)
	}
	r.OK, r.Why = why == "", why
	return r
}

// Live says whether the check asks the running component.
func (c Check) Live() bool { return c.Kind == running || c.Kind == page }

// Asks says whether somebody has to type something for the check.
func (c Check) Asks() bool { return c.Kind == asked }

// asked compares what was typed.
func (l *looker) asked(c Check) string {
	switch {
	case strings.TrimSpace(l.at.Answer) == "":
		return "Geef uw antwoord met:\nfieldlab workshop check " + l.step + " --answer \"uw antwoord\""
	case !matches(c.spec.hashes, l.at.Answer):
		return "Dit antwoord klopt niet. Lees de vraag nog eens: " + c.Question
	}
	return ""
}

// planted looks whether the mistake is gone that the step put in.
func (l *looker) planted(p spec) string {
	if !l.at.Begun {
		return "De fout zit er nog niet in. Begin deze stap met:\nfieldlab workshop step " + l.step + " --begin"
	}
	body, err := l.read(p.plant.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "Het bestand waarin de fout zat is weg. Haal het terug uit Git."
	case err != nil:
		return unreadable(p.plant.File, err)
	case strings.Contains(body, unix(p.plant.To)):
		return "De fout zit er nog in. Zoek verder: vergelijk wat er gebeurt met wat er hoort te gebeuren."
	}
	return ""
}

// maxRead is how much is read of a file of a component.
const maxRead = 4 << 20

var (
	errLink  = errors.New("het is een koppeling of een map")
	errLarge = errors.New("het is te groot")
)

// read reads a regular file of the component with line ends as on Unix. No part
// of its path may be a link.
func (l *looker) read(name string) (string, error) {
	return readIn(l.root, name, maxRead)
}

func readIn(root *os.Root, name string, limit int64) (string, error) {
	for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
		info, err := root.Lstat(folder)
		if err != nil {
			return "", err
		}
		if !info.IsDir() {
			return "", errLink
		}
	}
	info, err := root.Lstat(name)
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", errLink
	case info.Size() > limit:
		return "", errLarge
	}
	f, err := root.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	body, err := io.ReadAll(io.LimitReader(f, limit))
	return unix(string(body)), err
}

func unix(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// unreadable says that a file cannot be read.
func unreadable(name string, err error) string {
	if errors.Is(err, errLink) || errors.Is(err, errLarge) {
		return name + " is niet te lezen: " + err.Error() + "."
	}
	return name + " is niet te lezen."
}
