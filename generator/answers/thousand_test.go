package answers

import (
	"strings"
	"testing"
)

// TestAThousandIsNoDecimal: for YAML 1.250 is one and a quarter, and for whoever
// wrote it that is a thousand. It is refused, and never written.
func TestAThousandIsNoDecimal(t *testing.T) {
	for text, want := range map[string]bool{
		"1250": true, "1.25": true, "0.125": true, "1.1250": true, "1234.567": true, "-1.5": true,
		"1.250": false, "-12.500": false, "1.250.000": false,
	} {
		if _, ok := numberOf(text); ok != want {
			t.Errorf("%s is taken: %t", text, ok)
		}
	}
	least := 1.125
	body, err := Marshal(Answers{Version: 1, Component: Component{Title: "A", Organisation: Organisation{Name: "B"}}, Register: []Entity{{Name: "a", Fields: []Field{{Name: "b", Type: "decimal", Min: &least}}}}})
	back, problems := Parse("", body)
	if got := back.Answers.Register[0].Fields[0].Min; !strings.Contains(string(body), "1.1250") || err != nil || got == nil || *got != least {
		t.Errorf("%s becomes %v (%v): %v", body, got, problems, err)
	}
}
