package adr

// unevaluated judges members that nothing else in the schema spoke of.
func (v *validator) unevaluated(schema, k, value *node, into *[]mistake) bool {
	if k.kind == isBool && k.text == "true" {
		return true
	}
	done := map[string]bool{}
	if v.evaluated(schema, value, done, 0) {
		return true
	}
	ok := true
	for _, c := range value.children {
		if !done[c.key] {
			ok = v.valid(k, c, into) && ok
		}
	}
	return ok
}

// evaluated adds to done the members of which a schema speaks, in itself or by way of
// schemas that the value meets. True when it speaks of all.
func (v *validator) evaluated(schema, value *node, done map[string]bool, depth int) (all bool) {
	if v.steps += 1 + schema.size(); !schema.is(isObject) || depth > maxRefs || v.unsure {
		return false
	}
	for _, k := range schema.children {
		switch k.key {
		case "properties":
			for _, c := range value.children {
				if k.child(c.key) != nil {
					done[c.key] = true
				}
			}
		case "patternProperties":
			for _, c := range value.children {
				for _, s := range k.children {
					if v.matches(s.key, c.key) {
						done[c.key] = true
					}
				}
			}
		case "additionalProperties":
			return true
		case "unevaluatedProperties":
			if depth > 0 {
				return true
			}
		default:
			if v.evaluatedBy(schema, k, value, done, depth+1) {
				return true
			}
		}
	}
	return false
}

func (v *validator) evaluatedBy(schema, k, value *node, done map[string]bool, depth int) (all bool) {
	switch k.key {
	case "$ref":
		return v.evaluated(v.target(k), value, done, depth)
	case "$dynamicRef":
		return v.evaluated(v.meta, value, done, depth)
	case "allOf":
		for _, s := range k.children {
			all = v.evaluated(s, value, done, depth) || all
		}
	case "anyOf", "oneOf":
		for _, s := range k.children {
			if v.valid(s, value, nil) {
				all = v.evaluated(s, value, done, depth) || all
			}
		}
	case "if":
		branch := "else"
		if v.valid(k, value, nil) {
			all = v.evaluated(k, value, done, depth)
			branch = "then"
		}
		all = v.evaluated(schema.get(branch), value, done, depth) || all
	case "dependentSchemas":
		for _, s := range k.children {
			if value.child(s.key) != nil {
				all = v.evaluated(s, value, done, depth) || all
			}
		}
	}
	return all
}
