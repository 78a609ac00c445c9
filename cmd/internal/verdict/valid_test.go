package verdict_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/verdict"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// sarifSchema is the schema of OASIS.
var sarifSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	body, err := os.ReadFile(filepath.Join("testdata", "schema", "sarif-schema-2.1.0.json"))
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("sarif.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("sarif.json")
})

func validSARIF(t testing.TB, body string) {
	t.Helper()
	schema, err := sarifSchema()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err == nil {
		err = schema.Validate(document)
	}
	if err != nil {
		t.Error(err)
	}
}

func TestSARIFIsValid(t *testing.T) {
	t.Parallel()
	for _, language := range text.Languages() {
		validSARIF(t, write(t, verdict.SARIF, language, results()...))
	}
	validSARIF(t, write(t, verdict.SARIF, text.Dutch, clean()))
	validSARIF(t, write(t, verdict.SARIF, text.Dutch))
}

// TestSchemaOfSARIFJudges: a judge that says yes to everything proves nothing.
func TestSchemaOfSARIFJudges(t *testing.T) {
	t.Parallel()
	schema, err := sarifSchema()
	if err != nil {
		t.Fatal(err)
	}
	good := write(t, verdict.SARIF, text.Dutch, results()...)
	for _, change := range [][2]string{
		{`"level": "error"`, `"level": "fout"`}, {`"startLine": 4`, `"startLine": 0`}, {`"version": "2.1.0"`, `"version": "2.0"`},
		{`"uri": "2-diensten/openapi.yaml"`, `"uri": "%zz"`}, {`"kind": "external"`, `"kind": "zelf"`}, {`"ruleIndex": 0`, `"ruleIndex": -2`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if bad == good || err != nil || schema.Validate(document) == nil {
			t.Errorf("%s for %s is accepted", change[1], change[0])
		}
	}
}

// sarif is what a reader takes from a log.
type sarif struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct{ ID, HelpURI string }
			}
		}
		Invocations []struct {
			ToolExecutionNotifications []struct {
				Message struct{ Text string }
			}
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           struct{ StartLine int }
				}
			}
			PartialFingerprints map[string]string
			Suppressions        []struct{ Justification string }
		}
	}
}

func readSARIF(t *testing.T, body string) sarif {
	t.Helper()
	var s sarif
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSARIFSaysWhatWasFound(t *testing.T) {
	t.Parallel()
	run := readSARIF(t, write(t, verdict.SARIF, text.Dutch, results()[0])).Runs[0]
	seen := map[string]bool{}
	accepted := 0
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s has the place of %s", r.RuleID, run.Tool.Driver.Rules[r.RuleIndex].ID)
		}
		at := r.Locations[0].PhysicalLocation
		if at.Region.StartLine < 1 || at.ArtifactLocation.URI == "" || strings.ContainsAny(at.ArtifactLocation.URI, " #?%\"<>\\^`{|}:") && !strings.Contains(at.ArtifactLocation.URI, "%") {
			t.Errorf("%s is at %+v", r.RuleID, at)
		}
		print := r.PartialFingerprints["fieldlab/v1"]
		if print == "" || seen[print] {
			t.Errorf("%s has the fingerprint %q, which another one has", r.RuleID, print)
		}
		seen[print] = true
		accepted += len(r.Suppressions)
	}
	if accepted != 2 {
		t.Errorf("%d findings are accepted, expected 2", accepted)
	}
	var notes []string
	for _, n := range run.Invocations[0].ToolExecutionNotifications {
		notes = append(notes, n.Message.Text)
	}
	for _, id := range []string{"adr-versie", "adr-header", "privacy-log", "repo-besluit", "adr-slash: nog 7"} {
		if !strings.Contains(strings.Join(notes, "\n"), id) {
			t.Errorf("no notification says anything of %s:\n%s", id, strings.Join(notes, "\n"))
		}
	}
}

