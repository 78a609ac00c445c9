package problem

// Adding, renaming and removing (package grow). A key is that of what stands in
// the way.
const (
	// GrowTaken: {1} is the name, {2} the kind, {3} the name that exists.
	GrowTaken Code = "grow-taken"
	// GrowUnknown: {1} is the kind, {2} the name, {3} those that exist.
	GrowUnknown Code = "grow-unknown"
	// GrowNone: {1} is the kind, {2} the name; there is none of that kind.
	GrowNone Code = "grow-none"
	// GrowNamed: {1} is the kind, {2} the name that it has already.
	GrowNamed Code = "grow-named"
	// GrowWhichEntity: {1} is the field, {2} are the entities that have it.
	GrowWhichEntity Code = "grow-which-entity"
	// GrowNotSubject: {1} is the field, {2} its entity.
	GrowNotSubject Code = "grow-not-subject"
	// GrowNotForm: {1} is the step, {2} are the forms.
	GrowNotForm Code = "grow-not-form"
	// GrowStandard is: nobody wrote the steps of the process.
	GrowStandard Code = "grow-standard"
	// GrowWhichOutcome: {1} is the step, {2} are its outcomes.
	GrowWhichOutcome Code = "grow-which-outcome"
	// GrowOutcomeUnknown: {1} is the step, {2} the outcome, {3} are its outcomes.
	GrowOutcomeUnknown Code = "grow-outcome-unknown"
	// GrowAfterEnd: {1} is the step.
	GrowAfterEnd Code = "grow-after-end"
	// GrowTo: {1} is the step, {2} are the steps to choose from.
	GrowTo Code = "grow-to"
	// GrowSourceLess: {1} is the source; nobody said where its questions come from.
	GrowSourceLess Code = "grow-source-less"
	// UsedByForm: {1} is the step, {2} the field.
	UsedByForm Code = "used-by-form"
	// UsedByInput: {1} is the step, {2} what is asked, {3} the parameter.
	UsedByInput Code = "used-by-input"
	// UsedByRetention: {1} is the entity, {2} the field, the result or the step.
	UsedByRetention Code = "used-by-retention"
	// UsedByReference: {1} is the field, {2} where it is, {3} the entity.
	UsedByReference Code = "used-by-reference"
	// UsedAsSubject: {1} is the entity.
	UsedAsSubject Code = "used-as-subject"
	// UsedByStep: {1} is the step, {2} the kind, {3} the name.
	UsedByStep Code = "used-by-step"
	// UsedByPerson: {1} is the field, {2} the role.
	UsedByPerson Code = "used-by-person"
	// UsedBySource: {1} is the source, {2} the activity.
	UsedBySource Code = "used-by-source"
	// UsedLastField: {1} is the field, {2} the entity.
	UsedLastField Code = "used-last-field"
)

// The kinds of what can be added, renamed and removed.
const (
	TermEntity   Term = "kind-entity"
	TermField    Term = "kind-field"
	TermStep     Term = "kind-step"
	TermRole     Term = "kind-role"
	TermSource   Term = "kind-source"
	TermActivity Term = "kind-activity"
)
