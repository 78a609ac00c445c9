package course

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Limits on the log of processing, which only grows.
const (
	maxLog  = 64 << 20
	maxLine = 4 << 20
)

// log looks for lines in the log of processing that the stand-in keeps.
func (l *looker) log(p spec) string {
	seen := 0
	// Before it is opened: a pipe lets itself be waited for.
	if info, err := l.root.Lstat(".data"); err == nil && !info.IsDir() {
		return unreadable(".data", errLink)
	}
	entries, err := fs.ReadDir(l.root.FS(), ".data")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unreadable(".data", err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), "-logboek.jsonl") || !entry.Type().IsRegular() {
			continue
		}
		n, err := l.lines(".data/"+entry.Name(), p)
		if err != nil {
			return unreadable(".data/"+entry.Name(), err)
		}
		seen += n
	}
	if seen >= p.count {
		return ""
	}
	what := "regel"
	if p.line != "" {
		what += fmt.Sprintf(" “%s”", p.line)
	}
	if p.role != "" {
		what += " door de rol " + p.role
	}
	if p.source != "" {
		what += fmt.Sprintf(" over de bron “%s”", p.source)
	}
	if p.failed {
		what += " die mislukte"
	}
	if p.count > 1 {
		return fmt.Sprintf("In het logboek in .data staat %d keer een %s; gevraagd is %d keer.", seen, what, p.count)
	}
	return fmt.Sprintf("In het logboek in .data staat nog geen %s. Net gedaan? Kijk over een paar seconden nog eens.", what)
}

// request is what of a line of the log is read: spans as OpenTelemetry has them.
type request struct {
	ResourceSpans []struct {
		ScopeSpans []struct {
			Spans []span
		}
	}
}

type span struct {
	Name       string
	Attributes []struct {
		Key   string
		Value struct{ StringValue string }
	}
	Status struct{ Code int }
}

const failedStatus = 2

// lines counts the lines of one file that fit. A line that is cut off, because the
// component writes it now, does not count.
func (l *looker) lines(name string, p spec) (int, error) {
	if info, err := l.root.Lstat(".data"); err != nil || !info.IsDir() {
		return 0, errLink
	}
	if info, err := l.root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return 0, errLink
	}
	f, err := l.root.Open(name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.Size() > maxLog {
		_, _ = f.Seek(-maxLog, io.SeekEnd) // what is newest; a line that is cut in two does not count
	}
	seen := 0
	scanner := bufio.NewScanner(io.LimitReader(f, maxLog))
	scanner.Buffer(make([]byte, 64<<10), maxLine)
	for scanner.Scan() {
		var r request
		if json.Unmarshal(scanner.Bytes(), &r) != nil {
			continue
		}
		for _, resource := range r.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, s := range scope.Spans {
					if s.fits(p) {
						seen++
					}
				}
			}
		}
	}
	return seen, scanner.Err()
}

func (s span) fits(p spec) bool {
	return strings.Contains(s.Name, p.line) &&
		(p.role == "" || s.attribute("verwerking.rol") == p.role) &&
		(p.source == "" || strings.Contains(s.attribute("verwerking.bron"), p.source)) &&
		p.failed == (s.Status.Code == failedStatus)
}

func (s span) attribute(key string) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.StringValue
		}
	}
	return ""
}
