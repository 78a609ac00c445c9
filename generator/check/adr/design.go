package adr

// design are the rules of the NL API Design Rules themselves.
func design() []rule { return nil }

// wholes are the rules that look at the repository as a whole.
func wholes() []whole { return nil }
