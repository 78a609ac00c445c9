package source_test

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/source"
)

// someNumber passes the eleven test and is in no series for tests. It is made here, so
// that no such number stands in this repository.
func someNumber() string {
	digits := []int{2, 4, 7, 0, 3, 9, 1, 5}
	sum := 0
	for i, d := range digits {
		sum += (9 - i) * d
	}
	last := sum % 11
	for last == 10 { // no digit passes: another number
		digits[7]++
		sum += 2
		last = sum % 11
	}
	number := ""
	for _, d := range append(digits, last) {
		number += string(rune('0' + d))
	}
	return number
}

func TestRules(t *testing.T) {
	t.Parallel()
	number := someNumber()
	checktest.Rules(t, source.Checker(), "testdata",
		"{{real}}", number, "{{masked}}", number[:2]+"*****"+number[7:], "{{at}}", "@")
}
