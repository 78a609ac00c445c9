package tree

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
)

// TestDurable: only answers that are nowhere else yet are waited for, and a disk that
// does not take them leaves nothing behind.
func TestDurable(t *testing.T) {
	for _, durable := range []bool{true, false} {
		var waited []string
		w := writer{durable: durable, before: func(operation, name string) error {
			if operation == "sync" {
				waited = append(waited, name)
			}
			return nil
		}}
		if _, err := w.write(context.Background(), filepath.Join(t.TempDir(), "c"), small()); err != nil {
			t.Fatal(err)
		}
		want := []string{"fieldlab.yaml", "."}
		if !durable {
			want = nil
		}
		if !slices.Equal(waited, want) {
			t.Errorf("durable %t: waits for %v", durable, waited)
		}
	}
	parent, full := t.TempDir(), errors.New("the disk is full")
	w := writer{durable: true, before: func(operation, name string) error {
		if operation == "sync" && name != "." {
			return full
		}
		return nil
	}}
	if _, err := w.write(context.Background(), filepath.Join(parent, "c"), small()); !errors.Is(err, full) {
		t.Errorf("a disk that is full: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(parent, "*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}
