package openapi

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// testBSNs come from the test set that RvIG publishes, all from the range
// 9999: they belong to nobody.
var testBSNs = []string{
	"999993653", "999990408", "999995492", "999991802", "999993483", "999994086", "999992971", "999999321",
}

// known are values that suit a name, of which it is the beginning or the end.
// They belong together, and agree with the built-in sources: the same house,
// the same people. A key links one source to another; so that a question to
// one can follow from the answer of another, it goes before the example that a
// schema gives.
var known = []struct {
	word   string
	kind   string
	key    bool
	values []string
}{
	{"rsin", str, true, []string{"999900006"}},
	{"kvknummer", str, true, []string{"69599084", "68750110"}},
	{"postcode", str, true, []string{"1028BC", "1011PN"}},
	{"huisnummer", integer, true, []string{"34", "1"}},
	{"openbareruimtenaam", str, true, []string{"Dorpsstraat", "Amstel"}},
	{"kortenaam", str, true, []string{"Dorpsstraat", "Amstel"}},
	{"straatnaam", str, true, []string{"Dorpsstraat", "Amstel"}},
	{"straat", str, true, []string{"Dorpsstraat", "Amstel"}},
	{"woonplaats", str, true, []string{"Holysloot", "Amsterdam"}},
	{"woonplaatsnaam", str, true, []string{"Holysloot", "Amsterdam"}},
	{"woonplaatsidentificatie", str, true, []string{"1025", "3594"}},
	{"gemeentevaninschrijving", str, true, []string{"0363"}},
	{"adresseerbaarobjectidentificatie", str, true, []string{"0363010000000034", "0363010000000001"}},
	{"nummeraanduidingidentificatie", str, true, []string{"0363200000000034", "0363200000000001"}},
	{"openbareruimteidentificatie", str, true, []string{"0363300000000034", "0363300000000001"}},
	{"pandidentificatie", str, true, []string{"0363100000000034", "0363100000000001"}},
	{"pandidentificaties", str, true, []string{"0363100000000034", "0363100000000001"}},
	{"voornamen", str, true, []string{"Noor Anna", "Bram"}},
	{"voorletters", str, true, []string{"N.A.", "B."}},
	{"geslachtsnaam", str, true, []string{"Toetsen", "Proefstra"}},
	{"achternaam", str, true, []string{"van Toetsen", "Proefstra"}},
	{"voorvoegsel", str, true, []string{"van"}},
	{"volledigenaam", str, true, []string{"Noor Anna van Toetsen", "Bram Proefstra"}},
	{"aantal", integer, false, []string{"2"}},
	{"indicatie", boolean, false, []string{"true"}},
	{"gemeente", str, false, []string{"Amsterdam"}},
	{"land", str, false, []string{"Nederland"}},
	{"kenteken", str, false, []string{"0-AEO-01"}},
	{"langformaat", str, false, []string{"12 januari 2026", "2 februari 2026"}},
	{"leeftijd", integer, false, []string{"41", "38"}},
	{"jaar", integer, false, []string{"2026"}},
	{"bedrag", decimal, false, []string{"125.50"}},
	{"datum", str, false, []string{"2026-01-12", "2026-02-02"}},
	{"tijdstip", str, false, []string{"2026-01-12T09:00:00Z", "2026-02-02T09:00:00Z"}},
	{"email", str, false, []string{"testpersoon1@voorbeeld.test"}},
	{"telefoonnummer", str, false, []string{"+31600000001"}},
	{"href", str, false, []string{"https://voorbeeld.test/1"}},
}

// knownValue is the nth value that suits a name, and whether it is a key; nil
// when there is none. The name that fits best wins.
func knownValue(name string, nth int) (value *yaml.Node, key bool) {
	name = strings.ToLower(name)
	best := -1
	for i, k := range known {
		if (strings.HasPrefix(name, k.word) || strings.HasSuffix(name, k.word)) && (best < 0 || len(k.word) > len(known[best].word)) {
			best = i
		}
	}
	if best < 0 {
		return nil, false
	}
	k := known[best]
	tag := map[string]string{integer: "!!int", decimal: "!!float", boolean: "!!bool", str: "!!str"}[k.kind]
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: k.values[nth%len(k.values)]}, k.key
}

// Known is a value, as JSON, that suits the name of a field: for a source of
// which there is neither a specification nor an example.
func Known(name string) (value string, ok bool) {
	node, _ := knownValue(name, 0)
	if isSubject(name) {
		node = stringNode(testBSNs[0])
	}
	if node == nil {
		return "", false
	}
	return strings.TrimSpace(encode(node)), true
}

// formatSamples give the nth value of a format. Nothing depends on the clock;
// .test leads nowhere (RFC 2606), 192.0.2.0/24 is for documentation (RFC 5737).
var formatSamples = map[string]func(nth int) string{
	"date":      func(nth int) string { return sampleDay(nth).Format(time.DateOnly) },
	"date-time": func(nth int) string { return sampleDay(nth).Format(time.RFC3339) },
	"time":      func(nth int) string { return sampleDay(nth).Format("15:04:05Z07:00") },
	"duration":  func(nth int) string { return fmt.Sprintf("P%dD", nth+1) },
	"uuid":      func(nth int) string { return fmt.Sprintf("a1b2c3d4-0000-4000-8000-%012d", nth+1) },
	"email":     func(nth int) string { return fmt.Sprintf("testpersoon%d@voorbeeld.test", nth+1) },
	"uri":       func(nth int) string { return fmt.Sprintf("https://voorbeeld.test/%d", nth+1) },
	"url":       func(nth int) string { return fmt.Sprintf("https://voorbeeld.test/%d", nth+1) },
	"hostname":  func(nth int) string { return fmt.Sprintf("voorbeeld%d.test", nth+1) },
	"ipv4":      func(nth int) string { return fmt.Sprintf("192.0.2.%d", nth%250+1) },
	"ipv6":      func(nth int) string { return fmt.Sprintf("2001:db8::%x", nth+1) },
	"byte":      func(int) string { return "dm9vcmJlZWxk" },
}

func sampleDay(nth int) time.Time {
	return time.Date(2026, time.January, 12, 9, 0, 0, 0, time.UTC).AddDate(0, 0, 21*nth)
}
