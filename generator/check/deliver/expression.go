package deliver

import "strings"

// lookup follows .Values.a.b, .Chart.x; known is false when it is neither, or when the
// values of a user decide.
func (c *chart) lookup(ref string) (value *node, known bool) {
	parts := strings.Split(strings.TrimPrefix(ref, "."), ".")
	switch parts[0] {
	case "Values":
		return c.values.get(parts[1:]...)
	case "Chart":
		if len(parts) == 2 {
			name := strings.ToLower(parts[1][:min(1, len(parts[1]))]) + parts[1][min(1, len(parts[1])):]
			return c.file.get(name)
		}
	}
	return nil, false
}

// reference is the full form of a plain reference such as .Values.a, $.Values.a or .a in
// the scope of a with; "?" for anything else.
func reference(text, dot string) string {
	text = strings.TrimSpace(text)
	text = strings.TrimPrefix(text, "$")
	switch {
	case text == "." && dot != "":
		return dot
	case !isReference(text):
		return "?"
	case strings.HasPrefix(text, ".Values.") || strings.HasPrefix(text, ".Chart."):
		return text
	case dot == "" || dot == "?":
		return "?"
	default:
		return dot + text
	}
}

// isReference says whether a text is names with dots in front.
func isReference(text string) bool {
	if len(text) < 2 || text[0] != '.' {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if c != '.' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// valuesIn is the one value that an expression is about; "" when that does not show.
func valuesIn(action, dot string) string {
	found := ""
	for _, word := range strings.FieldsFunc(action, func(r rune) bool { return strings.ContainsRune(" ()|,\t", r) }) {
		at := strings.Index(word, ".Values.")
		switch {
		case at >= 0 && isReference(word[at:]):
			if found != "" && found != word[at:] {
				return ""
			}
			found = word[at:]
		case word == "." && dot != "" && dot != "?" && found == "":
			found = dot
		case isReference(word) && dot != "" && dot != "?" && found == "":
			found = dot + word
		}
	}
	return found
}

// off says whether a condition is false with the values of the chart; false when that
// does not show.
func (c *chart) off(condition, dot string) bool {
	condition = strings.TrimSpace(condition)
	if rest, ok := strings.CutPrefix(condition, "not "); ok {
		on, known := c.truth(rest, dot)
		return known && on
	}
	if rest, ok := strings.CutPrefix(condition, "and "); ok && !strings.ContainsAny(rest, "()") {
		for word := range strings.FieldsSeq(rest) {
			if on, known := c.truth(word, dot); known && !on {
				return true
			}
		}
		return false
	}
	on, known := c.truth(condition, dot)
	return known && !on
}

// truth is whether a reference has a value that counts as true.
func (c *chart) truth(ref, dot string) (on, known bool) {
	full := reference(ref, dot)
	if !strings.HasPrefix(full, ".Values.") {
		return false, false
	}
	value, known := c.lookup(full)
	if !known {
		return false, false
	}
	if value.isEmpty() || value.text == "false" || value.text == "0" {
		return false, true
	}
	return true, true
}

// word is what a scalar comes to with the values of the chart; known is false when that
// does not show. from is the value that decided, when it stands in values.yaml.
func (c *chart) word(n *node) (text string, from *node, known bool) {
	if n == nil {
		return "", nil, true
	}
	if n.open && n.text == "" {
		return "", nil, false
	}
	return c.filled(n.text, n.dot, 0)
}

// filled puts the values in a text with expressions.
func (c *chart) filled(text, dot string, depth int) (out string, from *node, known bool) {
	var b strings.Builder
	for {
		at := strings.Index(text, "{{")
		if at < 0 {
			b.WriteString(text)
			return unquoted(strings.TrimSpace(b.String())), from, true
		}
		end := strings.Index(text[at:], "}}")
		if end < 0 {
			return "", nil, false
		}
		value, origin, ok := c.evaluate(expressionOf(text[at:at+end+2]), dot, depth)
		if !ok {
			return "", nil, false
		}
		b.WriteString(text[:at] + value)
		if origin != nil {
			from = origin
		}
		text = text[at+end+2:]
	}
}

// evaluate is the value of one expression: a reference, defaults, an include of one line.
func (c *chart) evaluate(action, dot string, depth int) (text string, from *node, known bool) {
	if name, isInclude := includeOf(action); isInclude {
		return c.oneLine(name, depth)
	}
	parts := strings.Split(action, "|")
	text, from, known = c.operand(strings.TrimSpace(parts[0]), dot)
	if !known {
		return "", nil, false
	}
	for _, filter := range parts[1:] {
		word, rest, _ := strings.Cut(strings.TrimSpace(filter), " ")
		switch word {
		case "quote", "squote", "toString", "int", "int64", "trim", "toYaml", "trunc", "lower", "b64enc", "nindent", "indent":
		case "default":
			if text == "" || text == "false" || text == "0" {
				if text, from, known = c.operand(strings.TrimSpace(rest), dot); !known {
					return "", nil, false
				}
			}
		default:
			return "", nil, false
		}
	}
	return text, from, true
}

// operand is a text in quotes, a number, a reference, or default X Y.
func (c *chart) operand(text, dot string) (value string, from *node, known bool) {
	if rest, ok := strings.CutPrefix(text, "default "); ok {
		other, ref, _ := strings.Cut(strings.TrimSpace(rest), " ")
		value, from, known = c.operand(strings.TrimSpace(ref), dot)
		if known && value == "" {
			return c.operand(other, dot)
		}
		return value, from, known
	}
	for _, function := range []string{"quote ", "toYaml ", "int "} {
		text = strings.TrimPrefix(text, function)
	}
	text = strings.TrimSpace(strings.Trim(text, "()"))
	if full := reference(text, dot); full != "?" {
		n, known := c.lookup(full)
		if n != nil && (n.isMap || n.isSeq) {
			return "", n, false
		}
		return n.word(), n, known
	}
	if isLiteral(text) {
		return unquoted(text), nil, true
	}
	return "", nil, false
}

func isLiteral(text string) bool {
	if unquoted(text) != text || text == "true" || text == "false" {
		return !strings.Contains(text, " ")
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// oneLine is what a template of one line comes to.
func (c *chart) oneLine(name string, depth int) (text string, from *node, known bool) {
	if depth >= maxIncludes {
		return "", nil, false
	}
	only := ""
	for _, line := range c.defines[name] {
		trimmed := strings.TrimSpace(line.text)
		if trimmed == "" {
			continue
		}
		if only != "" {
			return "", nil, false
		}
		only = trimmed
	}
	if only == "" {
		return "", nil, false
	}
	return c.filled(only, "", depth+1)
}
