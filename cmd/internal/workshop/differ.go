package workshop

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
)

// Thing is something in the answers: an entity, a field, a source, a role, a process
// step or an activity.
type Thing struct {
	Kind  string `json:"kind"` // entity, field, source, role, step, activity
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
}

// things are what one set of answers has and the other has not.
func things(before, after answers.Answers) (added, removed []Thing) {
	was, is := thingsIn(before), thingsIn(after)
	added, removed = []Thing{}, []Thing{}
	has := func(all []Thing, one Thing) bool {
		return slices.ContainsFunc(all, func(t Thing) bool { return t.Kind == one.Kind && t.Name == one.Name })
	}
	for _, one := range is {
		if !has(was, one) {
			added = append(added, one)
		}
	}
	for _, one := range was {
		if !has(is, one) {
			removed = append(removed, one)
		}
	}
	return added, removed
}

func thingsIn(a answers.Answers) []Thing {
	var all []Thing
	for _, entity := range a.Register {
		all = append(all, Thing{"entity", entity.Name, entity.Title})
		for _, field := range entity.Fields {
			all = append(all, Thing{"field", entity.Name + "." + field.Name, field.Title})
		}
	}
	for _, source := range a.Sources {
		all = append(all, Thing{"source", source.Name, source.Title})
	}
	for _, role := range a.Process.Roles {
		all = append(all, Thing{"role", role.Name, role.Title})
	}
	for _, step := range a.Process.Steps {
		all = append(all, Thing{"step", step.Name, step.Title})
	}
	for _, activity := range a.Privacy.Activities {
		all = append(all, Thing{"activity", activity.Name, activity.Title})
	}
	return all
}

// Room is what of a room differs from the course.
type Room struct {
	Name  string   `json:"room"`
	Files []Differ `json:"files"`
}

// Differ is a file that differs.
type Differ struct {
	Path    string `json:"path"`
	State   string `json:"state"` // changed, new or gone
	Added   int    `json:"linesAdded"`
	Removed int    `json:"linesRemoved"`
}

// Lines counts those of all files of the room.
func (r Room) Lines() (added, removed int) {
	for _, file := range r.Files {
		added, removed = added+file.Added, removed+file.Removed
	}
	return added, removed
}

// roomOf is the room of a file: the five layers, tests, docs and the rest.
func roomOf(name string) string {
	first, _, inside := strings.Cut(name, "/")
	switch {
	case !inside:
		return "hoofdmap"
	case first == "tests", first == "docs", first == "deploy", first == "kern",
		len(first) > 2 && first[0] >= '1' && first[0] <= '5' && first[1] == '-':
		return first
	}
	return "overig"
}

