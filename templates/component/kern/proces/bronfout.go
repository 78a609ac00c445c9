package proces

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// How long a caller is asked to wait, when the source does not say.
const (
	wachtWeg  = 10 * time.Second
	wachtDruk = 30 * time.Second
	maxWacht  = 5 * time.Minute // also when the source asks for more
)

// nietsBewaard is what a caller must know who was filling in a form.
const nietsBewaard = " Er is niets bewaard."

// unavailable is what a caller hears when a source cannot answer: which of the
// few things that can be the matter, with which source, what became of the
// work, and whether waiting helps. Nothing of what the source said goes along;
// the number of the transaction does, by which the administrator finds the rest
// in the log.
func unavailable(err error, werk string) error {
	f, _ := errors.AsType[*outway.Fout](err)
	bron, aanhef := "een bron", "Een bron"
	if f != nil && f.Bron != "" {
		bron, aanhef = "de bron "+f.Bron, "De bron "+f.Bron
	}
	later := func(what, advice string, wait time.Duration) error {
		if f != nil && f.Wacht > 0 {
			wait = min(f.Wacht, maxWacht)
		}
		seconds := int((wait + time.Second - 1) / time.Second)
		return rest.NewProblem(http.StatusServiceUnavailable, what+werk+advice+kenmerk(f)).With("Retry-After", strconv.Itoa(seconds))
	}
	stuck := func(what, advice string) error {
		return rest.NewProblem(http.StatusBadGateway, what+werk+advice+kenmerk(f))
	}
	switch outway.OorzaakVan(err) {
	case outway.OorzaakWeg, outway.OorzaakOnbekend:
		return later(aanhef+" is nu niet bereikbaar.", " Probeer het zo nog eens.", wachtWeg)
	case outway.OorzaakDruk:
		return later(aanhef+" krijgt nu te veel vragen.", " Wacht even en probeer het dan nog eens.", wachtDruk)
	case outway.OorzaakVastlegging:
		return later("Een vraag aan "+bron+" is nu niet vast te leggen en wordt daarom niet gesteld.", " Probeer het zo nog eens.", wachtWeg)
	case outway.OorzaakToegang:
		return stuck(aanhef+" geeft ons nu geen toegang: het contract, het token of de sleutel klopt niet.", " Waarschuw de beheerder.")
	case outway.OorzaakOnleesbaar:
		return stuck(aanhef+" geeft een antwoord dat dit component niet kan lezen.", " Waarschuw de beheerder.")
	}
	return stuck(aanhef+" wijst de vraag af.", " Kijk of alles goed is ingevuld, of waarschuw de beheerder.")
}

func kenmerk(f *outway.Fout) string {
	if f == nil || f.Transactie == "" {
		return ""
	}
	return " De reden staat in het log bij transactie " + f.Transactie + "."
}
