package adr

import (
	"regexp"
	"strings"
)

const maxPattern = 4000

// matches says whether a pattern of JavaScript is in a text. What Go cannot say (looking
// ahead) is not concluded from: true, and unsure.
func (v *validator) matches(pattern, text string) bool {
	if literal, ok := strings.CutPrefix(pattern, "^"); ok && !strings.ContainsAny(literal, `\.+*?()|[]{}^$`) {
		return strings.HasPrefix(text, literal)
	}
	re, known := v.patterns[pattern]
	if !known {
		if v.patterns == nil {
			v.patterns = map[string]*regexp.Regexp{}
		}
		re = compile(pattern)
		v.patterns[pattern] = re
	}
	if re == nil {
		v.unsure = true
		return true
	}
	v.steps += len(text) / 16
	return re.MatchString(text)
}

// compile makes a pattern of JavaScript one of Go; nil when Go has no such pattern.
func compile(pattern string) *regexp.Regexp {
	if len(pattern) > maxPattern {
		return nil
	}
	re, err := regexp.Compile(fromJavaScript(pattern))
	if err != nil {
		return nil
	}
	return re
}

// fromJavaScript rewrites what is written differently in Go: \uXXXX, \cX, \/ and the
// empty classes; \d, \w and \s mean nearly the same.
func fromJavaScript(pattern string) string {
	if !strings.Contains(pattern, `\`) && !strings.Contains(pattern, "[^]") {
		return pattern
	}
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case strings.HasPrefix(pattern[i:], "[^]"):
			b.WriteString(`[\s\S]`)
			i += 2
		case c != '\\' || i+1 == len(pattern):
			b.WriteByte(c)
		case pattern[i+1] == 'u' && i+6 <= len(pattern) && isHex(pattern[i+2:i+6]):
			b.WriteString(`\x{` + pattern[i+2:i+6] + `}`)
			i += 5
		case strings.IndexByte(`/-"'#%&,:;<=>@_~ !`+"`", pattern[i+1]) >= 0:
			if pattern[i+1] == '-' {
				b.WriteByte('\\')
			}
			b.WriteByte(pattern[i+1])
			i++
		default:
			b.WriteString(pattern[i : i+2])
			i++
		}
	}
	return b.String()
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdefABCDEF") == ""
}
