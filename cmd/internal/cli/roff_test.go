package cli

import "testing"

func TestRoff(t *testing.T) {
	for in, want := range map[string]string{
		"gewoon":             "gewoon",
		"--dir MAP":          `\-\-dir MAP`,
		`C:\werk\nieuw`:      `C:\ewerk\enieuw`,
		"'s-Hertogenbosch":   `\&'s\-Hertogenbosch`,
		"in\n.fieldlab/base": "in\n" + `\&.fieldlab/base`,
	} {
		if got := roff(in); got != want {
			t.Errorf("roff(%q) = %q, want %q", in, got, want)
		}
	}
	if got := roffQuoted(`zo "dan"`); got != `"zo \(dqdan\(dq"` {
		t.Errorf("quoted: %s", got)
	}
}
