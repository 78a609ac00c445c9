//go:build !windows

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTerminalReasons: why the fields of a source are needed is one question, in
// which a field that is not there is refused, and the letter says it.
func TestTerminalReasons(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 100, always, nil, "new", "verhuizing")
	answerAll(s, questions[:12])
	s.answer("bronnen zijn nodig", "Toevoegen")
	s.answer("Welke bron", "BAG")
	s.answer("Wat vraagt het component", "")
	s.answer("Welke velden", "postcode, huisnummer")
	s.answer("Waarom is elk veld nodig?", "huisnumer: Om te vergelijken")
	s.expect("huisnumer")
	s.expect("huisnummer")
	s.answer("Waarom is elk veld nodig?", "De medewerker ziet het adres; postcode: Om te bezorgen")
	s.answer("bronnen zijn nodig", "")
	answerAll(s, questions[13:])
	s.answer("Akkoord?", "")
	s.end(0)
	letter, err := os.ReadFile(filepath.Join(dir, "verhuizing", "docs", "toegang", "bag.md"))
	if err != nil || !strings.Contains(string(letter), "| De medewerker ziet het adres |") || !strings.Contains(string(letter), "| Om te bezorgen |") {
		t.Errorf("%v\n%s", err, letter)
	}
}
