// Package rules is the list of every checker. It is a package of its own because each of
// them imports package check.
package rules

import (
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/adr"
	"github.com/commonground-fieldlab/fieldlab/generator/check/deliver"
	"github.com/commonground-fieldlab/fieldlab/generator/check/governance"
	"github.com/commonground-fieldlab/fieldlab/generator/check/leftover"
	"github.com/commonground-fieldlab/fieldlab/generator/check/own"
	"github.com/commonground-fieldlab/fieldlab/generator/check/secret"
	"github.com/commonground-fieldlab/fieldlab/generator/check/source"
)

// All lists every checker; a new one is one line here.
func All() []check.Checker {
	return []check.Checker{
		adr.Checker(),
		governance.Checker(),
		deliver.Checker(),
		source.Checker(),
		leftover.Checker(),
		secret.Checker(),
		own.Checker(),
	}
}
