package paginas

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// shower turns the data of one answer into things.
type shower struct {
	list   string              // JSON pointer to the list of what was found; "-" for none
	titles map[string]string   // of a field, by its path
	warns  map[string]string   // titles of what the source sends along unasked, by the end of a path
	rank   map[string]int      // of a path, in the order of the fields
	told   map[string][]string // what a warning says more, by its place and field
	hidden map[string]bool     // places that warnings tell, which are not shown again
	on     map[string]bool     // places that warn
}

func newShower(a answer) *shower {
	s := &shower{list: "-", titles: map[string]string{}, warns: map[string]string{}, rank: map[string]int{}, told: map[string][]string{}, hidden: map[string]bool{}, on: map[string]bool{}}
	if _, array := a.Data.([]any); array {
		s.list = ""
	} else if a.List != "" {
		s.list = ""
		for name := range strings.SplitSeq(a.List, ".") {
			s.list += "/" + escape(name)
		}
	}
	for i, f := range a.Fields {
		if f.Warns {
			s.warns[f.Name] = value.Shown(f.Title)
			continue
		}
		s.titles[f.Name] = value.Shown(f.Title)
		if strings.Contains(f.Name, ".") && strings.EqualFold(f.Title, inWords(f.Name)) {
			s.titles[f.Name] = "" // the whole path in words is no title: what it stands in is said already
		}
		for path := f.Name; path != ""; path = path[:max(strings.LastIndexByte(path, '.'), 0)] {
			if _, ranked := s.rank[path]; !ranked {
				s.rank[path] = i
			}
		}
	}
	for _, n := range a.Notes {
		if n.Kind != noteDiffers {
			s.told[n.Place+"\x00"+n.Field] = s.tell(a.Data, n)
		}
	}
	return s
}

func escape(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// under is the place and the path of what an object holds under a name.
func under(place, path, name string) (string, string) {
	place += "/" + escape(name)
	if path != "" {
		name = path + "." + name
	}
	return place, name
}

// things gives what stands beside the list of what was found, and what was found.
func (s *shower) things(data any) (beside *thing, found []*thing) {
	beside = &thing{Level: 4, place: "-"}
	if s.list == "-" {
		if data == nil {
			return beside, nil
		}
		t := &thing{Level: 4}
		s.walk(t, "", "", "", data)
		t.Heading = headingOf(data, s, false)
		s.level(t, 4)
		return beside, []*thing{t}
	}
	s.walk(beside, "", "", "", data)
	s.level(beside, 4)
	items, _ := s.at(data, s.list)
	all, _ := items.([]any)
	seen := map[string]int{}
	for i, item := range all {
		t := &thing{place: s.list + "/" + strconv.Itoa(i)}
		s.walk(t, t.place, "", "", item)
		t.Heading = headingOf(item, s, len(all) > 1)
		seen[t.Heading]++
		found = append(found, t)
	}
	for i, t := range found {
		numbered := fmt.Sprintf("%s van %s", dotted(i+1), dotted(len(found)))
		switch {
		case len(found) > 1 && t.Heading == "":
			t.Heading = "Resultaat " + numbered
		case seen[t.Heading] > 1:
			t.Heading += " (" + numbered + ")"
		}
		s.level(t, 4)
	}
	return beside, found
}

// level gives a thing and those within it the level of their heading.
func (s *shower) level(t *thing, level int) {
	t.Level = min(level, 6)
	for _, w := range t.Within {
		s.level(w, t.NoteLevel())
	}
}

// walk adds to a thing all that a value holds. The path goes from what was found,
// or from the answer, and leaves out lists; from is that of the thing itself.
func (s *shower) walk(t *thing, place, path, from string, v any) {
	if s.hidden[place] || place == s.list || s.hushed(place, path) {
		return
	}
	switch x := v.(type) {
	case map[string]any:
		if text, member := oneLine(x, s.titles[path+".code"] != ""); text != "" {
			t.add(s.labelOf(path, member, from), text)
			return
		}
		for _, name := range s.sorted(path, x) {
			at, to := under(place, path, name)
			s.walk(t, at, to, from, x[name])
		}
	case []any:
		s.walkList(t, place, path, from, x)
	default:
		if text := plain(path, x); text != "" && (s.asked(path) || !saysNo(text)) {
			t.add(s.label(path, from), text)
		}
	}
}

// walkList makes a row of the plain values in a list, and a thing of every object.
func (s *shower) walkList(t *thing, place, path, from string, list []any) {
	var texts []string
	var objects []*thing
	for i, item := range list {
		at := place + "/" + strconv.Itoa(i)
		switch x := item.(type) {
		case map[string]any:
			if text, _ := oneLine(x, false); text != "" {
				texts = append(texts, text)
				continue
			}
			inner := &thing{place: at, Heading: headingOf(x, s, true)}
			s.walk(inner, at, path, path, x)
			objects = append(objects, inner)
		case []any:
			s.walkList(t, at, path, from, x)
		default:
			if text := plain(path, x); text != "" {
				texts = append(texts, text)
			}
		}
	}
	separator := ", "
	if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, ",") }) {
		separator = "; "
	}
	if len(texts) > 0 {
		t.add(s.label(path, from), strings.Join(texts, separator))
	}
	name := s.label(path, from)
	for i, inner := range objects {
		switch {
		case inner.Heading != "":
			inner.Heading = name + ": " + inner.Heading
		case len(objects) > 1:
			inner.Heading = fmt.Sprintf("%s: %d van %d", name, i+1, len(objects))
		default:
			inner.Heading = name
		}
	}
	t.Within = append(t.Within, objects...)
}

func (t *thing) add(name, text string) { t.Rows = append(t.Rows, row{Name: name, Value: text}) }

// sorted gives the names in an object in the order of the fields, and those that
// no field names after them.
func (s *shower) sorted(path string, object map[string]any) []string {
	rank := func(name string) int {
		_, to := under("", path, name)
		if i, ok := s.rank[to]; ok {
			return i
		}
		return len(s.titles)
	}
	names := slices.Sorted(maps.Keys(object))
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

// asked says whether a field names this path or something around it: what else
// there is, is a warning of the source. Without fields nobody knows.
func (s *shower) asked(path string) bool {
	if len(s.titles) == 0 {
		return true
	}
	for ; path != ""; path = path[:max(strings.LastIndexByte(path, '.'), 0)] {
		if _, named := s.titles[path]; named {
			return true
		}
	}
	return false
}

// hushed says whether a value is of a warning that is off, which nobody asked for:
// that a zaak is not archived yet is no news.
func (s *shower) hushed(place, path string) bool {
	if s.warned(path) == "" || s.asked(path) {
		return false
	}
	for ; place != ""; place = place[:max(strings.LastIndexByte(place, '/'), 0)] {
		if s.on[place] {
			return false
		}
	}
	return true
}

// warned is the warning that a path is of; "" for none.
func (s *shower) warned(path string) string {
	for at := path; at != ""; _, at, _ = strings.Cut(at, ".") {
		if _, is := s.warns[at]; is {
			return at
		}
	}
	return ""
}

// title is what people call what stands at a path; "" when nobody said.
func (s *shower) title(path string) string {
	return cmp.Or(s.titles[path], s.warns[s.warned(path)])
}

func saysNo(text string) bool {
	return slices.Contains([]string{"nee", "n", "false", "onwaar"}, strings.ToLower(text))
}

func saysYes(text string) bool {
	return slices.Contains([]string{"ja", "j", "true", "waar"}, strings.ToLower(text))
}

// plain is a value that is no object and no list, in words.
func plain(path string, v any) string { return value.Recognise(lastName(path), v) }
