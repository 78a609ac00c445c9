package adr

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
)

// TestRules proves every rule with a description that meets it and mutations of it that
// do not.
func TestRules(t *testing.T) {
	t.Parallel()
	checktest.Rules(t, Checker(), "testdata")
}
