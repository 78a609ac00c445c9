package value

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

func TestFormats(t *testing.T) {
	good := map[string][]string{
		"bsn":              {"999993653", "999995492", "010001001"},
		"rsin":             {"999993653"},
		"kvk":              {"69599084"},
		"vestigingsnummer": {"000037178598"},
		"oin":              {"00000099000000001000"},
		"iban":             {"NL91ABNA0417164300", "BE71096123456769", "DE89370400440532013000"},
		"postcode":         {"1234 AB", "9999 ZZ"},
		"kenteken":         {"AB-12-34", "12-34-AB", "12-AB-34", "AB-12-CD", "AB-CD-12", "12-AB-CD", "12-ABC-3", "1-ABC-23", "AB-123-C", "A-123-BC", "ABC-12-D", "A-12-BCD", "1-AB-234", "123-AB-1", "CD-12-34"},
		"bag-id":           {"0363200000218705"},
		"phone":            {"06 12345678", "073-6155155", "+32 2 123 45 67", "0800 1351", "112", "14073"},
		"email":            {"naam@gemeente.nl", "a.b+c@sub.gemeente.test"},
		"uri":              {"https://gemeente.nl", "http://gemeente.nl/pad?x=1#y"},
		"uuid":             {"01a200c0-9219-765b-8fd6-070cd3acde57", "01A200C0-9219-765B-8FD6-070CD3ACDE57"},
		"colour":           {"#154273", "#ABCdef"},
		"landcode":         {"BE", "SR"},
		"money":            {"0.00", "-12.50", "999999999999999.99"},
		"date":             {"2024-02-29", "0001-01-01"},
		"date-time":        {"2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123456+01:00"},
	}
	bad := map[string][]string{
		"bsn":              {"", "999993654", "000000000", "12345678", "99999365a", " 999993653", "٩٩٩٩٩٣٦٥٣"},
		"rsin":             {"999993654"},
		"kvk":              {"1234567", "1234567a"},
		"vestigingsnummer": {"", "37178598", "0000 3717 8598", "00003717859A"},
		"oin":              {"1", "0000000100129975700x"},
		"iban":             {"NL91ABNA0417164301", "nl91abna0417164300", "NL91 ABNA 0417 1643 00", "NL91ABNA041716430", "XX", "NO9386011117947"[:14]},
		"postcode":         {"1234AB", "0123 AB", "1234 ab", "1234 SS", "1234 ABC"},
		"kenteken":         {"ab-12-34", "AB1234", "A-1-B", "AB-12-3", "", "AB-12-345", "CD-999"},
		"bag-id":           {"036320000021870", "036320000021870x", "0363990000000034"},
		"phone":            {"", "12345678", "06 1234", "0612345678901", "zes", "+0 123456789", "-0612345678", "0800", "090", "+1234567"},
		"email":            {"naam", "naam@", "@gemeente.nl", "a b@gemeente.nl", "Naam <naam@gemeente.nl>", "a@b", "a@[127.0.0.1]", "a@-b.nl", "a@b_c.nl"},
		"uri":              {"gemeente.nl", "javascript:alert(1)", "https://", "https://gemeente.nl/a b", "https://iemand:geheim@gemeente.nl", "https://gemeente.nl/`id`", "https://gemeente.nl/\x7f"},
		"uuid":             {"01a200c09219765b8fd6070cd3acde57", "x"},
		"colour":           {"154273", "#15427", "rood"},
		"landcode":         {"", "NL", "be", "België", "XX"},
		"money":            {"12", "12.5", "12,50", "1e3", "--1.00"},
		"date":             {"2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "0000-01-01"},
		"date-time":        {"2026-01-01t00:00:00Z", "2026-01-01T00:00:00z", "2026-01-01T00:00:00", "2026-01-01T00:00:00-00:00", "2026-01-01 00:00:00Z", "2026-01-01T24:00:00Z"},
	}
	for name, values := range good {
		for _, v := range values {
			if err := Check(name, v); err != nil || !Formats[name](v) {
				t.Errorf("%s %q: %v", name, v, err)
			}
		}
	}
	for name, values := range bad {
		for _, v := range values {
			err := Check(name, v)
			if err == nil || Formats[name](v) {
				t.Errorf("%s %q is accepted", name, v)
			} else if err.Error() != Check(name, "").Error() {
				t.Errorf("%s: the message depends on the value: %v", name, err)
			}
		}
	}
	for name := range formats {
		if len(good[name]) == 0 || len(bad[name]) == 0 {
			t.Errorf("%s has no examples in this test", name)
		}
	}
}

func TestFromForm(t *testing.T) {
	cases := []struct{ kind, typed, want string }{
		{"text", "  hallo  ", `"hallo"`},
		{"integer", "1.000", `1000`}, {"integer", "-3", `-3`},
		{"decimal", "1.234,5", `1234.5`}, {"decimal", "0.5", `0.5`},
		{"boolean", "ja", `true`}, {"boolean", "Nee", `false`}, {"boolean", "on", `true`},
		{"money", "€ 12,50", `"12.50"`}, {"money", "1.250", `"1250.00"`}, {"money", "12,5", `"12.50"`}, {"money", "12,-", `"12.00"`}, {"money", "-0,05", `"-0.05"`}, {"money", "12.50", `"12.50"`},
		{"date", "2-1-2026", `"2026-01-02"`}, {"date", "2026-01-02", `"2026-01-02"`}, {"date", "29 februari 2024", `"2024-02-29"`},
		{"datetime", "2026-07-01T14:30", `"2026-07-01T12:30:00Z"`}, {"datetime", "1-1-2026 14.30", `"2026-01-01T13:30:00Z"`}, {"datetime", "2026-01-01T00:00:00+01:00", `"2025-12-31T23:00:00Z"`},
		{"bsn", "9999.93.653", `"999993653"`}, {"iban", "nl91 abna 0417 1643 00", `"NL91ABNA0417164300"`},
		{"postcode", "1234ab", `"1234 AB"`}, {"kenteken", "ab123c", `"AB-123-C"`}, {"kenteken", "99 xx xx", `"99-XX-XX"`},
		{"phone", "(073) 615 51 55", `"0736155155"`}, {"phone", "+31 (0)73 6155155", `"+31736155155"`},
		{"reference", "01A200C0-9219-765B-8FD6-070CD3ACDE57", `"01a200c0-9219-765b-8fd6-070cd3acde57"`},
		{"enum", "rood", `"rood"`},
	}
	for _, c := range cases {
		v, err := FromForm(c.kind, c.typed)
		got, _ := json.Marshal(v)
		if err != nil || string(got) != c.want {
			t.Errorf("%s %q: %s %v, want %s", c.kind, c.typed, got, err, c.want)
		}
	}
	for kind, values := range map[string][]string{
		"integer": {"een", "1,5", "9999999999999999999"}, "decimal": {"x", "0x1p4", "1e999", "NaN"}, "boolean": {"misschien"},
		"money": {"12,555", "veel", "1.2.3", "€"}, "date": {"30-2-2026", "morgen", "1-1-26"}, "datetime": {"2026-01-01", "x"},
		"text": {"a\x00b", "\xff"},
	} {
		for _, v := range values {
			if got, err := FromForm(kind, v); err == nil {
				t.Errorf("%s %q becomes %v", kind, v, got)
			}
		}
	}
	if _, err := FromForm("date", " "); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
}

func TestDisplay(t *testing.T) {
	for _, c := range []struct {
		kind string
		v    any
		want string
	}{
		{"date", "2026-01-02", "2 januari 2026"}, {"date", Date("2026-12-31"), "31 december 2026"},
		{"datetime", "2026-07-01T12:30:00Z", "1 juli 2026 om 14:30"}, {"money", "1250.50", "€ 1.250,50"}, {"money", Money(-5), "€ -0,05"},
		{"boolean", true, "ja"}, {"decimal", 1.5, "1,5"}, {"integer", 12.0, "12"},
		{"decimal", 1250.5, "1.250,5"}, {"decimal", -1250000.0, "-1.250.000"}, {"integer", 2026.0, "2026"}, {"integer", int64(12500), "12.500"}, {"", 12500.0, "12500"},
		{"decimal", json.Number("1250.5"), "1.250,5"}, {"", json.Number("1e3"), "1000"},
		{"postcode", "1028BC", "1028 BC"}, {"kenteken", "AB123C", "AB-123-C"}, {"phone", "0612345678", "06 12345678"}, {"phone", "+31612345678", "+31 6 12345678"},
		{"phone", "0736155155", "073 6155155"}, {"phone", "0411123456", "0411 123456"}, {"phone", "08001351", "0800 1351"}, {"phone", "14073", "14 073"}, {"phone", "112", "112"}, {"phone", "+32 2 123 45 67", "+32 2 123 45 67"},
		{"text", "evil\u202egpj.exe", "evilgpj.exe"}, {"text", "\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"},
		{"onvolledige-datum", map[string]any{"type": "JaarMaandDatum", "jaar": 1985.0, "maand": 3.0}, "maart 1985"}, {"onvolledige-datum", PartialDate("1985-00-00"), "1985"}, {"onvolledige-datum", Unknown, "onbekend"},
		{"adres-buitenland", map[string]any{"regel1": "Voorbeeldlaan 7", "regel2": "2000 Antwerpen", "land": map[string]any{"code": "BE"}}, "Voorbeeldlaan 7, 2000 Antwerpen, België"},
		{"adres-overal", map[string]any{"type": "Adres", "straat": "Postbus", "huisnummer": 100.0, "postcode": "1000 AA", "woonplaats": "Amsterdam"}, "Postbus 100, 1000 AA Amsterdam"}, {"iban", "NL91ABNA0417164300", "NL91 ABNA 0417 1643 00"},
		{"adres", map[string]any{"straat": "Kerkstraat", "huisnummer": 12.0, "huisletter": "a", "huisnummertoevoeging": "2", "postcode": "5211 KA", "woonplaats": "'s-Hertogenbosch"}, "Kerkstraat 12a-2, 5211 KA 's-Hertogenbosch"},
		{"geo", map[string]any{"type": "Point", "coordinates": []any{5.3, 51.69}}, "51,69000 NB, 5,30000 OL"},
		{"file", map[string]any{"id": "0198f7a0-0000-7000-8000-000000000001", "naam": "a.txt", "mediatype": "text/plain", "grootte": 4.0}, "a.txt (1 kB)"},
		{"text", nil, ""},
	} {
		if got := Display(c.kind, c.v); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.kind, c.v, got, c.want)
		}
	}
}

