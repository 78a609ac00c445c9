package check

// ConfigName is the file in which a team says what it decided about the check. A
// repository needs none.
const ConfigName = "fieldlab-check.yaml"

// Config is what stands in it.
type Config struct {
	FailOn     Severity            // findings from this severity on fail the check; "" is Error
	API        []string            // descriptions of the API of this repository itself, when the names do not tell
	Ignore     []string            // what is not this project's, as patterns of path.Match or folders ending in /
	Layers     map[string][]string // folders of each layer ("interactie", "proces", "integratie", "diensten", "gegevens"), when the names do not tell
	Exceptions []Exception
}

// Exception is a finding that somebody accepted for a while.
type Exception struct {
	Rule   string
	Path   string // "" is everywhere
	Reason string
	Until  string // the last day, as 2006-01-02
	Line   int    // in the file
}

// accept marks a finding that an exception covers.
func (c Config) accept(f Finding) Finding {
	for _, e := range c.Exceptions {
		if e.Rule == f.Rule && (e.Path == "" || e.Path == f.Path) {
			f.Accepted, f.Until = e.Reason, e.Until
			break
		}
	}
	return f
}
