package update_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// work is what a team does.
func (m *mutation) work(fresh map[string]string) {
	m.near = fresh
	var names []string
	for _, name := range slices.Sorted(maps.Keys(m.base)) {
		if !strings.HasPrefix(name, ".fieldlab") && name != "fieldlab.yaml" && name != "go.mod" {
			names = append(names, name)
			if now := fresh[name]; now != m.base[name] { // where it matters
				names = append(names, name, name, name, name, name)
			}
		}
	}
	for range 5 + m.IntN(40) {
		name := names[m.IntN(len(names))]
		if strings.HasPrefix(name, "kern/") && m.IntN(3) > 0 {
			continue
		}
		if info, err := os.Lstat(filepath.Join(m.dir, name)); err == nil && info.Mode().IsRegular() {
			m.edit(name)
		}
	}
}

func (m *mutation) edit(name string) {
	body := read(m, m.dir, name)
	lines := strings.SplitAfter(body, "\n")
	at := m.place(name, lines)
	kind := m.IntN(16)
	m.log("edit %d of %s, line %d", kind, name, at+1)
	put := func() { write(m, m.dir, name, strings.Join(lines, "")) }
	switch kind {
	case 0, 1, 2: // lines more
		for range 1 + m.IntN(3) {
			lines = slices.Insert(lines, at, m.remark(name, m.token()))
		}
		put()
	case 3, 4: // another line
		lines[at] = m.remark(name, m.token())
		put()
	case 5, 6: // a line within a line
		lines[at] = strings.TrimRight(lines[at], "\r\n") + " " + m.remark(name, m.token())
		put()
	case 7: // lines less
		lines = slices.Delete(lines, at, min(len(lines), at+1+m.IntN(4)))
		put()
	case 8: // other ends, and a line
		lines = slices.Insert(lines, at, m.remark(name, m.token()))
		write(m, m.dir, name, crlf(strings.ReplaceAll(strings.Join(lines, ""), "\r\n", "\n")))
	case 9: // away
		remove(name)(m.T, m.dir)
	case 10: // elsewhere
		to := path.Join([]string{"eigen map", path.Dir(name), "één"}[m.IntN(3)], fmt.Sprintf("%d-%s", m.count, path.Base(name)))
		m.count++
		rename(name, to)(m.T, m.dir)
		if m.IntN(2) == 0 {
			write(m, m.dir, to, m.remark(name, m.token())+body)
		}
	case 11: // all other
		write(m, m.dir, name, m.token()+"\n\x00\xff\n")
	case 12: // at the end, without an end of line
		write(m, m.dir, name, body+strings.TrimRight(m.remark(name, m.token()), "\n"))
	case 13: // at the end
		write(m, m.dir, name, body+m.remark(name, m.token()))
	case 14: // a folder in its place
		remove(name)(m.T, m.dir)
		write(m, m.dir, name+"/"+path.Base(name), m.remark(name, m.token())+body)
	case 15: // two lines change places
		if at+1 < len(lines) {
			lines[at], lines[at+1] = lines[at+1], lines[at]
		}
		lines = slices.Insert(lines, at, m.remark(name, m.token()))
		put()
	}
}

// place is a line to edit: often one near what fieldlab changes.
func (m *mutation) place(name string, lines []string) int {
	now, found := m.near[name]
	if !found || m.IntN(4) == 0 {
		return m.IntN(len(lines))
	}
	is := bag(now)
	var near []int
	for i, line := range lines {
		if line = strings.TrimSpace(line); line != "" && is[line] == 0 {
			near = append(near, i)
		}
	}
	was := bag(strings.Join(lines, ""))
	last := ""
	for line := range strings.Lines(now) {
		if was[strings.TrimSpace(line)] == 0 && last != "" {
			if i := slices.Index(lines, last); i >= 0 {
				near = append(near, i)
			}
		}
		last = line
	}
	if len(near) == 0 {
		return m.IntN(len(lines))
	}
	return min(len(lines)-1, max(0, near[m.IntN(len(near))]+m.IntN(5)-2))
}

// remark is a line with a text, as this kind of file has them; now and then not.
func (m *mutation) remark(name, text string) string {
	form, found := map[string]string{
		".go": "// %s\n", ".md": "%s\n", ".yaml": "# %s\n", ".yml": "# %s\n", ".css": "/* %s */\n", ".sql": "-- %s\n",
		".bpmn": "<!-- %s -->\n", ".svg": "<!-- %s -->\n", ".html": "<!-- %s -->\n", ".json": "\"%s\": 1,\n",
	}[path.Ext(name)]
	if !found || m.IntN(8) == 0 {
		form = "# %s\n"
	}
	return fmt.Sprintf(form, text)
}