func TestAddressFromAForm(t *testing.T) {
	form := map[string]string{"straat": "Dorpsstraat", "huisnummer": " 12 ", "postcode": "1234ab", "woonplaats": "Utrecht"}
	a, faults := ParseAddress(func(name string) string { return form[name] })
	if faults != nil || a.String() != "Dorpsstraat 12, 1234 AB Utrecht" || a.Part("postcode") != "1234AB" || a.Part("huisletter") != "" {
		t.Error(a, faults)
	}
	if a, faults := ParseAddress(func(string) string { return " " }); a != nil || faults != nil {
		t.Error(a, faults)
	}
	form["huisnummer"], form["postcode"], form["huisletter"] = "nul", "12", "ab"
	if _, faults := ParseAddress(func(name string) string { return form[name] }); len(faults) != 3 || faults["huisnummer"] == nil {
		t.Error(faults)
	}
}

func TestAddressIsReadAsEncodingJSONWould(t *testing.T) {
	for _, text := range []string{
		`{"straat":"Dorpsstraat","huisnummer":1,"huisletter":"a","postcode":"1234 AB","woonplaats":"Utrecht"}`,
		`{"straat": "Dorps", "postcode": "1234 AB", "huisnummer": 12 , "woonplaats": "'s-Hertogenbosch"}`,
		`{"straat":"De \"Hoek\"","huisnummer":1}`, `{"straat":"Caf\u00e9"}`, `{}`, `{"huisnummer":1.5}`, `{"anders":1}`, `{"straat":null}`,
		`{"straat":"a"`, `{"straat":"a"}x`, `{"straat":"a",}`, `[]`, ``, `{"huisnummer":"1"}`, `{"straat":1}`, `{"huisnummer":}`,
	} {
		var got Address
		var want Address
		gotErr, wantErr := got.Scan(text), json.Unmarshal([]byte(text), &want)
		if (gotErr == nil) != (wantErr == nil) || gotErr == nil && got != want {
			t.Errorf("%s: %+v %v, encoding/json %+v %v", text, got, gotErr, want, wantErr)
		}
	}
	if _, ok := plainAddress(`{"straat":"Dorpsstraat","huisnummer":1,"postcode":"1234 AB","woonplaats":"Utrecht"}`); !ok {
		t.Error("an ordinary address takes the slow way")
	}
}

