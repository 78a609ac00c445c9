package source

import (
	"bytes"
	"regexp"
	"sync"
)

// reducing is what makes something of a value that may be logged.
var reducing = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:mask\w*|hash\w*|sha\d+\w*|len|encrypt\w*|bool|boolean|anonym\w*|pseudo\w*|redact\w*|obfus\w*|isset|empty|type|typeof|is_null|isblank|isempty|count|digest|hidden|verberg\w*|versleutel\w*)\s*\(\s*(?:[\w$]+(?:\.|->))*\$?$|!!\s*(?:[\w$]+\.)*$|!\s*$`)
})

// compared is what makes a question of a value, or a key of it.
var compared = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\(\))?['"\])]*\s*(?:===?|!==?|\?\s|\?\?|is (?:not )?None|\??\.(?:length|size|count|isEmpty|isBlank|isPresent)\b|:[^=:]|=>|=[^=])`)
})

// reduced says whether what is logged is not the value: it is masked, counted, compared,
// or the name of a field.
func (t *text) reduced(start, stop int) bool {
	if reducing().Match(t.body[max(0, start-60):start]) {
		return true
	}
	after := t.body[stop:min(len(t.body), stop+30)]
	if m := compared().FindIndex(after); m != nil {
		// {bsn:>9} of a template of Python fills in the value.
		return t.mark(start) != inside || !bytes.HasPrefix(after, []byte(":")) && !bytes.HasPrefix(after, []byte("="))
	}
	return bytes.HasPrefix(after, []byte("(")) && !bytes.HasPrefix(after, []byte("()"))
}

// isExpression says whether a name stands for its value: in code, or filled in in a
// string.
func (t *text) isExpression(start, stop int) bool {
	if t.mark(start) == plain {
		return true
	}
	from, _, ok := t.quoted(start)
	if !ok {
		return false
	}
	before := t.body[from:start]
	switch t.kind {
	case script, jvm:
		if t.kind == jvm && from > 1 && t.body[from-2] == '$' { // C#
			open := bytes.LastIndexByte(before, '{')
			return open >= 0 && bytes.IndexByte(before[open:], '}') < 0
		}
		open := bytes.LastIndex(before, []byte("${"))
		return open >= 0 && bytes.IndexByte(before[open:], '}') < 0 || t.kind == jvm && bytes.HasSuffix(before, []byte("$"))
	case python:
		open := bytes.LastIndexByte(before, '{')
		return fString(t.body[max(0, from-6):from]) && open >= 0 && bytes.IndexByte(before[open:], '}') < 0
	case php:
		return bytes.HasSuffix(before, []byte("$")) || bytes.HasSuffix(before, []byte("->"))
	}
	return false
}

// fString says whether what stands before a string of Python makes it take values.
func fString(before []byte) bool {
	before = bytes.TrimRight(before, "\"'")
	for n := len(before); n > 0 && isLetter(before[n-1]); n-- {
		if before[n-1]|0x20 == 'f' {
			return n < 2 || !isLetter(before[n-2]) || before[n-2]|0x20 == 'r'
		}
	}
	return false
}

// call gives where the call to a log begins that an offset is an argument of, -1 when it
// is none.
func (t *text) call(offset int) int {
	from := max(0, offset-reach)
	all := logCall().FindAllIndex(t.body[from:offset], -1)
	if len(all) == 0 {
		return -1
	}
	last := all[len(all)-1]
	if t.mark(from+last[0]) != plain {
		return -1
	}
	depth := 0
	for i := from + last[1] - 1; i < offset; i++ {
		if t.mark(i) != plain {
			continue
		}
		switch t.body[i] {
		case '(', '{':
			depth++
		case ')', '}':
			if depth--; depth == 0 {
				return -1
			}
		}
	}
	return from + last[0]
}
