package rest

import "slices"

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

// Operations lists the operationIds of what asks a token, sorted, that the filter
// takes.
func (c *Contract) Operations(filter func(method, pattern string) bool) []string {
	var all []string
	for pattern, methods := range c.paths {
		for method, op := range methods {
			if !op.open && op.id != "" && filter(method, pattern) {
				all = append(all, op.id)
			}
		}
	}
	slices.Sort(all)
	return all
}
