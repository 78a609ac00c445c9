// Package source holds source code of any language against the five layers: who may reach whom, what is kept of a source, and which data of persons lies about.
package source

import "github.com/commonground-fieldlab/fieldlab/generator/check"

// Checker is its set of rules.
func Checker() check.Checker { return checker{} }

type checker struct{}

func (checker) Rules() []check.Rule { return nil }

func (checker) Start(*check.Repo, *check.Report) check.Look { return nil }
