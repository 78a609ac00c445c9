package proces

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Data is what a lookup step can draw on. It lives as long as the request.
type Data struct {
	subject map[string]any // what is stored with the zaak
	input   map[string]any // what was just filled in and is not stored
	answers map[string]outway.Answer
}

// newData combines what is stored with what was just filled in, which for
// a stored field is the newer of the two.
func newData(stored json.RawMessage, filled map[string]json.RawMessage) Data {
	d := Data{subject: map[string]any{}, input: map[string]any{}, answers: map[string]outway.Answer{}}
	if v, ok := decode(stored).(map[string]any); ok {
		d.subject = v
	}
	for name, raw := range filled {
		d.input[name] = decode(raw)
	}
	return d
}

func decode(raw json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// Field is a field of the record that the zaak is about, as text; with part a
// part of an address. It is "" when it is not filled in.
func (d Data) Field(name string, part ...string) string {
	if v, ok := d.input[name]; ok {
		return text(v, part)
	}
	return text(d.subject[name], part)
}

// Input is a form field that is not stored, as text.
func (d Data) Input(name string, part ...string) string { return text(d.input[name], part) }

// Answer is a field of what an earlier lookup step found, as text.
func (d Data) Answer(step, path string) string { return d.answers[step].Field(path) }

// Compact writes a postcode without the space, as every register takes it.
func Compact(postcode string) string { return strings.ReplaceAll(postcode, " ", "") }

func text(v any, part []string) string {
	for _, p := range part {
		object, _ := v.(map[string]any)
		v = object[p]
	}
	plain, _ := value.Plain(v)
	return plain
}
