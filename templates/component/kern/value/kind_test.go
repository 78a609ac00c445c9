package value

import (
	"encoding/json"
	"testing"
)

// TestEveryKindIsComplete names the row that is not, before a page shows it.
func TestEveryKindIsComplete(t *testing.T) {
	controls := map[Control]bool{}
	names := map[string]bool{}
	for _, k := range kinds {
		if k.Name == "" || names[k.Name] {
			t.Errorf("type %q stands in the table twice, or without a name", k.Name)
		}
		names[k.Name], controls[k.Control] = true, true
		if k.Control == "" {
			t.Errorf("type %s has no control", k.Name)
		}
		if k.check != nil && k.Format == "" {
			t.Errorf("type %s has a check and no format: the API would not check it", k.Name)
		}
		if k.check != nil && k.check("") == nil {
			t.Errorf("type %s accepts an empty text", k.Name)
		}
		if found, ok := Of(k.Name); !ok || found.Name != k.Name || len(Names()) != len(kinds) {
			t.Errorf("type %s is not found", k.Name)
		}
	}
	for _, control := range []Control{Line, Lines, Choice, YesNo, Day, PartialDay, Moment, AddressParts, ForeignLines, AnyAddressOf, Place, Upload, ReferenceList} {
		if !controls[control] {
			t.Errorf("no type has control %s", control)
		}
	}
	if unknown, ok := Of("onbekend"); ok || unknown.Control != Line || unknown.Check("x") != nil || unknown.Canonical(" x ") != "x" || unknown.Typed("x") != "x" {
		t.Errorf("an unknown type is %+v", unknown)
	}
}

// TestTypedIsReadBack: what a form shows of a value gives that value again.
func TestTypedIsReadBack(t *testing.T) {
	for _, c := range []struct{ kind, text, typed, back string }{
		{"money", "1250.50", "1250,50", `"1250.50"`}, {"decimal", "12.125", "12,125", "12.125"}, {"boolean", "true", "ja", "true"}, {"boolean", "nee", "nee", "false"},
		{"text", "hallo", "hallo", `"hallo"`}, {"iban", "NL91ABNA0417164300", "NL91ABNA0417164300", `"NL91ABNA0417164300"`},
	} {
		k, _ := Of(c.kind)
		v, err := FromForm(c.kind, k.Typed(c.text))
		back, _ := json.Marshal(v)
		if got := k.Typed(c.text); got != c.typed || err != nil || string(back) != c.back {
			t.Errorf("%s %s is typed as %q and read as %s: %v", c.kind, c.text, got, back, err)
		}
	}
}

func TestIsCheckDigit(t *testing.T) {
	for _, c := range []struct {
		format, text string
		want         bool
	}{
		{"bsn", "999993654", true}, {"bsn", "000000000", true}, {"bsn", "99999365", false}, {"rsin", "999993654", true},
		{"iban", "NL92ABNA0417164300", true}, {"iban", "NL91ABNA041716430", false}, {"kvk", "1", false},
	} {
		err := Check(c.format, c.text)
		if IsCheckDigit(err) != c.want || err == nil || err.Error() != Check(c.format, "").Error() {
			t.Errorf("%s %s: %v", c.format, c.text, err)
		}
	}
}
