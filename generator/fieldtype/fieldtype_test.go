package fieldtype

import (
	"encoding/json"
	"go/parser"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// sample is a field of type name that is otherwise as plain as can be.
func sample(name string) *Field {
	f := &Field{Name: "veld", Title: "Een veld"}
	switch name {
	case "enum":
		f.Values = []string{"ja", "nee", "A+"}
	case "reference":
		f.Records = []string{UUID("a", 0), UUID("a", 1)}
	}
	return f
}

func TestExamplesPassTheirOwnCheck(t *testing.T) {
	for _, name := range Names() {
		kind, _ := Of(name)
		f := sample(name)
		examples := kind.Examples(f)
		if len(examples) != Count {
			t.Errorf("%s has %d examples", name, len(examples))
		}
		if !reflect.DeepEqual(examples, kind.Examples(f)) {
			t.Errorf("%s: other examples the second time", name)
		}
		for _, e := range examples {
			if !kind.Unwritten {
				if form, fault := kind.Check(f, e.Form); fault != "" || form != e.Form {
					t.Errorf("%s: example %q becomes %q: %s", name, e.Form, form, fault)
				}
			}
			var value any
			if err := json.Unmarshal([]byte(e.JSON), &value); err != nil {
				t.Errorf("%s: %s: %v", name, e.JSON, err)
			}
			if text, ok := value.(string); ok && kind.kind.Pattern != "" && !regexp.MustCompile(kind.kind.Pattern).MatchString(text) {
				t.Errorf("%s: %q does not match %s", name, text, kind.kind.Pattern)
			}
			if _, err := parser.ParseExpr(e.Go); err != nil {
				t.Errorf("%s: %s: %v", name, e.Go, err)
			}
		}
	}
}

func TestExamplesBelongToNobody(t *testing.T) {
	for name, pattern := range map[string]string{
		"bsn": `^9999`, "oin": `^00000099`, "email": `\.test$`, "url": `^https://[a-z]+\.test/`, "iban": `^NL..TEST`, "phone": `^\+3160`, "kenteken": `^0-AEO-`,
	} {
		kind, _ := Of(name)
		for _, e := range kind.Examples(sample(name)) {
			if !regexp.MustCompile(pattern).MatchString(e.Form) {
				t.Errorf("%s: %q may be real", name, e.Form)
			}
		}
	}
}

func number(n float64) *float64 { return &n }

func TestExamplesKeepWithinTheirBounds(t *testing.T) {
	for _, test := range []struct {
		kind     string
		min, max *float64
	}{
		{"integer", number(1), number(3)}, {"integer", number(7), number(7)}, {"integer", number(-5), nil}, {"integer", nil, number(-5)}, {"integer", number(18), number(1000)},
		{"decimal", number(0.1), number(0.2)}, {"decimal", number(0.001), number(0.002)}, {"decimal", nil, number(2.5)},
		{"money", number(0.01), number(0.03)}, {"money", number(1e6), nil}, {"money", nil, number(-0.5)}, {"money", number(0), number(1e13)},
	} {
		kind, _ := Of(test.kind)
		f := sample(test.kind)
		f.Min, f.Max = test.min, test.max
		for _, e := range kind.Examples(f) {
			if _, fault := kind.Check(f, e.Form); fault != "" {
				t.Errorf("%+v: %s is %s", test, e.Form, fault)
			}
		}
	}
	kind, _ := Of("text")
	for longest := 1; longest < 30; longest++ {
		f := sample("text")
		f.MaxLength, f.Title = longest, "Één héél lange titel?"
		for _, e := range kind.Examples(f) {
			if _, fault := kind.Check(f, e.Form); fault != "" {
				t.Errorf("%q in %d characters: %s", e.Form, longest, fault)
			}
		}
	}
}

func TestExampleOfTheTeamComesFirst(t *testing.T) {
	kind, _ := Of("money")
	f := sample("money")
	f.Example, _ = kind.Check(f, "€ 1250,5")
	if got := kind.Examples(f)[0]; got != (Example{"1250,50", `"1250.50"`, "125050"}) {
		t.Errorf("%+v", got)
	}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		kind, value, want string
		fault             Fault
	}{
		{"text", " hoi ", "hoi", ""},
		{"text", "a\nb", "", Characters},
		{"longtext", "a\nb", "a\nb", ""},
		{"text", "  ", "", Empty},
		{"text", strings.Repeat("é", 255), strings.Repeat("é", 255), ""},
		{"text", strings.Repeat("é", 256), "", TooLong},
		{"integer", "9007199254740991", "9007199254740991", ""},
		{"integer", "9007199254740992", "", Whole},
		{"integer", "1,0", "", Whole},
		{"decimal", "-1,25", "-1.25", ""},
		{"decimal", "1e5", "", Number},
		{"decimal", "NaN", "", Number},
		{"money", "0.1", "0,10", ""},
		{"money", "-0,05", "-0,05", ""},
		{"money", "1,005", "", Decimals},
		{"money", "100000000000000", "", TooLarge},
		{"boolean", "Ja", "true", ""},
		{"boolean", "0", "", Form},
		{"date", "2024-02-29", "2024-02-29", ""},
		{"date", "2023-02-29", "", Form},
		{"date", "0999-01-01", "", Form},
		{"datetime", "2026-01-12T09:00:00+01:00", "2026-01-12T09:00:00+01:00", ""},
		{"datetime", "2026-01-12 09:00", "", Form},
		{"enum", "A+", "A+", ""},
		{"enum", "a+", "", Choice},
		{"email", "o'neill@voorbeeld.test", "o'neill@voorbeeld.test", ""},
		{"email", "Noor <noor@voorbeeld.test>", "", Form},
		{"email", "noor@localhost", "", Form},
		{"phone", "06 12345678", "0612345678", ""},
		{"phone", "+32 2 123 45 67", "+32 2 123 45 67", ""},
		{"phone", "061234567", "", Form},
		{"url", "https://voorbeeld.test/a?b=c", "https://voorbeeld.test/a?b=c", ""},
		{"url", "https://voorbeeld.test/<script>", "", Form},
		{"url", "ftp://voorbeeld.test", "", Form},
		{"uuid", "24C1848F-bd75-57c4-8f2f-e24a65829831", "24c1848f-bd75-57c4-8f2f-e24a65829831", ""},
		{"uuid", "24c1848f", "", Form},
		{"bsn", "999993653", "999993653", ""},
		{"bsn", "999993654", "", Checksum},
		{"bsn", "123456782", "", RealPerson},
		{"bsn", "000000000", "", Checksum},
		{"bsn", "9999936", "", Form},
		{"rsin", "001299757", "", Checksum},
		{"rsin", "123456782", "123456782", ""},
		{"kvk", "6959908", "", Form},
		{"oin", "00000001001299757000", "00000001001299757000", ""},
		{"oin", "0000000100129975700", "", Form},
		{"iban", "nl91 abna 0417 1643 00", "NL91ABNA0417164300", ""},
		{"iban", "NL92ABNA0417164300", "", Checksum},
		{"iban", "NL91ABNA041716430", "", Form},
		{"iban", "BE68539007547034", "BE68539007547034", ""},
		{"postcode", "1234ab", "1234 AB", ""},
		{"postcode", "0234 AB", "", Form},
		{"postcode", "1234 SS", "", Form},
		{"kenteken", "ab123c", "AB-123-C", ""},
		{"kenteken", "1-ABC-23", "1-ABC-23", ""},
		{"kenteken", "A1-23-4B", "", Form},
		{"bag-id", "0363010000000034", "0363010000000034", ""},
		{"bag-id", "363010000000034", "", Form},
		{"bag-id", "0363990000000034", "", Form},
		{"adres", "Laan 1940-1945 12a bis, 1234ab 's-Hertogenbosch", "Laan 1940-1945 12 A bis, 1234 AB 's-Hertogenbosch", ""},
		{"adres", "Kerkstraat 1-2, 1234 AB Plaats", "Kerkstraat 1 2, 1234 AB Plaats", ""},
		{"adres", "Kerkstraat, 1234 AB Plaats", "", Form},
		{"adres", "Kerkstraat 1, 1234 SS Plaats", "", Form},
		{"adres", "Kerkstraat 1, 1234 AB  0", "", Form},
		{"adres", "Kerkstraat 1, 1234 AB  Plaats", "Kerkstraat 1, 1234 AB Plaats", ""},
		{"geo", "52.0907, 5.1214", "52.0907, 5.1214", ""},
		{"geo", "5.1214, 52.0907", "", Form},
		{"file", "a.txt", "", NotHere},
		{"file", " ", "", NotHere},
		{"reference", "24c1848f-bd75-57c4-8f2f-e24a65829831", "", NotHere},
		{"url", "https://iemand:geheim@voorbeeld.test", "", Form},
		{"url", "https://intern/pad", "", Form},
		{"datetime", "2026-01-12T09:00:00-00:00", "", Form},
		{"datetime", "0999-01-12T09:00:00Z", "", Form},
		{"bsn", "9999.93.653", "999993653", ""},
	} {
		kind, ok := Of(test.kind)
		if !ok {
			t.Fatal(test.kind)
		}
		if got, fault := kind.Check(sample(test.kind), test.value); got != test.want || fault != test.fault {
			t.Errorf("%s %q: %q %q, want %q %q", test.kind, test.value, got, fault, test.want, test.fault)
		}
	}
}

