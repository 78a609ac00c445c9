package adr

import (
	"context"
	"os"
	"testing"
)

// BenchmarkComponent reads and judges the description of a component.
func BenchmarkComponent(b *testing.B) {
	body, err := os.ReadFile("../../../examples/verhuizing/component/2-diensten/openapi.yaml")
	if err != nil {
		b.Fatal(err)
	}
	all := rules()
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if d, err := read("openapi.yaml", body); d == nil || err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("structure", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d, _ := read("openapi.yaml", body)
			judge(context.Background(), d, structural())
		}
	})
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d, _ := read("openapi.yaml", body)
			judge(context.Background(), d, all)
		}
	})
}
