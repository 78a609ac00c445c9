package answers

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// A change that is made undone gives the text of before, byte for byte: so what
// was not concerned stayed as it was.

// changeSomething changes answers at random, all through reflection: names,
// texts, new and removed items. It gives what undoes it as a word.
func changeSomething(r *rand.Rand, a *Answers) string {
	var places []reflect.Value
	var shapes []*shape
	var visit func(v reflect.Value, s *shape)
	visit = func(v reflect.Value, s *shape) {
		switch s.kind {
		case mapping, operation:
			for _, k := range s.keys {
				if field := v.Field(k.field); k.name != "version" && !k.pointer && len(k.enum) == 0 {
					visit(field, k.shape)
				}
			}
			return
		case list:
			places, shapes = append(places, v), append(shapes, s)
			for i := range v.Len() {
				visit(v.Index(i), s.elem)
			}
			return
		case outcomes, texts:
			places, shapes = append(places, v), append(shapes, s)
			return
		case text:
			places, shapes = append(places, v), append(shapes, s)
		}
	}
	visit(reflect.ValueOf(a).Elem(), root)
	for range 500 {
		if len(places) == 0 {
			break
		}
		i := r.IntN(len(places))
		if said := changePlace(r, places[i], shapes[i]); said != "" {
			return said
		}
	}
	return "nothing"
}

var texten = []string{"boom", "Wat is er?", "a: b", "it's", `hij zei "ja"`, "12", "true", "een, twee", "# geen", "regel een\nregel twee", " spatie ", "ünïcode", "- streep", "[x]", "null", "een heel lange tekst die maar doorgaat en doorgaat en op geen enkele regel past, wat men ook doet, en nog langer wordt naarmate men verder leest, tot ver voorbij de tweehonderd tekens die gewoon zijn voor een regel"}

func changePlace(r *rand.Rand, v reflect.Value, s *shape) string {
	word := texten[r.IntN(len(texten))]
	fresh := fmt.Sprintf("nieuw%d", r.IntN(1000))
	switch s.kind {
	case text:
		if v.String() == "" && r.IntN(20) > 0 || r.IntN(3) > 0 {
			return ""
		}
		before := v.String()
		v.SetString(word)
		return fmt.Sprintf("text %q → %q", before, word)
	case outcomes:
		list := v.Interface().([]Outcome)
		if len(list) == 0 {
			return ""
		}
		list = append([]Outcome(nil), list...)
		switch i := r.IntN(len(list)); r.IntN(3) {
		case 0:
			list = append(list[:i:i], append([]Outcome{{fresh, word}}, list[i:]...)...)
		case 1:
			list = append(list[:i:i], list[i+1:]...)
		default:
			list[i].Name = fresh
		}
		v.Set(reflect.ValueOf(list))
		return "outcomes"
	case texts:
		m := map[string]string{}
		for _, key := range v.MapKeys() {
			m[key.String()] = v.MapIndex(key).String()
		}
		if r.IntN(2) == 0 && len(m) > 0 {
			delete(m, sortedKeys(m)[0])
		} else {
			m[fresh] = word
		}
		v.Set(reflect.ValueOf(m))
		return "texts"
	}
	n := v.Len()
	if n == 0 && r.IntN(8) > 0 {
		return ""
	}
	if r.IntN(3) == 0 && n > 0 {
		i := r.IntN(n)
		v.Set(reflect.AppendSlice(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, n), v.Slice(0, i)), v.Slice(i+1, n)))
		return fmt.Sprintf("remove item %d of %s", i, v.Type())
	}
	item := newItem(s.elem, v.Type().Elem(), fresh, word)
	if !item.IsValid() {
		return ""
	}
	i := r.IntN(n + 1)
	v.Set(reflect.AppendSlice(reflect.Append(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, n+1), v.Slice(0, i)), item), v.Slice(i, n)))
	return fmt.Sprintf("add item %d of %s to %d", i, v.Type().Elem(), n)
}

// newItem is something that can be in a list.
func newItem(s *shape, t reflect.Type, name, word string) reflect.Value {
	var item any
	switch t {
	case reflect.TypeFor[Entity]():
		item = Entity{Name: name, Title: word, Fields: []Field{{Name: "a", Type: "text", Title: word}, {Name: "b", Type: "date"}}, Retention: Retention{Period: "P1Y", Results: []ResultRetention{{Result: "x", Keep: true}}}}
	case reflect.TypeFor[Field]():
		item = Field{Name: name, Type: "enum", Values: []string{word, "nee"}, Help: word}
	case reflect.TypeFor[ResultRetention]():
		item = ResultRetention{Result: name, Source: word}
	case reflect.TypeFor[Source]():
		item = Source{Name: name, Headers: map[string]string{"X": word}, Operations: []Operation{{Name: "a"}, {Name: "b", Path: "/b", Parameters: []string{"c"}}}, Purpose: Purpose{Fields: []string{"a.b"}, Reasons: map[string]string{"a.b": word}}}
	case reflect.TypeFor[Operation]():
		item = Operation{Name: name}
	case reflect.TypeFor[Role]():
		item = Role{Name: name, Title: word, Rights: []string{"inzage"}}
	case reflect.TypeFor[Step]():
		item = Step{Name: name, Kind: "decide", Title: word, Fields: []StepField{{Name: "a"}, {Name: "i", Inline: &Field{Name: "i", Type: "text", Help: word}}}, Input: map[string]string{"p": "a.b"}, Outcomes: []Outcome{{"ja", "x"}, {"nee", "y"}}}
	case reflect.TypeFor[StepField]():
		item = StepField{Name: name}
	case reflect.TypeFor[Activity]():
		item = Activity{Name: name, Title: word}
	case reflect.TypeFor[string]():
		if s.kind == text {
			item = name
		}
	}
	if item == nil {
		return reflect.Value{}
	}
	return reflect.ValueOf(item)
}

