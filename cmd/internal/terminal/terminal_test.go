package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestKeyboardStopsWithItsContext(t *testing.T) {
	in, _ := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	k := NewKeyboard(ctx, in, 0, time.Second)
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := k.Line(); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
}

func TestProbe(t *testing.T) {
	for name, c := range map[string]struct {
		reply string
		want  bool
		err   error
		line  string // what is left for the first question
	}{
		"answers":           {"\x1b[12;40R", true, nil, ""},
		"typed ahead":       {"ja\x1b[1;1Rnee\n", true, nil, "janee"},
		"silent":            {"", false, nil, ""},
		"something else":    {"\x1b[A", false, nil, ""},
		"ctrl-c meanwhile":  {"\x03", false, ErrStopped, ""},
		"R but no report":   {"R\x1b[5;5R", true, nil, ""},
		"report in a split": {"\x1b[1|2;3R", true, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in, typed := io.Pipe()
			k := NewKeyboard(t.Context(), in, 0, 200*time.Millisecond)
			go func() {
				for part := range strings.SplitSeq(c.reply, "|") {
					_, _ = io.WriteString(typed, part)
				}
			}()
			var out bytes.Buffer
			got, err := k.Probe(&out)
			if got != c.want || !errors.Is(err, c.err) {
				t.Fatalf("got %v, %v; want %v, %v", got, err, c.want, c.err)
			}
			if out.String() != query {
				t.Errorf("asked %q", out.String())
			}
			if c.line != "" {
				if line, err := k.Line(); line != c.line || err != nil {
					t.Errorf("the line typed ahead is %q, %v; want %q", line, err, c.line)
				}
			}
		})
	}
}

// typing is a keyboard at which somebody types parts, with time between them.
func typing(t *testing.T, parts ...string) *Keyboard {
	t.Helper()
	in, typed := io.Pipe()
	go func() {
		for _, part := range parts {
			_, _ = io.WriteString(typed, part)
			time.Sleep(5 * pause)
		}
		_ = typed.Close()
	}()
	return NewKeyboard(t.Context(), in, ^uintptr(0), time.Second)
}

func TestKeys(t *testing.T) {
	key := func(name KeyName) Key { return Key{Name: name} }
	text := func(words string) Key { return Key{Text: words} }
	for name, c := range map[string]struct {
		typed []string
		want  []Key
	}{
		"text and enter":       {[]string{"Verhuizing\r"}, []Key{text("Verhuizing"), key(KeyEnter)}},
		"arrows":               {[]string{"\x1b[A\x1bOB", "\x1b[3~"}, []Key{key(KeyUp), key(KeyDown), key(KeyDelete)}},
		"escape":               {[]string{"\x1b", "a"}, []Key{key(KeyEscape), text("a")}},
		"an arrow in a split":  {[]string{"\x1b["}, []Key{key(KeyEscape), text("[")}},
		"a late report":        {[]string{"\x1b[3;7Rja"}, []Key{text("ja")}},
		"ctrl-c and ctrl-d":    {[]string{"\x03\x04\x1a"}, []Key{key(KeyStop), key(KeyStop), key(KeySuspend)}},
		"a letter in a split":  {[]string{"\xc3", "\xa9n"}, []Key{text("n")}},
		"a pasted page":        {[]string{"een\rtwee\r\rdrie\r"}, []Key{text("een"), text(" "), text("twee"), text(" "), text("drie"), key(KeyEnter)}},
		"a paste with marks":   {[]string{"\x1b[200~een\r\n\ttwee\x1b[31m\x1b[201~", "\r"}, []Key{text("een twee[31m"), key(KeyEnter)}},
		"a paste without end":  {[]string{"\x1b[200~een"}, []Key{text("een")}},
		"enter, enter, enter":  {[]string{"\r\r\r"}, []Key{key(KeyEnter)}},
		"enter twice, in time": {[]string{"\r", "\r"}, []Key{key(KeyEnter), key(KeyEnter)}},
		"turned text":          {[]string{"a\u202eb"}, []Key{text("ab")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := typing(t, c.typed...)
			for _, want := range c.want {
				if got, err := k.Key(); got != want || err != nil {
					t.Fatalf("got %+v, %v; want %+v", got, err, want)
				}
			}
			if got, err := k.Key(); !errors.Is(err, io.EOF) {
				t.Errorf("and then %+v, %v", got, err)
			}
		})
	}
}

// TestPastedLinesAreOneAnswer: also where questions come line by line, and what
// comes later is the next answer.
func TestPastedLinesAreOneAnswer(t *testing.T) {
	k := typing(t, "een\ntwee\n\n drie\n", "vier\n")
	for _, want := range []string{"een twee drie", "vier"} {
		if got, err := k.Line(); got != want || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
}

func TestRowsAndCells(t *testing.T) {
	if got := Rows("abcdé日本", 4); !slices.Equal(got, []string{"abcd", "é日", "本"}) {
		t.Errorf("got %q", got)
	}
	if got := Lines("een twee\n\ndrie", 4); !slices.Equal(got, []string{"een", "twee", "", "drie"}) {
		t.Errorf("got %q", got)
	}
	if n := Cells("\x1b[1mé日\x1b[0m"); n != 3 {
		t.Errorf("%d cells", n)
	}
	if got := Cut("verhuizing", 5); got != "verh…" {
		t.Errorf("got %q", got)
	}
}

func TestLineLeavesOutALateReport(t *testing.T) {
	k := NewKeyboard(t.Context(), strings.NewReader("\x1b[3;7Rverhuizing\x1b[31m\nlast"), 0, 0)
	if line, err := k.Line(); line != "verhuizing[31m" || err != nil {
		t.Fatalf("got %q, %v", line, err)
	}
	if _, err := k.Line(); !errors.Is(err, io.EOF) {
		t.Fatalf("an unfinished line is no answer: %v", err)
	}
}

func TestWrap(t *testing.T) {
	s := &IO{Columns: 24}
	got := s.Wrap("een korte uitleg van vier regels\n\nen een regel eronder", "  ")
	want := "  een korte uitleg van\n  vier regels\n\n  en een regel eronder"
	if got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestWorkingTellsOnlyWhenItTakesLong(t *testing.T) {
	var words bytes.Buffer
	s := &IO{Err: &words}
	if err := s.Working(t.Context(), "bezig", func(context.Context) error { return nil }); err != nil || words.Len() > 0 {
		t.Errorf("quick work says %q, %v", words.String(), err)
	}
	failed := errors.New("mislukt")
	err := s.Working(t.Context(), "bezig", func(context.Context) error {
		time.Sleep(patience + 100*time.Millisecond)
		return failed
	})
	if !errors.Is(err, failed) || words.String() != "bezig\n" {
		t.Errorf("slow work says %q, %v", words.String(), err)
	}
}

func TestSafe(t *testing.T) {
	if got := Safe("Den\x1b[2J Bosch\u009b31m\r\n"); got != "Den[2J Bosch31m" {
		t.Errorf("got %q", got)
	}
}
