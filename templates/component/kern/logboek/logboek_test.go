package logboek

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// testBSN passes the elfproef and is from the range for tests.
const testBSN = "999993653"

var testKey = Key("dit zijn precies 32 testbytes...")

func line() Verwerking {
	begin := time.Date(2026, 3, 29, 1, 30, 0, 123456000, time.UTC)
	return Verwerking{
		TraceID: "0af7651916cd43dd8448eb211c80319c", SpanID: "b7ad6b7169203331", ParentID: "00f067aa0ba902b7",
		Name: "Ding lezen", Kind: Register, Status: Ok, Begin: begin, End: begin.Add(3 * time.Millisecond),
		Activity: "Iets regelen", ActivityURI: "urn:uuid:8c5c6e3a-9d1f-5b6a-8f5c-2a1b3c4d5e6f",
		DataSubject: testKey.Pseudonym(BSN, testBSN), DataSubjectKind: BSN, Caller: "urn:nld:oin:00000099000000002000",
		Zaak: "0190b2a0-0000-7000-8000-000000000001", Bron: "Ding", Fields: []string{"naam", "bsn"}, Role: "balie",
		Transaction: "0190b2a0-0000-7000-8000-0000000000ff",
	}
}

func TestPseudonymsHideAndDiffer(t *testing.T) {
	other := Key("dit zijn andere 32 testbytes....")
	p := testKey.Pseudonym(BSN, testBSN)
	if p != testKey.Pseudonym(BSN, testBSN) || p == testKey.Pseudonym("ander", testBSN) || p == other.Pseudonym(BSN, testBSN) {
		t.Error(p)
	}
	if !regexp.MustCompile(`^v1-[0-9a-f]{8}\.[A-Za-z0-9_-]{43}$`).MatchString(p) || strings.Contains(p, testBSN) {
		t.Error(p)
	}
	mark, _, _ := strings.Cut(p, ".")
	if otherMark, _, _ := strings.Cut(other.Pseudonym(BSN, testBSN), "."); mark == otherMark {
		t.Error("a change of key cannot be seen")
	}
	if testKey.Pseudonym(BSN, "12345672") != testKey.Pseudonym(BSN, "012345672") || testKey.Pseudonym(BSN, "") != "" {
		t.Error("a leading zero makes another person")
	}
}

func TestKeyStaysSecret(t *testing.T) {
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "sleutel", testKey)
	fmt.Fprintf(&log, "%v %+v %#v %s", testKey, testKey, testKey, testKey)
	raw, err := json.Marshal(map[string]any{"sleutel": testKey})
	if err != nil {
		t.Fatal(err)
	}
	log.Write(raw)
	for _, secret := range []string{"testbytes", base64.StdEncoding.EncodeToString(testKey)[:20], "100 105 116"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q in %s", secret, log.String())
		}
	}
}

func TestReadKey(t *testing.T) {
	good := base64.StdEncoding.EncodeToString(testKey)
	for _, c := range []struct {
		given      string
		production bool
		want, fail string
	}{
		{given: good, production: true, want: string(testKey)},
		{given: good, want: string(testKey)},
		{want: string(developmentKey)},
		{production: true, fail: "LOGBOEK_SLEUTEL"},
		{given: "geheim-en-te-kort", fail: "LOGBOEK_SLEUTEL"},
		{given: base64.StdEncoding.EncodeToString(developmentKey), production: true, fail: "LOGBOEK_SLEUTEL"},
	} {
		got, err := ReadKey(func(string) string { return c.given }, c.production)
		if string(got) != c.want || (err != nil) != (c.fail != "") {
			t.Errorf("%+v: %v, %v", c, got, err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.fail) || c.given != "" && strings.Contains(err.Error(), c.given)) {
			t.Errorf("%v", err)
		}
	}
}