// grow changes the answers.
func (m *mutation) grow(request *update.Request) {
	document, found := answers.Parse(answers.FileName, []byte(read(m, m.dir, answers.FileName)))
	if len(found) > 0 {
		m.Fatal(found)
	}
	a := document.Answers
	for range m.IntN(4) {
		var next answers.Answers
		var err error
		switch m.IntN(8) {
		case 0, 1:
			next, _, err = grow.AddField(a, a.Register[0].Name, answers.Field{Name: fmt.Sprintf("extra%d", m.count), Type: "text"}, nil)
		case 2:
			next, _, err = grow.AddSource(a, answers.Source{Catalogue: []string{"kvk", "brk", "brp"}[m.IntN(3)]})
		case 3:
			next, _, err = grow.AddRole(a, answers.Role{Name: fmt.Sprintf("rol%d", m.count), Audience: "employee"})
		case 4:
			next, _, err = grow.AddEntity(a, answers.Entity{Name: fmt.Sprintf("boom%d", m.count), Fields: []answers.Field{{Name: "soort", Type: "text"}}})
		case 5:
			next, _, err = grow.AddStep(a, answers.Step{Name: fmt.Sprintf("stap%d", m.count), Kind: "task", Role: "burgerzaken"}, "verwerken", "")
		case 6:
			r := []grow.Rename{
				{Kind: grow.Entity, Old: "verhuizing", New: "adreswijziging"}, {Kind: grow.Field, Of: a.Register[0].Name, Old: "toelichting", New: "opmerking"},
				{Kind: grow.Source, Old: "bag", New: "adressen"}, {Kind: grow.Role, Old: "burgerzaken", New: "balie"},
				{Kind: grow.Step, Old: "beoordelen", New: "toetsen"}, {Kind: grow.Activity, Old: "aangifte-verhuizing", New: "adres-bijhouden"},
			}[m.IntN(6)]
			if len(request.Renames) > 0 {
				continue
			}
			if next, _, err = grow.Apply(a, r, ""); err == nil {
				request.Renames, m.renamed = append(request.Renames, r), true
				if r.Kind == grow.Step {
					request.Steps = map[string]string{r.Old: r.New}
				}
			}
			m.log("rename %v %v", r, err)
		case 7:
			a.Component.Title, next = "Iets anders", a
			next.Component.Title = "Iets anders"
		}
		m.count++
		if err == nil {
			a = next
		} else {
			m.log("no: %v", err)
		}
	}
	text, err := document.Rewrite(a)
	if err != nil {
		m.Fatal(err)
	}
	request.Answers = text
}

// fresh is what fieldlab makes now, where nobody did anything.
func (m *mutation) fresh(request update.Request) map[string]string {
	return snapshot(m, made(m, request.Pack, string(request.Answers)))
}

// find answers what is asked.
func (m *mutation) find(request *update.Request) *update.Update {
	u, err := update.Find(context.Background(), *request)
	if err != nil {
		m.Fatalf("%v\n%s", err, strings.Join(m.said, "\n"))
	}
	if len(u.Questions)+len(u.Guesses)+len(u.Gone) == 0 {
		return u
	}
	request.Decided = migration.Decisions{}
	for _, q := range u.Questions {
		if q.Code == migration.AskRename {
			request.Decided.New = append(request.Decided.New, q.Key)
		}
	}
	for _, g := range u.Guesses {
		for _, name := range g.New {
			request.Decided.New = append(request.Decided.New, string(g.Kind)+":"+name)
		}
	}
	return find(m, *request)
}

// kept looks at every line.
func (m *mutation) kept(u *update.Update, fresh map[string]string) {
	m.Helper()
	now := snapshot(m, m.dir)
	all := strings.Join(texts(now), "\n")
	for n := 1; n <= m.count; n++ {
		token := fmt.Sprintf("vanHetTeam%04dx", n)
		if strings.Contains(strings.Join(texts(m.ours), "\n"), token) && !strings.Contains(all, token) {
			m.Errorf("lost: %s", token)
		}
	}
	changes := map[string]update.Change{}
	for _, c := range slices.Concat(u.Changes, u.Kern.Changes) {
		changes[c.Path] = c
		if c.From != "" {
			changes[c.From] = c
		}
	}
	for name, ours := range m.ours {
		c, changed := changes[name]
		if strings.HasPrefix(name, ".fieldlab") || name == "fieldlab.yaml" || c.From != "" {
			continue
		}
		got, there := now[name]
		if !changed {
			if m.base[name] != ours && got != ours {
				m.Errorf("%s changed, and nothing said so", name)
			}
			continue
		}
		if !there {
			if ours != m.base[name] && crlf(m.base[name]) != crlf(ours) {
				m.Errorf("%s is gone", name)
			}
			continue
		}
		if m.renamed || c.Why == update.WhyMoved {
			continue
		}
		m.lines(name, m.base[name], ours, fresh[name], got, c)
	}
}

// lines holds a file that was merged against its three sides, line by line.
func (m *mutation) lines(name, base, ours, fresh, got string, c update.Change) {
	b, o, f, g := bag(base), bag(ours), bag(fresh), bag(got)
	for line, n := range o {
		if b[line] == 0 && g[line] < n && f[line] == 0 {
			m.Errorf("%s: %q of the team is gone (%s %s %d)", name, line, c.Action, c.Why, c.Conflicts)
		}
	}
	if c.Conflict() || c.Action == update.Keep || name == "CHANGELOG.md" {
		return
	}
	for line := range f {
		if b[line] == 0 && g[line] == 0 {
			m.Errorf("%s: %q of fieldlab did not come (%s %s)", name, line, c.Action, c.Why)
		}
	}
	for line, n := range b {
		switch {
		case n == 1 && o[line] == 0 && f[line] == 1 && g[line] > 0:
			m.Errorf("%s: %q, that the team took out, is back (%s %s)", name, line, c.Action, c.Why)
		case n == 1 && o[line] == 1 && f[line] == 0 && g[line] > 0:
			m.Errorf("%s: %q, that fieldlab took out, is still there (%s %s)", name, line, c.Action, c.Why)
		case n == 1 && o[line] == 1 && f[line] == 1 && g[line] != 1:
			m.Errorf("%s: %q of all is there %d times (%s %s)", name, line, g[line], c.Action, c.Why)
		}
	}
}

// bag counts lines.
func bag(text string) map[string]int {
	count := map[string]int{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			count[line]++
		}
	}
	return count
}
