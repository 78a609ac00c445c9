package problem

// Form of the answers file (package answers).
const (
	// FileTooLarge: {1} is the largest size.
	FileTooLarge Code = "file-too-large"
	// FileEmpty is a file without answers.
	FileEmpty Code = "file-empty"
	// NotUTF8: {1} is the position of the first wrong byte.
	NotUTF8 Code = "not-utf8"
	// NotYAML: {1} is what the YAML parser said.
	NotYAML Code = "not-yaml"
	// ColonInText is an unquoted text with a colon and a space in it.
	ColonInText Code = "colon-in-text"
	// NeedsQuotes is a text that begins with a character that YAML keeps for itself.
	NeedsQuotes Code = "needs-quotes"
	// NotClosed is a quote or bracket without its partner.
	NotClosed Code = "not-closed"
	// TabIndent is a line that is indented with a tab.
	TabIndent Code = "tab-indent"
	// ControlCharacter: {1} is the character as U+XXXX.
	ControlCharacter Code = "control-character"
	// TooDeep: {1} is the deepest level.
	TooDeep Code = "too-deep"
	// TooMany: {1} is the largest number of values.
	TooMany Code = "too-many"
	// MultipleDocuments is a second document (---) in one file.
	MultipleDocuments Code = "multiple-documents"
	// AnchorUsed: {1} is the anchor.
	AnchorUsed Code = "anchor"
	// AliasUsed: {1} is the alias.
	AliasUsed Code = "alias"
	// TagUsed: {1} is the tag.
	TagUsed Code = "tag"
	// MergeUsed is a merge key (<<).
	MergeUsed Code = "merge-key"
	// KeyNotText is a key that is itself a list or a mapping.
	KeyNotText Code = "key-not-text"
	// KeyDuplicate: {1} is the key, {2} the line of the first one.
	KeyDuplicate Code = "key-duplicate"
	// KeyUnknown: {1} is the key, {2} the keys that exist there.
	KeyUnknown Code = "key-unknown"
	// KeyMissing: {1} is the key.
	KeyMissing Code = "key-missing"
	// WantMapping: {1} is what was found.
	WantMapping Code = "want-mapping"
	// WantList: {1} is what was found.
	WantList Code = "want-list"
	// WantText: {1} is what was found.
	WantText Code = "want-text"
	// WantInteger: {1} is what was found.
	WantInteger Code = "want-integer"
	// WantNumber: {1} is what was found.
	WantNumber Code = "want-number"
	// WantBoolean: {1} is what was found.
	WantBoolean Code = "want-boolean"
	// ValueIsComment: {1} is a value that begins with # and has no quotes.
	ValueIsComment Code = "value-is-comment"
	// ValueEmpty is a required text that is empty.
	ValueEmpty Code = "value-empty"
	// ValueUnknown: {1} is the value, {2} the allowed ones.
	ValueUnknown Code = "value-unknown"
	// VersionNewer: {1} is the version of the file, {2} the newest that is known.
	VersionNewer Code = "version-newer"
	// VersionUnknown: {1} is the version of the file.
	VersionUnknown Code = "version-unknown"
	// MoreProblems: {1} is how many were left out.
	MoreProblems Code = "more-problems"
	// SetForm: {1} is the argument of --set.
	SetForm Code = "set-form"
	// SetPath: {1} is the key that leads nowhere.
	SetPath Code = "set-path"
	// SetNotText: {1} is the value of --set that cannot be written.
	SetNotText Code = "set-not-text"
	// RewriteByHand: {1} is what has to stand at the key.
	RewriteByHand Code = "rewrite-by-hand"
)

// Names (package naming, judged by package model).
const (
	// NameUnusable: {1} is the name; it has no letter or digit.
	NameUnusable Code = "name-unusable"
	// NameCollision: {1} is the name, {2} the earlier name, {3} the spelling they share.
	NameCollision Code = "name-collision"
	// NameReserved: {1} is the name, {2} the name that the component itself uses.
	NameReserved Code = "name-reserved"
)

// Term is an argument that is itself translated.
type Term string

// What can stand in an answers file.
const (
	TermNothing Term = "nothing"
	TermText    Term = "text"
	TermList    Term = "list"
	TermMapping Term = "mapping"
)

func (t Term) in(lang string) string {
	if lang == "en" {
		return enTerms[t]
	}
	return nlTerms[t]
}
