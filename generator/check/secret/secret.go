// Package secret finds keys and passwords that lie in a repository.
package secret

import "github.com/commonground-fieldlab/fieldlab/generator/check"

// Checker is its set of rules.
func Checker() check.Checker { return checker{} }

type checker struct{}

func (checker) Rules() []check.Rule { return nil }

func (checker) Start(*check.Repo, *check.Report) check.Look { return nil }
