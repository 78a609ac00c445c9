package governance_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/governance"
)

// today is the day on which the tests look at a repository.
var today = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func checker() check.Checker { return governance.CheckerAt(today) }

func TestRules(t *testing.T) {
	t.Parallel()
	checktest.Rules(t, checker(), "testdata",
		"{{MIB}}", strings.Repeat("a", 1_250_000), "{{CR}}", "\r", "{{LATIN}}", "\xeb")
}
