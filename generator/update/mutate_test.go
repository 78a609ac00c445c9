package update_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// mutation is one round: a real component, random work of a team in random files,
// and then other answers and a pack that changed at random.
type mutation struct {
	*testing.T
	*rand.Rand
	dir     string
	base    map[string]string // what fieldlab made
	ours    map[string]string // what the team made of it
	near    map[string]string // what fieldlab makes now, near which most work is done
	count   int
	renamed bool // lines may differ in a name
	said    []string
}

// TestMutations: whatever a team did anywhere, every line of it is somewhere after
// an update, every line that it took out stays out, and going back gives exactly
// what was. FIELDLAB_MUTATIONS is how many rounds; FIELDLAB_MUTATION is one of them.
func TestMutations(t *testing.T) {
	t.Parallel()
	from, to := 1, 2
	if testing.Short() {
		to = 1
	}
	if n, err := strconv.Atoi(os.Getenv("FIELDLAB_MUTATIONS")); err == nil {
		to = n
	}
	if n, err := strconv.Atoi(os.Getenv("FIELDLAB_MUTATION")); err == nil {
		from, to = n, n
	}
	for seed := from; seed <= to; seed++ {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			m := mutation{T: t, Rand: rand.New(rand.NewPCG(uint64(seed), 10))}
			m.round()
			if t.Failed() {
				t.Log(strings.Join(m.said, "\n"))
			}
		})
	}
}

func (m *mutation) log(format string, args ...any) {
	m.said = append(m.said, fmt.Sprintf(format, args...))
}

func (m *mutation) token() string {
	m.count++
	return fmt.Sprintf("vanHetTeam%04dx", m.count)
}

// round is two lives of a component, the one after the other.
func (m *mutation) round() {
	data, err := os.ReadFile(example + "/fieldlab.yaml")
	if err != nil {
		m.Fatal(err)
	}
	m.dir = made(m, m.pack("vroeger"), string(data))
	m.base = snapshot(m, m.dir)
	if m.life(); !m.Failed() {
		m.life()
	}
}

// life is work, an update, the way back, and the update again.
func (m *mutation) life() {
	m.renamed = false
	request := update.Request{Dir: m.dir, Pack: m.pack("later"), Version: "2.0.0"}
	m.grow(&request)
	fresh := m.fresh(request)
	m.work(fresh)
	m.ours = snapshot(m, m.dir)
	u := m.find(&request)
	for _, c := range u.Changes {
		m.log("%s %s<-%s %s %d %s", c.Action, c.Path, c.From, c.Why, c.Conflicts, c.Beside)
	}
	for _, c := range u.Kern.Changes {
		m.log("kern %s %s %s %d %s", c.Action, c.Path, c.Why, c.Conflicts, c.Beside)
	}
	before := snapshot(m, m.dir)
	sameTree(m, "after looking", before, m.ours)
	apply(m, u)
	m.kept(u, fresh)
	m.base = fresh
	if len(u.Conflicts()) == 0 {
		m.still(request)
		return
	}
	if _, err := update.Abort(context.Background(), m.dir); err != nil {
		m.Fatal(err)
	}
	sameTree(m, "after abort", snapshot(m, m.dir), before)
	apply(m, m.find(&request))
	for _, c := range u.Conflicts() {
		if c.Beside != "" {
			remove(c.Beside)(m.T, m.dir)
			continue
		}
		text := ""
		for line := range strings.Lines(read(m, m.dir, c.Path)) {
			if !strings.HasPrefix(line, "<<<<<<< ") && !strings.HasPrefix(line, ">>>>>>> ") && strings.TrimRight(line, "\r\n") != "=======" {
				text += line
			}
		}
		write(m, m.dir, c.Path, text)
	}
	if err := update.Continue(context.Background(), m.dir); err != nil {
		m.Fatal(err)
	}
	m.still(request)
}

// still says that nothing is left to do.
func (m *mutation) still(request update.Request) {
	again := find(m, update.Request{Dir: m.dir, Pack: request.Pack, Version: request.Version})
	if again.Waiting() || len(again.Questions)+len(again.Guesses) > 0 {
		for _, c := range again.Changes {
			m.Errorf("a second update waits: %s %s %s\n%s", c.Action, c.Path, c.Why, c.After)
		}
		m.Errorf("a second update waits: kern %d %d, %v", again.Kern.Files, len(again.Kern.Changes), again.Questions)
	}
}

// pack is the real one with lines more here and less there.
func (m *mutation) pack(when string) fs.FS {
	changed := fstest.MapFS{}
	err := fs.WalkDir(templates.Component(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(templates.Component(), name)
		if err == nil && m.IntN(5) == 0 {
			body = m.later(name, when, body)
		}
		changed[name] = &fstest.MapFile{Data: body}
		return err
	})
	if err != nil {
		m.Fatal(err)
	}
	return changed
}

// later changes a file of the pack where that cannot break it.
func (m *mutation) later(name, when string, body []byte) []byte {
	form := path.Ext(strings.TrimSuffix(name, ".tmpl"))
	remark := map[string]string{".go": "// %s", ".md": "%s", ".yaml": "# %s", ".yml": "# %s", ".css": "/* %s */", ".sh": "# %s"}[form]
	if remark == "" || bytes.Contains(body, []byte("`")) && form == ".go" {
		return body
	}
	lines := strings.SplitAfter(string(body), "\n")
	for range 1 + m.IntN(3) {
		at := m.IntN(len(lines))
		m.count++
		text := fmt.Sprintf(remark, fmt.Sprintf("van fieldlab %s %04dx", when, m.count)) + "\n"
		bare := strings.TrimRight(lines[at], "\r\n")
		switch {
		case form == ".md" && m.IntN(3) == 0 && len(bare) > 20 && !strings.Contains(bare, "{{"):
			lines[at] = text
		case form == ".md" && !strings.HasPrefix(bare, "|") && !strings.HasPrefix(bare, "#") || bare == "" && m.top(form, lines[at:]) || at == len(lines)-1:
			lines = slices.Insert(lines, at, text)
		}
	}
	return []byte(strings.Join(lines, ""))
}

// top says that what follows an empty line is the top of a file again.
func (m *mutation) top(form string, rest []string) bool {
	return len(rest) > 1 && (form != ".go" || strings.HasPrefix(rest[1], "func ") || strings.HasPrefix(rest[1], "// ")) &&
		(form == ".go" || form == ".css" || rest[1] != "" && rest[1][0] != ' ')
}
