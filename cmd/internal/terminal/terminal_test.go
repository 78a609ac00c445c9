package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
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
		"typed ahead":       {"ja\n\x1b[1;1Rnee\n", true, nil, "ja"},
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

func TestReadStopsAtTheReport(t *testing.T) {
	k := NewKeyboard(t.Context(), strings.NewReader("ab\x1b[1;9Rcd\x04"), 0, time.Second)
	k.Expect()
	p := make([]byte, 100)
	n, err := k.Read(p)
	if got := string(p[:n]); got != "ab\x1b[1;9R" || err != nil {
		t.Fatalf("first read gave %q, %v", got, err)
	}
	n, err = k.Read(p)
	if got := string(p[:n]); got != "cd\x03" || err != nil {
		t.Fatalf("second read gave %q, %v; Ctrl-D must arrive as Ctrl-C", got, err)
	}
	if _, err := k.Read(p); !errors.Is(err, io.EOF) {
		t.Fatalf("after the end: %v", err)
	}
}

func TestReadGivesUpOnASilentTerminal(t *testing.T) {
	in, _ := io.Pipe()
	k := NewKeyboard(t.Context(), in, 0, 30*time.Millisecond)
	k.Expect()
	for range 2 { // the question library overlooks the first one
		if _, err := k.Read(make([]byte, 10)); !errors.Is(err, ErrNoReport) {
			t.Fatalf("got %v", err)
		}
	}
}

func TestCtrlCBeforeTheReportStops(t *testing.T) {
	k := NewKeyboard(t.Context(), strings.NewReader("x\x03"), 0, time.Second)
	k.Expect()
	for range 2 {
		if _, err := k.Read(make([]byte, 10)); !errors.Is(err, ErrStopped) {
			t.Fatalf("got %v", err)
		}
	}
	k.Begin()
	if _, err := k.Read(make([]byte, 10)); !errors.Is(err, io.EOF) {
		t.Fatalf("after Begin: %v", err)
	}
}

func TestLineLeavesOutALateReport(t *testing.T) {
	k := NewKeyboard(t.Context(), strings.NewReader("\x1b[3;7Rverhuizing\x1b[31m\nlast"), 0, time.Second)
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