func TestMoneyNeverRounds(t *testing.T) {
	for _, m := range []Money{0, 1, -1, 99, 100, -12345, math.MaxInt64, math.MinInt64} {
		b, err := json.Marshal(m)
		var back Money
		if err != nil || m > -1e17 && m < 1e17 && (json.Unmarshal(b, &back) != nil || back != m) {
			t.Errorf("%d: %s %d", int64(m), b, int64(back))
		}
	}
}

func TestDateTimeIsUTCToTheMicrosecond(t *testing.T) {
	var d DateTime
	if err := json.Unmarshal([]byte(`"2026-03-29T03:00:00.123456789+02:00"`), &d); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(d)
	if err != nil || string(b) != `"2026-03-29T01:00:00.123456Z"` {
		t.Errorf("%s %v", b, err)
	}
	if DateOf(time.Date(2026, 6, 30, 22, 30, 0, 0, time.UTC)) != "2026-07-01" {
		t.Error("the day is not the Dutch one")
	}
}

// TestHoursOfDutchTime: an hour that is left out has its reason, and one that comes
// twice is told apart wherever it is shown.
func TestHoursOfDutchTime(t *testing.T) {
	for typed, reason := range map[string]string{
		"29-3-2026 02:30": "bestaat niet", "25-10-2026 02:30": "twee keer", "1-7-2026 24:00": "24:00", "1-7-2026 2:5": "uren en minuten", "1-7-26 14:30": "vier cijfers",
	} {
		if _, err := FromForm("datetime", typed); err == nil || !strings.Contains(err.Error(), reason) || Part(err) == "" {
			t.Errorf("%s: %v at %q", typed, err, Part(err))
		}
	}
	if _, err := FromForm("datetime", "1-1-0001 0:10"); err == nil {
		t.Error("a moment in the year 0 is taken, which the API refuses")
	}
	for stored, shown := range map[string]string{
		"2026-10-25T00:30:00Z": "25 oktober 2026 om 02:30 zomertijd", "2026-10-25T01:30:00Z": "25 oktober 2026 om 02:30 wintertijd",
		"2026-10-24T23:30:00Z": "25 oktober 2026 om 01:30", "2026-10-25T02:00:00Z": "25 oktober 2026 om 03:00", "2026-03-29T01:00:00Z": "29 maart 2026 om 03:00",
	} {
		if got := Display("datetime", stored); got != shown {
			t.Errorf("%s is shown as %q, want %q", stored, got, shown)
		}
	}
}

