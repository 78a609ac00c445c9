package proces

import (
	"errors"
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// How long a caller is asked to wait, when the source does not say.
const (
	waitAway = 10 * time.Second
	waitBusy = 30 * time.Second
	maxWait  = 5 * time.Minute // also when the source asks for more
)

// nothingStored is what a caller must know who was filling in a form.
const nothingStored = " Er is niets bewaard."

// unavailable is what a caller hears when a source cannot answer: which of the
// few things that can be the matter, with which source, what became of the
// work, and whether waiting helps. Nothing of what the source said goes along;
// the number of the transaction does, by which the administrator finds the rest
// in the log.
func unavailable(err error, work string) error {
	f, _ := errors.AsType[*outway.Fault](err)
	bron, salutation := "een bron", "Een bron"
	if f != nil && f.Bron != "" {
		bron, salutation = "de bron "+f.Bron, "De bron "+f.Bron
	}
	later := func(what, advice string, wait time.Duration) error {
		if f != nil && f.Wait > 0 {
			wait = min(f.Wait, maxWait)
		}
		return rest.NewProblem(http.StatusServiceUnavailable, what+work+advice+reference(f)).With("Retry-After", toegang.RetryAfter(wait))
	}
	stuck := func(what, advice string) error {
		return rest.NewProblem(http.StatusBadGateway, what+work+advice+reference(f))
	}
	switch outway.CauseOf(err) {
	case outway.CauseAway, outway.CauseUnknown:
		return later(salutation+" is nu niet bereikbaar.", " Probeer het zo nog eens.", waitAway)
	case outway.CauseBusy:
		return later(salutation+" krijgt nu te veel vragen.", " Wacht even en probeer het dan nog eens.", waitBusy)
	case outway.CauseRecording:
		return later("Een vraag aan "+bron+" is nu niet vast te leggen en wordt daarom niet gesteld.", " Probeer het zo nog eens.", waitAway)
	case outway.CauseAccess:
		return stuck(salutation+" geeft ons nu geen toegang: het contract, het token of de sleutel klopt niet.", " Waarschuw de beheerder.")
	case outway.CauseUnreadable:
		return stuck(salutation+" geeft een antwoord dat dit component niet kan lezen.", " Waarschuw de beheerder.")
	case outway.CauseElsewhere:
		return stuck(salutation+" geeft een antwoord dat niet bij deze vraag hoort; het is niet gebruikt.", " Waarschuw de beheerder.")
	}
	return stuck(salutation+" wijst de vraag af.", " Kijk of alles goed is ingevuld, of waarschuw de beheerder.")
}

func reference(f *outway.Fault) string {
	if f == nil || f.Transaction == "" {
		return ""
	}
	return " De reden staat in het log bij transactie " + f.Transaction + "."
}
