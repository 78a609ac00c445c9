package fieldtype

import "testing"

// TestStored: whatever the answers file can hold of a type, a database can keep.
func TestStored(t *testing.T) {
	for _, kind := range table {
		kind, _ = Of(kind.Name)
		spec := &Field{Name: "a", Title: "A", Values: []string{"een", "twee"}}
		for _, e := range kind.Examples(spec) {
			if kind.Unwritten {
				continue
			}
			if got := kind.Stored(e.Form); got == "" || kind.Storage() == AsObject && got[0] != '{' {
				t.Errorf("%s: %q is stored as %q", kind.Name, e.Form, got)
			}
		}
	}
	for name, want := range map[string]string{"money": "1250", "datetime": "2026-01-31T08:00:00Z", "text": "1"} {
		kind, _ := Of(name)
		if got := kind.Stored(map[string]string{"money": "12,50", "datetime": "2026-01-31T09:00:00+01:00", "text": "1"}[name]); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
