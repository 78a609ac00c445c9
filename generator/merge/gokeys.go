package merge

import "strings"

// goKeys are the lines as they are compared: runs of spaces within a line are one
// space, but for those in strings and comments.
func goKeys(lines []string) []string {
	keys := make([]string, len(lines))
	in := byte(0) // '`' in a raw string, '*' in a comment of more lines
	for i, line := range lines {
		if in == 0 && !strings.Contains(line, "  ") && !strings.ContainsAny(line, "`*") {
			keys[i] = line
			continue
		}
		keys[i], in = goKey(line, in)
	}
	return keys
}

func goKey(line string, in byte) (string, byte) {
	out := make([]byte, 0, len(line))
	i := indentOf(line)
	if in != 0 {
		i = 0
	}
	out = append(out, line[:i]...)
	for i < len(line) {
		if in == 0 && strings.HasPrefix(line[i:], "//") {
			return string(append(out, line[i:]...)), 0
		}
		end, now := goSkip(line[i:], in)
		if end > 0 {
			out, i, in = append(out, line[i:i+end]...), i+end, now
			continue
		}
		c := line[i]
		if c != ' ' && c != '\t' || out[max(0, len(out)-1)] != ' ' {
			if c == '\t' {
				c = ' '
			}
			out = append(out, c)
		}
		i++
	}
	return string(out), in
}

// goSkip is how far a string or comment goes that starts here, or in which we are,
// and in what the line then ends.
func goSkip(rest string, in byte) (int, byte) {
	start := 0
	if in == 0 {
		switch {
		case rest[0] == '`':
			in, start = '`', 1
		case strings.HasPrefix(rest, "/*"):
			in, start = '*', 2
		case rest[0] == '"', rest[0] == '\'':
			for i := 1; i < len(rest); i++ {
				if rest[i] == '\\' {
					i++
				} else if rest[i] == rest[0] {
					return i + 1, 0
				}
			}
			return len(rest), 0
		default:
			return 0, 0
		}
	}
	end := "`"
	if in == '*' {
		end = "*/"
	}
	if at := strings.Index(rest[start:], end); at >= 0 {
		return start + at + len(end), 0
	}
	return len(rest), in
}

// bare is a line without what stands in strings and comments on it.
func bare(line string) string {
	var out []byte
	for i := 0; i < len(line); {
		if strings.HasPrefix(line[i:], "//") {
			break
		}
		if end, _ := goSkip(line[i:], 0); end > 0 {
			i += end
			continue
		}
		out = append(out, line[i])
		i++
	}
	return string(out)
}
