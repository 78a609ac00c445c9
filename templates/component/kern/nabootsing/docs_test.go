package nabootsing

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// suite is how many cases the FSC test suite has of each kind.
var suite = map[string]int{
	"Outway-IncomingRequest": 3, "Outway-TransactionLog": 5,
	"Inway-Incoming-Request": 6, "Inway-TransactionLog": 6, "Inway-Port": 1,
	"Integration-ConsumeService": 2, "Integration-ConsumeServiceAsDelegatee": 1, "Integration-ConsumeDelegatedService": 2, "Integration-TransactionLog": 1,
	"Manager-SubmitContract": 12, "Manager-AcceptContract": 9, "Manager-RejectContract": 7, "Manager-RevokeContract": 7,
	"Manager-Contracts": 2, "Manager-Services": 4, "Manager-GetToken": 11, "Manager-PeerInfo": 1, "Manager-Peers": 1,
	"Manager-TransactionLogRecord": 1, "Manager-Port": 1, "Manager-JSONWebKeySet": 1,
}

var caseID = regexp.MustCompile("`([A-Z][A-Za-z-]+)-([0-9]+)`(?: t/m `([A-Z][A-Za-z-]+)-([0-9]+)`)?")

// ids are the numbers in a part of the document; a range counts for all in it.
func ids(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	for _, m := range caseID.FindAllStringSubmatch(text, -1) {
		from, _ := strconv.Atoi(m[2])
		until := from
		if m[3] != "" {
			until, _ = strconv.Atoi(m[4])
			if m[3] != m[1] {
				t.Errorf("a range from %s to %s", m[1], m[3])
			}
		}
		for i := from; i <= until; i++ {
			all = append(all, fmt.Sprintf("%s-%d", m[1], i))
		}
	}
	slices.Sort(all)
	return all
}

// TestTheDocumentSaysWhatIsCovered: what docs/nabootsing.md calls covered has a
// test with that name, and every case of the test suite is in one of its tables.
func TestTheDocumentSaysWhatIsCovered(t *testing.T) {
	raw, err := os.ReadFile("../../docs/nabootsing.md")
	if err != nil {
		if raw, err = os.ReadFile("../../docs/nabootsing.md.tmpl"); err != nil {
			t.Fatal(err)
		}
	}
	_, rest, _ := strings.Cut(string(raw), "\n## Gedekt door tests\n")
	covered, not, found := strings.Cut(rest, "\n## Niet gedekt\n")
	if !found {
		t.Fatal("the document has no list of what is covered, or of what is not")
	}
	var tested, all []string
	for _, c := range cases {
		tested = append(tested, c.id)
	}
	slices.Sort(tested)
	if got := ids(t, covered); !slices.Equal(got, tested) {
		t.Errorf("the document calls covered\n%v, tested are\n%v", got, tested)
	}
	for kind, n := range suite {
		for i := range n {
			all = append(all, fmt.Sprintf("%s-%d", kind, i+1))
		}
	}
	slices.Sort(all)
	if got := slices.Sorted(slices.Values(append(ids(t, not), tested...))); !slices.Equal(got, all) {
		t.Errorf("the tables together hold\n%v, the test suite has\n%v", got, all)
	}
	for _, name := range behaviourNames() {
		if !strings.Contains(string(raw), "| `"+name+"` |") {
			t.Errorf("the document does not tell what %s does", name)
		}
	}
}
