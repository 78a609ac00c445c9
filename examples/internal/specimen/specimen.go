// Package specimen makes requests out of a specification, for what tries a component whose
// register it does not know.
package specimen

import "strings"

// At walks down keys.
func At(document any, keys ...string) any {
	for _, key := range keys {
		object, _ := document.(map[string]any)
		document = object[key]
	}
	return document
}

// Value is a value that a schema allows: what is required, as the specification
// shows it.
func Value(spec, schema any) any {
	object, _ := schema.(map[string]any)
	if ref, ok := object["$ref"].(string); ok {
		return Value(spec, At(spec, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...))
	}
	if value, ok := object["example"]; ok {
		return value
	}
	if all, ok := object["allOf"].([]any); ok && len(all) > 0 {
		return Value(spec, all[0])
	}
	if values, ok := object["enum"].([]any); ok && len(values) > 0 {
		return values[0]
	}
	switch object["type"] {
	case "object":
		made := map[string]any{}
		required, _ := object["required"].([]any)
		for _, name := range required {
			if name, ok := name.(string); ok {
				made[name] = Value(spec, At(object, "properties", name))
			}
		}
		return made
	case "integer", "number":
		return 1
	case "boolean":
		return true
	}
	return "voorbeeld"
}
