package probe

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// api is what the description of an API says that a look needs.
type api struct {
	OpenAPI string `json:"openapi"`
	Info    struct {
		Version string `json:"version"`
	} `json:"info"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Security   []map[string]any                      `json:"security"`
	Components struct {
		Parameters    map[string]json.RawMessage `json:"parameters"`
		RequestBodies map[string]json.RawMessage `json:"requestBodies"`
		Schemas       map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`
}

// operation is what is asked of one operation.
type operation struct {
	path     string
	secured  bool
	required bool     // a parameter or a header without which it cannot be called
	judged   []string // parameters in the query of which a wrong value can be made
	wrong    []string // such a value for each
	json     bool     // needs a body, and JSON is all it takes
}

type rawOperation struct {
	Parameters  []json.RawMessage `json:"parameters"`
	Security    *[]map[string]any `json:"security"`
	RequestBody json.RawMessage   `json:"requestBody"`
}

type parameter struct {
	Ref      string          `json:"$ref"`
	Name     string          `json:"name"`
	In       string          `json:"in"`
	Required bool            `json:"required"`
	Schema   json.RawMessage `json:"schema"`
}

type schema struct {
	Ref    string `json:"$ref"`
	Type   any    `json:"type"` // a list of them in 3.1
	Format string `json:"format"`
	Enum   []any  `json:"enum"`
}

type requestBody struct {
	Ref      string                     `json:"$ref"`
	Required bool                       `json:"required"`
	Content  map[string]json.RawMessage `json:"content"`
}

// maxRefs is how many references are followed from one place: they may go round.
const maxRefs = 8

// operations lists the operations of a method at an address that is known as it stands:
// without a part to fill in.
func (a *api) operations(method string) []operation {
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(a.Paths)) {
		item := a.Paths[path]
		raw, there := item[strings.ToLower(method)]
		if !there || !strings.HasPrefix(path, "/") || path == "/" || strings.ContainsAny(path, "{}?#%") || strings.HasSuffix(path, "/") || strings.HasPrefix(path, "/openapi.") || strings.Contains(path, "..") {
			continue
		}
		var o rawOperation
		if json.Unmarshal(raw, &o) != nil {
			continue
		}
		if shared := item["parameters"]; shared != nil {
			var more []json.RawMessage
			if json.Unmarshal(shared, &more) == nil {
				o.Parameters = append(o.Parameters, more...)
			}
		}
		op := operation{path: path, secured: secured(a.Security)}
		if o.Security != nil {
			op.secured = secured(*o.Security)
		}
		for _, one := range o.Parameters {
			op.parameter(a.parameter(one), a)
		}
		op.json = method == http.MethodPost && a.takesJSON(o.RequestBody)
		all = append(all, op)
	}
	return all
}

// secured says whether one of the ways in asks for something.
func secured(ways []map[string]any) bool {
	return len(ways) > 0 && !slices.ContainsFunc(ways, func(way map[string]any) bool { return len(way) == 0 })
}

func (o *operation) parameter(p parameter, a *api) {
	if p.Required && p.In != "path" {
		o.required = true
	}
	if p.In != "query" || p.Name == "" {
		return
	}
	if value := a.wrong(p.Schema); value != "" {
		o.judged, o.wrong = append(o.judged, p.Name), append(o.wrong, value)
	}
}

func (a *api) parameter(raw json.RawMessage) (p parameter) {
	for range maxRefs {
		p = parameter{}
		if json.Unmarshal(raw, &p) != nil {
			return parameter{}
		}
		name, local := strings.CutPrefix(p.Ref, "#/components/parameters/")
		if !local {
			return p
		}
		raw = a.Components.Parameters[name]
	}
	return parameter{}
}

// wrong makes a value that the schema of a parameter does not allow; "" when it allows
// all, or when that is not certain.
func (a *api) wrong(raw json.RawMessage) string {
	var s schema
	for range maxRefs {
		s = schema{}
		if len(raw) == 0 || json.Unmarshal(raw, &s) != nil {
			return ""
		}
		name, local := strings.CutPrefix(s.Ref, "#/components/schemas/")
		if !local {
			break
		}
		raw = a.Components.Schemas[name]
	}
	switch {
	case s.Ref != "":
		return ""
	case s.Type == "integer" || s.Type == "number":
		return "geen-getal"
	case s.Type == "string" && (s.Format == "date" || s.Format == "date-time"):
		return "geen-datum"
	case s.Type == "string" && len(s.Enum) > 0 && !slices.Contains(s.Enum, any("fieldlab-onbekend")):
		return "fieldlab-onbekend"
	}
	return ""
}

// takesJSON says whether a body must be there and may be JSON alone: what is no JSON has
// to be refused then, and is never stored.
func (a *api) takesJSON(raw json.RawMessage) bool {
	for range maxRefs {
		var b requestBody
		if len(raw) == 0 || json.Unmarshal(raw, &b) != nil {
			return false
		}
		name, local := strings.CutPrefix(b.Ref, "#/components/requestBodies/")
		if local {
			raw = a.Components.RequestBodies[name]
			continue
		}
		if !b.Required || len(b.Content) == 0 {
			return false
		}
		for kind := range b.Content {
			kind, _, _ = strings.Cut(strings.ToLower(kind), ";")
			if kind != "application/json" && !strings.HasSuffix(kind, "+json") {
				return false
			}
		}
		return true
	}
	return false
}
