package main

import (
	"strings"
	"testing"
)

func TestReadFacts(t *testing.T) {
	const code = "name: Proef\nurl: https://example.org\nlegal:\n  license: EUPL-1.2\n  mainCopyrightOwner: X\ncontacts:\n  - name: Iemand\n"
	for _, c := range []struct {
		code, changes string
		want          facts
		fails         string
	}{
		{code, "## Nog niet uitgebracht\n", facts{"Proef", "https://example.org", "EUPL-1.2", "0.0.0"}, ""},
		{code, "## Nog niet uitgebracht\n\n## [1.2.0] - 2026-12-01\n\n## 1.1.0\n", facts{"Proef", "https://example.org", "EUPL-1.2", "1.2.0"}, ""},
		{code, "## v1.1.0-rc.1\r\n", facts{"Proef", "https://example.org", "EUPL-1.2", "1.1.0-rc.1"}, ""},
		{code, "## 1.1.0 (2026)\n## 1.2\n", facts{"Proef", "https://example.org", "EUPL-1.2", "1.1.0"}, ""},
		{"name: \"Een \\\"naam\\\"\"\nlegal:\n    license:   'MIT'  \n", "", facts{"Een \"naam\"", "", "MIT", "0.0.0"}, ""},
		{"name: X\n", "", facts{}, "geen license"},
		{"", "", facts{}, "geen name"},
	} {
		p, _ := here(t)
		put(t, p, "publiccode.yml", c.code)
		put(t, p, "CHANGELOG.md", c.changes)
		got, err := readFacts(p)
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%q: %v", c.code, err)
			}
		} else if err != nil || got != c.want {
			t.Errorf("%q: %+v, %v", c.code, got, err)
		}
	}
	p, _ := here(t)
	if _, err := readFacts(p); err == nil {
		t.Error("no publiccode.yml and no error")
	}
}
