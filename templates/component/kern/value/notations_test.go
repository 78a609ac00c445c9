package value

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// notation is one row of testdata/notaties: what people type, as a text or as the
// parts of it, and the JSON that it becomes. Null is nothing at all; without
// anything behind it, it is refused.
type notation struct {
	text    string
	parts   map[string]string
	want    any
	refused bool
}

func (n *notation) UnmarshalJSON(b []byte) error {
	var row []json.RawMessage
	if err := json.Unmarshal(b, &row); err != nil {
		return err
	}
	if json.Unmarshal(row[0], &n.text) != nil {
		if err := json.Unmarshal(row[0], &n.parts); err != nil {
			return err
		}
	}
	if n.refused = len(row) == 1; n.refused {
		return nil
	}
	return json.Unmarshal(row[1], &n.want)
}

func notations(t *testing.T, kind string) (all []notation) {
	t.Helper()
	file := filepath.Join("testdata/notaties", kind+".json")
	raw, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil || len(all) < 40 {
		t.Errorf("type %s has %d notations that people use, of at least forty: add them to %s (%v)", kind, len(all), file, err)
	}
	return all
}

// typedAs reads a notation as its control does.
func typedAs(k Kind, n notation) (v any, fault error) {
	part := func(name string) string { return n.parts[name] }
	first := func(v any, faults map[string]error) (any, error) {
		for _, err := range faults {
			return nil, err
		}
		if reflect.ValueOf(v).IsNil() {
			return nil, ErrEmpty
		}
		return v, nil
	}
	switch k.Control {
	case AddressParts:
		v, faults := ParseAddress(part)
		return first(v, faults)
	case ForeignLines:
		v, faults := ParseForeignAddress(part)
		return first(v, faults)
	case AnyAddressOf:
		v, faults := ParseAnyAddress(part)
		return first(v, faults)
	case Place:
		v, err := ParsePoint(part("lat"), part("lon"))
		if err != nil {
			return nil, err
		}
		return first(v, nil)
	case Upload:
		a, err := NewAttachment(n.text, "application/pdf")
		return a.Name, err
	}
	return FromForm(k.Name, n.text)
}

// TestNotations holds every type against the notations that people use, right,
// mendable and wrong. The same tables go through the page in package paginas and
// through the API and both databases in package register.
func TestNotations(t *testing.T) {
	for _, k := range kinds {
		for _, n := range notations(t, k.Name) {
			v, err := typedAs(k, n)
			got, raw := any(nil), []byte(nil)
			if err == nil {
				raw, _ = json.Marshal(v)
				_ = json.Unmarshal(raw, &got)
				forget(got)
			}
			switch {
			case k.Control == Choice && n.refused: // the field knows its choices
			case n.refused && err == nil:
				t.Errorf("%s %+q %v becomes %s, and should be refused", k.Name, n.text, n.parts, raw)
			case n.refused && errors.Is(err, ErrEmpty):
				t.Errorf("%s %+q %v is taken for nothing", k.Name, n.text, n.parts)
			case !n.refused && n.want == nil:
				if !errors.Is(err, ErrEmpty) {
					t.Errorf("%s %+q %v is nothing, and becomes %s (%v)", k.Name, n.text, n.parts, raw, err)
				}
			case !n.refused && (err != nil || !reflect.DeepEqual(got, n.want)):
				t.Errorf("%s %+q %v becomes %s (%v), want %v", k.Name, n.text, n.parts, raw, err, n.want)
			}
		}
	}
}

// forget drops what a value says only for people.
func forget(v any) {
	if object, ok := v.(map[string]any); ok {
		delete(object, "langFormaat")
	}
}
