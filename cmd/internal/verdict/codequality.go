package verdict

import (
	"io"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// quality is a finding as GitLab documents it for reports of code quality. It has no
// place for what somebody accepted, which is left out, nor for what was not checked.
type quality struct {
	Description string          `json:"description"`
	CheckName   string          `json:"check_name"`
	Fingerprint string          `json:"fingerprint"`
	Severity    string          `json:"severity"` // info, minor, major, critical or blocker
	Location    qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string       `json:"path"`
	Lines qualityLines `json:"lines"`
}

type qualityLines struct {
	Begin int `json:"begin"`
}

func writeCodeQuality(w io.Writer, t *text.Catalogue, results []*check.Result) error {
	all := []quality{}
	for _, r := range results {
		names := newPrints(r, len(results) > 1)
		for _, v := range r.Verdicts {
			for _, f := range v.Findings {
				print := names.next(f)
				if f.Accepted != "" {
					continue
				}
				path := f.Path
				if path == "" {
					path = nowhere
				}
				if len(results) > 1 {
					path = r.Name + "/" + path
				}
				all = append(all, quality{
					Description: said(t, f), CheckName: f.Rule, Fingerprint: print, Severity: qualitySeverity(v.Rule.Severity),
					Location: qualityLocation{Path: path, Lines: qualityLines{Begin: max(f.Line, 1)}},
				})
			}
		}
	}
	return writeJSON(w, all)
}

func qualitySeverity(s check.Severity) string {
	switch s {
	case check.Error:
		return "major"
	case check.Warning:
		return "minor"
	}
	return "info"
}
