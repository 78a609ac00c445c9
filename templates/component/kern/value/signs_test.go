package value

import (
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// signs are the characters of Unicode that people paste along without seeing
// that they do: all spaces, dashes, digits and marks without a width.
func signs() (all []rune) {
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if unicode.IsSpace(r) || unicode.Is(unicode.Dash, r) || unicode.IsDigit(r) || Unseen(r) {
			all = append(all, r)
		}
	}
	return all
}

// TestEverySignOfUnicode puts each of them within each code, where all but a digit
// makes no difference, and in front of a number.
func TestEverySignOfUnicode(t *testing.T) {
	codes := map[string]string{
		"bsn": "999993653", "rsin": "999993653", "kvk": "69599084", "vestigingsnummer": "000037178598", "oin": "00000099000000001000",
		"iban": "NL91ABNA0417164300", "bag-id": "0363200000218705", "postcode": "5211KA", "kenteken": "AB123C", "phone": "0612345678",
		"uuid": "01a200c09219765b8fd6070cd3acde57",
	}
	all := signs()
	if len(all) < 1000 {
		t.Fatalf("only %d signs", len(all))
	}
	for _, r := range all {
		for kind, code := range codes {
			want, err := FromForm(kind, code)
			if err != nil {
				t.Fatal(kind, err)
			}
			typed, half := code[:4]+string(r)+code[4:], strings.ReplaceAll(code, "0", string(r))
			if unicode.IsDigit(r) {
				if asciiDigit(r) != '0' {
					continue
				}
				typed = half // a zero of another script
			}
			if got, err := FromForm(kind, typed); err != nil || got != want {
				t.Errorf("%s with %U becomes %v (%v), want %v", kind, r, got, err, want)
			}
		}
		typed, want := "1"+string(r)+"250", int64(1250)
		switch {
		case unicode.IsDigit(r):
			typed, want = "1"+string(r), 10+int64(asciiDigit(r)-'0')
		case unicode.Is(unicode.Dash, r):
			typed, want = string(r)+"12", -12
		}
		if got, err := FromForm("integer", typed); err != nil || got != want {
			t.Errorf("integer %+q becomes %v (%v), want %d", typed, got, err, want)
		}
	}
}

// TestEverySignInEveryField: whatever is typed has one outcome, and that is valid.
func TestEverySignInEveryField(t *testing.T) {
	for _, r := range append(signs(), 0, unicode.ReplacementChar, '\u0301', '\ud7ff') {
		for _, typed := range []string{string(r), "1" + string(r) + "2", string(r) + "1-1-2026", "ja" + string(r)} {
			outcome(t, typed)
			if Blank(typed) != (Blank(string(r)) && typed == string(r)) {
				t.Errorf("%+q is blank: %t", typed, Blank(typed))
			}
			if shown := Shown(typed); Shown(shown) != shown || strings.ContainsFunc(shown, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
				t.Errorf("%+q is shown as %+q", typed, shown)
			}
		}
	}
}

// outcome holds what a text becomes in every kind of field against what that kind
// promises, and against the JSON and the text that people read of it.
func outcome(t *testing.T, s string) {
	t.Helper()
	part := func(string) string { return s }
	for _, parse := range []func() (any, map[string]error){
		func() (any, map[string]error) { a, f := ParseAddress(part); return a, f },
		func() (any, map[string]error) { a, f := ParseForeignAddress(part); return a, f },
		func() (any, map[string]error) { a, f := ParseAnyAddress(part); return a, f },
		func() (any, map[string]error) { p, err := ParsePoint(s, s); return p, faultsOf(err) },
	} {
		if v, faults := parse(); faults == nil && !reflect.ValueOf(v).IsNil() {
			same(t, s, v)
		}
	}
	_, _ = NewAttachment(s, s)
	for _, k := range kinds {
		v, err := FromForm(k.Name, s)
		if again, err2 := FromForm(k.Name, s); !reflect.DeepEqual(v, again) || (err == nil) != (err2 == nil) {
			t.Errorf("%s %+q has two outcomes", k.Name, s)
		}
		if err != nil {
			if err.Error() == "" || errors.Is(err, ErrEmpty) != Blank(s) {
				t.Errorf("%s %+q: %v", k.Name, s, err)
			}
			continue
		}
		same(t, s, v)
		text, ok := v.(string)
		if ok && !patterns()[k.Name].MatchString(text) {
			t.Errorf("%s %+q became %+q, which its pattern refuses", k.Name, s, text)
		}
		if ok && (k.Check(text) != nil || k.Canonical(text) != text) {
			t.Errorf("%s %+q became %+q, which is not valid", k.Name, s, text)
		}
		if shown := Display(k.Name, v); k.Pattern != "" && shown == "" {
			t.Errorf("%s %+q is shown as nothing", k.Name, s)
		}
	}
}

// patterns are those of the kinds; what has none takes everything.
var patterns = sync.OnceValue(func() map[string]*regexp.Regexp {
	all := map[string]*regexp.Regexp{}
	for _, k := range kinds {
		all[k.Name] = regexp.MustCompile(k.Pattern)
	}
	return all
})

func faultsOf(err error) map[string]error {
	if err == nil {
		return nil
	}
	return map[string]error{"": err}
}

// same says whether a value is the same after JSON, which is how it travels.
func same(t *testing.T, typed string, v any) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Errorf("%+q became %v: %v", typed, v, err)
		return
	}
	back := reflect.New(reflect.TypeOf(v))
	if err := json.Unmarshal(raw, back.Interface()); err != nil || !reflect.DeepEqual(back.Elem().Interface(), v) {
		t.Errorf("%+q became %s, and after JSON %v (%v)", typed, raw, back.Elem(), err)
	}
}

func FuzzFromForm(f *testing.F) {
	for _, s := range []string{
		"", "1", "1.000,5", "€ 1", "31-12-2026", "1234ab", "ab123c", "+31 (0)6", "12a-III", "maart 1985", "25-10-2026 02:30 wintertijd",
		"52.3874, 5.0263", "10.001.001", "België", "\u202e1\u00a0250", "１２", "Postbus 12",
	} {
		f.Add(s)
	}
	f.Fuzz(outcome)
}
