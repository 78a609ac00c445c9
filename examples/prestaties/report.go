package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"
)

// The result stands between these in docs/prestaties.md; what is around it is written by
// people.
const (
	resultBegin = "<!-- uitkomst: make bench schrijft dit -->"
	resultEnd   = "<!-- einde van de uitkomst -->"
)

// text is the result as docs/prestaties.md has it.
func (m *measuring) text(ctx context.Context, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s", now.UTC().Format("2 January 2006"))
	if commit := m.commit(ctx); commit != "" {
		fmt.Fprintf(&b, ", of commit %s", commit)
	}
	fmt.Fprintf(&b, ", on: %s.\n\nSizes: %s.\n", machine(), m.size.text())
	b.WriteString(table(condensed(m.rows), nil, false))
	return b.String()
}

// text says how much was measured.
func (s size) text() string {
	return fmt.Sprintf("%d zaken, %d rows of the register, %d expired keys, loads of %s", s.zaken, s.rows, s.keys, s.load)
}

// commit is the one that is measured; "" when that is not known.
func (m *measuring) commit(ctx context.Context) string {
	if m.options.component != "" {
		return ""
	}
	cmd := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--abbrev=12") // #nosec G204 -- A fixed command.
	cmd.Dir = m.repository
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// write puts the result in a file that has a place for it, or makes that file.
func write(file, text string) error {
	raw, err := os.ReadFile(file) // #nosec G304 -- The command line names it.
	if errors.Is(err, fs.ErrNotExist) {
		raw = []byte("# Performance\n\n" + resultBegin + "\n" + resultEnd + "\n")
	} else if err != nil {
		return err
	}
	before, rest, begun := bytes.Cut(raw, []byte(resultBegin))
	_, after, ended := bytes.Cut(rest, []byte(resultEnd))
	if !begun || !ended {
		return fmt.Errorf("%s has no place for the result: %s and %s", file, resultBegin, resultEnd)
	}
	return os.WriteFile(file, []byte(string(before)+resultBegin+"\n"+text+resultEnd+string(after)), 0o600)
}
