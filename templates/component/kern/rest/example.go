package rest

import "strings"

// invented are values by format, for a field without an example.
var invented = map[string]string{
	"date": "2026-01-12", "date-time": "2026-01-12T09:30:00Z", "email": "iemand@voorbeeld.test",
	"uri": "https://voorbeeld.test/", "uuid": "0198f7a0-0000-7000-8000-000000000001",
}

// exampleOf is a value that a schema takes: its example, or one made of what the
// schema says. Depth ends a schema that holds itself.
func exampleOf(s *schema, depth int) any {
	switch {
	case s.Example != nil:
		return s.Example
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.AllOf) > 0 && depth < 8:
		return exampleOf(s.AllOf[0].Value, depth+1)
	case len(s.Properties) > 0 && depth < 8:
		object := map[string]any{}
		for name, property := range s.Properties {
			object[name] = exampleOf(property.Value, depth+1)
		}
		return object
	}
	least := 1.0
	if s.Min != nil {
		least = *s.Min
	}
	switch {
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("integer"), s.Type.Is("number"):
		return least
	case s.Type.Is("string"):
		if text, ok := invented[s.Format]; ok {
			return text
		}
		text := strings.Repeat("tekst ", 1+int(s.MinLength)/6)
		if s.MaxLength != nil && int(*s.MaxLength) < len(text) {
			text = text[:*s.MaxLength]
		}
		return strings.TrimSpace(text)
	}
	return nil
}
