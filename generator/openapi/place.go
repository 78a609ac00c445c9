package openapi

import (
	"slices"
	"strings"
)

// Place is where a field stands in an answer.
type Place struct {
	Path      string   // whole: from what is found, or from the answer for what stands beside the list; "" when there is none
	Root      string   // the same from the answer
	Title     string   // what the specification calls it; "" when it does not
	Unchecked bool     // part of it is below an object that may hold anything
	Tied      []string // places that are equally near; Path is "" then
	Free      []string // objects that may hold anything and so this field; Path is "" then
}

// tree has the places of an answer by the last part of their path. An answer may
// have a hundred thousand.
type tree struct {
	places map[string][]*spot
	free   []*spot // that may hold anything
}

// spot is a place in an answer. Lists leave no trace.
type spot struct {
	name, title string
	in          *spot
	shape       *Shape // of an item when it is a list
	unchecked   bool
}

func (p *spot) path() []string {
	var parts []string
	for ; p != nil; p = p.in {
		parts = append(parts, p.name)
	}
	slices.Reverse(parts)
	return parts
}

// ends says whether a path ends with a field.
func (p *spot) ends(field []string) bool {
	for i := len(field) - 1; i >= 0; i, p = i-1, p.in {
		if p == nil || p.name != field[i] {
			return false
		}
	}
	return true
}

// tree is made at the first look.
func (s *Shape) tree() *tree {
	if s == nil {
		return &tree{}
	}
	if s.index == nil {
		s.index = &tree{places: map[string][]*spot{}}
		s.index.add(s, nil)
	}
	return s.index
}

func (t *tree) add(s *Shape, at *spot) {
	if s = s.item(); s == nil {
		return
	}
	if s.free && at != nil {
		t.free = append(t.free, at)
	}
	for _, f := range s.Fields {
		p := &spot{name: f.JSON, title: f.Title, in: at, shape: f.Shape.item()}
		t.places[f.JSON] = append(t.places[f.JSON], p)
		t.add(f.Shape, p)
	}
}

// maxSpots is how many places that a field may name are weighed.
const maxSpots = 50

// find gives the places that a field names, and those that are not described but
// begin at an object that may hold anything.
func (t *tree) find(field string) []*spot {
	parts := strings.Split(field, ".")
	var found []*spot
	for _, p := range t.places[parts[len(parts)-1]] {
		if len(found) >= maxSpots {
			break
		}
		if p.ends(parts) {
			found = append(found, p)
		}
	}
	for n := 1; n < len(parts); n++ {
		for _, p := range t.places[parts[n-1]] {
			if len(found) >= maxSpots {
				return found
			}
			if p.shape == nil || !p.shape.free || p.shape.field(parts[n]) != nil || !p.ends(parts[:n]) {
				continue
			}
			below := p
			for _, name := range parts[n:] {
				below = &spot{name: name, in: below, unchecked: true}
			}
			found = append(found, below)
		}
	}
	return found
}

// Place finds where a field stands that is written as a whole path, or as the
// end of one: the nearest to what is found, which stands in the list. What is
// farther away is of a relative.
func (s *Shape) Place(list, field string) Place {
	t := s.tree()
	found := t.find(field)
	for _, whole := range []func(p *spot) string{
		func(p *spot) string { return relative(p.path(), list) },
		func(p *spot) string { return strings.Join(p.path(), ".") },
	} {
		if at := slices.IndexFunc(found, func(p *spot) bool { return whole(p) == field }); at >= 0 {
			return found[at].place(list)
		}
	}
	described := slices.DeleteFunc(slices.Clone(found), func(p *spot) bool { return p.unchecked })
	for _, spots := range [][]*spot{described, found} {
		if nearest := nearestOf(spots, list); len(nearest) > 1 {
			var tied []string
			for _, p := range nearest {
				tied = append(tied, relative(p.path(), list))
			}
			slices.Sort(tied)
			if tied = slices.Compact(tied); len(tied) == 1 {
				return nearest[0].place(list)
			}
			return Place{Tied: tied}
		} else if len(nearest) == 1 {
			return nearest[0].place(list)
		}
	}
	if thing := s.Below(list); thing == nil || thing.free {
		root := field
		if list != "" {
			root = list + "." + field
		}
		return Place{Path: field, Root: root, Unchecked: true}
	}
	var free []string
	for _, p := range t.free[:min(len(t.free), maxSpots)] {
		if path := relative(p.path(), list); !slices.Contains(free, path) && len(free) < 100 {
			free = append(free, path)
		}
	}
	slices.SortStableFunc(free, func(a, b string) int { return strings.Count(a, ".") - strings.Count(b, ".") })
	return Place{Free: free}
}

func (p *spot) place(list string) Place {
	return Place{Path: relative(p.path(), list), Root: strings.Join(p.path(), "."), Title: p.title, Unchecked: p.unchecked}
}

// relative is a path as it is written: without that of the list.
func relative(path []string, list string) string {
	whole := strings.Join(path, ".")
	if below, inside := strings.CutPrefix(whole, list+"."); inside && list != "" {
		return below
	}
	return whole
}

