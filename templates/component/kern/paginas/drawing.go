package paginas

import (
	"bytes"
	"context"
	"html/template"
	"io"
	"net/http"
	"strconv"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// maxModel bounds a model that layer 4 sends.
const maxModel = 2 << 20

// model fetches a version of the process as BPMN; 0 for that of today.
func (s *site) model(ctx context.Context, u identity.User, version int) ([]byte, error) {
	what := call{method: http.MethodGet, path: "/proces/bpmn", user: u}
	if version != 0 {
		what.path, what.internal = "/processen/"+strconv.Itoa(version)+"/bpmn", true
	}
	resp, err := s.process.send(ctx, what)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return io.ReadAll(io.LimitReader(resp.Body, maxModel))
}

// picture draws the process, with the way that a zaak went, and tells it in words.
func (s *site) picture(ctx context.Context, u identity.User, z *zaak) (template.HTML, []string, error) {
	version := 0
	if z != nil {
		version = z.Drawing
	}
	raw, err := s.model(ctx, u, version)
	if err != nil {
		return "", nil, err
	}
	process, err := bpmn.Parse(raw)
	if err != nil {
		return "", nil, err
	}
	if s.Rename != nil {
		s.Rename(process)
	}
	var marking bpmn.Marking
	if z != nil {
		marking.Current = z.Step.Name
		for _, e := range z.History {
			marking.Visited = append(marking.Visited, e.Step)
		}
	}
	var b bytes.Buffer
	if err := bpmn.SVG(&b, process, marking); err != nil {
		return "", nil, err
	}
	// The drawing is ours, and bpmn escapes every text in it.
	return template.HTML(b.String()), bpmn.Words(process), nil // #nosec G203 -- See above.
}

// processFile hands out the model for a modelling tool.
func (s *site) processFile(v *visit) error {
	raw, err := s.model(v.r.Context(), v.user(), 0)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/xml")
	h.Set("Content-Disposition", `attachment; filename="proces.bpmn"`)
	_, err = v.w.Write(raw)
	return err
}