// compare says which files differ, by room. What fieldlab keeps for itself is no work
// of anybody, and the answers are compared in another way.
func compare(good, here []repository.File) []Room {
	was, is := map[string][]byte{}, map[string][]byte{}
	for _, file := range good {
		was[file.Path] = file.Body
	}
	for _, file := range here {
		is[file.Path] = file.Body
	}
	names := map[string]bool{}
	for name := range was {
		names[name] = true
	}
	for name := range is {
		names[name] = true
	}
	rooms := map[string][]Differ{}
	for name := range names {
		if strings.HasPrefix(name, ".fieldlab/") || name == plan.AnswersPath {
			continue
		}
		before, known := was[name]
		after, lies := is[name]
		if known && lies && bytes.Equal(unix(before), unix(after)) {
			continue
		}
		d := Differ{Path: name, State: "changed"}
		if !known {
			d.State = "new"
		} else if !lies {
			d.State = "gone"
		}
		d.Added, d.Removed = lines(unix(before), unix(after))
		rooms[roomOf(name)] = append(rooms[roomOf(name)], d)
	}
	all := make([]Room, 0, len(rooms))
	for name, files := range rooms {
		slices.SortFunc(files, func(a, b Differ) int { return cmp.Compare(a.Path, b.Path) })
		all = append(all, Room{name, files})
	}
	slices.SortFunc(all, func(a, b Room) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

func unix(body []byte) []byte { return bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")) }

// maxCounted is the largest file of which lines are compared one by one.
const maxCounted = 1 << 20

// lines counts those that came and went.
func lines(before, after []byte) (added, removed int) {
	if bytes.IndexByte(before, 0) >= 0 || bytes.IndexByte(after, 0) >= 0 {
		return 0, 0 // an image has no lines
	}
	if len(before) > maxCounted || len(after) > maxCounted {
		return bytes.Count(after, []byte("\n")), bytes.Count(before, []byte("\n"))
	}
	text := string(before)
	for _, edit := range udiff.Lines(text, string(after)) {
		added += count(edit.New)
		removed += count(text[edit.Start:edit.End])
	}
	return added, removed
}

func count(text string) int {
	n := strings.Count(text, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		n++
	}
	return n
}

// maxRead and maxFilesRead are how much is read of a component.
const (
	maxRead      = 64 << 20
	maxFilesRead = 20_000
)

// filesOf reads what a team has in its component: what Git has or would take. Without
// a repository that can be read it is all that lies there.
func filesOf(ctx context.Context, dir string, root *os.Root, env func(string) string) ([]repository.File, error) {
	if work, err := repository.Open(dir); err == nil {
		defer work.Close()
		if lay, err := work.Lies(ctx, env, dataFolder); err == nil {
			files := make([]repository.File, 0, len(lay.Files))
			for _, file := range lay.Files {
				if !file.Link {
					files = append(files, file.File)
				}
			}
			return files, nil
		}
	}
	var files []repository.File
	left := int64(maxRead)
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil || len(files) > maxFilesRead:
			return err
		case entry.IsDir():
			if name == ".git" || name == dataFolder {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return nil
		}
		body, err := readLimited(root, name, left)
		left -= int64(len(body))
		files = append(files, repository.File{Path: name, Body: body})
		return err
	})
	return files, err
}

// OpenItem is something that people still have to arrange.
type OpenItem struct {
	What string `json:"what"`
	Who  string `json:"who,omitempty"`
}

// openItems reads the table of what is open in docs/overdracht.md, as far as the team
// left one.
func openItems(root *os.Root) []OpenItem {
	items := []OpenItem{}
	body, err := readFile(root, "docs/overdracht.md", 1<<20)
	if err != nil {
		return items
	}
	_, text, found := strings.Cut(string(unix(body)), "\n## Nog in te vullen\n")
	if !found {
		return items
	}
	text, _, _ = strings.Cut(text, "\n## ")
	rows := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			continue
		}
		if rows++; rows <= 2 { // its head
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		item := OpenItem{What: cell(cells, 0), Who: cell(cells, 2)}
		if item.What != "" && len(items) < 500 {
			items = append(items, item)
		}
	}
	return items
}

// cell is a cell of a table in Markdown as a person reads it.
func cell(cells []string, i int) string {
	if i >= len(cells) {
		return ""
	}
	text := []rune(strings.NewReplacer("`", "", `\`, "").Replace(strings.TrimSpace(cells[i])))
	return string(text[:min(len(text), 300)])
}

// pictureOf draws the process of a component; "" when there is none that can be drawn.
func pictureOf(root *os.Root) (picture string, words []string) {
	defer func() {
		if recover() != nil { // a drawing that nobody understands is no drawing
			picture, words = "", nil
		}
	}()
	body, err := readFile(root, "4-proces/proces.bpmn", 1<<20)
	if err != nil {
		return "", nil
	}
	process, err := bpmn.Parse(body)
	if err != nil {
		return "", nil
	}
	var b strings.Builder
	if bpmn.SVG(&b, process, bpmn.Marking{}) != nil {
		return "", nil
	}
	return b.String(), bpmn.Words(process)
}
