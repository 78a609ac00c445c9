package workshopcmd

import "testing"

// TestSpoken: the stars of Markdown are not shown, those of a path are.
func TestSpoken(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"1. Klik op *Inloggen* en kies iemand bij *Medewerker burgerzaken*.": "1. Klik op “Inloggen” en kies iemand bij “Medewerker burgerzaken”.",
		"**Allemaal, om één scherm.** Open het.":                             "Allemaal, om één scherm. Open het.",
		"Zie `migraties/*/*.sql` en *dit*":                                   "Zie `migraties/*/*.sql` en “dit”",
		"2 * 3 * 4":                                                          "2 * 3 * 4",
		"* een punt van een lijst":                                           "* een punt van een lijst",
	} {
		if got := spoken(line); got != want {
			t.Errorf("%q gives %q, want %q", line, got, want)
		}
	}
}
