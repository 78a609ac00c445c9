package paginas

import (
	"net/http"
	"slices"
)

// marks are the kinds of marks on a zaak that the user may know of.
type marks []string

// markTexts is what the pages say of a mark, in a list and on the page of the zaak.
var markTexts = map[string]struct{ short, long string }{
	"beperking": {"Beperking", "De verwerking van de gegevens in deze zaak is beperkt (AVG artikel 18). De gegevens worden bewaard en niet gebruikt: niemand kan een stap doen en er wordt niets aan een bron gevraagd."},
	"bezwaar":   {"Bezwaar", "Er is bezwaar gemaakt tegen het gebruik van de gegevens in deze zaak (AVG artikel 21). Tot daarover is beslist kan niemand een stap doen en wordt er niets aan een bron gevraagd."},
	"bewaren":   {"Niet vernietigen", "Deze zaak wordt niet vernietigd zolang iemand van het archief haar vasthoudt."},
}

// Stopped says whether the zaak stands still.
func (m marks) Stopped() bool {
	return slices.Contains(m, "beperking") || slices.Contains(m, "bezwaar")
}

// Short are the marks in a few words each, for a list.
func (m marks) Short() (all []string) {
	for _, kind := range m {
		if text, known := markTexts[kind]; known {
			all = append(all, text.short)
		}
	}
	return all
}

// Long are the marks in a sentence each, for the page of the zaak.
func (m marks) Long() (all []string) {
	for _, kind := range m {
		if text, known := markTexts[kind]; known {
			all = append(all, text.long)
		}
	}
	return all
}

// standsStill is what somebody reads who wants to do a step in a zaak that a mark
// stops.
func standsStill() error { return &fault{status: http.StatusLocked} }

// orStandsStill is the error of a step, or that the zaak stands still when that
// is why.
func (v *visit) orStandsStill(err error) error {
	if statusOf(err) != http.StatusConflict {
		return err
	}
	if z, _, cause := v.zaak(); cause == nil && !z.Closed() && z.Marks.Stopped() {
		return standsStill()
	}
	return err
}
