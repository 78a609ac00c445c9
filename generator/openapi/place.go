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

// spot is a place on the way.
type spot struct {
	path      []string // from the root
	title     string
	unchecked bool
}

// Place finds where a field stands that is written as a whole path, or as the
// end of one: the nearest to what is found, which stands in the list. What is
// farther away is of a relative.
func (s *Shape) Place(list, field string) Place {
	f := &finder{field: strings.Split(field, ".")}
	f.walk(s, nil)
	if at := slices.IndexFunc(f.spots, func(p spot) bool { return relative(p.path, list) == field }); at >= 0 {
		return f.spots[at].place(list)
	}
	if at := slices.IndexFunc(f.spots, func(p spot) bool { return strings.Join(p.path, ".") == field }); at >= 0 {
		return f.spots[at].place(list)
	}
	described := slices.DeleteFunc(slices.Clone(f.spots), func(p spot) bool { return p.unchecked })
	for _, spots := range [][]spot{described, f.spots} {
		if nearest := nearestOf(spots, list); len(nearest) > 1 {
			var tied []string
			for _, p := range nearest {
				tied = append(tied, relative(p.path, list))
			}
			slices.Sort(tied)
			return Place{Tied: tied}
		} else if len(nearest) == 1 {
			return nearest[0].place(list)
		}
	}
	if found := s.Below(list); found == nil || found.free {
		root := field
		if list != "" {
			root = list + "." + field
		}
		return Place{Path: field, Root: root, Unchecked: true}
	}
	var free []string
	for _, path := range f.free {
		if !slices.Contains(free, relative(path, list)) {
			free = append(free, relative(path, list))
		}
	}
	slices.SortStableFunc(free, func(a, b string) int { return strings.Count(a, ".") - strings.Count(b, ".") })
	return Place{Free: free}
}

func (p spot) place(list string) Place {
	return Place{Path: relative(p.path, list), Root: strings.Join(p.path, "."), Title: p.title, Unchecked: p.unchecked}
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
func nearestOf(spots []spot, list string) []spot {
	var best []spot
	distance := func(p spot) int {
		n := strings.Count(relative(p.path, list), ".")
		if list != "" && !strings.HasPrefix(strings.Join(p.path, "."), list+".") {
			n += 1000
		}
		return n
	}
	for _, p := range spots {
		switch {
		case len(best) == 0 || distance(p) < distance(best[0]):
			best = []spot{p}
		case distance(p) == distance(best[0]):
			best = append(best, p)
		}
	}
	return best
}

// maxSpots is how many places of one name, or of anything, are remembered.
const maxSpots = 2000

type finder struct {
	field []string
	spots []spot
	free  [][]string // places that may hold anything
}

func (f *finder) walk(s *Shape, at []string) {
	s = s.item()
	if s == nil || len(f.spots) > maxSpots {
		return
	}
	if s.free && len(at) > 0 {
		if len(f.free) < maxSpots {
			f.free = append(f.free, at)
		}
		f.below(s, at)
	}
	for _, field := range s.Fields {
		path := append(slices.Clip(at), field.JSON)
		if endsWith(path, f.field) {
			f.spots = append(f.spots, spot{path: path, title: field.Title})
		}
		f.walk(field.Shape, path)
	}
}

// below adds the place of a field that begins at an object that may hold
// anything, and goes on in it.
func (f *finder) below(s *Shape, at []string) {
	for n := 1; n < len(f.field); n++ {
		if endsWith(at, f.field[:n]) && s.field(f.field[n]) == nil {
			f.spots = append(f.spots, spot{path: slices.Concat(at, f.field[n:]), unchecked: true})
			return
		}
	}
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

func bare(name string) string {
	return strings.NewReplacer("_", "", "-", "", ".", "", "@", "").Replace(strings.ToLower(name))
}

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
				f := &finder{field: strings.Split(field, ".")}
				f.walk(s, nil)
				return !slices.ContainsFunc(f.spots, func(p spot) bool { return strings.HasPrefix(strings.Join(p.path, "."), list+".") })
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
