package fieldtype

import "testing"

func TestPrintable(t *testing.T) {
	for text, want := range map[string]rune{
		"Zorg": 0, "\u2764\ufe0f Zorg": 0, "caf\u00e9": 0, "a\u00a0b": 0, "": 0, " ": 0,
		"Zo\u00adrg": '\u00ad', "\u202eZorg": '\u202e', "Zorg\u200b": '\u200b', "\ufe0f": '\ufe0f', "\u2800": '\u2800', "a\U000e0041": '\U000e0041', "a\nb": '\n', "a\x07": '\x07',
	} {
		if r, found := Unprintable(text, false); r != want || found != (want != 0) {
			t.Errorf("%+q: %U %t, want %U", text, r, found, want)
		}
	}
	if _, found := Unprintable("a\nb", true); found {
		t.Error("a text of more lines has no lines")
	}
}