// dressed gives a text in other clothes: with other line ends, a BOM, without
// the last line end.
func dressed(source []byte) map[string][]byte {
	text := strings.ReplaceAll(string(source), "\r\n", "\n")
	return map[string][]byte{
		"as it is":    []byte(text),
		"CRLF":        []byte(strings.ReplaceAll(text, "\n", "\r\n")),
		"BOM":         []byte("\uFEFF" + text),
		"no last end": []byte(strings.TrimRight(text, "\n")),
		"trailing":    []byte(strings.ReplaceAll(text, "\n", " \t\n")),
	}
}

func TestRewriteAnything(t *testing.T) {
	for name, source := range documents(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for style, text := range dressed(source) {
				d, problems := Parse("", text)
				if len(problems) > 0 {
					continue // not every style is for every text
				}
				r := rand.New(rand.NewPCG(uint64(len(text)), 8))
				for range rewriteRounds {
					rewriteAtRandom(t, r, style, d)
				}
			}
		})
	}
}

const rewriteRounds = 6

func rewriteAtRandom(t *testing.T, r *rand.Rand, style string, d *Document) {
	t.Helper()
	to := tidy(reflect.ValueOf(d.Answers)).Interface().(Answers)
	var said []string
	for range 1 + r.IntN(3) {
		said = append(said, changeSomething(r, &to))
	}
	if written, err := Marshal(to); err != nil {
		return // no answers at all
	} else if again, _ := Parse("", written); !alike(reflect.ValueOf(again.Answers), reflect.ValueOf(to)) {
		return // not something that a file can say
	}
	out, err := d.Rewrite(to)
	if err != nil {
		t.Errorf("%s: %v: %v", style, said, err)
		return
	}
	again, problems := Parse("", out)
	if len(problems) > 0 || !alike(reflect.ValueOf(again.Answers), reflect.ValueOf(to)) {
		t.Errorf("%s: %v: reads as something else: %v", style, said, problems)
	}
	back, err := again.Rewrite(d.Answers)
	if err != nil {
		t.Errorf("%s: back from %v: %v", style, said, err)
		return
	}
	if last, _ := Parse("", back); !alike(reflect.ValueOf(last.Answers), reflect.ValueOf(d.Answers)) {
		t.Errorf("%s: back from %v: reads as something else", style, said)
	}
	if len(said) == 1 && strings.HasPrefix(said[0], "add item") && !strings.HasSuffix(said[0], "to 0") && !bytes.Equal(back, d.Source) {
		t.Errorf("%s: %s and out again:%s", style, said[0], lineDiff(string(d.Source), string(back), "\n"))
	}
}

func FuzzRewrite(f *testing.F) {
	for _, source := range documents(f) {
		if len(source) < 5000 {
			f.Add(source, uint64(1))
		}
	}
	f.Fuzz(func(t *testing.T, source []byte, seed uint64) {
		d, problems := Parse("", source)
		if len(problems) > 0 {
			return
		}
		to := tidy(reflect.ValueOf(d.Answers)).Interface().(Answers)
		said := changeSomething(rand.New(rand.NewPCG(seed, 1)), &to)
		out, err := d.Rewrite(to)
		if err != nil {
			return
		}
		again, problems := Parse("", out)
		if len(problems) > 0 || !alike(reflect.ValueOf(again.Answers), reflect.ValueOf(to)) {
			t.Errorf("%s: reads as something else: %v\n%s", said, problems, out)
		}
		if same, err := again.Rewrite(to); err != nil || !bytes.Equal(same, out) {
			t.Errorf("%s: no change changes something: %v", said, err)
		}
	})
}

func BenchmarkRewrite(b *testing.B) {
	d, problems := Parse("", example(b))
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	to := tidy(reflect.ValueOf(d.Answers)).Interface().(Answers)
	fields := &to.Register[0].Fields
	*fields = append(*fields, Field{Name: "hoogte", Type: "integer"})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Rewrite(to); err != nil {
			b.Fatal(err)
		}
	}
}
