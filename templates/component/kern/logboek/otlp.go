package logboek

import (
	"encoding/json"
	"strconv"
	"time"
)

// Application is what the logbook must know of the application that writes.
type Application struct {
	Name         string // service.name
	Organisation string // service.namespace; "" when it is not known
	Environment  string // deployment.environment.name: ontwikkeling or productie
}

// The JSON of OTLP (opentelemetry-proto, trace/v1, with the JSON mapping of the
// OTLP specification: ids in hexadecimal, 64-bit numbers as text).
type (
	otlpRequest struct {
		ResourceSpans []otlpResource `json:"resourceSpans"`
	}
	otlpResource struct {
		Resource   otlpAttributes `json:"resource"`
		ScopeSpans []otlpScope    `json:"scopeSpans"`
	}
	otlpAttributes struct {
		Attributes []otlpAttribute `json:"attributes"`
	}
	otlpScope struct {
		Scope otlpName   `json:"scope"`
		Spans []otlpSpan `json:"spans"`
	}
	otlpName struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	otlpSpan struct {
		TraceID      string          `json:"traceId"`
		SpanID       string          `json:"spanId"`
		ParentSpanID string          `json:"parentSpanId,omitempty"`
		Name         string          `json:"name"`
		Kind         int             `json:"kind"`
		Start        string          `json:"startTimeUnixNano"`
		End          string          `json:"endTimeUnixNano"`
		Attributes   []otlpAttribute `json:"attributes"`
		Status       otlpStatus      `json:"status"`
	}
	otlpStatus struct {
		Code int `json:"code"`
	}
	otlpAttribute struct {
		Key   string    `json:"key"`
		Value otlpValue `json:"value"`
	}
	otlpValue struct {
		String *string    `json:"stringValue,omitempty"`
		Array  *otlpArray `json:"arrayValue,omitempty"`
	}
	otlpArray struct {
		Values []otlpValue `json:"values"`
	}
)

// Span kinds and status codes of OTLP.
var (
	otlpKinds  = map[Kind]int{Action: 1, Register: 2, Question: 3} // internal, server, client
	otlpStates = map[Status]int{Unset: 0, Ok: 1, Error: 2}
)

// OTLP is an ExportTraceServiceRequest in JSON: what a logbook takes at
// /v1/traces. A line with Shown becomes a span for each. The dpl.core names are those of Logboek Dataverwerkingen 1.0,
// exception.type is that of OpenTelemetry; the others are our own. Every line
// must have ended.
func OTLP(a Application, lines []Verwerking) ([]byte, error) {
	resource := attributes{}
	resource.add("service.name", a.Name)
	resource.add("service.namespace", a.Organisation)
	resource.add("deployment.environment.name", a.Environment)
	spans := make([]otlpSpan, 0, len(lines))
	for i := range lines {
		for _, one := range lines[i].Expand() {
			spans = append(spans, span(&one))
		}
	}
	return json.Marshal(otlpRequest{[]otlpResource{{
		Resource:   otlpAttributes{resource},
		ScopeSpans: []otlpScope{{Scope: otlpName{"logboek-dataverwerkingen", "1.0"}, Spans: spans}},
	}}})
}

func span(v *Verwerking) otlpSpan {
	a := attributes{}
	a.add("dpl.core.processing_activity_id", v.ActivityURI)
	a.add("dpl.core.data_subject_id", v.DataSubject)
	a.add("dpl.core.data_subject_id_type", v.DataSubjectKind)
	a.add("dpl.core.foreign_operation.processor", v.Caller)
	a.add("exception.type", v.Fault)
	a.add("fsc.transaction_id", v.Transaction)
	a.add("verwerking.soort", string(v.Kind))
	a.add("verwerking.activiteit", v.Activity)
	a.add("verwerking.zaak_id", v.Zaak)
	a.add("verwerking.bron", v.Bron)
	a.add("verwerking.rol", v.Role)
	a.add("verwerking.gebruiker", v.User) // the name stays here
	a.add("verwerking.gemachtigde", v.Representative)
	a.list("verwerking.velden", v.Fields)
	return otlpSpan{
		TraceID: v.TraceID, SpanID: v.SpanID, ParentSpanID: v.ParentID, Name: v.Name, Kind: otlpKinds[v.Kind],
		Start: nano(v.Begin), End: nano(v.End), Attributes: a, Status: otlpStatus{otlpStates[v.Status]},
	}
}

func nano(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

type attributes []otlpAttribute

func (a *attributes) add(key, value string) {
	if value != "" {
		*a = append(*a, otlpAttribute{key, otlpValue{String: &value}})
	}
}

func (a *attributes) list(key string, values []string) {
	if len(values) == 0 {
		return
	}
	array := &otlpArray{}
	for i := range values {
		array.Values = append(array.Values, otlpValue{String: &values[i]})
	}
	*a = append(*a, otlpAttribute{key, otlpValue{Array: array}})
}
