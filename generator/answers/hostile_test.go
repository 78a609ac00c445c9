package answers

import (
	"strings"
	"testing"
	"time"
)

// TestHostileFilesAreRefusedSoon repeats what parsers find hard many times
// over. The limit is wide, because test machines are slow.
func TestHostileFilesAreRefusedSoon(t *testing.T) {
	for _, part := range []string{
		"[", "{", "- ", "a: ", "? ", "'", "\"", "[\n", "{a: [\n", "a: '\n", "- - - -\n", "&a [*a, ", "!", "!<", "|\n", ">\n ",
		"a:\n ", "---\n", "...\n", "\t", "#", "# x\n", "*a ", "a: &a\n", "a: [b,\nc]\n", "a: [b\n", "[a]: b\n", "{a: b}: c\n", "? - a\n",
		"a: b: c\n", "a, ", "\\", "%", "@", "`", "<<: *a\n", "\u00e9", "? a\n: b\n", "a: |\n b\n", "a: \"\\x\n", "- a\n", "a?", "[?,", "a: [b?,\nc]\n",
	} {
		for _, head := range []string{"", "version: 1\ncomponent: ", "a: [\n"} {
			text := head + strings.Repeat(part, maxBytes/16/len(part))
			start := time.Now()
			_, problems := Parse("", []byte(text))
			if len(problems) == 0 {
				t.Errorf("%q %q: nothing wrong", head, part)
			}
			took := time.Since(start)
			t.Logf("%q %q: %v, %d problems", head, part, took.Round(time.Millisecond), len(problems))
			if took > 10*time.Second {
				t.Errorf("%q %q takes %v", head, part, took)
			}
		}
	}
}