func TestZeroHasNoSign(t *testing.T) {
	for _, kind := range []string{"integer", "decimal", "money"} {
		v, err := FromForm(kind, "-0")
		raw, _ := json.Marshal(v)
		if err != nil || strings.Contains(string(raw), "-") {
			t.Errorf("%s -0 is %s (%v)", kind, raw, err)
		}
	}
}

func TestAttachment(t *testing.T) {
	a, err := NewAttachment(`C:\map\bewijs.pdf`, "application/pdf; x=y")
	if err != nil || a.Name != "bewijs.pdf" || a.Mediatype != "application/pdf" {
		t.Error(a, err)
	}
	if a, err = NewAttachment("a", "geen soort"); err != nil || a.Mediatype != "application/octet-stream" {
		t.Error(a, err)
	}
	// What an employee reads is what it is: no text that runs backwards.
	if a, err = NewAttachment("besluit\u202efdp.exe", ""); err != nil || a.Name != "besluitfdp.exe" {
		t.Errorf("%q %v", a.Name, err)
	}
	if _, err = NewAttachment("\u202e\u2066", ""); err == nil {
		t.Error("a name of nothing is accepted")
	}
	for _, name := range []string{"", ".", "/", "map/", "a\x00", "\xff", strings.Repeat("a", 256)} {
		if a, err := NewAttachment(name, ""); err == nil && name != "map/" {
			t.Errorf("%q is accepted as %q", name, a.Name)
		}
	}
	for raw, want := range map[string]bool{
		`{"id":"0198f7a0-0000-7000-8000-000000000001"}`: true, `{"id":"../x"}`: false, `{"naam":"a.txt"}`: false, `"x"`: false,
		`{"id":"0198f7a0-0000-7000-8000-000000000001","naam":"a.txt","mediatype":"text/plain","grootte":4}`: true,
	} {
		if got := json.Unmarshal([]byte(raw), &a) == nil; got != want {
			t.Errorf("%s is accepted: %t", raw, got)
		}
	}
	for n, want := range map[int64]string{1: "1 kB", 1024: "1 kB", 1025: "2 kB", 3 << 20: "3 MB", 7<<19 + 1: "3,5 MB", 15 << 20: "15 MB"} {
		if got := ByteSize(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

func TestNoMessageHoldsAStoredValue(t *testing.T) {
	for _, scanner := range []interface{ Scan(any) error }{new(Address), new(Point), new(Attachment), new(Money), new(Date), new(DateTime)} {
		for _, src := range []any{"geheim", []byte("geheim"), 3.14} {
			if err := scanner.Scan(src); err != nil && strings.Contains(err.Error(), "geheim") {
				t.Errorf("%T: %v", scanner, err)
			}
		}
	}
}
