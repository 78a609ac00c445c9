package workshop

// journalFile says that somebody is catching up, or was when that was killed.
const journalFile = "inhalen.json"