func TestGoType(t *testing.T) {
	for name, want := range map[string]string{"text": "string", "integer": "*int64", "adres": "*value.Address", "reference": "string", "boolean": "*bool"} {
		if kind, _ := Of(name); kind.GoType(false) != want {
			t.Errorf("%s: %s", name, kind.GoType(false))
		}
	}
}

func TestIsPersonal(t *testing.T) {
	for name, want := range map[string]bool{
		"text achternaam": true, "text projectnaam": false, "text naam": true, "date geboortedatum": true, "date verhuisdatum": false,
		"bsn x": true, "uuid bsn": false, "enum geslacht": true, "integer aantal": false,
	} {
		kind, field, _ := strings.Cut(name, " ")
		if t1, _ := Of(kind); t1.IsPersonal(field) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

func TestOpenAPI(t *testing.T) {
	f := sample("integer")
	f.Min, f.Max, f.Help = number(1), number(20), "Tel uzelf mee: \"u\" <en> anderen"
	kind, _ := Of("integer")
	want := `{type: integer, format: int64, minimum: 1, maximum: 20, title: Een veld, description: "Tel uzelf mee: \"u\" &lt;en> anderen.", example: 1}`
	if got := kind.OpenAPI(f, "1"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for scalar, want := range map[string]string{"ja": "ja", "no": `"no"`, "Null": `"Null"`, "a: b": `"a: b"`, "1": `"1"`, "": `""`, "x ": `"x "`, "{{ .x }}": `"{{ .x }}"`, "é": `"é"`} {
		if got := flow(scalar); got != want {
			t.Errorf("%q: %s, want %s", scalar, got, want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, name := range Names() {
		kind, _ := Of(name)
		for _, e := range kind.Examples(sample(name))[:2] {
			f.Add(name, e.Form)
		}
	}
	f.Add("kenteken", "CD-999")
	f.Add("bag-id", "0363.0100.0000.0034")
	f.Fuzz(func(t *testing.T, name, value string) {
		kind, ok := Of(name)
		if !ok {
			return
		}
		field := sample(name)
		form, fault := kind.Check(field, value)
		if fault != "" {
			return
		}
		if again, fault := kind.Check(field, form); fault != "" || again != form {
			t.Errorf("%s: %q becomes %q, and that %q (%s)", name, value, form, again, fault)
		}
		field.Example = form
		e := kind.Examples(field)[0]
		if _, err := parser.ParseExpr(e.Go); err != nil || !json.Valid([]byte(e.JSON)) {
			t.Errorf("%s: %+v: %v", name, e, err)
		}
	})
}
