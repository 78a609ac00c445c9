// Package activiteiten names the processing activities of this component (AVG
// article 30). Every question to a source and every line in the log of
// processing is for one of them. When the register of the organisation gives an
// activity an address of its own, it comes here as URI, and nowhere else.
package activiteiten

import "git.duinstad.test/burgerzaken/verhuizing/internal/logboek"

// AangifteVerhuizing is an activity: Behandelen van aangiften van verhuizing.
var AangifteVerhuizing = logboek.Activiteit{
	Naam:        "aangifte-verhuizing",
	Titel:       "Behandelen van aangiften van verhuizing",
	URI:         "urn:uuid:9ed8fbe8-2a4b-5f13-9dd6-96467d222542",
	Doel:        "Bijhouden van het adres in de BRP",
	Grondslag:   "publieke taak",
	Toelichting: "Wet BRP artikel 2.39",
}

// Hoofdactiviteit is the one for which zaken and the register are kept.
var Hoofdactiviteit = AangifteVerhuizing

// Alle are all activities of this component.
func Alle() []logboek.Activiteit {
	return []logboek.Activiteit{AangifteVerhuizing}
}