func TestPlaceInTheTrace(t *testing.T) {
	const valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	const id = "0190B2A0-0000-7000-8000-0000000000FF"
	for _, c := range []struct {
		header http.Header
		want   Trace
	}{
		{http.Header{"Traceparent": {valid}}, Trace{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"}},
		{http.Header{"Traceparent": {"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-meer"}}, Trace{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"}},
		{http.Header{"Traceparent": {"00-00000000000000000000000000000000-b7ad6b7169203331-01"}, "Verwerking-Spoor": {valid}, "Fsc-Transaction-Id": {id}}, Trace{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"}},
		{http.Header{"Traceparent": {"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}, "Fsc-Transaction-Id": {id}}, Trace{"0190b2a0000070008000" + "0000000000ff", ""}},
		{http.Header{"Traceparent": {valid + "-meer"}}, Trace{}},
		{http.Header{"Traceparent": {strings.ToUpper(valid)}}, Trace{}},
		{http.Header{"Fsc-Transaction-Id": {"../../etc"}}, Trace{}},
		{http.Header{"Fsc-Transaction-Id": {"00000000-0000-0000-0000-000000000000"}}, Trace{}},
	} {
		var got Trace
		ReadTrace(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = TraceFrom(r.Context()) })).
			ServeHTTP(httptest.NewRecorder(), &http.Request{Header: c.header})
		if got != c.want {
			t.Errorf("%v: %v, want %v", c.header, got, c.want)
		}
		if child := got.Child(); child.TraceID == "" || got.TraceID != "" && child.TraceID != got.TraceID || child.SpanID == got.SpanID || child.SpanID == "" {
			t.Errorf("child %v of %v", child, got)
		}
	}
	h := http.Header{}
	Trace{TraceID: "0af7651916cd43dd8448eb211c80319c"}.SetHeader(h)
	if len(h) != 0 {
		t.Errorf("%v: without an action there is nothing to pass on", h)
	}
	if tr, _ := FromHeader(http.Header{"Traceparent": {valid}}); tr.String() != valid {
		t.Error(tr)
	}
}

func TestCheck(t *testing.T) {
	open := line()
	open.End = time.Time{}
	if faults := Check([]Verwerking{line()}); faults != nil {
		t.Error(faults)
	}
	if faults := Check([]Verwerking{open, line()}); faults != nil {
		t.Error(faults)
	}
	for field, change := range map[string]func(*Verwerking){
		"traceId":         func(v *Verwerking) { v.TraceID = strings.Repeat("0", 32) },
		"spanId":          func(v *Verwerking) { v.SpanID = "B7AD6B7169203331" },
		"parentSpanId":    func(v *Verwerking) { v.ParentID = v.SpanID },
		"naam":            func(v *Verwerking) { v.Name = "" },
		"soort":           func(v *Verwerking) { v.Kind = "iets" },
		"status":          func(v *Verwerking) { v.Status = "OK" },
		"begin":           func(v *Verwerking) { v.Begin = time.Unix(0, 0) },
		"einde":           func(v *Verwerking) { v.End = v.Begin.Add(-1) },
		"activiteitUri":   func(v *Verwerking) { v.ActivityURI = "" },
		"betrokkeneSoort": func(v *Verwerking) { v.DataSubjectKind = "" },
		"betrokkene":      func(v *Verwerking) { v.DataSubject = "123 456 789" },
		"aanroeper":       func(v *Verwerking) { v.Caller = "iemand" },
		"activiteitUri ":  func(v *Verwerking) { v.ActivityURI = "urn:uuid:met spatie" },
		"aanroeper ":      func(v *Verwerking) { v.Caller = "1urn:x" },
		"zaak":            func(v *Verwerking) { v.Zaak = "ZAAK-1" },
		"transactie":      func(v *Verwerking) { v.Transaction = "x" },
		"bron":            func(v *Verwerking) { v.Bron = "persoon " + testBSN },
		"velden":          func(v *Verwerking) { v.Fields = []string{testBSN} },
		"fout":            func(v *Verwerking) { v.Fault = testBSN + " bestaat niet" },
		"rol":             func(v *Verwerking) { v.Role = strings.Repeat("x", 300) },
	} {
		v, field := line(), strings.TrimSpace(field)
		change(&v)
		faults := Check([]Verwerking{line(), v})
		ok := slices.ContainsFunc(faults, func(err error) bool {
			v, ours := err.(*Violation) //nolint:errorlint // Check says so
			return ours && v.Line == 1 && v.Field == field
		})
		if !ok {
			t.Errorf("%s: %v", field, faults)
		}
		if strings.Contains(fmt.Sprint(faults), testBSN) {
			t.Errorf("%s: the value is in the error", field)
		}
	}
	if len(Check([]Verwerking{line(), line()})) != 1 {
		t.Error("the same line twice")
	}
}

// span is what the logbook reads, with names that are written here once more:
// this is the contract with somebody else.
type readSpan struct {
	TraceID, SpanID, ParentSpanID, Name string
	Kind                                int
	StartTimeUnixNano, EndTimeUnixNano  string
	Attributes                          []struct {
		Key   string
		Value map[string]any
	}
	Status struct{ Code int }
}

func readOTLP(t *testing.T, raw []byte) (resource map[string]string, spans []readSpan) {
	t.Helper()
	var request struct {
		ResourceSpans []struct {
			Resource struct {
				Attributes []struct {
					Key   string
					Value struct{ StringValue string }
				}
			}
			ScopeSpans []struct {
				Scope struct{ Name string }
				Spans []readSpan
			}
		}
	}
	if err := json.Unmarshal(raw, &request); err != nil {
		t.Fatal(err)
	}
	resource = map[string]string{}
	for _, r := range request.ResourceSpans {
		for _, a := range r.Resource.Attributes {
			resource[a.Key] = a.Value.StringValue
		}
		for _, s := range r.ScopeSpans {
			spans = append(spans, s.Spans...)
		}
	}
	return resource, spans
}

// presence are the rules for a span with a dpl attribute, on the JSON.
func presence(resource map[string]string, spans []readSpan) (faults []string) {
	known := []string{"dpl.core.processing_activity_id", "dpl.core.data_subject_id", "dpl.core.data_subject_id_type", "dpl.core.foreign_operation.processor"}
	seen := map[string]bool{}
	need := func(ok bool, what string) {
		if !ok {
			faults = append(faults, what)
		}
	}
	need(resource["service.name"] != "", "service.name")
	for _, s := range spans {
		need(regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(s.TraceID) && strings.Trim(s.TraceID, "0") != "", "trace_id")
		need(regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(s.SpanID) && strings.Trim(s.SpanID, "0") != "", "span_id")
		need(s.SpanID != s.ParentSpanID && !seen[s.TraceID+s.SpanID], "span_id unique")
		seen[s.TraceID+s.SpanID] = true
		need(s.Name != "" && s.Kind >= 1 && s.Kind <= 5, "name and kind")
		begin, err1 := strconv.ParseInt(s.StartTimeUnixNano, 10, 64)
		end, err2 := strconv.ParseInt(s.EndTimeUnixNano, 10, 64)
		need(err1 == nil && err2 == nil && begin > 0 && end >= begin, "time")
		need(s.Status.Code >= 0 && s.Status.Code <= 2, "status")
		given := map[string]string{}
		for _, a := range s.Attributes {
			need(given[a.Key] == "", "twice "+a.Key)
			given[a.Key], _ = a.Value["stringValue"].(string)
			need(len(a.Value) == 1, "one kind of value")
			need(!strings.HasPrefix(a.Key, "dpl.core.") || slices.Contains(known, a.Key), "unknown "+a.Key)
		}
		need(strings.Contains(given[known[0]], ":"), "processing_activity_id")
		need((given[known[1]] == "") == (given[known[2]] == ""), "subject and type")
		need(!regexp.MustCompile(`^\d{8,9}$`).MatchString(given[known[1]]), "subject in the clear")
	}
	return faults
}

func TestOTLPKeepsTheRules(t *testing.T) {
	full, bare := line(), line()
	bare.SpanID, bare.ParentID, bare.DataSubject, bare.DataSubjectKind, bare.Caller = "b7ad6b7169203332", "", "", "", ""
	bare.Status, bare.Fault, bare.Kind, bare.Fields = Error, "Onderbroken", Question, nil
	raw, err := OTLP(Application{Name: "dingen", Environment: "ontwikkeling"}, []Verwerking{full, bare})
	if err != nil {
		t.Fatal(err)
	}
	resource, spans := readOTLP(t, raw)
	if faults := presence(resource, spans); faults != nil || len(spans) != 2 {
		t.Error(faults, len(spans))
	}
	if s := spans[0]; s.StartTimeUnixNano != "1774747800123456000" || s.Status.Code != 1 || s.Kind != 2 || s.ParentSpanID != full.ParentID {
		t.Errorf("%+v", s)
	}
	if s := spans[1]; s.Status.Code != 2 || s.Kind != 3 || s.ParentSpanID != "" {
		t.Errorf("%+v", s)
	}
	if strings.Contains(string(raw), testBSN) {
		t.Error("a number in the clear")
	}
	// The checker itself finds what is wrong.
	broken := full
	broken.DataSubject, broken.ActivityURI, broken.End = testBSN, "", broken.Begin.Add(-1)
	if raw, err = OTLP(Application{}, []Verwerking{broken}); err != nil {
		t.Fatal(err)
	}
	if faults := presence(readOTLP(t, raw)); len(faults) != 4 {
		t.Errorf("%v", faults)
	}
}

// A line survives the way to layer 2 and back.
func TestLineAsJSON(t *testing.T) {
	open := line()
	open.End, open.Fields = time.Time{}, nil
	raw, err := json.Marshal([]Verwerking{line(), open})
	if err != nil {
		t.Fatal(err)
	}
	var got []Verwerking
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint([]Verwerking{line(), open}) || strings.Count(string(raw), `"einde"`) != 1 {
		t.Errorf("%s", raw)
	}
}
