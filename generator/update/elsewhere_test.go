package update

import "testing"

// TestSubtract: what a migration from elsewhere does is not done again, and one
// that does anything else takes nothing away.
func TestSubtract(t *testing.T) {
	const a, b = "ALTER TABLE bomen ADD COLUMN hoogte INTEGER", "ALTER TABLE bomen ADD COLUMN soort TEXT"
	for name, c := range map[string]struct{ text, done, want string }{
		"the same":               {"-- Wat.\n\n" + a + ";\n", "-- Anders gezegd.\n" + a + ";", ""},
		"one of two":             {"-- Wat.\n\n" + a + ";\n" + b + ";\n", a + ";\n", "-- Wat.\n\n" + b + ";\n"},
		"one of two, by hand":    {"-- Wat.\n\n" + a + ";\n" + b + ";\n", "\n  " + b + "\n", "-- Wat.\n\n" + a + ";\n"},
		"something else as well": {a + ";\n", a + ";\n" + b + ";\n", a + ";\n"},
		"another":                {a + ";\n", b + ";\n", a + ";\n"},
		"nothing":                {a + ";\n", "-- Leeg.\n", a + ";\n"},
		"twice":                  {a + ";\n", a + ";\n" + a + ";\n", a + ";\n"},
	} {
		if got := subtract(c.text, c.done); got != c.want {
			t.Errorf("%s leaves %q, not %q", name, got, c.want)
		}
	}
}
