package merge

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// imports are the import declarations of a file, when they stand together.
type imports struct {
	lines span
	specs []string // as they are written, without the word import
}

// importsOf gives them; false when there are none, or something else stands between.
func importsOf(g *goFile, lines []string) (imports, bool) {
	var found imports
	for _, decl := range g.file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.IMPORT {
			break
		}
		if len(found.specs) == 0 {
			found.lines.from = g.line(d.Pos()) - 1
		}
		found.lines.to = g.line(d.End())
		for _, spec := range d.Specs {
			if from := spec.Pos(); g.line(from) != g.line(spec.End()) {
				return imports{}, false
			}
			from, to := g.set.PositionFor(spec.Pos(), false), g.set.PositionFor(spec.End(), false)
			found.specs = append(found.specs, lines[from.Line-1][from.Column-1:to.Column-1])
		}
	}
	for _, line := range found.lines.of(lines) {
		// A comment belongs to a line, and the lines are about to be written anew.
		if strings.Contains(line, "//") && !strings.Contains(line, `"`) || strings.ContainsAny(line, "*;`") || strings.Contains(bareTail(line), "//") {
			return imports{}, false
		}
	}
	return found, len(found.specs) > 0
}

// bareTail is what follows the last quote.
func bareTail(line string) string { return line[strings.LastIndex(line, `"`)+1:] }

// bringImports gives all sides the imports that the merged file needs: those of
// ours, with what theirs added and without what theirs dropped.
func bringImports(m *lineMerge, ours, theirs *goFile) bool {
	o, okOurs := importsOf(ours, m.ours)
	t, okTheirs := importsOf(theirs, m.theirs)
	if !okOurs || !okTheirs || slices.Equal(o.specs, t.specs) {
		return false
	}
	inBase := map[string]bool{}
	for _, line := range m.base {
		inBase[strings.TrimPrefix(strings.TrimSpace(line), "import ")] = true
	}
	var keep, more []string
	for _, spec := range o.specs {
		if slices.Contains(t.specs, spec) || !inBase[spec] {
			keep = append(keep, spec)
		}
	}
	for _, spec := range t.specs {
		if !slices.Contains(o.specs, spec) && !inBase[spec] {
			more = append(more, spec)
		}
	}
	block := o.grown(m.ours, keep, more)
	if g := parseGo(m.base); g != nil {
		if b, ok := importsOf(g, m.base); ok {
			m.base = replaced(m.base, b.lines, block)
		}
	}
	m.ours, m.theirs = replaced(m.ours, o.lines, block), replaced(m.theirs, t.lines, block)
	return true
}

func replaced(lines []string, at span, with []string) []string {
	return slices.Concat(lines[:at.from], with, lines[at.to:])
}

// importBlock writes imports: those of Go first, then the others, as gofmt sorts them.
func importBlock(keep, more []string) []string {
	all := slices.Concat(keep, more)
	if len(all) == 1 {
		return []string{"import " + all[0]}
	}
	byPath := func(a, b string) int { return strings.Compare(importPath(a), importPath(b)) }
	slices.SortStableFunc(all, byPath)
	block := []string{"import ("}
	for _, group := range []bool{false, true} {
		for _, spec := range all {
			if foreign(spec) != group {
				continue
			}
			if group && len(block) > 1 && !slices.Contains(block, "") {
				block = append(block, "")
			}
			block = append(block, "\t"+spec)
		}
	}
	return append(block, ")")
}

// grown are the declarations with more and without what is not kept.
func (i imports) grown(file, keep, more []string) []string {
	if lines := i.lines.of(file); strings.HasPrefix(lines[0], "import (") && lines[len(lines)-1] == ")" && len(keep) > 0 {
		return grownBlock(lines, i.specs, keep, more)
	}
	return importBlock(keep, more)
}

// mendImports gives a merged file the imports back that it uses: one side dropped
// the import with its last use, and the other brought a new use.
func mendImports(s sides, lines []string) []string {
	result := parseGo(lines)
	if result == nil {
		return lines
	}
	missing := map[string]bool{}
	for _, name := range result.file.Unresolved {
		missing[name.Name] = true
	}
	has, ok := importsOf(result, lines)
	if !ok {
		return lines
	}
	for _, spec := range has.specs {
		delete(missing, importName(spec))
	}
	var more []string
	for _, side := range []text{s.ours, s.theirs} {
		g := parseGoAs(side.lines, parser.ImportsOnly)
		if g == nil {
			continue
		}
		its, _ := importsOf(g, side.lines)
		for _, spec := range its.specs {
			if name := importName(spec); missing[name] {
				delete(missing, name)
				more = append(more, spec)
			}
		}
	}
	if len(more) == 0 {
		return lines
	}
	return replaced(lines, has.lines, has.grown(lines, has.specs, more))
}

// importName is what an import is called in the file, as far as its path tells.
func importName(spec string) string {
	if alias, _, _ := strings.Cut(spec, `"`); strings.TrimSpace(alias) != "" {
		return strings.TrimSpace(alias)
	}
	parts := strings.Split(importPath(spec), "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = parts[len(parts)-2]
	}
	return last
}

// grownBlock is the block of ours, in its own groups, with more and without what
// is not kept.
func grownBlock(lines, had, keep, more []string) []string {
	block := slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		spec := strings.TrimSpace(line)
		return slices.Contains(had, spec) && !slices.Contains(keep, spec)
	})
	for _, spec := range more {
		at, best := len(block)-1, -1
		for i, line := range block {
			if other := strings.TrimSpace(line); slices.Contains(keep, other) && foreign(other) == foreign(spec) {
				if like := alike(importPath(other), importPath(spec)); like >= best {
					at, best = i+1, like
				}
			}
		}
		switch {
		case best >= 0:
			block = slices.Insert(block, at, "\t"+spec)
		case foreign(spec):
			block = slices.Insert(block, at, "", "\t"+spec)
		default:
			block = slices.Insert(block, 1, "\t"+spec, "")
		}
		keep = append(keep, spec)
	}
	return block
}

// foreign says that a package is not one of Go's own.
func foreign(spec string) bool {
	first, _, _ := strings.Cut(importPath(spec), "/")
	return strings.Contains(first, ".")
}

// alike is how many bytes two paths begin with alike.
func alike(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func importPath(spec string) string { return strings.Trim(spec[strings.IndexByte(spec, '"')+1:], `"`) }
