package paginas

import (
	"cmp"
	"strconv"
	"strings"
)

// at is the value at a JSON pointer, with its path: see shower.walk.
func (s *shower) at(data any, pointer string) (v any, path string) {
	place := ""
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if pointer == "" {
			break
		}
		if place == s.list {
			path = ""
		}
		place += "/" + part
		name := strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch x := data.(type) {
		case map[string]any:
			data = x[name]
			_, path = under("", path, name)
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(x) {
				return nil, ""
			}
			data = x[i]
		default:
			return nil, ""
		}
		if data == nil {
			return nil, ""
		}
	}
	if place == s.list {
		path = ""
	}
	return data, path
}

// tell says what a warning says beside its text, such as which values are under
// investigation. What it tells is not shown again below it.
func (s *shower) tell(data any, n note) []string {
	v, path := s.at(data, n.Place)
	return s.tellAt(n.Place, path, v, strings.Split(n.Field, "."))
}

// tellAt follows the names of a warning, through lists, to what it is about.
func (s *shower) tellAt(place, path string, v any, names []string) (details []string) {
	if len(names) == 0 {
		return s.tellOf(place, path, v)
	}
	switch x := v.(type) {
	case []any:
		for i, item := range x {
			details = append(details, s.tellAt(place+"/"+strconv.Itoa(i), path, item, names)...)
		}
	case map[string]any:
		if value, there := x[names[0]]; there && value != nil {
			at, to := under(place, path, names[0])
			return s.tellAt(at, to, value, names[1:])
		}
	}
	return details
}

func (s *shower) tellOf(place, path string, v any) []string {
	s.on[place] = true
	label := cmp.Or(s.title(path), spaced(lastName(path)))
	object, is := v.(map[string]any)
	if !is {
		text := &thing{}
		s.walkList(text, place, path, path, []any{v})
		if len(text.Within) > 0 {
			return nil
		}
		s.hidden[place] = true
		if len(text.Rows) == 0 || saysYes(text.Rows[0].Value) {
			return nil
		}
		return []string{label + ": " + text.Rows[0].Value}
	}
	if text, _ := oneLine(object, true); text != "" {
		s.hidden[place] = true
		return []string{label + ": " + text}
	}
	var members []string
	rest := &thing{}
	for _, name := range s.sorted(path, object) {
		at, to := under(place, path, name)
		switch flag := plain("", object[name]); {
		case saysYes(flag):
			beside := strings.TrimPrefix(path[:max(strings.LastIndexByte(path, '.'), 0)]+"."+name, ".")
			members = append(members, lowerFirst(cmp.Or(s.titles[to], s.titles[beside], spaced(name))))
		case !saysNo(flag):
			s.walk(rest, at, to, path, object[name])
		}
	}
	s.hidden[place] = len(rest.Within) == 0
	var details []string
	if len(members) > 0 {
		details = []string{label + ": " + strings.Join(members, ", ")}
	}
	for _, r := range rest.Rows {
		details = append(details, r.Name+": "+r.Value)
	}
	return details
}
