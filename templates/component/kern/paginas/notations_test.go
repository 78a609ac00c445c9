package paginas

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// boxes cuts a date of one text into what one types in the boxes of a form.
var boxes = regexp.MustCompile(`^([^-/. ]{1,2})-([^-/. ]+)-([^-/. ]+)(?: (.*))?$`)

// typedInForm is what a notation of the tables of package value is in a form; ok
// is false when it cannot be typed there.
func typedInForm(f Field, typed any) (in *sent, ok bool) {
	in = &sent{Values: url.Values{}}
	text, one := typed.(string)
	if !one {
		for name, v := range typed.(map[string]any) {
			in.Set(f.Name+"."+name, v.(string))
		}
		return in, true
	}
	switch f.kind().Control {
	case value.Day, value.Moment, value.PartialDay:
		m := boxes.FindStringSubmatch(text)
		if m == nil || (m[4] != "") != f.is(value.Moment) {
			return in, false
		}
		for i, name := range []string{"dag", "maand", "jaar", "tijd"} {
			in.Set(f.Name+"."+name, m[i+1])
		}
	case value.Upload:
		return in, false
	default:
		in.Set(f.Name, text)
	}
	return in, true
}

// TestNotationsOnThePage: a form reads what people use as the tables of package
// value say, and shows again what it reads the same.
func TestNotationsOnThePage(t *testing.T) {
	const tables = "../value/testdata/notaties"
	if _, err := os.Stat(tables); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the tables are with the tests of package value, which the team did not take over")
	}
	for _, kind := range value.Names() {
		raw, err := os.ReadFile(tables + "/" + kind + ".json")
		var rows [][]any
		if err != nil || json.Unmarshal(raw, &rows) != nil {
			t.Fatal(kind, err)
		}
		f := Field{Name: "veld", Label: "Veld", Kind: kind}
		for _, row := range rows {
			if text, ok := row[0].(string); ok && len(row) == 2 && row[1] == text && f.is(value.Choice) {
				f.Choices = append(f.Choices, text)
			}
		}
		tried := 0
		for _, row := range rows {
			in, ok := typedInForm(f, row[0])
			if !ok {
				continue
			}
			tried++
			got, wrong := asJSON(t, f, in)
			switch refused := len(row) == 1; {
			case refused != (len(wrong) > 0):
				t.Errorf("%s %+q becomes %v (%v), refused: %t", kind, row[0], got, wrong, refused)
			case !refused && !reflect.DeepEqual(got, row[1]):
				t.Errorf("%s %+q becomes %v, want %v", kind, row[0], got, row[1])
			case !refused && got != nil:
				if again, wrong := asJSON(t, f, &sent{Values: Typed(f, got)}); len(wrong) > 0 || !reflect.DeepEqual(again, got) {
					t.Errorf("%s %v is typed as %v, and read as %v (%v)", kind, got, Typed(f, got), again, wrong)
				}
			}
		}
		if tried < 10 && !f.is(value.Upload) {
			t.Errorf("only %d notations of %s were typed", tried, kind)
		}
	}
}

// asJSON reads a field, and gives it as layer 4 gets it.
func asJSON(t *testing.T, f Field, in *sent) (any, []mistake) {
	t.Helper()
	v, wrong := f.read(in)
	raw, err := json.Marshal(v)
	var got any
	if err != nil || json.Unmarshal(raw, &got) != nil {
		t.Fatal(f.Kind, err)
	}
	if object, ok := got.(map[string]any); ok {
		delete(object, "langFormaat") // is for people
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return got, nil
}

// TestANotationIsNoChange: what is stored and what a draft holds are the same when
// only the notation differs.
func TestANotationIsNoChange(t *testing.T) {
	for _, c := range []struct {
		kind, typed string
		stored      any
		differs     bool
	}{
		{"integer", "1.250", 1250.0, false}, {"integer", "1.250", 1251.0, true}, {"integer", "", nil, false}, {"integer", "veel", 1.0, true},
		{"postcode", "5211ka", "5211 KA", false}, {"money", "\u20ac 12,-", "12.00", false}, {"money", "12,50", "12.00", true},
	} {
		field := Field{Name: "veld", Kind: c.kind}
		f := form{Draft: true, Version: "2", Fields: []fieldView{{Field: field}}}
		f.compare(url.Values{"veld": {c.typed}, "versie": {"1"}}, []Field{field}, map[string]any{"veld": c.stored})
		if (len(f.Fields[0].Hints) > 0) != c.differs {
			t.Errorf("%s %q with %v stored: %v", c.kind, c.typed, c.stored, f.Fields[0].Hints)
		}
	}
}