// TestFingerprintsStay: a line above a finding does not make it a new one.
func TestFingerprintsStay(t *testing.T) {
	t.Parallel()
	prints := func(r *check.Result) []string {
		var all []string
		for _, result := range readSARIF(t, write(t, verdict.SARIF, text.Dutch, r)).Runs[0].Results {
			all = append(all, result.PartialFingerprints["fieldlab/v1"])
		}
		return all
	}
	before := prints(results()[0])
	moved := results()[0]
	moved.Name = "elders"
	for _, v := range moved.Verdicts {
		for i := range v.Findings {
			if v.Findings[i].Line > 0 {
				v.Findings[i].Line += 40
			}
		}
	}
	if after := prints(moved); !slices.Equal(before, after) {
		t.Errorf("after lines moved, findings have other fingerprints:\n%v\n%v", before, after)
	}
	var list []struct{ Fingerprint string }
	if err := json.Unmarshal([]byte(write(t, verdict.CodeQuality, text.Dutch, moved)), &list); err != nil {
		t.Fatal(err)
	}
	for _, issue := range list {
		if !slices.Contains(before, issue.Fingerprint) {
			t.Error("code quality has other fingerprints than SARIF")
		}
	}
}

// TestSARIFStaysBelowTheLimitsOfGitHub: a log with more results is refused as a whole.
func TestSARIFStaysBelowTheLimitsOfGitHub(t *testing.T) {
	t.Parallel()
	all := rules()
	note := check.Verdict{Rule: all[9], Outcome: check.Broken}
	for i := range 26_000 {
		note.Findings = append(note.Findings, check.Finding{Rule: note.Rule.ID, Path: "a", Line: i + 1, Args: []string{"x"}})
	}
	worst := check.Verdict{Rule: all[10], Outcome: check.Broken, Findings: []check.Finding{{Rule: all[10].ID, Path: "z", Args: []string{"x"}}}}
	run := readSARIF(t, write(t, verdict.SARIF, text.Dutch, &check.Result{Name: "groot", Verdicts: []check.Verdict{note, worst}})).Runs[0]
	if len(run.Results) != 25_000 || run.Results[0].RuleID != worst.Rule.ID {
		t.Errorf("%d results, the first of %s", len(run.Results), run.Results[0].RuleID)
	}
	if n := run.Invocations[0].ToolExecutionNotifications; len(n) < 1 || !strings.Contains(n[0].Message.Text, "1001") {
		t.Errorf("that results are left out is not said: %v", n)
	}
}

// TestCodeQualityIsAsGitLabDocuments: five fields, a severity of the list, a
// fingerprint that is unique and a path without ./ before it.
func TestCodeQualityIsAsGitLabDocuments(t *testing.T) {
	t.Parallel()
	body := write(t, verdict.CodeQuality, text.Dutch, results()...)
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.DisallowUnknownFields()
	var list []struct {
		Description string `json:"description"`
		CheckName   string `json:"check_name"`
		Fingerprint string `json:"fingerprint"`
		Severity    string `json:"severity"`
		Location    struct {
			Path  string `json:"path"`
			Lines struct {
				Begin int `json:"begin"`
			} `json:"lines"`
		} `json:"location"`
	}
	if err := decoder.Decode(&list); err != nil || strings.HasPrefix(body, "\ufeff") {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range list {
		if i.Description == "" || i.CheckName == "" || seen[i.Fingerprint] || i.Location.Path == "" || strings.HasPrefix(i.Location.Path, "./") || i.Location.Lines.Begin < 1 ||
			!slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, i.Severity) {
			t.Errorf("%+v", i)
		}
		seen[i.Fingerprint] = true
		if strings.Contains(i.Location.Path, "kopie") {
			t.Error("what somebody accepted is shown as a finding")
		}
	}
	if want := 1 + 12 + 1 + len(hostile) + 1; len(list) != want {
		t.Errorf("%d findings, expected %d", len(list), want)
	}
	if got := write(t, verdict.CodeQuality, text.Dutch, clean()); got != "[]\n" {
		t.Errorf("nothing found gives %q", got)
	}
}

// xsd is as much of a schema as junit-10.xsd uses for elements.
type xsd struct {
	Elements []struct {
		Name string `xml:"name,attr"`
		Type struct {
			Attributes []struct {
				Name string `xml:"name,attr"`
				Use  string `xml:"use,attr"`
			} `xml:"attribute"`
			Inner string `xml:",innerxml"`
			Mixed bool   `xml:"mixed,attr"`
		} `xml:"complexType"`
		Simple string `xml:"type,attr"`
	} `xml:"element"`
}

