package problem

// Packs of somebody else (package pack). The file is that of the pack.
const (
	// PackNoYAML: a pack without pack.yaml.
	PackNoYAML Code = "pack-no-yaml"
	// PackEmpty: a pack with neither files nor a header.
	PackEmpty Code = "pack-empty"
	// PackUnknown: {1} is what lies beside pack.yaml.
	PackUnknown Code = "pack-unknown"
	// PackNotRegular: a link, device or the like.
	PackNotRegular Code = "pack-not-regular"
	// PackUnreadable: {1} is what the system said.
	PackUnreadable Code = "pack-unreadable"
	// PackTooMany: {1} and {2} are the most files and folders.
	PackTooMany Code = "pack-too-many"
	// PackTooManyMade: {1} is the most files of a component.
	PackTooManyMade Code = "pack-too-many-made"
	// PackTooLarge: {1} is the most bytes of a file.
	PackTooLarge Code = "pack-too-large"
	// PackTotal: {1} is the most bytes of a pack.
	PackTotal Code = "pack-total"
	// PackTooDeep: {1} is the deepest level of folders.
	PackTooDeep Code = "pack-too-deep"
	// PackPath: {1} is what is wrong with a path.
	PackPath Code = "pack-path"
	// PackForbidden: {1} is the rule, {2} its reason.
	PackForbidden Code = "pack-forbidden"
	// PackTwice: {1} is the other file.
	PackTwice Code = "pack-twice"
	// PackCase: {1} is the path of fieldlab.
	PackCase Code = "pack-case"
	// PackInTheWay: {1} is what is a file there and a folder here, or the other way around.
	PackInTheWay Code = "pack-in-the-way"
	// PackClash: {1} is what is wrong with a path of the component.
	PackClash Code = "pack-clash"
	// PackSegments: {1} are the segments.
	PackSegments Code = "pack-segments"
	// PackSegmentStatic: a file for each item that is no template.
	PackSegmentStatic Code = "pack-segment-static"
	// PackNotText: bytes that are no UTF-8.
	PackNotText Code = "pack-not-text"
	// PackNotYAML: {1} is what the parser of YAML said.
	PackNotYAML Code = "pack-not-yaml"
	// PackKeyUnknown: {1} is the key, {2} are those that exist.
	PackKeyUnknown Code = "pack-key-unknown"
	// PackKeyTwice: {1} is the key.
	PackKeyTwice Code = "pack-key-twice"
	// PackKeyMissing: {1} is the key.
	PackKeyMissing Code = "pack-key-missing"
	// PackKeyText: {1} is the key.
	PackKeyText Code = "pack-key-text"
	// PackKeyCharacter: {1} is the key, {2} the character.
	PackKeyCharacter Code = "pack-key-character"
	// PackKeyLong: {1} is the key, {2} the longest line.
	PackKeyLong Code = "pack-key-long"
	// PackKeyLines: {1} is the key, {2} the most lines.
	PackKeyLines Code = "pack-key-lines"
	// PackFormName: {1} is the name.
	PackFormName Code = "pack-form-name"
	// PackFormVersion: {1} is the version.
	PackFormVersion Code = "pack-form-version"
	// PackFormHeader: {1} is the header.
	PackFormHeader Code = "pack-form-header"
	// PackFormSum: {1} is the sum of a pack in the answers.
	PackFormSum Code = "pack-form-sum"
	// PackTemplate: {1} is what the template said.
	PackTemplate Code = "pack-template"
	// PackOutput: {1} is what is wrong, {2} the line of the output.
	PackOutput Code = "pack-output"
	// PackUnquoted: {1} is the value, {2} where it is printed.
	PackUnquoted Code = "pack-unquoted"
	// PackWrongQuoter: {1} is the quoter, {2} the kind of file.
	PackWrongQuoter Code = "pack-wrong-quoter"
	// PackNoQuoter: {1} is the quoter, {2} the kind of file.
	PackNoQuoter Code = "pack-no-quoter"
	// PackNotOffered: {1} is the function.
	PackNotOffered Code = "pack-not-offered"
	// PackNoField: {1} is the type, {2} the field, {3} where.
	PackNoField Code = "pack-no-field"
	// PackRecursion: {1} is how many may call each other.
	PackRecursion Code = "pack-recursion"
	// PackNested: {1} is the deepest level.
	PackNested Code = "pack-nested"
	// PackMakesMuch: {1} is the most bytes.
	PackMakesMuch Code = "pack-makes-much"
	// PackTooMuch: a template that does not end.
	PackTooMuch Code = "pack-too-much"
	// PackMalformed: {1} is the kind of file, {2} what is wrong.
	PackMalformed Code = "pack-malformed"
	// PackNotFormatted: Go that gofmt would change.
	PackNotFormatted Code = "pack-not-formatted"
	// PackCgo: an import of C.
	PackCgo Code = "pack-cgo"
	// PackBuild: {1} is what go said.
	PackBuild Code = "pack-build"
)
