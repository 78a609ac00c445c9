package rest

// Has says whether the specification has an operation.
func (c *Contract) Has(method, pattern string) bool { return c.paths[pattern][method] != nil }

// Patterns lists the paths that take a method, sorted.
func (c *Contract) Patterns(method string) []string {
	var all []string
	for _, pattern := range keys(c.paths) {
		if c.Has(method, pattern) {
			all = append(all, pattern)
		}
	}
	return all
}
