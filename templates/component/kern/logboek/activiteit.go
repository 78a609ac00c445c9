package logboek

// Activiteit is a processing activity, as it stands in the register of
// processing activities of the organisation (AVG article 30). What is not
// settled yet is "".
type Activiteit struct {
	Naam  string // short name, for the log of the program
	Titel string
	URI   string // dpl.core.processing_activity_id

	Doel, Grondslag, Toelichting string
}

// NogNietVastgelegd stands where the team has named no activity: a line always
// has one (dpl.core.processing_activity_id), and the nil UUID says that it is
// not known.
var NogNietVastgelegd = Activiteit{
	Naam:  "nog-niet-vastgelegd",
	Titel: "Nog niet vastgelegd",
	URI:   "urn:uuid:00000000-0000-0000-0000-000000000000",
}
