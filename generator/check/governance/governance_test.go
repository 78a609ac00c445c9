package governance_test

import (
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/governance"
)

func TestRules(t *testing.T) {
	t.Parallel()
	checktest.Rules(t, governance.Checker(), "testdata",
		"{{MIB}}", strings.Repeat("a", 1_250_000), "{{CR}}", "\r", "{{LATIN}}", "\xeb")
}
