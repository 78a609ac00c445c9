package workshop

// codeLetters are the characters of a teamcode: none that looks like another when
// it is read from a screen or a sheet.
const codeLetters = "ACDEFGHJKMNPQRTUVWXY34679"
