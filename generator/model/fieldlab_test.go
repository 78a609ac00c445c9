package model

import "testing"

func TestFieldlabDate(t *testing.T) {
	for _, c := range []struct {
		start string
		day   int
		want  string
	}{
		{"2026-11-23", 1, "maandag 23 november 2026"},
		{"2026-11-23", 5, "vrijdag 27 november 2026"},
		{"2026-11-26", 3, "maandag 30 november 2026"}, // the weekend does not count
		{"2026-12-31", 2, "vrijdag 1 januari 2027"},
		{"", 1, ""},
		{"morgen", 1, ""},
	} {
		if got := (Fieldlab{Start: c.start}).Date(c.day); got != c.want {
			t.Errorf("start %q, day %d: %q, want %q", c.start, c.day, got, c.want)
		}
	}
}

func TestFieldlabYear(t *testing.T) {
	for start, want := range map[string]string{"2026-11-23": "2026", "": "", "nu": ""} {
		if got := (Fieldlab{Start: start}).Year(); got != want {
			t.Errorf("start %q: %q, want %q", start, got, want)
		}
	}
}
