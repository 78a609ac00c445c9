package value

import (
	"slices"
	"strings"
	"testing"
)

// Ordered are names and other texts as people have them, in the order in which
// every list shows them. The tests of package opslag sort the same texts in both
// databases.
var ordered = []string{
	"", // says nothing
	"(onbekend)", "~wave~", "€ 12", "😀",
	"100%", "2 Gebroeders", "a,b",
	"Çelik", "çelik", "D66",
	"Dé Bakker", "de Vries", "Deelen", "Emil", "Emile", "Émile", "Emily",
	"IJsbrand", "Ijsbrand", "ijsbrand", "Ĳsbrand", "İlker", "ılker", "ING",
	"Jansen", "jansen", "JANSEN de Wit", "Jansen - de Wit", "Jansen-de Wit", "Jansén-de Wit",
	"Müller", "Muller-Bos", "n.v.t.", "N'Diaye", "Ndiaye",
	"Øe", "Ōe", "Strasse", "Straße", "straße", "'t Hart", "T Hart", "’t Hart",
	"van den Berg", "Van der Berg", "van der Berg", "van 't Hek", "vandaag", "Zoë", "Zwart", "Ωμέγα", "Яна", "李",
}

func TestSortKeyOrdersAsPeopleDo(t *testing.T) {
	got := slices.Clone(ordered)
	slices.SortStableFunc(got, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
	if !slices.Equal(got, ordered) {
		t.Errorf("got  %q\nwant %q", got, ordered)
	}
}

// TestSortKeyFitsAnIndex: PostgreSQL refuses a row of an index of more than 2700
// bytes. What stands after the end of the key is the beginning of the text itself,
// by which package opslag knows the key of a text that has changed.
func TestSortKeyFitsAnIndex(t *testing.T) {
	for _, s := range append(slices.Clone(ordered), strings.Repeat("\ufdfa", 2000), strings.Repeat("😀", 2000), strings.Repeat("e\u0301", 1000), "a\x00b\x01c\td\u202e\xff") {
		key := SortKey(s)
		folded, tail, _ := strings.Cut(key, KeyEnd)
		if len(key) > 2000 || strings.Contains(folded, KeyEnd) || !strings.HasPrefix(s, tail) {
			t.Errorf("%.20q: %d bytes, %q", s, len(key), key)
		}
	}
	if a, b := SortKey(NFC("Cafe\u0301")), SortKey("Café"); a != b {
		t.Errorf("%q and %q", a, b)
	}
}

func FuzzSortKey(f *testing.F) {
	for _, s := range ordered {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if key := SortKey(s); len(key) > 2000 || NFC(NFC(s)) != NFC(s) {
			t.Errorf("%q: %q", s, key)
		}
	})
}
