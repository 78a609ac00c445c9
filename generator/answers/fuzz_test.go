package answers

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/verhuizing.yaml", "testdata/klein.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 5000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, problems := Parse("", data)
		if d == nil {
			t.Fatal("no document")
		}
		checkPlaces(t, data, problems)
		if len(problems) > 0 {
			return
		}
		again, problems := Parse("", Canonical(d))
		if len(problems) > 0 || !reflect.DeepEqual(again.Answers, d.Answers) {
			t.Errorf("%v: the canonical text says something else\n%s", problems, Canonical(d))
		}
		written, err := Marshal(d.Answers)
		if err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		again, problems = Parse("", written)
		if len(problems) > 0 || !reflect.DeepEqual(again.Answers, d.Answers) {
			t.Errorf("%v: written and read it says something else\n%s", problems, written)
		}
	})
}

func FuzzSet(f *testing.F) {
	f.Add("component.title", "a: b")
	f.Add("register[0].fields[1]", "{name: b}")
	f.Add("process.steps[0].outcomes.a b", "[x, *y]")
	f.Add("delivery.ci", "- a\n- b # c\n")
	f.Fuzz(func(t *testing.T, key, value string) {
		d, _ := Parse("", []byte(small))
		if d.Set(key, value) != nil || len(d.Problems()) > 0 {
			return
		}
		again, problems := Parse("", d.Source)
		if len(problems) > 0 || !reflect.DeepEqual(again.Answers, d.Answers) {
			t.Errorf("%q=%q: %v\n%s", key, value, problems, d.Source)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	data := example(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := Parse("", data); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
