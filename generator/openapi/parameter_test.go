package openapi

import "testing"

func TestParameterValues(t *testing.T) {
	d, err := Read([]byte(`{"openapi": "3.1.0", "info": {}, "paths": {"/x/{nummer}": {"get": {"operationId": "x", "parameters": [
		{"name": "nummer", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Nummer"}},
		{"name": "vak", "in": "query", "schema": {"type": "integer", "maximum": 3}},
		{"name": "soort", "in": "query", "schema": {"type": "array", "items": {"enum": ["gft", "rest"]}}},
		{"name": "vol", "in": "query", "schema": {"type": "boolean"}},
		{"name": "vrij", "in": "query"}], "responses": {}}}},
		"components": {"schemas": {"Nummer": {"type": "string", "pattern": "^\\d{7}$"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	o := d.Operation("x")
	if _, err := o.Question(nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, value string
		want        bool
	}{
		{"nummer", "0012345", true}, {"nummer", "Nummer 1", false}, {"vak", "3", true}, {"vak", "4", false}, {"vak", "drie", false},
		{"soort", "rest", true}, {"soort", "glas", false}, {"vol", "true", true}, {"vol", "ja", false}, {"vrij", "ja", true}, {"onbekend", "ja", true},
	} {
		if got := o.Takes(test.name, test.value); got != test.want {
			t.Errorf("%s %q: %t", test.name, test.value, got)
		}
	}
	for _, name := range []string{"nummer", "vak", "soort", "vol"} {
		for n := range 3 {
			if value := o.Sample(name, n); value == "" || !o.Takes(name, value) {
				t.Errorf("%s %d: %q", name, n, value)
			}
		}
	}
	if o.Sample("onbekend", 0) != "" {
		t.Error("a value for what nobody knows")
	}
}
