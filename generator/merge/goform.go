package merge

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"strings"
)

// goForm merges Go. A name that is longer than the others moves the columns of all
// its neighbours, so lines are compared without the spaces of gofmt; and where
// order is free, what both sides add is kept.
var goForm = form{sound: soundGo, merge: mergeGo, finish: finishGo}

func joined(lines []string) []byte {
	if len(lines) == 0 {
		return nil
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

func split(body []byte) []string {
	if len(body) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(body), "\n"), "\n")
}

// soundGo says that a file can be read, and that it names nothing twice.
func soundGo(lines []string) bool {
	g := parseGo(lines)
	if g == nil {
		return false
	}
	sound := true
	ast.Inspect(g.file, func(n ast.Node) bool {
		known := map[string]bool{}
		once := func(name string) {
			sound = sound && (name == "" || name == "_" || !known[name])
			known[name] = true
		}
		switch n := n.(type) {
		case *ast.StructType:
			for _, field := range n.Fields.List {
				for _, name := range field.Names {
					once(name.Name)
				}
			}
		case *ast.CompositeLit:
			for _, element := range n.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok {
					once(keyOf(pair.Key))
				}
			}
		}
		return sound
	})
	return sound
}

// keyOf is a key of which it is known that it cannot stand twice; else "".
func keyOf(key ast.Expr) string {
	switch key := key.(type) {
	case *ast.Ident:
		return key.Name
	case *ast.BasicLit:
		return key.Value
	}
	return ""
}

// goFile is a file of Go, with the places in it.
type goFile struct {
	set    *token.FileSet
	file   *ast.File
	places []goPlace
}

// goPlace is what stands between two brackets, on more than one line.
type goPlace struct {
	from, to int // lines, counted from one
	list     string
}

// parseGo reads a file; nil when it cannot be read or says a thing twice.
func parseGo(lines []string) *goFile {
	return parseGoAs(lines, parser.DeclarationErrors|parser.ParseComments)
}

func parseGoAs(lines []string, mode parser.Mode) *goFile {
	g := &goFile{set: token.NewFileSet()}
	file, err := parser.ParseFile(g.set, "", joined(lines), mode)
	if err != nil {
		return nil
	}
	g.file = file
	return g
}

func (g *goFile) line(p token.Pos) int { return g.set.PositionFor(p, false).Line }

// find notes the places of the file. A place that is no list has no name.
func (g *goFile) find() {
	note := func(open, close token.Pos, list string) {
		if open.IsValid() && close.IsValid() {
			if from, to := g.line(open), g.line(close); from < to {
				g.places = append(g.places, goPlace{from, to, list})
			}
		}
	}
	ast.Inspect(g.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			note(n.Fields.Opening, n.Fields.Closing, "struct")
		case *ast.InterfaceType:
			note(n.Methods.Opening, n.Methods.Closing, "interface")
		case *ast.CompositeLit:
			note(n.Lbrace, n.Rbrace, "elements")
		case *ast.GenDecl:
			note(n.Lparen, n.Rparen, n.Tok.String())
		case *ast.FuncType:
			note(n.Params.Opening, n.Params.Closing, "")
		case *ast.BlockStmt:
			note(n.Lbrace, n.Rbrace, "")
		case *ast.CallExpr:
			note(n.Lparen, n.Rparen, "")
		case *ast.ParenExpr:
			note(n.Lparen, n.Rparen, "")
		case *ast.BasicLit:
			note(n.Pos(), n.End(), "")
		case *ast.Comment:
			note(n.Pos(), n.End(), "")
		}
		return true
	})
	for _, group := range g.file.Comments {
		for _, c := range group.List {
			note(c.Pos(), c.End(), "")
		}
	}
}

// at says in which list the point after so many lines is; "" in none.
func (g *goFile) at(point int) goPlace {
	found := goPlace{list: "declarations"}
	if point < g.line(g.file.Name.End()) {
		found.list = ""
	}
	for _, p := range g.places {
		if p.from <= point && point < p.to && p.from >= found.from {
			if p.from > found.from || found.to == 0 || p.to < found.to {
				found = p
			}
		}
	}
	return found
}

// list is where the lines stand, when all of them are in one list.
func (g *goFile) list(s span) string {
	first, last := g.at(s.from), g.at(s.to)
	if first != last {
		return ""
	}
	return first.list
}

func mergeGo(s sides, labels Labels) merged {
	m := lineMerge{base: s.base.lines, ours: s.ours.lines, theirs: s.theirs.lines, key: goKeys}
	ours, theirs := parseGo(m.ours), parseGo(m.theirs)
	if ours == nil || theirs == nil {
		return mergeLines(m, labels)
	}
	if bringImports(&m, ours, theirs) {
		if ours, theirs = parseGo(m.ours), parseGo(m.theirs); ours == nil || theirs == nil {
			return merged{}
		}
	}
	ours.find()
	theirs.find()
	lists := combiner{
		place: func(o, t span) bool {
			if len(ours.places) > mostEntries || len(theirs.places) > mostEntries {
				return false
			}
			list := ours.list(o)
			return list != "" && list == theirs.list(t)
		},
		items: goItems,
		key:   goKeys,
	}
	m.solve = lists.solve
	done := mergeLines(m, labels)
	if done.clashes == 0 && !soundGo(done.lines) && s.sound(soundGo) {
		m.solve = nil
		done = mergeLines(m, labels)
		done.ok = done.clashes > 0
	}
	return done
}

// goItems cuts lines into elements, fields or declarations.
func goItems(lines []string) []item {
	depth := 0
	for _, line := range goKeys(lines) {
		for _, c := range bare(line) {
			switch c {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			}
		}
	}
	if depth != 0 {
		return nil
	}
	return indented(lines, "//", goName)
}

// goName is what an item is known by: two fields of one name are one thing.
func goName(line string) string {
	words := strings.Fields(line)
	switch first := words[0]; {
	case len(words) > 1 && (first == "func" || first == "type" || first == "var" || first == "const"):
		if open := strings.Index(line, "("); first == "func" && open > len("func ") {
			return line[:open]
		} else if closed := strings.Index(line, ")"); first == "func" && closed > 0 {
			name, _, _ := strings.Cut(line[closed:], "(")
			return line[:closed] + name
		}
		return first + " " + words[1]
	case token.IsIdentifier(strings.TrimSuffix(first, ":")):
		return strings.TrimSuffix(first, ":")
	}
	if key, _, found := strings.Cut(line, ": "); found && strings.HasPrefix(key, `"`) {
		return key
	}
	if strings.ContainsAny(line[len(line)-1:], "{([") {
		return ""
	}
	return line
}

// finishGo brings imports and columns in order again, the latter when ours had
// them so.
func finishGo(s sides, lines []string) []string {
	lines = mendImports(s, lines)
	result, err := format.Source(joined(lines))
	if err != nil || bytes.Equal(result, joined(lines)) {
		return lines
	}
	body := joined(s.ours.lines)
	if was, err := format.Source(body); err != nil || !bytes.Equal(was, body) {
		return lines
	}
	return split(result)
}
