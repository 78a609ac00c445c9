package verdict

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Document is what --format json gives. Within a version of it fields are only added.
type Document struct {
	Version      int              `json:"version"` // of this form: 1
	Fieldlab     string           `json:"fieldlab"`
	Date         string           `json:"date"`     // RFC 3339
	Language     string           `json:"language"` // of the words in it
	URL          string           `json:"url,omitempty"`
	Repositories []RepositoryData `json:"repositories"`
}

// RepositoryData is one repository in a Document.
type RepositoryData struct {
	Name      string         `json:"name"`
	Commit    string         `json:"commit,omitempty"`
	Component bool           `json:"component"` // fieldlab generated it
	Files     int            `json:"files"`
	Passes    bool           `json:"passes"` // nothing from failOn on
	FailOn    string         `json:"failOn"`
	Yardstick *YardstickData `json:"commonGroundChecker,omitempty"`
	CountData
	Groups []GroupData `json:"groups"`
	Rules  []RuleData  `json:"rules"`
}

// YardstickData is the verdict of CommonGroundChecker.
type YardstickData struct {
	Score int `json:"score"`
	Met   int `json:"met"`
	Of    int `json:"of"`
}

// CountData are numbers: of findings, and of rules that were not judged.
type CountData struct {
	Score      *int `json:"score"` // from 0 to 100; null when nothing could be judged
	Errors     int  `json:"errors"`
	Warnings   int  `json:"warnings"`
	Notes      int  `json:"notes"`
	Accepted   int  `json:"accepted"`
	NotChecked int  `json:"notChecked"`
}

// GroupData is one group of rules.
type GroupData struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	CountData
}

// RuleData is one rule with what became of it.
type RuleData struct {
	RuleInfo
	Outcome  string        `json:"outcome"` // met, broken, accepted, idle or not-checked
	Findings []FindingData `json:"findings,omitempty"`
	More     int           `json:"more,omitempty"` // findings that were not kept
	Missed   []MissedData  `json:"missed,omitempty"`
}

// FindingData is one finding.
type FindingData struct {
	Message     string   `json:"message"`
	Case        string   `json:"case,omitempty"`
	Values      []string `json:"values,omitempty"` // of the message; secrets are masked
	Path        string   `json:"path,omitempty"`   // absent when it is about the whole
	Line        int      `json:"line,omitempty"`
	Column      int      `json:"column,omitempty"`
	Fingerprint string   `json:"fingerprint"` // the same when lines moved
	Fixable     bool     `json:"fixable,omitempty"`
	Accepted    string   `json:"accepted,omitempty"` // why
	Until       string   `json:"until,omitempty"`
}

// MissedData is why a rule could not be judged somewhere.
type MissedData struct {
	Path   string `json:"path,omitempty"`
	Why    string `json:"why"`
	Reason string `json:"reason"` // why, in words
}

func writeDocument(w io.Writer, t *text.Catalogue, about About, results []*check.Result) error {
	d := Document{
		Version: 1, Fieldlab: about.Version, Date: about.Now.Format(time.RFC3339), Language: string(t.Language()),
		URL: about.URL, Repositories: []RepositoryData{},
	}
	for i, r := range results {
		d.Repositories = append(d.Repositories, repositoryData(t, about, i, r, newPrints(r, len(results) > 1)))
	}
	return writeJSON(w, d)
}

func repositoryData(t *text.Catalogue, about About, i int, r *check.Result, names *prints) RepositoryData {
	d := RepositoryData{
		Name: r.Name, Commit: about.checkout(i).Commit, Component: r.Component, Files: r.Files,
		FailOn: string(r.FailsFrom(about.FailOn)), Passes: true, CountData: countData(tallyOf(r, "")),
		Groups: []GroupData{}, Rules: []RuleData{},
	}
	if y := about.checkout(i).Yardstick; y != nil {
		d.Yardstick = &YardstickData{y.Score, y.Met, y.Of}
	}
	for _, g := range groupsOf(r) {
		d.Groups = append(d.Groups, GroupData{string(g), sayGroup(t, g), countData(tallyOf(r, g))})
	}
	for _, v := range r.Verdicts {
		d.Rules = append(d.Rules, ruleData(t, names, v))
		if v.Outcome == check.Broken && about.fails(r, v.Rule.Severity) {
			d.Passes = false
		}
	}
	return d
}

func countData(c tally) CountData {
	d := CountData{Errors: c.Errors, Warnings: c.Warnings, Notes: c.Notes, Accepted: c.Accepted, NotChecked: c.NotChecked}
	if c.Known {
		d.Score = &c.Score
	}
	return d
}

func ruleData(t *text.Catalogue, names *prints, v check.Verdict) RuleData {
	d := RuleData{
		RuleInfo: ruleInfo(t, v.Rule),
		Outcome:  string(v.Outcome), More: v.More,
	}
	for _, f := range v.Findings {
		d.Findings = append(d.Findings, FindingData{
			Message: said(t, f), Case: f.Case, Values: f.Args, Path: f.Path, Line: f.Line, Column: f.Column,
			Fingerprint: names.next(f), Fixable: f.Fix != nil, Accepted: f.Accepted, Until: f.Until,
		})
	}
	for _, m := range v.Missed {
		d.Missed = append(d.Missed, MissedData{m.Path, m.Why, oneLine(SayMissed(t, m))})
	}
	return d
}

// by names who can judge a rule.
func by(r check.Rule) string {
	if r.By == check.Files {
		return "files"
	}
	return string(r.By)
}

// writeJSON writes a value as JSON that is harmless on a screen as well: what is not
// printed stands there as \uXXXX.
func writeJSON(w io.Writer, value any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(escapeUnprinted(b.Bytes()))
	return err
}

// escapeUnprinted writes what is not printed as JSON can: outside texts there is
// nothing but ASCII. Two number signs, which begin a command in the output of a job,
// are never beside each other.
func escapeUnprinted(body []byte) []byte {
	out := make([]byte, 0, len(body))
	for i := 0; i < len(body); {
		r, size := utf8.DecodeRune(body[i:])
		switch {
		case r == '#' && i > 0 && body[i-1] == '#':
			out = append(out, `\u0023`...)
		case r == '\n' || r >= ' ' && r != 0x7f && (r < utf8.RuneSelf || unicode.IsPrint(r)):
			out = append(out, body[i:i+size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}
