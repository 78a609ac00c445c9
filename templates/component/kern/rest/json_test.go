package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// stepwise reads as parseJSON does for what has something wrong with it.
func stepwise(raw []byte) (any, *Fault) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, fault := parseValue(d, "", 0)
	if fault != nil {
		return nil, fault
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, jsonFault("", "")
	}
	return v, nil
}

var readTwice = []string{
	`{}`, `[]`, `null`, `"a"`, ` {"a":1,"b":{"c":[1,2.50,-0,1e3,{"d":"é:\":\\"}]}} `, `{"a":1,"a":1}`, `{"a":{"b":1,"b":2}}`, `{"a":1,"\u0061":2}`, `{"":0,"":0}`,
	`{"a":1}{"b":2}`, `{"a":1}x`, `{"a":1,}`, `{"a"}`, `{"a":"b` + "\x00" + `"}`, `{"a":"b\u0000"}`, `{"a\u0000":1}`, `["\ud800"]`, `{"\ud800":1,"\udfff":2}`,
	strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1), strings.Repeat("[", maxDepth+2) + strings.Repeat("]", maxDepth+2),
	strings.Repeat(`{"a":`, maxDepth) + "1" + strings.Repeat("}", maxDepth), strings.Repeat(`{"a":`, maxDepth+1) + "1" + strings.Repeat("}", maxDepth+1),
	`{"a":1}` + "\v", "", " ", `01`, `{"a:b":"c:d","e\\":":","f\"":1}`, "\ufeff{}",
}

// TestJSONIsReadTheSameBothWays: what is read in one go is what going through it piece
// by piece gives, and what has something wrong with it never is.
func TestJSONIsReadTheSameBothWays(t *testing.T) {
	for _, text := range readTwice {
		same(t, []byte(text))
	}
}

func FuzzJSONIsReadTheSameBothWays(f *testing.F) {
	for _, text := range readTwice {
		f.Add([]byte(text))
	}
	f.Fuzz(same)
}

func same(t *testing.T, raw []byte) {
	if !utf8.Valid(raw) {
		return // refused before either
	}
	want, fault := stepwise(raw)
	got, ok := parseGood(raw)
	if ok && (fault != nil || !reflect.DeepEqual(got, want)) {
		t.Errorf("%q is read as %v, want %v (%v)", raw, got, want, fault)
	}
	if !ok && fault == nil {
		t.Errorf("%q is good, and was not read in one go", raw)
	}
}

// BenchmarkJSON is reading a body in one go against piece by piece.
func BenchmarkJSON(b *testing.B) {
	raw := []byte(`{"bsn":"999993653","verhuisdatum":"2026-11-01","nieuwAdres":{"straat":"Dorpsstraat","huisnummer":34,"postcode":"1028 BC","woonplaats":"Holysloot"},"aantalPersonen":1,"inwoning":"nee"}`)
	for name, read := range map[string]func(){"once": func() { parseGood(raw) }, "stepwise": func() { _, _ = stepwise(raw) }} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read()
			}
		})
	}
}
