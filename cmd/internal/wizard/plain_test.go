package wizard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// typed gives a plain prompter with what a person types.
func typed(lines string) (*plainPrompter, *bytes.Buffer) {
	var screen bytes.Buffer
	k := terminal.NewKeyboard(context.Background(), strings.NewReader(lines), 0, 0)
	return &plainPrompter{io: &terminal.IO{Err: &screen}, text: text.Load(text.Dutch), keyboard: k}, &screen
}

func TestPlainInput(t *testing.T) {
	q := Question{Ask: "Titel", Help: "Zo heet het.", Default: "Aanvraag"}
	for name, c := range map[string]struct {
		lines string
		want  string
		err   error
	}{
		"enter":       {"\n", "Aanvraag", nil},
		"answer":      {"  Verhuizing \n", "Verhuizing", nil},
		"help":        {"?\nVerhuizing\n", "Verhuizing", nil},
		"back":        {"<\n", "", Back},
		"end":         {"", "", Interrupt},
		"late report": {"\x1b[3;1RVerhuizing\n", "Verhuizing", nil},
		"windows":     {"Verhuizing\r\n", "Verhuizing", nil},
	} {
		p, screen := typed(c.lines)
		got, err := p.Input(q)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
		if name == "help" && !strings.Contains(screen.String(), "Zo heet het.") {
			t.Errorf("no help in %q", screen.String())
		}
		if strings.ContainsRune(screen.String(), '\x1b') {
			t.Errorf("%s: plain questions move the cursor: %q", name, screen.String())
		}
	}
}

func TestPlainSelect(t *testing.T) {
	options := []string{"een", "twee", "drie"}
	for lines, want := range map[string]int{"\n": 1, "3\n": 2, "EEN\n": 0, "7\nnul\n1\n": 0} {
		p, _ := typed(lines)
		if got, err := p.Select(Question{Ask: "Kies"}, options, 1); got != want || err != nil {
			t.Errorf("%q: got %d, %v; want %d", lines, got, err, want)
		}
	}
	p, _ := typed("<\n")
	if _, err := p.Select(Question{Ask: "Kies"}, options, 1); !errors.Is(err, Back) {
		t.Errorf("got %v", err)
	}
}

func TestPlainMultiSelect(t *testing.T) {
	options := []string{"een", "twee", "drie"}
	for lines, want := range map[string][]int{"\n": {0}, "3, 1\n": {0, 2}, "-\n": nil, "9\n2 2\n": {1}} {
		p, _ := typed(lines)
		if got, err := p.MultiSelect(Question{Ask: "Kies"}, options, []int{0}); !slices.Equal(got, want) || err != nil {
			t.Errorf("%q: got %v, %v; want %v", lines, got, err, want)
		}
	}
}

// TestPlainLongList reads the beginning of a long list, and finds the rest by a
// word.
func TestPlainLongList(t *testing.T) {
	options := []string{}
	for i := range 100 {
		options = append(options, fmt.Sprintf("gegeven %d", i))
	}
	options[90], options[91] = "Adres", "Adres in het buitenland"
	p, screen := typed("xyzzy\nadr\n91, 3\n")
	got, err := p.MultiSelect(Question{Ask: "Kies"}, options, []int{95})
	if err != nil || !slices.Equal(got, []int{2, 90}) {
		t.Errorf("got %v, %v", got, err)
	}
	if out := screen.String(); strings.Contains(out, "gegeven 50") || !strings.Contains(out, "gegeven 95") || !strings.Contains(out, "nog 80") || !strings.Contains(out, "91. Adres\n") {
		t.Errorf("shown:\n%s", out)
	}
	p, _ = typed("adres\nADRES\nbuiten\n\n")
	if got, err = p.MultiSelect(Question{Ask: "Kies"}, options, []int{95}); err != nil || !slices.Equal(got, []int{90, 91, 95}) {
		t.Errorf("words give %v, %v", got, err)
	}
	p, _ = typed("in het buitenland\n")
	if got, err := p.Select(Question{Ask: "Kies"}, options, 0); got != 91 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
}

func TestPlainConfirm(t *testing.T) {
	for lines, want := range map[string]bool{"\n": true, "j\n": true, "ja\n": true, "yes\nJA\n": true, "n\n": false, "misschien\nnee\n": false} {
		p, _ := typed(lines)
		if got, err := p.Confirm(Question{Ask: "Zeker"}, true); got != want || err != nil {
			t.Errorf("%q: got %v, %v", lines, got, err)
		}
	}
}

// broken is a prompter on a terminal that stopped answering.
type broken struct{ Prompter }

func (broken) Input(Question) (string, error) { return "", brokenPrompt{io.ErrUnexpectedEOF} }

func TestABrokenTerminalGoesOnLineByLine(t *testing.T) {
	plain, screen := typed("Verhuizing\n2\n")
	f := &fallbackPrompter{Prompter: broken{}, plain: plain, notice: "regel voor regel"}
	if got, err := f.Input(Question{Ask: "Titel"}); got != "Verhuizing" || err != nil {
		t.Fatalf("got %q, %v", got, err)
	}
	if got, err := f.Select(Question{Ask: "Kies"}, []string{"a", "b"}, 0); got != 1 || err != nil {
		t.Fatalf("got %d, %v: not plain any more", got, err)
	}
	if strings.Count(screen.String(), "regel voor regel") != 1 {
		t.Errorf("said %q", screen.String())
	}
}
