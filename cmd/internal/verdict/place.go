package verdict

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// maxPath is how much of a path is shown.
const maxPath = 400

// place is where a finding is, as editors and terminals read it: path:line:column.
func place(t *text.Catalogue, f check.Finding) string {
	switch {
	case f.Path != "":
	case strings.HasSuffix(f.Rule, "-live"): // which rules of a running API end in
		return t.T("check.report.live")
	default:
		return t.T("check.report.whole")
	}
	at := clip(oneLine(f.Path), maxPath)
	if f.Line > 0 {
		at += ":" + strconv.Itoa(f.Line)
		if f.Column > 0 {
			at += ":" + strconv.Itoa(f.Column)
		}
	}
	return at
}

// shown is what people see of findings that look the same, such as those about a part of
// a description that is used in five places.
type shown struct {
	at, words string
	whole     bool // it is about the whole repository
	times     int
}

// distinct puts findings that look the same together.
func distinct(t *text.Catalogue, findings []check.Finding) []shown {
	var all []shown
	seen := map[[2]string]int{}
	for _, f := range findings {
		at, words := place(t, f), said(t, f)
		if i, before := seen[[2]string{at, words}]; before {
			all[i].times++
			continue
		}
		seen[[2]string{at, words}] = len(all)
		all = append(all, shown{at, words, f.Path == "", 1})
	}
	for i := range all {
		if all[i].times > 1 {
			all[i].words += " " + t.T("check.report.times", all[i].times)
		}
	}
	return all
}

// nowhere is the file of a finding about the whole, in formats in which each has one.
const nowhere = "(repository)"

// prints gives the findings of one repository a name that stays when lines move: of the
// rule, the file and the values, and which one it is of those that have all that in
// common.
type prints struct {
	repository string // "" when there is one only
	seen       map[string]int
}

// newPrints begins a repository. One alone has the same names whatever its folder is
// called.
func newPrints(r *check.Result, several bool) *prints {
	p := &prints{seen: map[string]int{}}
	if several {
		p.repository = r.Name
	}
	return p
}

// next is the name of the next finding. Findings come in the order of the result.
func (p *prints) next(f check.Finding) string {
	var all strings.Builder
	for _, part := range append([]string{p.repository, f.Rule, f.Case, f.Path}, f.Args...) {
		fmt.Fprintf(&all, "%d:%s", len(part), part) // no two lists of parts become one text
	}
	key := all.String()
	p.seen[key]++
	sum := sha256.Sum256([]byte(key + "#" + strconv.Itoa(p.seen[key])))
	return hex.EncodeToString(sum[:16])
}

// address is a path as a relative URI.
func address(path string) string {
	if path == "" {
		path = nowhere
	}
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~/()", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	// Two slashes at the beginning would be the name of a machine.
	return strings.TrimLeft(b.String(), "/")
}
