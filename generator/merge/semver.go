package merge

import (
	"cmp"
	"strings"
)

// compareVersions is the order of semantic versions, as go has it. What is no
// version comes first.
func compareVersions(a, b string) int {
	a, _, _ = strings.Cut(a, "+")
	b, _, _ = strings.Cut(b, "+")
	mainA, preA, isPreA := strings.Cut(strings.TrimPrefix(a, "v"), "-")
	mainB, preB, isPreB := strings.Cut(strings.TrimPrefix(b, "v"), "-")
	if c := compareFields(mainA, mainB); c != 0 {
		return c
	}
	switch {
	case isPreA && !isPreB:
		return -1
	case !isPreA && isPreB:
		return 1
	}
	return compareFields(preA, preB)
}

// compareFields compares what stands between the dots: numbers by size, before words.
func compareFields(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := 0; i < len(x) && i < len(y); i++ {
		if c := compareField(x[i], y[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(x), len(y))
}

func compareField(a, b string) int {
	numberA, numberB := strings.Trim(a, "0123456789") == "", strings.Trim(b, "0123456789") == ""
	switch {
	case numberA && !numberB:
		return -1
	case !numberA && numberB:
		return 1
	case numberA:
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if c := cmp.Compare(len(a), len(b)); c != 0 {
			return c
		}
	}
	return strings.Compare(a, b)
}
