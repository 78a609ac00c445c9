package source_test

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/source"
)

func TestRules(t *testing.T) {
	t.Parallel()
	checktest.Rules(t, source.Checker(), "testdata")
}
