package grow

// The codes of notes, with what their arguments are. Texts of the command line:
// grow.note.<code>.
const (
	NoteAsked          = "asked"           // a step asks a field now: field, step
	NoteNotAsked       = "not-asked"       // no form asks a field: field, entity
	NoteNoProcess      = "no-process"      // nothing in the process is about an entity: entity
	NoteRoleUnused     = "role-unused"     // no step is for a role yet: role
	NoteActivity       = "activity"        // a source is asked for an activity: source, activity
	NoteReasons        = "reasons"         // nobody said yet why the fields of a source are needed: source
	NoteSourceUnused   = "source-unused"   // no step asks a source yet: source
	NoteActivityUnused = "activity-unused" // no source is asked for an activity yet: activity

	NoteBetween = "between"     // a step comes between two: step, before, next
	NoteOutcome = "outcome"     // a step got an outcome: step, outcome, next
	NoteRole    = "role"        // a step is for the only role there is: step, role
	NoteNewly   = "newly-input" // a question says now where something comes from: step, parameter, value

	NoteTransition = "transition"  // zaken at an old step go to a new one: old step, new step
	NotePlural     = "plural"      // a plural stays as it is: entity, plural
	NoteTitle      = "title"       // a title stays as it is: name, title
	NoteService    = "service"     // a source keeps the name of its service at FSC: source, service
	NoteSettings   = "settings"    // settings of a source have another name: source
	NoteAnother    = "activity-id" // the log knows an activity by another address: activity
	NoteMentions   = "mentions"    // texts still hold the old name: name, keys

	NoteUnasked   = "unasked"   // a form does not ask a field any more: step, field
	NoteArrow     = "arrow"     // a step leads to another one now: step, next
	NoteStart     = "start"     // the process begins with another step: step
	NoteLoop      = "loop"      // an outcome went, for it led back to its own step: step, outcome
	NoteInput     = "input"     // a question goes without something: step, parameter
	NoteAudiences = "audiences" // the screens are for other people: audiences
	NoteGone      = "gone-kept" // what is stored of it stays until told otherwise: name
)
