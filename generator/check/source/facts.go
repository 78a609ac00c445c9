package source

import "github.com/commonground-fieldlab/fieldlab/generator/check"

// facts are what is only known after the last file.
type facts struct{}

func newFacts(*check.Repo) facts { return facts{} }
