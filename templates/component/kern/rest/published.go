package rest

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Published is what the published specification says of who publishes it, in the
// place of what stands in the file: one program serves more than one organisation.
// What is zero stays as it is.
type Published struct {
	Contact *Contact
	Server  string // address of the API with its version
	// Texts in title and description, of the API and of its tags: one, and what comes
	// in its place, and so on.
	Info, Tags []string
}

// Contact is who answers questions about an API.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Over gives the specification, as JSON, as it is published.
func (p Published) Over(spec []byte) ([]byte, error) {
	if p.Contact == nil && p.Server == "" && len(p.Info)+len(p.Tags) == 0 {
		return spec, nil
	}
	var doc object
	if err := json.Unmarshal(spec, &doc); err != nil {
		return nil, fmt.Errorf("de specificatie zoals die gepubliceerd wordt: %w", err)
	}
	info := at(doc, "info")
	if p.Contact != nil {
		info["contact"] = p.Contact
	}
	if p.Server != "" {
		doc["servers"] = []object{{"url": p.Server, "description": "Het adres van deze API in productie."}}
	}
	instead([]any{info}, p.Info)
	tags, _ := doc["tags"].([]any)
	instead(tags, p.Tags)
	return json.Marshal(doc)
}

// instead puts texts in the place of others in the title and the description of
// parts of a specification.
func instead(parts []any, texts []string) {
	replacer := strings.NewReplacer(escaped(texts)...)
	for _, part := range parts {
		one, _ := part.(object)
		for _, key := range []string{"title", "description"} {
			if given, ok := one[key].(string); ok {
				one[key] = replacer.Replace(given)
			}
		}
	}
}

// escaped writes texts as a description has them: in CommonMark < begins HTML.
func escaped(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = strings.ReplaceAll(text, "<", "&lt;")
	}
	return all
}
