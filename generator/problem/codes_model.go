package problem

// Component (package model).
const (
	// LoggedNumber: {1} is the text.
	LoggedNumber Code = "logged-number"
	// TextTooLong: {1} is the largest number of characters.
	TextTooLong Code = "text-too-long"
	// ListTooLong: {1} is the largest length.
	ListTooLong Code = "list-too-long"
	// DurationForm: {1} is the value.
	DurationForm Code = "duration-form"
	// DateForm: {1} is the value.
	DateForm Code = "date-form"
	// ComponentName: {1} is the name, {2} the largest length.
	ComponentName Code = "component-name"
	// OINForm: {1} is the value, {2} its length.
	OINForm Code = "oin-form"
	// TOOIForm: {1} is the value.
	TOOIForm Code = "tooi-form"
	// HTTPSForm: {1} is the value.
	HTTPSForm Code = "https-form"
	// EmailForm: {1} is the value.
	EmailForm Code = "email-form"
	// RepositoryForm: {1} is the value.
	RepositoryForm Code = "repository-form"
	// ColourForm: {1} is the value.
	ColourForm Code = "colour-form"
	// ColourContrast: {1} is the colour.
	ColourContrast Code = "colour-contrast"
	// ImageForm: {1} is the value.
	ImageForm Code = "image-form"
	// PortForm: {1} is the number, {2} and {3} the bounds.
	PortForm Code = "port-form"
	// DaysForm: {1} is the number.
	DaysForm Code = "days-form"
	// AudienceMissing: {1} is the audience, {2} a role.
	AudienceMissing Code = "audience-missing"
	// AudienceUnused: {1} is the audience.
	AudienceUnused Code = "audience-unused"
)

// FSC (package model).
const (
	// GroupForm: {1} is the value.
	GroupForm Code = "group-form"
	// AddressForm: {1} is the value.
	AddressForm Code = "address-form"
	// AddressPort: {1} is the value, {2} the allowed ports.
	AddressPort Code = "address-port"
	// AddressMixed: {1} is the value, {2} the port that was meant.
	AddressMixed Code = "address-mixed"
	// OutwayForm: {1} is the value.
	OutwayForm Code = "outway-form"
)

// Register (package model).
const (
	// RetentionDays: {1} is the period.
	RetentionDays Code = "retention-days"
	// RetentionKeep is: a period for what is kept for ever.
	RetentionKeep Code = "retention-keep"
	// RetentionField: {1} is the field, {2} its type.
	RetentionField Code = "retention-field"
	// RetentionFieldUnused: {1} is the start.
	RetentionFieldUnused Code = "retention-field-unused"
	// RetentionStart: {1} is the start, {2} the entity.
	RetentionStart Code = "retention-start"
	// RetentionDecision is: nobody decides in the process.
	RetentionDecision Code = "retention-decision"
	// RetentionResults: {1} is the entity.
	RetentionResults Code = "retention-results"
	// RetentionTwice: {1} is the result.
	RetentionTwice Code = "retention-twice"
	// ResultUnknown: {1} is the result.
	ResultUnknown Code = "result-unknown"
	// PluralSame: {1} is the name.
	PluralSame Code = "plural-same"
	// NotForType: {1} is the key, {2} the type.
	NotForType Code = "not-for-type"
	// FilterPersonal: {1} is the name.
	FilterPersonal Code = "filter-personal"
	// FilterNamed: {1} is the name.
	FilterNamed Code = "filter-named"
	// FilterParameter: {1} is the name.
	FilterParameter Code = "filter-parameter"
	// FilterLong: {1} is the length, {2} the longest.
	FilterLong Code = "filter-long"
	// NotStored: {1} is the key.
	NotStored Code = "not-stored"
	// OutOfRange: {1} is the number, {2} and {3} the bounds.
	OutOfRange Code = "out-of-range"
	// MinAboveMax: {1} is min, {2} is max.
	MinAboveMax Code = "min-above-max"
	// ValueInvalid: {1} is what was expected.
	ValueInvalid Code = "value-invalid"
	// BSNReal is: a BSN that may be of a real person.
	BSNReal Code = "bsn-real"
	// EnumTooFew is: an enum with less than two values.
	EnumTooFew Code = "enum-too-few"
	// EnumSame: {1} is the value, {2} the earlier one.
	EnumSame Code = "enum-same"
	// EntityUnknown: {1} is the name.
	EntityUnknown Code = "entity-unknown"
	// ReferenceCycle: {1} is the entity.
	ReferenceCycle Code = "reference-cycle"
	// DateName: {1} is the name.
	DateName Code = "date-name"
)

