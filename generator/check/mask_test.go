package check

import (
	"strings"
	"testing"
)

// TestMasked: no rule can quote what logs in inside an address, and nothing else is taken
// out of what it quotes.
func TestMasked(t *testing.T) {
	const hidden = "Zomer2026duin"
	for value, want := range map[string]string{
		"https://api:" + hidden + "@x.nl/v1":                 "https://api:…@x.nl/v1",
		"git+https://" + hidden + hidden + "@x.nl/a":         "git+https://…@x.nl/a",
		"http://x.nl/v1?a=b&access_token=" + hidden + "&c=d": "http://x.nl/v1?a=b&access_token=…&c=d",
		"ADD https://:" + hidden + "@x.nl/y?X-Sig=" + hidden: "ADD https://:…@x.nl/y?X-Sig=…",
		"http://x.nl:8080/a@b":                               "http://x.nl:8080/a@b",
		"https://beheer@x.nl":                                "https://beheer@x.nl",
		"/zaken?pageSize=200000&sort=naam":                   "/zaken?pageSize=200000&sort=naam",
	} {
		got := masked([]string{"first", value})
		if got[1] != want || got[0] != "first" || strings.Contains(got[1], hidden) {
			t.Errorf("%q becomes %q, want %q", value, got[1], want)
		}
	}
}
