package update_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestWhatIsNoLongerOffered: who updates reads which orders and filters of the API go,
// also when the answers are as they were and a newer fieldlab judges otherwise.
func TestWhatIsNoLongerOffered(t *testing.T) {
	const asked = `      - {name: eerste dag, type: date}
      - {name: verslag, type: text, maxLength: 1000, sort: true}
      - {name: hoogte, type: integer}
`
	dir := made(t, templates.Component(), sheet+asked)
	for _, c := range []struct{ answers, want string }{
		{sheet + asked, "[]"},
		{strings.Replace(sheet+asked, ", sort: true", "", 1), "[{unsorted [verslag boom]}]"},
		{strings.Replace(sheet+asked, "type: date", "type: date, filter: false, sort: false", 1), "[{unsorted [eerste dag boom]} {unfiltered [eerste dag boom]}]"},
	} {
		u := find(t, update.Request{Dir: dir, Pack: templates.Component(), Version: "1.0.0", Answers: []byte(c.answers)})
		if got := fmt.Sprint(u.Notes); got != c.want {
			t.Errorf("notes are %s, want %s", got, c.want)
		}
		var changelog string
		for _, change := range u.Changes {
			if change.Path == "CHANGELOG.md" {
				changelog = string(change.After)
			}
		}
		if got := strings.Count(changelog, "in de API kan niet meer op "); got != strings.Count(c.want, "{un") {
			t.Errorf("%s: the changelog says:\n%s", c.want, changelog)
		}
	}
}
