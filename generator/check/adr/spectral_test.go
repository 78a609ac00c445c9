package adr

import (
	"context"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// What Spectral says of every mutation is kept as facts, so that go test compares without
// Node. With SPECTRAL, the folder node_modules with @stoplight/spectral-cli, and the
// rulesets of the standard (ADR_RULESETS, or beside this clone), the same is asked of
// Spectral itself; -update then renews the facts. `bash .ci/run adr` does that.
var update = flag.Bool("update", false, "renew what Spectral says of the mutations")

const factsFile = "testdata/spectral/verdicts.json.gz"

// rulesets are those that are compared with, in the order of verdicts.
var rulesets = []string{"linter-2.2.yaml", "linter-2.1.0.yaml"}

// verdict is what a ruleset finds: sorted "rule pointer".
type verdict []string

// fact is what the rulesets find in one mutation, as far as it differs from its base.
type fact struct {
	Hash  string     `json:"hash"` // of the mutation
	More  [2]verdict `json:"more"`
	Fewer [2]verdict `json:"fewer"`
}

// crashed is what stands for a document that Spectral gives up on.
const crashed = "crashed"

func TestSpectral(t *testing.T) {
	t.Parallel()
	all := mutations(t)
	if len(all) < 300 {
		t.Fatalf("only %d specifications", len(all))
	}
	verdicts, live := askSpectral(t, all)
	if live && *update {
		writeFacts(t, all, verdicts)
	}
	kept := readFacts(t, all)
	if live {
		for _, m := range all {
			if !slices.EqualFunc(verdicts[m.name], kept[m.name], slices.Equal) {
				t.Errorf("%s: Spectral says\n%v\nand what is kept says\n%v\nRenew it: see %s", m.name, verdicts[m.name], kept[m.name], factsFile)
			}
		}
	}
	spread := map[string]int{}
	for _, s := range said(t) {
		for _, difference := range differences(s, kept[s.name], "") {
			t.Errorf("%s: %s", s.name, difference)
		}
		for _, v := range kept[s.name] {
			for _, line := range v {
				name, _, _ := strings.Cut(line, " ")
				spread[name]++
			}
		}
	}
	t.Logf("%d specifications", len(all))
	for _, name := range slices.Sorted(maps.Keys(spread)) {
		t.Logf("%-45s %5d findings", name, spread[name])
	}
	for name := range spread {
		if _, known := slices.BinarySearch(compared(), name); !known && name != "unrecognized-format" {
			t.Errorf("Spectral says %s, and no rule of ours is compared with it", name)
		}
	}
	for _, name := range compared() {
		if spread[name] == 0 {
			t.Errorf("no mutation makes Spectral say %s", name)
		}
	}
}

// TestSpectralDiffers proves that the comparison can fail: without any one of the rules
// that have an official name, it does.
func TestSpectralDiffers(t *testing.T) {
	t.Parallel()
	kept := readFacts(t, mutations(t))
	for _, r := range rules() {
		if len(r.Official) == 0 || r.ID == "adr-readable" {
			continue
		}
		found := slices.ContainsFunc(said(t), func(s sayings) bool {
			says := slices.ContainsFunc(s.judged, func(j saying) bool { return j.rule.ID == r.ID })
			return says && len(differences(s, kept[s.name], r.ID)) > 0
		})
		if !found {
			t.Errorf("nothing shows that %s is gone", r.ID)
		}
	}
}

// sayings is what our rules say of a mutation.
type sayings struct {
	name   string
	d      *Document
	judged []saying
	also   map[string]bool // what Spectral may say beside it: see say
}

// saying is a finding, as it is compared.
type saying struct {
	rule  *rule
	kase  string
	args  []string
	lines []string // as Spectral would say it
}

var saidOnce sync.Once
var allSaid []sayings

// said judges all mutations, once for all tests.
func said(t *testing.T) []sayings {
	t.Helper()
	saidOnce.Do(func() {
		for _, m := range mutations(t) {
			allSaid = append(allSaid, say(t, m))
		}
	})
	return allSaid
}

var allRules = sync.OnceValue(rules)

func say(t *testing.T, m mutation) sayings {
	t.Helper()
	d, err := read("openapi"+filepath.Ext(m.base), m.body)
	if err != nil || d == nil {
		t.Fatalf("%s cannot be read: %v", m.name, err)
	}
	s := sayings{name: m.name, d: d, also: map[string]bool{}}
	for _, j := range judge(context.Background(), d, allRules()) {
		one := saying{rule: j.rule, kase: j.kase, args: j.args}
		for _, name := range j.names() {
			one.lines = append(one.lines, line(name, j.at))
			// Of a $ref with something beside it, Spectral names the place, and where it
			// leads too when it comes there another way.
			if to, ok := d.resolve(j.at); ok && to != j.at {
				s.also[line(name, to)] = true
			}
		}
		s.judged = append(s.judged, one)
	}
	return s
}

// TestSpectralReal compares on specifications as they are in the world, which are not
// kept here: ADR_SPECS names folders with them. Only Spectral itself can tell.
func TestSpectralReal(t *testing.T) {
	t.Parallel()
	if os.Getenv("SPECTRAL") == "" {
		t.Skip("SPECTRAL names no folder with Spectral")
	}
	files, _ := filepath.Glob("../../../../shared/samples/openapi-*.yaml")
	for _, folder := range filepath.SplitList(os.Getenv("ADR_SPECS")) {
		for _, pattern := range []string{"*.yaml", "*.json"} {
			more, _ := filepath.Glob(filepath.Join(folder, pattern))
			files = append(files, more...)
		}
	}
	if len(files) == 0 {
		t.Skip("no specifications of others are here: ADR_SPECS")
	}
	var all []mutation
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, mutation{name, name, body})
	}
	verdicts, _ := askSpectral(t, all)
	for _, m := range all {
		for _, difference := range differences(say(t, m), verdicts[m.name], "") {
			t.Errorf("%s: %s", m.name, difference)
		}
	}
	t.Logf("%d specifications", len(all))
}