// Sources (package model).
const (
	// CatalogueAndOpenAPI is: both keys are given.
	CatalogueAndOpenAPI Code = "catalogue-and-openapi"
	// ServiceForm: {1} is the value.
	ServiceForm Code = "service-form"
	// PurposeActivity: {1} is the source.
	PurposeActivity Code = "purpose-activity"
	// PurposeFields: {1} is the source.
	PurposeFields Code = "purpose-fields"
	// ActivityUnknown: {1} is the name.
	ActivityUnknown Code = "activity-unknown"
	// SourceFieldForm: {1} is the value.
	SourceFieldForm Code = "source-field-form"
	// SourceFieldUnknown: {1} is the field, {2} the source.
	SourceFieldUnknown Code = "source-field-unknown"
	// SourceFieldTwice: {1} is the field, {2} the source, {3} places.
	SourceFieldTwice Code = "source-field-twice"
	// SourceFieldFree: {1} is the field, {2} the source, {3} objects that may hold it.
	SourceFieldFree Code = "source-field-free"
	// WarningTwice: {1} is the field.
	WarningTwice Code = "warning-twice"
	// WarningUnknown: {1} is the field, {2} the source.
	WarningUnknown Code = "warning-unknown"
	// PurposeNothing: {1} is the source, {2} the operation.
	PurposeNothing Code = "purpose-nothing"
	// ReasonUnknown: {1} is the field, {2} the source.
	ReasonUnknown Code = "reason-unknown"
	// StoredUnknown: {1} is the field, {2} the source.
	StoredUnknown Code = "stored-unknown"
	// StoredReason: {1} is the source.
	StoredReason Code = "stored-reason"
	// StoredNothing: {1} is the source.
	StoredNothing Code = "stored-nothing"
	// HeaderForm: {1} is the name.
	HeaderForm Code = "header-form"
	// HeaderValue: {1} is the name.
	HeaderValue Code = "header-value"
	// HeaderOwn: {1} is the name.
	HeaderOwn Code = "header-own"
	// HeaderSecret: {1} is the name.
	HeaderSecret Code = "header-secret"
	// AuthHeader: {1} is the name.
	AuthHeader Code = "auth-header"
	// NoOperations: {1} is the source.
	NoOperations Code = "no-operations"
	// OperationUnknown: {1} is the operation, {2} the source.
	OperationUnknown Code = "operation-unknown"
	// OperationMethod: {1} is the operation, {2} its method.
	OperationMethod Code = "operation-method"
	// OperationCreates: {1} is the operation.
	OperationCreates Code = "operation-creates"
	// PersonInAddress: {1} is the operation, {2} the parameter.
	PersonInAddress Code = "person-in-address"
	// PersonInAddressBody: {1} is the operation, {2} the parameter, {3} one that asks by a body.
	PersonInAddressBody Code = "person-in-address-body"
	// FieldsUnknown: {1} is the operation.
	FieldsUnknown Code = "fields-unknown"
	// PathForm: {1} is the value.
	PathForm Code = "path-form"
	// ParameterForm: {1} is the value.
	ParameterForm Code = "parameter-form"
	// Discriminator: {1} is the operation, {2} the property, {3} its values.
	Discriminator Code = "discriminator"
	// OpenAPIForm: {1} is the file.
	OpenAPIForm Code = "openapi-form"
	// OpenAPIEmpty: {1} is the file.
	OpenAPIEmpty Code = "openapi-empty"
	// OpenAPISwagger: {1} is the file.
	OpenAPISwagger Code = "openapi-swagger"
	// OpenAPIReference: {1} is the operation, {2} a reference out of the file or to nothing.
	OpenAPIReference Code = "openapi-reference"
	// QuestionUnfilled: {1} is the operation, {2} are headers and parts of a body.
	QuestionUnfilled Code = "question-unfilled"
	// OpenAPITooMuch: {1} is the operation, or the file.
	OpenAPITooMuch Code = "openapi-too-much"
	// FileOnWeb: {1} is the value.
	FileOnWeb Code = "file-on-web"
	// FilePath: {1} is the value, {2} a folder that may be used.
	FilePath Code = "file-path"
	// FileExtension: {1} is the file, {2} the allowed extensions.
	FileExtension Code = "file-extension"
	// FileNoFolder: {1} is the file.
	FileNoFolder Code = "file-no-folder"
	// FileMissing: {1} is the file.
	FileMissing Code = "file-missing"
	// FileUnreadable: {1} is the file.
	FileUnreadable Code = "file-unreadable"
	// SourceFileTooLarge: {1} is the file, {2} the largest size in MiB.
	SourceFileTooLarge Code = "source-file-too-large"
	// ExampleForm: {1} is the file, {2} what is wrong.
	ExampleForm Code = "example-form"
)

