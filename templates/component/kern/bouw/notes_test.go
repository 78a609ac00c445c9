package main

import (
	"context"
	"strings"
	"testing"
)

func TestNotes(t *testing.T) {
	const changes = "# Wijzigingen\n\n## Nog niet uitgebracht\n\n- later\n\n## [1.10.0] - 2026-12-01\r\n\r\n### Nieuw\r\n\n- tien\n\n## 1.1.0\n\n- een\n\n## 1.0.0 (2026-01-01)\n\n## Over\n\n- niets\n\n[1.10.0]: https://example.org\n"
	for _, c := range []struct{ tag, want, fails string }{
		{"v1.10.0", "### Nieuw\n\n- tien\n", ""},
		{"1.1.0", "- een\n", ""},
		{"v1.0.0", "", "CHANGELOG.md zegt niets onder ## 1.0.0"},
		{"v1.2.0", "", "CHANGELOG.md zegt niets onder ## 1.2.0"},
		{"v1", "", "is geen versie"},
		{"v1.0.0 v1.1.0", "", "hooguit een tag"},
		{"", "", "heeft geen tag"},
	} {
		p, said := little(t)
		put(t, p, "CHANGELOG.md", changes)
		said.Reset()
		p.Args = strings.Fields(c.tag)
		err := notes(context.Background(), p)
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%q: %v", c.tag, err)
			}
		} else if err != nil || said.String() != c.want {
			t.Errorf("%q: %q, %v", c.tag, said, err)
		}
	}
	p, said := little(t)
	put(t, p, "CHANGELOG.md", changes)
	git(t, p, "tag", "v1.1.0")
	said.Reset()
	if err := notes(context.Background(), p); err != nil || said.String() != "- een\n" {
		t.Errorf("%q, %v", said, err)
	}
}
