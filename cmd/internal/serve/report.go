package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
)

// Report is all that a team sends to the board.
type Report struct {
	Code string `json:"code"`
	// Step is the ID of the step at which the team is; "" when all are done, or when
	// there is no course.
	Step   string  `json:"step"`
	Checks []Check `json:"checks"`
	// Running says whether the component answers on its port.
	Running bool `json:"running"`
	// Help asks the trainer to come. A report without it takes that back only when the
	// step is done or the team is at another one: who asked may go on trying. The
	// trainer takes it back as well.
	Help bool `json:"help"`
}

// Check is one check of the step.
type Check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
}

// mostBody is how large a request to the board may be.
const mostBody = 16 << 10

// errForm says that a request is not what a team sends.
var errForm = errors.New("not a report")

// decodeReport reads a report and takes nothing that is not exactly one: no other
// field, none twice, none in another case, none of another kind.
func decodeReport(body []byte) (Report, error) {
	var r Report
	seen, err := object(body, map[string]func(*json.Decoder) error{
		"code":    func(d *json.Decoder) error { return value(d, &r.Code) },
		"step":    func(d *json.Decoder) error { return value(d, &r.Step) },
		"running": func(d *json.Decoder) error { return value(d, &r.Running) },
		"help":    func(d *json.Decoder) error { return value(d, &r.Help) },
		"checks": func(d *json.Decoder) error {
			var raw []json.RawMessage
			if err := value(d, &raw); err != nil {
				return err
			}
			for _, one := range raw {
				var c Check
				seen, err := object(one, map[string]func(*json.Decoder) error{
					"name": func(d *json.Decoder) error { return value(d, &c.Name) },
					"ok":   func(d *json.Decoder) error { return value(d, &c.OK) },
				})
				if err != nil || seen != 2 {
					return errors.Join(errForm, err)
				}
				r.Checks = append(r.Checks, c)
			}
			return nil
		},
	})
	if err != nil {
		return Report{}, err
	}
	if seen != 5 {
		return Report{}, fmt.Errorf("%w: a field is missing", errForm)
	}
	return r, nil
}

// decodeCode reads what asks whose a code is.
func decodeCode(body []byte) (code string, err error) {
	seen, err := object(body, map[string]func(*json.Decoder) error{
		"code": func(d *json.Decoder) error { return value(d, &code) },
	})
	if err == nil && seen != 1 {
		err = errForm
	}
	return code, err
}

// object reads one object, and nothing after it, with these fields and no others. It
// gives the number of them.
func object(body []byte, fields map[string]func(*json.Decoder) error) (seen int, err error) {
	if !utf8.Valid(body) {
		return 0, fmt.Errorf("%w: not UTF-8", errForm)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return 0, fmt.Errorf("%w: no object", errForm)
	}
	done := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return 0, err
		}
		name, _ := t.(string)
		read := fields[name]
		if read == nil || done[name] {
			return 0, fmt.Errorf("%w: field %q", errForm, name)
		}
		done[name] = true
		if err := read(d); err != nil {
			return 0, err
		}
	}
	if _, err := d.Token(); err != nil {
		return 0, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("%w: something comes after it", errForm)
	}
	return len(done), nil
}

// value reads a value that is there: null is none.
func value(d *json.Decoder, into any) error {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return err
	}
	if bytes.Equal(raw, []byte("null")) {
		return fmt.Errorf("%w: null", errForm)
	}
	return json.Unmarshal(raw, into)
}

// fits says whether a report can be of a course: its step is one of it, and its
// checks are of that step, each once.
func (r Report) fits(c *course.Course) bool {
	if r.Step == "" {
		return len(r.Checks) == 0
	}
	step := stepOf(c, r.Step)
	if step == nil || len(r.Checks) > len(step.Checks) {
		return false
	}
	left := map[string]bool{}
	for _, check := range step.Checks {
		left[check.Name] = true
	}
	for _, check := range r.Checks {
		if !left[check.Name] {
			return false
		}
		left[check.Name] = false
	}
	return true
}

// stepOf finds a step by exactly its ID.
func stepOf(c *course.Course, id string) *course.Step {
	if c == nil {
		return nil
	}
	for i := range c.Steps {
		if c.Steps[i].ID == id {
			return &c.Steps[i]
		}
	}
	return nil
}
