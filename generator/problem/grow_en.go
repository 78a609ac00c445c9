package problem

// enGrow holds the English texts of package grow.
var enGrow = map[Code]string{
	GrowTaken:          `there is a {2} "{3}" already, and "{1}" cannot be told from it. Choose another name.`,
	GrowUnknown:        `there is no {1} "{2}". Choose from {3}.`,
	GrowNone:           `there is no {1} "{2}"; there is none at all yet.`,
	GrowNamed:          `{1} "{2}" has that name already. Give another name, or a title.`,
	GrowWhichEntity:    `field "{1}" exists in {2}. Say with --of which one you mean.`,
	GrowNotSubject:     `a form only asks fields of what the zaak is about, and that is not "{2}". Leave out --form for "{1}".`,
	GrowNotForm:        `step "{1}" is not a form. Choose from {2}.`,
	GrowStandard:       `this component has the standard process: its steps are not in fieldlab.yaml yet. Write them there first, at process.steps.`,
	GrowWhichOutcome:   `step "{1}" has more outcomes. Say after which one the new step comes: {2}.`,
	GrowOutcomeUnknown: `step "{1}" has no outcome "{2}". Choose from {3}.`,
	GrowAfterEnd:       `step "{1}" is an end: nothing comes after it. Say after which other step this one comes.`,
	GrowTo:             `after step "{1}" there is no single way to go. Say with --to where zaken and references go: {2}.`,
	GrowSourceLess:     `where does source "{1}" come from? Choose one from the catalogue, give its OpenAPI file with --openapi, or name an operation with its path.`,

	UsedByForm:      `step "{1}" would ask nothing any more without field "{2}". Remove that step first, or let it ask something else.`,
	UsedByInput:     `step "{1}" asks a source with "{2}" (at {3}). Give something else there first, or remove that step.`,
	UsedByRetention: `the retention period of "{1}" depends on "{2}". Change that period first.`,
	UsedByReference: `field "{1}" of "{2}" refers to entity "{3}". Remove that field first.`,
	UsedAsSubject:   `the zaak is about "{1}". Let it be about something else first, at process.subject.`,
	UsedByStep:      `step "{1}" cannot do without {2} "{3}". Give that step something else first, or remove it.`,
	UsedByPerson:    `field "{1}" is the number of whoever has role "{2}". Change person there first.`,
	UsedBySource:    `source "{1}" is asked for "{2}". Name another processing activity first, at purpose.activity.`,
	UsedLastField:   `"{1}" is the last field of "{2}". Remove the whole entity then, or give it another field first.`,
}

// enGrowTerms holds the English words in them.
var enGrowTerms = map[Term]string{
	TermEntity: `entity`, TermField: `field`, TermStep: `step`, TermRole: `role`, TermSource: `source`, TermActivity: `processing activity`,
}
