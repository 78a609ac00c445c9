package model

import (
	"regexp"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

var (
	regexPackName    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	regexPackVersion = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,9}){0,2}(-[a-z0-9]+(\.[a-z0-9]+)*)?$`)
	regexPackSum     = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
)

// IsPackName says whether an own pack can have this name.
func IsPackName(name string) bool { return len(name) <= 50 && regexPackName.MatchString(name) }

// IsPackVersion says whether an own pack can have this version.
func IsPackVersion(version string) bool {
	return len(version) <= 40 && regexPackVersion.MatchString(version)
}

// pack judges what the answers say of an own pack. Whether that pack is there, and
// is the one that they name, is not for the model: it never sees files of it.
func (b *builder) pack() {
	p := b.a.Pack
	if p.Name == "" && p.Version == "" && p.Sum == "" {
		return
	}
	for _, part := range []struct {
		key, value string
		right      func(string) bool
		code       problem.Code
	}{
		{"pack.name", p.Name, IsPackName, problem.PackFormName},
		{"pack.version", p.Version, IsPackVersion, problem.PackFormVersion},
		{"pack.sum", p.Sum, regexPackSum.MatchString, problem.PackFormSum},
	} {
		if !part.right(part.value) {
			b.add(part.code, part.key, part.value)
		}
	}
}
