package governance

import "bytes"

// The kinds of tokens that tell functions and conditions apart.
const (
	endToken = iota
	wordToken
	punctToken
	newlineToken
	textToken // a string or a number
)

// scanner cuts source code into tokens, without what stands in comments and strings.
type scanner struct {
	body       []byte
	lang       dialect
	at         int
	start      int
	kind       int
	last       string // the token before, without line ends
	before     string // and the one before that
	lastKind   int
	backquotes []int // of a template literal that is being read, the braces open inside ${
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_' || b >= 0x80 }

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// text is the token; of a string only its first sign.
func (s *scanner) text() string {
	if s.kind == textToken {
		return `"`
	}
	return string(s.body[s.start:s.at])
}

func (s *scanner) next() bool {
	for s.at < len(s.body) {
		b := s.body[s.at]
		s.start = s.at
		switch {
		case b == '\n':
			s.at++
			s.kind = newlineToken
			return true
		case b == ' ' || b == '\t' || b == '\r':
			s.at++
		case isLetter(b) || b == '$' || b == '#' && s.lang == script:
			s.word()
			return true
		case isDigit(b):
			s.number()
			return true
		case s.comment():
		case b == '"' || b == '\'' || b == '`':
			if s.quoted(b) {
				return true
			}
		case b == '/' && s.lang == script && s.regexp():
			s.kind = textToken
			return true
		default:
			if s.sign() {
				return true
			}
		}
	}
	s.kind = endToken
	return false
}

func (s *scanner) word() {
	for s.at++; s.at < len(s.body) && (isLetter(s.body[s.at]) || isDigit(s.body[s.at]) || s.body[s.at] == '$'); s.at++ {
	}
	// name?: is a property that may be missing, not a condition
	if s.lang == script && s.at+1 < len(s.body) && s.body[s.at] == '?' && s.body[s.at+1] != '?' && s.body[s.at+1] != '.' {
		s.kind = wordToken
		defer func() { s.at++ }()
	}
	s.kind = wordToken
}

func (s *scanner) number() {
	for s.at++; s.at < len(s.body) && (isLetter(s.body[s.at]) || isDigit(s.body[s.at]) || s.body[s.at] == '.'); s.at++ {
	}
	s.kind = textToken
}

// comment passes over a comment.
func (s *scanner) comment() bool {
	rest := s.body[s.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("//")) || s.lang == php && rest[0] == '#' && (len(rest) < 2 || rest[1] != '['):
		s.to("\n", 0)
	case bytes.HasPrefix(rest, []byte("/*")):
		s.at += 2
		s.to("*/", 2)
	default:
		return false
	}
	return true
}

// to goes to the next occurrence of a text, and so many bytes further.
func (s *scanner) to(end string, further int) {
	if i := bytes.Index(s.body[s.at:], []byte(end)); i >= 0 {
		s.at += i + further
	} else {
		s.at = len(s.body)
	}
}

// quoted passes over a string. It says whether that gives a token.
func (s *scanner) quoted(quote byte) bool {
	s.kind = textToken
	if s.lang == java && bytes.HasPrefix(s.body[s.at:], []byte(`"""`)) {
		s.at += 3
		s.to(`"""`, 3)
		return true
	}
	s.at++
	if quote == '`' {
		switch s.lang {
		case golang:
			s.to("`", 1)
		case script:
			s.template()
		}
		return true
	}
	for s.at < len(s.body) {
		switch b := s.body[s.at]; {
		case b == '\\':
			s.at = min(s.at+2, len(s.body))
		case b == quote:
			s.at++
			return true
		case b == '\n' && s.lang != php:
			return true // it was not a string after all
		default:
			s.at++
		}
	}
	return true
}

// template reads a template literal up to its end or to an expression in it.
func (s *scanner) template() {
	for s.at < len(s.body) {
		switch b := s.body[s.at]; {
		case b == '\\':
			s.at = min(s.at+2, len(s.body))
		case b == '`':
			s.at++
			return
		case b == '$' && s.at+1 < len(s.body) && s.body[s.at+1] == '{':
			s.at += 2
			s.backquotes = append(s.backquotes, 0)
			return
		default:
			s.at++
		}
	}
}

// maxRegexp is longer than anybody's regular expression.
const maxRegexp = 2000

// regexp passes over a regular expression literal, when one can stand here.
func (s *scanner) regexp() bool {
	switch s.last {
	case "", "=", ",", "(", "{", "[", "?", "!", ":", "&&", "||", "|", "&", ";", "return", "=>", "}":
	default:
		return false
	}
	class := false
	for i := s.at + 1; i < min(len(s.body), s.at+maxRegexp); i++ {
		switch b := s.body[i]; {
		case b == '\n':
			return false
		case b == '\\':
			i++
		case b == '[':
			class = true
		case b == ']':
			class = false
		case b == '/' && !class:
			for i++; i < len(s.body) && isLetter(s.body[i]); i++ {
			}
			s.at = i
			return true
		}
	}
	return false
}

// sign reads punctuation. In a template literal the brace that ends an expression gives
// no token.
func (s *scanner) sign() bool {
	s.kind = punctToken
	rest := s.body[s.at:]
	if n := len(s.backquotes); n > 0 {
		switch {
		case rest[0] == '{':
			s.backquotes[n-1]++
		case rest[0] == '}' && s.backquotes[n-1] > 0:
			s.backquotes[n-1]--
		case rest[0] == '}':
			s.backquotes = s.backquotes[:n-1]
			s.at++
			s.template()
			return false
		}
	}
	for _, two := range [...]string{"&&", "||", "??", "?.", "=>", "->", "?:", "?-"} {
		if len(rest) > 1 && rest[0] == two[0] && rest[1] == two[1] {
			if two[0] == '?' && s.lang != script && s.lang != php {
				break
			}
			if two == "?:" && s.lang != php || two == "?." && len(rest) > 2 && isDigit(rest[2]) {
				break
			}
			s.at += 2
			return true
		}
	}
	// <? super T> is a type of Java, not a condition
	if s.lang == java && rest[0] == '?' && (s.last == "<" || s.last == "," && (len(rest) > 1 && (rest[1] == '>' || rest[1] == ' '))) {
		s.at++
		s.kind = textToken
		return true
	}
	s.at++
	return true
}

// skipPage goes to the first piece of PHP in a page.
func (s *scanner) skipPage() {
	if i := bytes.Index(s.body, []byte("<?")); i >= 0 {
		s.at = i + 2
		return
	}
	s.at = len(s.body)
}