// compared are all names of official rules that ours stand for.
var compared = sync.OnceValue(func() []string {
	names := map[string]bool{}
	for _, r := range rules() {
		for _, name := range r.Official {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
})

// differences compares what Spectral found with what our rules found, without one of
// them: per official rule and per place.
func differences(s sayings, official []verdict, without string) []string {
	var all []string
	for i, v := range official {
		if slices.Equal(v, verdict{crashed}) {
			continue
		}
		theirs, ours := map[string]bool{}, map[string]bool{}
		for _, line := range v {
			name, _, _ := strings.Cut(line, " ")
			if _, known := slices.BinarySearch(compared(), name); known && !explained(s.d, line) {
				theirs[coarse(s.d, line)] = true
			}
		}
		for _, j := range s.judged {
			for _, line := range j.lines {
				if name, _, _ := strings.Cut(line, " "); j.rule.ID != without && active[i](name) && !explained(s.d, line) {
					ours[coarse(s.d, line)] = true
				}
			}
		}
		for line := range ours {
			if !theirs[line] {
				all = append(all, rulesets[i]+": only we say "+line)
			}
		}
		for line := range theirs {
			if !ours[line] && !s.also[line] {
				all = append(all, rulesets[i]+": only Spectral says "+line)
			}
		}
	}
	slices.Sort(all)
	return all
}

// active says which names are of which ruleset: those of 2.2 have a prefix, but for what
// comes from Spectral itself.
var active = []func(string) bool{
	func(name string) bool { return strings.HasPrefix(name, "nlgov:") || slices.Contains(inBoth, name) },
	func(name string) bool { return !strings.HasPrefix(name, "nlgov:") },
}

// inBoth are the rules of Spectral itself that the ruleset of 2.2 turns on.
var inBoth = []string{
	"oas3-schema", "operation-operationId-unique", "path-params", "openapi-tags-uniqueness", "oas3-valid-media-example",
	"oas3-valid-schema-example", "oas3-server-variables", "oas3-api-servers", "path-keys-no-trailing-slash", "info-contact",
	"invalid-ref", "parser", // what no ruleset can turn off
}

// perDocument are rules of which only is compared whether they find anything. Spectral
// names a $ref that leads nowhere once, however often it is used.
var perDocument = map[string]bool{"invalid-ref": true}

// coarse is as precise as a line can be compared. Past a $ref, Spectral loses its way at
// the first key that is written otherwise in a URI, such as application/problem+json.
func coarse(d *Document, line string) string {
	name, pointer, _ := strings.Cut(line, " ")
	if less := coarseStructure(d, name, pointer); less != "" {
		return less
	}
	if perDocument[name] {
		return name
	}
	if strings.HasPrefix(pointer, "/components/") {
		if i := strings.IndexByte(pointer, '+'); i >= 0 {
			return name + " " + pointer[:strings.LastIndexByte(pointer[:i], '/')]
		}
	}
	return line
}

// explained are the differences that we mean: what --explain says of the rule.
func explained(d *Document, line string) bool {
	name, pointer, _ := strings.Cut(line, " ")
	// Of what is no OpenAPI 3, that is all that we say.
	return explainedStructure(d, name, pointer) || d.swagger() && name != "nlgov:openapi-root-exists"
}

func line(name string, at *node) string {
	var out strings.Builder
	out.WriteString(name + " ")
	for _, part := range at.path() {
		out.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return out.String()
}

// names is how the official rulesets call the rule that it breaks.
func (j judged) names() []string {
	if j.rule.call != nil {
		return []string{j.rule.call(j)}
	}
	if names, ok := j.rule.official[j.kase]; ok {
		return strings.Fields(names)
	}
	return j.rule.Official
}
