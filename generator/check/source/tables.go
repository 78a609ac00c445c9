package source

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"sync"
)

// table is what the code keeps in a database: a table, or a class that stands for one.
type table struct {
	name    string
	at      int
	columns []column
}

type column struct {
	name string // lower case, without anything between its words
	said string // as it stands there
	json bool
}

func newColumn(said string, json bool) column {
	return column{strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(said)), said, json}
}

// shape is how a language writes a table: what begins it, what its columns look like.
type shape struct {
	kinds  kinds
	words  []string // one of them is in the file
	begin  func() *regexp.Regexp
	column func() *regexp.Regexp
	indent bool // it ends where the indent does, and not at a brace
}

func once(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

var jsonType = once(`(?i)\bjsonb?\b|JSONField|simple-json|Types::JSON|->jsonb?\(|\bJson\b|type="json"`)

// noTable are classes of Python that have fields and are not kept.
var noTable = once(`BaseModel|Serializer|Form\b|Schema|Filter|Factory|TestCase|Admin|TypedDict`)

var shapes = []shape{
	{kinds: python, words: []string{"models.", "Column(", "Mapped["}, indent: true,
		begin: once(`(?m)^class\s+(\w+)(\([^)\n]*\))\s*:`), column: once(`(?m)^\s+(\w+)\s*(?::[^=\n]+)?=\s*(?:models\.(?:\w*Field|ForeignKey)|\w*Field|(?:db\.|sa\.)?Column|mapped_column)\(`)},
	{kinds: php, words: []string{"Schema::create"}, begin: once(`Schema::create\(\s*['"](\w+)['"][^{]*\{`), column: once(`\$table->\w+\(\s*['"](\w+)['"]`)},
	{kinds: php, words: []string{`ORM\Entity`}, begin: once(`(?m)^\s*(?:final\s+)?class\s+(\w+)[^{]*\{`), column: once(`(?m)^\s*(?:private|protected|public)\s+(?:[?\w\\|]+\s+)?\$(\w+)\s*[;=]`)},
	{kinds: golang, words: []string{`db:"`, `gorm:"`}, begin: once(`(?m)^type\s+(\w+)\s+struct\s*\{`), column: once("(?m)^\\s+(\\w+)\\s+\\S+\\s+`[^`\n]*(?:db|gorm):\"")},
	{kinds: script, words: []string{"@Entity("}, begin: once(`(?m)^\s*(?:export\s+)?(?:default\s+)?class\s+(\w+)[^{]*\{`), column: once(`@(?:Primary)?(?:Generated)?Column\([^\n]*\)\s*(?:public\s+|private\s+|readonly\s+)*(\w+)\s*[!?]?:`)},
	{kinds: jvm, words: []string{"@Entity", "@Table("}, begin: once(`(?m)^\s*(?:public\s+|open\s+|data\s+)*class\s+(\w+)[^{(]*[{(]`), column: once(`(?m)^\s*(?:@\w+(?:\([^)\n]*\))?\s+)*(?:private|protected|public|val|var)\s+(?:[\w<>.]+\s+)?(\w+)\s*[;:=]`)},
	{kinds: sql, words: []string{"model "}, begin: once(`(?m)^model\s+(\w+)\s*\{`), column: once(`(?m)^\s+(\w+)\s+[A-Z]\w*`)},
}

// eachTable calls f for every table of a file.
func (t *text) eachTable(ctx context.Context, f func(table)) {
	if t.kind == sql && containsAny(t.body, "CREATE TABLE", "create table", "Create Table") {
		t.createTables(ctx, f)
	}
	for _, s := range shapes {
		if s.kinds&t.kind == 0 || !containsAny(t.body, s.words...) {
			continue
		}
		code := t.code()
		all := s.begin().FindAllSubmatchIndex(code, 500)
		for i, m := range all {
			if ctx.Err() != nil {
				return
			}
			end := len(code)
			if i+1 < len(all) {
				end = all[i+1][0]
			}
			if !s.indent {
				end = t.brace(m[1]-1, end)
			}
			if len(m) > 4 && noTable().Match(code[m[4]:m[5]]) {
				continue
			}
			found := table{name: string(code[m[2]:m[3]]), at: m[2]}
			found.columns = t.columns(s.column().FindAllSubmatchIndex(code[m[1]:end], 300), m[1])
			f(found)
		}
	}
}

// columns gives the columns at the places that a pattern found, counted from an offset.
// What says the type of one stands on its line, or above it.
func (t *text) columns(places [][]int, from int) []column {
	code := t.code()
	all := make([]column, 0, len(places))
	above := from
	for _, c := range places {
		_, stop := lineAround(code, from+c[2])
		stop = max(stop, from+c[1])
		above = max(above, from+c[0]-width)
		all = append(all, newColumn(string(code[from+c[2]:from+c[3]]), jsonType().Match(code[min(above, stop):stop])))
		above = stop
	}
	return all
}

// brace gives the end of what an opening bracket begins, at most limit.
func (t *text) brace(open, limit int) int {
	if open < 0 || open >= limit {
		return limit
	}
	shut := byte('}')
	if t.body[open] == '(' {
		shut = ')'
	}
	depth := 0
	for i := open; i < limit; i++ {
		if t.mark(i) != plain {
			continue
		}
		switch t.body[i] {
		case t.body[open]:
			depth++
		case shut:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return limit
}

var createTable = once(`(?i)\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?((?:["` + "`" + `\[]?[\w-]+["` + "`" + `\]]?\.)*["` + "`" + `\[]?[\w-]+["` + "`" + `\]]?)\s*\(`)

// createTables reads the tables of SQL: what stands between the parentheses, split at the
// commas that are not within others.
func (t *text) createTables(ctx context.Context, f func(table)) {
	code := t.code()
	for from := 0; from < len(code) && ctx.Err() == nil; {
		m := createTable().FindSubmatchIndex(code[from:])
		if m == nil {
			return
		}
		open := from + m[1] - 1
		end := t.brace(open, len(code))
		found := table{name: strings.Trim(string(code[from+m[2]:from+m[3]]), "\"`[]"), at: from + m[2]}
		depth, start := 0, open+1
		for i := open + 1; i <= end && i < len(code); i++ {
			switch b := code[i]; {
			case b == '(':
				depth++
			case b == ')' && i < end:
				depth--
			case (b == ',' || i == end) && depth <= 0:
				if name, rest := firstWord(code[start:i]); name != "" {
					found.columns = append(found.columns, newColumn(name, jsonType().Match(rest)))
				}
				start = i + 1
			}
		}
		f(found)
		from = max(end, open+1)
	}
}

// firstWord gives the name of a column and what stands behind it; "" for what is no
// column.
func firstWord(part []byte) (string, []byte) {
	part = bytes.TrimSpace(part)
	i := bytes.IndexAny(part, " \t\n")
	if i < 0 {
		return "", nil
	}
	name := strings.Trim(string(part[:i]), "\"`[]")
	switch strings.ToUpper(name) {
	case "PRIMARY", "FOREIGN", "UNIQUE", "CONSTRAINT", "CHECK", "KEY", "INDEX", "EXCLUDE", "FULLTEXT":
		return "", nil
	}
	return name, part[i:]
}
