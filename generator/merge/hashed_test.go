package merge

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestHashed: with only the lines of the base known, the merge is the same.
func TestHashed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(40, 10))
	same, all := 0, 0
	for name, body := range realFiles(t) {
		if !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".md") {
			continue
		}
		for range 40 {
			ours, theirs := touched(r, body, "onze"), touched(r, body, "hunne")
			want := Files(name, body, ours, theirs, labels)
			got := Hashed(name, LinesOf(body), ours, theirs, labels)
			all++
			if bytes.Equal(got.Body, want.Body) && got.Conflicts == want.Conflicts {
				same++
			}
			if got.Conflicts == 0 && want.Conflicts > 0 {
				t.Errorf("%s: with less known it fits:\n%s", name, got.Body)
			}
		}
	}
	if same < all*95/100 {
		t.Errorf("%d of %d are the same", same, all)
	}
	t.Logf("%d of %d are the same", same, all)
}

func TestHashedSides(t *testing.T) {
	t.Parallel()
	base := []byte("a\nb\nc\nd\ne\n")
	lines := LinesOf(base)
	for _, hash := range lines {
		if hash >= 1<<40 {
			t.Errorf("%x takes more than 40 bits", hash)
		}
	}
	for _, c := range [][3]string{ // ours, theirs, result
		{"a\nb\nc\nd\ne\n", "a\nB\nc\nd\ne\n", "a\nB\nc\nd\ne\n"},
		{"a\r\nb\r\nc\r\nd\r\ne\r\n", "a\nB\nc\nd\ne\nf\n", "a\r\nB\r\nc\r\nd\r\ne\r\nf\r\n"},
		{"a\nB\nc\nd\ne\n", "a\nb\nc\nd\ne\n", "a\nB\nc\nd\ne\n"},
		{"a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "a\nB\nc\nd\nE\n"},
		{"A\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"},
		{"a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE", "a\nB\nc\nd\nE\n"},
		{"a\nb\nc\nd\n", "a\nb\nC\nd\ne\n", "a\nb\nC\nd\n"},
	} {
		if got := Hashed("kern/x.go", lines, []byte(c[0]), []byte(c[1]), labels); got.Conflicts > 0 || string(got.Body) != c[2] {
			t.Errorf("%q and %q give %q", c[0], c[1], got.Body)
		}
	}
	if got := Hashed("kern/x.go", lines, []byte("a\nX\nc\nd\ne\n"), []byte("a\nY\nc\nd\ne\n"), labels); got.Conflicts != 1 || !bytes.Contains(got.Body, []byte("<<<<<<< van het team\nX\n=======\nY\n")) {
		t.Errorf("a clash gives %q", got.Body)
	}
	// A line that looks like what stands in for a line that is not known.
	trap := "a\n" + strconv.FormatUint(hashOf("b"), 16) + "\nc\n"
	if got := Hashed("kern/x.go", LinesOf([]byte("a\nb\nc\n")), []byte(trap), []byte("a\nB\nc\n"), labels); got.Conflicts != 1 {
		t.Errorf("a line of the team is taken for one of the base: %q", got.Body)
	}
	if got := Hashed("kern/x.bin", lines, []byte("a\x00"), []byte("b\x00"), labels); !got.Beside {
		t.Error("a binary is merged")
	}
}
