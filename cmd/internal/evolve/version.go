package evolve

import (
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// newEnough refuses to bring a component back to an older fieldlab: what that
// does not know yet would go.
func (s *session) newEnough(u *update.Update) error {
	if !older(u.To, u.From) {
		return nil
	}
	return failure.Shortfall{Text: s.d.Text.T("update.older", terminal.Safe(u.From), terminal.Safe(u.To)), Hint: "fieldlab version"}
}

// older says whether version a comes before b. Of what is no released version,
// such as that of a build on a laptop, nobody can say.
func older(a, b string) bool {
	one, ok1 := numbers(a)
	other, ok2 := numbers(b)
	if !ok1 || !ok2 {
		return false
	}
	for i := range one {
		if one[i] != other[i] {
			return one[i] < other[i]
		}
	}
	return false
}

// numbers reads v1.2.3, with anything behind a - or +.
func numbers(version string) (found [3]int, ok bool) {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "+")
	version, _, _ = strings.Cut(version, "-")
	parts := strings.Split(version, ".")
	if len(parts) != len(found) {
		return found, false
	}
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return found, false
		}
		found[i] = n
	}
	return found, true
}
