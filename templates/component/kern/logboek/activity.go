package logboek

// Activity is a processing activity, as it stands in the register of
// processing activities of the organisation (AVG article 30). What is not
// settled yet is "".
type Activity struct {
	Name  string // short name, for the log of the program
	Title string
	URI   string // dpl.core.processing_activity_id

	Purpose, Grondslag, Explanation string
	Retention                       string // how long its data is kept, in words
}

// NotYetRecorded stands where the team has named no activity: a line always
// has one (dpl.core.processing_activity_id), and the nil UUID says that it is
// not known.
var NotYetRecorded = Activity{
	Name:  "nog-niet-vastgelegd",
	Title: "Nog niet vastgelegd",
	URI:   "urn:uuid:00000000-0000-0000-0000-000000000000",
}
