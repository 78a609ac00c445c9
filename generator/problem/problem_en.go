package problem

// enForm holds the English texts on form and names: what is wrong, then what to do.
var enForm = map[Code]string{
	FileTooLarge:      `the file is larger than {1}. Make it smaller; sample data belongs in a file of its own.`,
	FileEmpty:         `the file is empty. Begin with "version: 1", or make one with "fieldlab new".`,
	NotUTF8:           `byte {1} is not UTF-8. Save the file as UTF-8.`,
	NotYAML:           `this is not valid YAML ({1}). Check indentation, colons and quotes here.`,
	ColonInText:       `there is a colon and a space in the middle of a text here. Put the text in quotes: "…".`,
	NeedsQuotes:       `this value begins with a character that means something else in YAML. Put it in quotes: "…".`,
	NotClosed:         `a quote or bracket opens here without closing, or the other way around. Put text with a ' in it between "…".`,
	TabIndent:         `this line is indented with a tab. Use spaces.`,
	ControlCharacter:  `there is an invisible character here ({1}). Remove it.`,
	TooDeep:           `the nesting is deeper than {1} levels. This format is not that deep; check the brackets.`,
	TooMany:           `the file has more than {1} values. Make it smaller.`,
	MultipleDocuments: `a second document (---) begins here. Put all answers in one document.`,
	AnchorUsed:        `anchors (&{1}) cannot be used here. Write the value in full.`,
	AliasUsed:         `aliases (*{1}) cannot be used here. Write the value in full.`,
	TagUsed:           `the tag {1} cannot be used here. Remove it.`,
	MergeUsed:         `merging with << cannot be used here. Write the keys in full.`,
	KeyNotText:        `a key must be a word. Write a word followed by a colon.`,
	KeyDuplicate:      `"{1}" is here for the second time; first on line {2}. Remove one of them.`,
	KeyUnknown:        `"{1}" does not exist here. Choose from {2}.`,
	KeyMissing:        `"{1}" is missing. Add it.`,
	WantMapping:       `keys with values are expected here, not {1}. Write for example "name: value".`,
	WantList:          `a list is expected here, not {1}. Begin the lines with a dash or use [a, b].`,
	WantText:          `text is expected here, not {1}. Write one value.`,
	WantInteger:       `a whole number is expected here, not {1}.`,
	WantNumber:        `a number is expected here, not {1}. Write a thousand as 1000, without a point, and use a point for decimals.`,
	WantBoolean:       `true or false is expected here, not {1}.`,
	ValueIsComment:    `after a space # begins a comment, so {1} does not count. Put quotes around it: "{1}".`,
	ValueEmpty:        `this value is empty. Fill it in.`,
	ValueUnknown:      `"{1}" cannot be used here. Choose from {2}.`,
	VersionNewer:      `version {1} of this format is newer than this fieldlab knows ({2}). Update fieldlab.`,
	VersionUnknown:    `version {1} of this format does not exist. Write "version: 1".`,
	MoreProblems:      `and {1} more. Solve these first.`,
	SetForm:           `"{1}" is not key=value. Write for example --set component.title="Moving house".`,
	SetPath:           `"{1}" is not a place in the answers. Write for example register[0].fields[1].title.`,
	SetNotText:        `"{1}" holds a character that cannot be in the file. Remove it.`,
	RewriteByHand:     `this cannot be put in the file neatly. Do it by hand; what belongs here is: {1}`,

	NameUnusable:  `"{1}" has no letter or digit. Give a name with letters.`,
	NameCollision: `"{1}" and "{2}" both become {3}. Give one of them another name.`,
	NameReserved:  `"{1}" is already used by the component itself ({2}). Choose another name.`,
}

// enFormTerms holds the English words in them.
var enFormTerms = map[Term]string{
	TermNothing: `nothing`,
	TermText:    `text`,
	TermList:    `a list`,
	TermMapping: `keys with values`,
}