// Process (package model).
const (
	// NothingToDo is: neither register nor process.
	NothingToDo Code = "nothing-to-do"
	// RightsOutside: {1} is the right, {2} the role.
	RightsOutside Code = "rights-outside"
	// RoleAudience: {1} is the role.
	RoleAudience Code = "role-audience"
	// AnonymousEmployee: {1} is the role.
	AnonymousEmployee Code = "anonymous-employee"
	// PersonUnknown: {1} is the name.
	PersonUnknown Code = "person-unknown"
	// PersonEmployee: {1} is the role.
	PersonEmployee Code = "person-employee"
	// PersonAnonymous: {1} is the role.
	PersonAnonymous Code = "person-anonymous"
	// PersonType: {1} is the role, {2} the type, {3} the types that its login gives.
	PersonType Code = "person-type"
	// PersonLater: {1} is the field, {2} the role that begins.
	PersonLater Code = "person-later"
	// PersonLookup: {1} is the field, {2} the step.
	PersonLookup Code = "person-lookup"
	// RoleUnknown: {1} is the name.
	RoleUnknown Code = "role-unknown"
	// SourceUnknown: {1} is the name.
	SourceUnknown Code = "source-unknown"
	// StepUnknown: {1} is the name.
	StepUnknown Code = "step-unknown"
	// StepKey: {1} is the key, {2} the kind, {3} the keys it can have.
	StepKey Code = "step-key"
	// StepBoth is: both next and outcomes.
	StepBoth Code = "step-both"
	// StepNowhere: {1} is the step.
	StepNowhere Code = "step-nowhere"
	// OutcomeMissing: {1} is the outcome.
	OutcomeMissing Code = "outcome-missing"
	// OutcomesTooFew: {1} is the only outcome.
	OutcomesTooFew Code = "outcomes-too-few"
	// InlineTaken: {1} is the field, {2} the entity.
	InlineTaken Code = "inline-taken"
	// InlineType: {1} is the field, {2} the other type, {3} the other step.
	InlineType Code = "inline-type"
	// NoSubject: {1} is the field.
	NoSubject Code = "no-subject"
	// FieldUnknown: {1} is the field, {2} the entity.
	FieldUnknown Code = "field-unknown"
	// StartIsEnd: {1} is the step.
	StartIsEnd Code = "start-is-end"
	// SubjectNotAsked: {1} is the entity, {2} the first step.
	SubjectNotAsked Code = "subject-not-asked"
	// RequiredNotAsked: {1} is the field, {2} the entity.
	RequiredNotAsked Code = "required-not-asked"
	// NoEnd is: a process without an end.
	NoEnd Code = "no-end"
	// StepUnreachable: {1} is the step.
	StepUnreachable Code = "step-unreachable"
	// StepDeadEnd: {1} is the step.
	StepDeadEnd Code = "step-dead-end"
	// LookupCircle: {1} is the step.
	LookupCircle Code = "lookup-circle"
	// ParameterUnknown: {1} is the parameter, {2} the operation.
	ParameterUnknown Code = "parameter-unknown"
	// InputMissing: {1} are the parameters, {2} what there is to fill them with.
	InputMissing Code = "input-missing"
	// InputStandard is InputMissing in the process that nobody wrote.
	InputStandard Code = "input-standard"
	// InputNothing: {1} are the parameters, {2} is the step.
	InputNothing Code = "input-nothing"
	// InputNone: {1} are the parameters.
	InputNone Code = "input-none"
	// InputUnknown: {1} is the value, {2} what there is.
	InputUnknown Code = "input-unknown"
	// InputPart: {1} is the field, {2} the parts.
	InputPart Code = "input-part"
	// InputNoPart: {1} is the field, {2} its type.
	InputNoPart Code = "input-no-part"
	// InputNotInPurpose: {1} is the field, {2} the source.
	InputNotInPurpose Code = "input-not-in-purpose"
	// InputOrder: {1} is the source, {2} the step.
	InputOrder Code = "input-order"
	// InputNotAlways: {1} is the field, {2} the step.
	InputNotAlways Code = "input-not-always"
)

// What was expected of a value.
const (
	TermNotEmpty   Term = "not-empty"
	TermWhole      Term = "whole"
	TermNumber     Term = "number"
	TermDecimals   Term = "decimals"
	TermAtLeastMin Term = "at-least-min"
	TermAtMostMax  Term = "at-most-max"
	TermShorter    Term = "shorter"
	TermPrintable  Term = "printable"
	TermChecksum   Term = "checksum"
)