// nearestOf are the places with the fewest names before them, those in the list
// before those beside it.
func nearestOf(spots []*spot, list string) []*spot {
	var best []*spot
	least := 0
	for _, p := range spots {
		path := p.path()
		distance := strings.Count(relative(path, list), ".")
		if list != "" && !strings.HasPrefix(strings.Join(path, "."), list+".") {
			distance += 1000
		}
		switch {
		case len(best) == 0 || distance < least:
			best, least = []*spot{p}, distance
		case distance == least:
			best = append(best, p)
		}
	}
	return best
}

// Names of properties, in lower case and without signs.
var (
	// envelope say something of an answer and not of what is found.
	envelope = []string{"links", "self", "type", "meta", "metadata", "paging", "pagination", "crs", "bbox", "timestamp", "count", "offset", "limit", "start", "maxscore",
		"resultatenperpagina", "volgende", "vorige", "next", "previous", "prev", "first", "last", "page", "pagina", "size", "facets", "aggregations", "messages", "meldingen", "errors", "fouten", "warnings", "invalidparams", "indicatieveelbewoners"}
	// counting begin names of that kind.
	counting = []string{"page", "pagina", "total", "totaal", "aantal", "number", "numfound", "next", "prev"}
	// things are the usual names of a list.
	things = []string{"results", "resultaten", "result", "resultaat", "items", "data", "features", "docs", "records", "content", "value", "values", "hits", "entries", "rows", "list", "lijst", "elements"}
	// wrappers are the usual names of an object around a list.
	wrappers = []string{"embedded", "data", "response", "result", "resultaat", "antwoord", "body", "hits", "payload"}
)

var signs = strings.NewReplacer("_", "", "-", "", ".", "", "@", "")

func bare(name string) string { return signs.Replace(strings.ToLower(name)) }

func isEnvelope(name string) bool {
	name = bare(name)
	return slices.Contains(envelope, name) || slices.ContainsFunc(counting, func(word string) bool { return strings.HasPrefix(name, word) })
}

// ListFor is the place of the list of what an answer at a path of the source is
// about; "" when the answer itself is what is found: a thing that was asked by
// its key may well hold lists. Of two lists it is the one with all the fields.
func (s *Shape) ListFor(path string, fields []string) string {
	if s == nil || s.Kind != object {
		return ""
	}
	path = strings.TrimSuffix(path, "/")
	lists := s.lists(nil)
	usual := func(list string) bool {
		parts := strings.Split(list, ".")
		return len(parts) > 1 || slices.Contains(things, bare(parts[0])) || resounds(path, bare(parts[0]))
	}
	own := slices.ContainsFunc(s.Fields, func(f ShapeField) bool {
		inList := slices.ContainsFunc(lists, func(list string) bool { return list == f.JSON || strings.HasPrefix(list, f.JSON+".") })
		return !isEnvelope(f.JSON) && !inList
	})
	if byID := strings.HasSuffix(path, "}"); own || byID {
		lists = slices.DeleteFunc(lists, func(list string) bool { return !usual(list) || own && byID })
	}
	if len(lists) > 1 {
		lists = slices.DeleteFunc(lists, func(list string) bool {
			return slices.ContainsFunc(fields, func(field string) bool {
				return !slices.ContainsFunc(s.tree().find(field), func(p *spot) bool { return strings.HasPrefix(strings.Join(p.path(), "."), list+".") })
			})
		})
	}
	if len(lists) != 1 {
		return ""
	}
	return lists[0]
}

// resounds says whether the last words of a path are the name of a list.
func resounds(path, list string) bool {
	for _, part := range strings.Split(path, "/") {
		if part := bare(part); part != "" && !strings.HasPrefix(part, "{") && (part == list || len(part) > 4 && len(list) > 4 && (strings.HasPrefix(part, list) || strings.HasPrefix(list, part))) {
			return true
		}
	}
	return false
}

// lists are the places of lists of objects at the top of an answer, or in an
// object that is there for that.
func (s *Shape) lists(at []string) []string {
	var out []string
	for _, f := range s.Fields {
		path := append(slices.Clip(at), f.JSON)
		switch item := f.Shape.item(); {
		case f.Shape.Kind == "list" && item != nil && (item.Kind == object || item.free):
			if !isEnvelope(f.JSON) {
				out = append(out, strings.Join(path, "."))
			}
		case f.Shape.Kind == object && slices.Contains(wrappers, bare(f.JSON)) && len(at) < 2:
			out = append(out, f.Shape.lists(path)...)
		}
	}
	return out
}

// Properties are the names of the properties of an object.
func (s *Shape) Properties() []string {
	var names []string
	if s = s.item(); s != nil {
		for _, f := range s.Fields {
			names = append(names, f.JSON)
		}
	}
	return names
}

// TitleOf is what the specification calls the property at a path; "" when it
// does not.
func (s *Shape) TitleOf(path string) string {
	parent, last := "", path
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		parent, last = path[:i], path[i+1:]
	}
	if s = s.Below(parent); s != nil {
		for _, f := range s.Fields {
			if f.JSON == last {
				return f.Title
			}
		}
	}
	return ""
}