// validJUnit holds a document against the schema of Jenkins: which elements stand in
// which, and which attributes they have.
func validJUnit(t testing.TB, body string) {
	t.Helper()
	var schema xsd
	raw, err := os.ReadFile(filepath.Join("testdata", "schema", "junit-10.xsd"))
	if err == nil {
		err = xml.Unmarshal(raw, &schema)
	}
	if err != nil || len(schema.Elements) < 10 {
		t.Fatal(err, len(schema.Elements))
	}
	var parents []string
	decoder := xml.NewDecoder(strings.NewReader(body))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Error(err)
			return
		}
		switch token := token.(type) {
		case xml.StartElement:
			if problem := schema.judge(parents, token); problem != "" {
				t.Error(problem)
			}
			parents = append(parents, token.Name.Local)
		case xml.EndElement:
			parents = parents[:len(parents)-1]
		}
	}
}

func (s xsd) judge(parents []string, e xml.StartElement) string {
	for _, known := range s.Elements {
		if len(parents) > 0 && known.Name == parents[len(parents)-1] && !strings.Contains(known.Type.Inner, `ref="`+e.Name.Local+`"`) {
			return known.Name + " may not hold " + e.Name.Local
		}
		if known.Name != e.Name.Local {
			continue
		}
		for _, a := range e.Attr {
			if !slices.ContainsFunc(known.Type.Attributes, func(b struct {
				Name string `xml:"name,attr"`
				Use  string `xml:"use,attr"`
			}) bool {
				return b.Name == a.Name.Local
			}) {
				return e.Name.Local + " may not have " + a.Name.Local
			}
		}
		for _, b := range known.Type.Attributes {
			if b.Use == "required" && !slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == b.Name }) {
				return e.Name.Local + " lacks " + b.Name
			}
		}
	}
	return ""
}

func TestJUnitIsValid(t *testing.T) {
	t.Parallel()
	for _, language := range text.Languages() {
		body := write(t, verdict.JUnit, language, results()...)
		validJUnit(t, body)
		if tool, err := exec.LookPath("xmllint"); err == nil {
			cmd := exec.Command(tool, "--noout", "--nonet", "--schema", filepath.Join("testdata", "schema", "junit-10.xsd"), "-")
			cmd.Stdin = strings.NewReader(body)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("xmllint: %s", out)
			}
		}
	}
}

// TestJUnitAgreesWithTheExitCode: a test fails when the check does, and everything that
// was not looked at is skipped with a reason.
func TestJUnitAgreesWithTheExitCode(t *testing.T) {
	t.Parallel()
	var suites struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
				Skipped *struct {
					Message string `xml:"message,attr"`
				} `xml:"skipped"`
				Out string `xml:"system-out"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(write(t, verdict.JUnit, text.Dutch, results()[0])), &suites); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range suites.Suites {
		for _, c := range s.Cases {
			id, _, _ := strings.Cut(c.Name, ":")
			switch {
			case c.Failure != nil:
				got[id] = "failure"
			case c.Skipped != nil && c.Skipped.Message != "":
				got[id] = "skipped"
			default:
				got[id] = fmt.Sprint("passed ", c.Out != "")
			}
		}
	}
	want := map[string]string{
		"adr-versie": "failure", "adr-geheel": "failure", "adr-slash": "passed true", "leftover-naam": "passed true", "deploy-grens": "passed true",
		"repo-licentie": "passed false", "adr-header": "skipped", "repo-besluit": "skipped", "publiccode-naam": "skipped", "privacy-log": "skipped", "secret-sleutel": "passed false",
	}
	for id, outcome := range want {
		if got[id] != outcome {
			t.Errorf("%s is %q, expected %q", id, got[id], outcome)
		}
	}
	if suites.Tests != len(want) || suites.Failures != 2 {
		t.Errorf("%d tests, %d failures", suites.Tests, suites.Failures)
	}
}
