package adr

// structural are the rules of what OpenAPI itself asks, as the official rulesets turn
// them on.
func structural() []rule { return nil }
