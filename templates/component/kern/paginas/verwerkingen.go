package paginas

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Processing is one processing activity as the register of the organisation (AVG
// article 30) has it, as far as this component knows.
type Processing struct {
	logboek.Activity
	Kept    bool // zaken, and what they are about, are kept for it
	Sources []ProcessingSource
}

// ProcessingSource is a source that is asked something for an activity.
type ProcessingSource struct {
	Title  string
	Fields []string // what is used of an answer, as people read it
}

// processingView is the page.
type processingView struct {
	Activities []Processing
	Asked      []string // what the forms ask
}

// asked are the titles of all that the forms ask, each once.
func (s *site) asked() []string {
	var all []string
	seen := map[string]bool{}
	for _, screen := range s.Screens {
		for _, f := range screen.Fields {
			if title := strings.TrimSuffix(f.Label, "?"); !seen[f.Name] {
				seen[f.Name] = true
				all = append(all, title)
			}
		}
	}
	return all
}

// processingPage shows for what personal data is processed here: a person must be
// able to know before giving any (AVG article 13).
func (s *site) processingPage(v *visit) error {
	return v.render(http.StatusOK, "verwerkingsactiviteiten", "Verwerking van persoonsgegevens", processingView{s.Processing, s.asked()})
}

// An activity in the register. The names are those of the model of the register of
// verwerkingsactiviteiten of VNG (gemma-verwerkingenlogging, Verwerkingsactiviteit).
type (
	processingEntry struct {
		ID           string          `json:"id"`
		Name         string          `json:"naam"`
		Organisation string          `json:"verantwoordelijkeOrganisatie"`
		Purpose      string          `json:"doel"`
		Grondslag    string          `json:"grondslag"`
		Explanation  string          `json:"toelichtingGrondslag,omitempty"`
		Retention    string          `json:"bewaartermijn,omitempty"`
		Origins      []string        `json:"herkomst"`
		Data         []processedData `json:"verwerktePersoonsgegevens"`
	}
	processedData struct {
		Role string `json:"rolBetrokkene"`
		Name string `json:"naam"`
		From string `json:"herkomst"`
	}
)

const fromBetrokkene = "Betrokkene"

// processingFile is the same for machines: the register of the organisation can
// take it in.
func (s *site) processingFile(v *visit) error {
	entries := []processingEntry{}
	role := fromBetrokkene
	if begins := s.role(s.start().Role); begins.Outside() {
		role = begins.Title
	}
	for _, p := range s.Processing {
		e := processingEntry{ID: p.URI, Name: p.Title, Organisation: s.Organisation, Purpose: p.Purpose, Grondslag: p.Grondslag,
			Explanation: p.Explanation, Retention: p.Retention, Origins: []string{}, Data: []processedData{}}
		if p.Kept {
			e.Origins = append(e.Origins, fromBetrokkene)
			for _, title := range s.asked() {
				e.Data = append(e.Data, processedData{role, title, fromBetrokkene})
			}
		}
		for _, b := range p.Sources {
			e.Origins = append(e.Origins, b.Title)
			for _, title := range b.Fields {
				e.Data = append(e.Data, processedData{role, title, b.Title})
			}
		}
		entries = append(entries, e)
	}
	raw, err := json.MarshalIndent(map[string]any{"verwerkingsactiviteiten": entries}, "", "  ")
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Access-Control-Allow-Origin", "*") // public, and the same for everybody
	_, err = v.w.Write(raw)
	return err
}
