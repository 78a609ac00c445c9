package workshop

// DieBefore lets a test end a run before each change.
func (r *BackRequest) DieBefore(f func(what string) error) { r.before = f }

// Colours are those of the first teams.
func Colours() []string { return colours[:] }

// NewCodes makes teamcodes.
var NewCodes = newCodes

// TeamsOf gives every team what is its own.
var TeamsOf = teamsOf

// OwnNames are the names of the components of teams.
var OwnNames = names
