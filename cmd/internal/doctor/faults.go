package doctor

import (
	_ "embed"
	"encoding/json"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"
)

//go:embed data/faults.json
var faultsJSON []byte

// faultTable is what was known on a day about faults in the standard library, of
// each Go that a component can be built with. faults_test.go says how it is made.
type faultTable struct {
	Source  string       `json:"source"`
	Licence string       `json:"licence"`
	Date    string       `json:"date"`
	Minors  []minorTable `json:"minors"`
}

type minorTable struct {
	Go     string  `json:"go"`    // such as 1.26
	First  int     `json:"first"` // patch from which nothing is known
	Faults []fault `json:"faults"`
}

// fault is one of the Go vulnerability database, the most telling ones first: those
// in what a component is made of.
type fault struct {
	ID      string `json:"id"`
	Fixed   int    `json:"fixed"` // in this patch
	Package string `json:"package"`
}

// knownFaults reads the table of the release.
func knownFaults() faultTable {
	var table faultTable
	_ = json.Unmarshal(faultsJSON, &table) // a test reads it
	return table
}

// of gives the faults of a version such as go1.26.8, and the first patch of its
// minor without any. Known is false for a minor that the table does not have.
func (t faultTable) of(version string) (faults []fault, first string, known bool) {
	number := strings.TrimPrefix(canonical(version), "v")
	for _, minor := range t.Minors {
		rest, found := strings.CutPrefix(number, minor.Go+".")
		if !found {
			continue
		}
		digits, _, early := strings.Cut(rest, "-")
		patch, err := strconv.Atoi(digits)
		if err != nil {
			return nil, "", false
		}
		for _, f := range minor.Faults {
			if f.Fixed > patch || early && f.Fixed == patch {
				faults = append(faults, f)
			}
		}
		return faults, minor.Go + "." + strconv.Itoa(minor.First), true
	}
	return nil, "", false
}

// newest is the Go to install: of the newest minor in the table, the first patch
// without a known fault.
func (t faultTable) newest() string {
	newest := ""
	for _, minor := range t.Minors {
		if version := minor.Go + "." + strconv.Itoa(minor.First); newest == "" || semver.Compare("v"+version, "v"+newest) > 0 {
			newest = version
		}
	}
	return newest
}

// canonical brings what Go calls a version, such as go1.26, go1.27rc1 or devel
// go1.28-1234, into the form of semver: v1.26.0, v1.27.0-rc1. It is "" for what is
// none.
func canonical(version string) string {
	version = strings.TrimPrefix(strings.TrimSpace(version), "devel ")
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "go"), " ")
	version, _, _ = strings.Cut(version, "-") // of a distribution, or the commit of devel
	version, _, _ = strings.Cut(version, "+")
	early := ""
	for _, word := range []string{"rc", "beta", "alpha"} {
		if before, after, found := strings.Cut(version, word); found {
			version, early = before, "-"+word+after
		}
	}
	switch strings.Count(version, ".") {
	case 0:
		version += ".0.0"
	case 1:
		version += ".0"
	}
	if v := "v" + version + early; semver.IsValid(v) {
		return v
	}
	return ""
}

// older says whether a version is of before another one.
func older(version, than string) bool {
	return semver.Compare(canonical(version), canonical(than)) < 0
}
