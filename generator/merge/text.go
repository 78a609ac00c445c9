package merge

import (
	"bytes"
	"strings"
)

const bom = "\ufeff"

// text is a file as lines. Everything stays bytes: no encoding is assumed.
type text struct {
	body  []byte
	lines []string // without their ends
	// cr says per line whether it ends in CRLF; nil when none does.
	cr   []bool
	dos  bool // most lines end in CRLF, so new ones do too
	open bool // the last line has no end
	bom  bool
}

func textOf(body []byte) text {
	t := text{body: body}
	all := string(body)
	all, t.bom = strings.CutPrefix(all, bom)
	t.lines = make([]string, 0, strings.Count(all, "\n")+1)
	var dos int
	if strings.Contains(all, "\r\n") {
		t.cr = make([]bool, 0, cap(t.lines))
	}
	for all != "" {
		line, rest, closed := strings.Cut(all, "\n")
		if t.cr != nil {
			cut, cr := strings.CutSuffix(line, "\r")
			if cr = cr && closed; cr {
				line = cut
				dos++
			}
			t.cr = append(t.cr, cr)
		}
		t.lines = append(t.lines, line)
		t.open = !closed
		all = rest
	}
	t.dos = dos > 0 && 2*dos >= len(t.lines)
	return t
}

// write gives the lines the ends that t has: those that t holds keep theirs, new
// ones get the end that most have. An empty t takes over the style of other.
func (t text) write(lines []string, open, mark bool, other text) []byte {
	if len(t.lines) == 0 {
		t = other
	}
	size := len(bom)
	for _, line := range lines {
		size += len(line) + 2
	}
	out := make([]byte, 0, size)
	if mark {
		out = append(out, bom...)
	}
	ends := t.ends(lines)
	for i, line := range lines {
		out = append(out, line...)
		switch {
		case open && i == len(lines)-1 && line != "":
			continue
		case ends == nil && t.dos, ends != nil && ends[i]:
			out = append(out, '\r')
		}
		out = append(out, '\n')
	}
	return out
}

// ends says per line whether it ends in CRLF, where t has both; else nil.
func (t text) ends(lines []string) []bool {
	if t.cr == nil {
		return nil
	}
	mixed := false
	for i, cr := range t.cr {
		last := i == len(t.cr)-1 && t.open
		mixed = mixed || cr != t.dos && !last
	}
	if !mixed {
		return nil
	}
	ends := make([]bool, len(lines))
	for i := range ends {
		ends[i] = t.dos
	}
	ids := numbers(t.lines, lines)
	eachSame(ids[0], ids[1], func(mine, its int) { ends[its] = t.cr[mine] })
	return ends
}

// eachSame calls for each pair of lines that stayed the same.
func eachSame(a, b []int32, call func(a, b int)) {
	i, j := 0, 0
	for _, c := range diff(a, b) {
		for ; i < c.a1; i, j = i+1, j+1 {
			call(i, j)
		}
		i, j = c.a2, c.b2
	}
	for ; i < len(a) && j < len(b); i, j = i+1, j+1 {
		call(i, j)
	}
}

// binary says that a file is no text. Git looks at a NUL in the first 8000 bytes;
// a NUL further on is as little a text.
func binary(body []byte) bool { return bytes.IndexByte(body, 0) >= 0 }

// numbers gives each line a number: the same for equal lines.
func numbers(sides ...[]string) [][]int32 {
	known := make(map[string]int32, len(sides[0])+16)
	all := make([][]int32, len(sides))
	for n, lines := range sides {
		ids := make([]int32, len(lines))
		first := sides[0]
		for i, line := range lines {
			// Most lines are where they were, from the front or from the back:
			// comparing them is cheaper than looking them up.
			if n > 0 {
				if i < len(first) && first[i] == line {
					ids[i] = all[0][i]
					continue
				}
				if j := i + len(first) - len(lines); j >= 0 && j < len(first) && first[j] == line {
					ids[i] = all[0][j]
					continue
				}
			}
			id, found := known[line]
			if !found {
				id = int32(len(known)) // #nosec G115 -- A count of lines in memory.
				known[line] = id
			}
			ids[i] = id
		}
		all[n] = ids
	}
	return all
}
