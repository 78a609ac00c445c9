package value

import (
	"testing"
	"time"
)

func TestTerm(t *testing.T) {
	from := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ term, text, after string }{
		{"P5D", "5 dagen", "2026-02-05"},
		{"P1D", "1 dag", "2026-02-01"},
		{"P8W", "8 weken", "2026-03-28"},
		{"P1M", "1 maand", "2026-02-28"},
		{"P1Y6M", "1 jaar en 6 maanden", "2027-07-31"},
		{"PT36H", "36 uur", "2026-02-02"},
	} {
		term, err := ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		if got := term.After(from).Format(time.DateOnly); got != c.after || term.String() != c.text {
			t.Errorf("%s is %q and ends on %s, want %q and %s", c.term, term, got, c.text, c.after)
		}
	}
	for _, bad := range []string{"", "P", "PT", "5D", "P5", "P-5D", "P1.5D", "P5DT"} {
		if _, err := ParseTerm(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
