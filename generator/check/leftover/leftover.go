// Package leftover finds what a skeleton left behind.
package leftover

import "github.com/commonground-fieldlab/fieldlab/generator/check"

// Checker is its set of rules.
func Checker() check.Checker { return checker{} }

type checker struct{}

func (checker) Rules() []check.Rule { return nil }

func (checker) Start(*check.Repo, *check.Report) check.Look { return nil }
