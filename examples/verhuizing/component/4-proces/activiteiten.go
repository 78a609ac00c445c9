package proces

import "git.duinstad.test/burgerzaken/verhuizing/kern/logboek"

// activities are the processing activities of this component (AVG article 30):
// every question to a source and every line in the log of processing is for one
// of them. The first is the one for which zaken and the register are kept.
var activities = []logboek.Activity{activityAangifteVerhuizing}

// When the register of the organisation gives an activity an address of its own,
// it comes here as URI, and nowhere else.
var (
	activityAangifteVerhuizing = logboek.Activity{
		Name:        "aangifte-verhuizing",
		Title:       "Behandelen van aangiften van verhuizing",
		URI:         "urn:uuid:9ed8fbe8-2a4b-5f13-9dd6-96467d222542",
		Purpose:     "Bijhouden van het adres in de BRP",
		Grondslag:   "publieke taak",
		Explanation: "Wet BRP artikel 2.39",
		Retention:   "5 jaar",
	}
)
