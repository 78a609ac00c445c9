package adr

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

func mustRead(t testing.TB, name, body string) *Document {
	t.Helper()
	d, err := read(name, []byte(body))
	if err != nil || d == nil {
		t.Fatalf("%s: %v, %v", name, d, err)
	}
	return d
}

// TestPlaces checks the line and column of keys and values, in JSON and YAML, however
// they are written.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body string
		path       []string
		key, value [2]int32
	}{
		{"a.yaml", "openapi: 3.0.3\ninfo:\n  title: é x\n", []string{"info", "title"}, [2]int32{3, 3}, [2]int32{3, 10}},
		{"crlf.yaml", "openapi: 3.0.3\r\ninfo:\r\n  title: x\r\n", []string{"info", "title"}, [2]int32{3, 3}, [2]int32{3, 10}},
		{"bom.yaml", "\ufeffopenapi: 3.0.3\ninfo: {title: x}\n", []string{"info", "title"}, [2]int32{2, 8}, [2]int32{2, 15}},
		{"list.yaml", "openapi: 3.0.3\ntags:\n- name: x\n- name: y\n", []string{"tags", "1"}, [2]int32{4, 3}, [2]int32{4, 3}},
		{"a.json", "{\n\t\"openapi\": \"3.0.3\",\n\t\"info\": {\n\t\t\"title\":\t\"x\"}}", []string{"info", "title"}, [2]int32{4, 3}, [2]int32{4, 12}},
		{"crlf.json", "{\r\n\"openapi\": \"3.0.3\",\r\n \"info\": {\"title\": \"x\"}}", []string{"info", "title"}, [2]int32{3, 11}, [2]int32{3, 20}},
		{"bom.json", "\ufeff{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"x\"}}", []string{"info", "title"}, [2]int32{1, 28}, [2]int32{1, 36}},
		{"min.json", `{"openapi":"3.0.3","é":"\ud83d\ude00 ü","info":{"title":[1,true,null,-2.5e3]}}`, []string{"info", "title", "3"}, [2]int32{1, 70}, [2]int32{1, 70}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := mustRead(t, test.name, test.body).root.get(test.path...)
			if n == nil {
				t.Fatal("not found")
			}
			if got := [2]int32{n.keyLine, n.keyColumn}; got != test.key {
				t.Errorf("key at %v, expected %v", got, test.key)
			}
			if got := [2]int32{n.line, n.column}; got != test.value {
				t.Errorf("value at %v, expected %v", got, test.value)
			}
			if !slices.Equal(n.path(), test.path) {
				t.Errorf("path %q", n.path())
			}
		})
	}
}

// TestReferences checks what is followed and what is not.
func TestReferences(t *testing.T) {
	t.Parallel()
	d := mustRead(t, "a.yaml", `openapi: 3.0.3
a: {$ref: '#/b'}
b: {$ref: '#/components/c~1d'}
components: {c/d: {x: 1}, e f: {y: 2}}
sp: {$ref: '#/components/e%20f'}
loop: {$ref: '#/pool'}
pool: {$ref: '#/loop'}
self: {$ref: '#/self'}
gone: {$ref: '#/components/z'}
out: {$ref: 'https://example.nl/x.yaml#/a'}
`)
	if got := d.at(d.root, "a", "x"); got == nil || !slices.Equal(got.path(), []string{"components", "c/d", "x"}) {
		t.Errorf("a leads to %q", got.path())
	}
	if d.at(d.root, "sp", "y") == nil {
		t.Error("an escaped space is not followed")
	}
	for _, key := range []string{"loop", "self", "gone", "out"} {
		if n, ok := d.resolve(d.root.get(key)); ok {
			t.Errorf("%s leads to %v", key, n.path())
		}
	}
}

// TestAliases checks that aliases and merge keys are worked out and bombs are not.
func TestAliases(t *testing.T) {
	t.Parallel()
	d := mustRead(t, "a.yaml", `openapi: 3.0.3
x-base: &base {a: 1, b: 2}
one: {<<: *base, b: 3}
two: *base
three: {<<: [*base, {c: 4}]}
`)
	for path, want := range map[string]string{"one a": "1", "one b": "3", "two b": "2", "three c": "4", "three a": "1"} {
		n := d.root.get(strings.Fields(path)...)
		if n == nil || n.text != want || strings.Join(n.path(), " ") != path {
			t.Errorf("%s is %v at %q", path, n, n.path())
		}
	}
	bomb := "openapi: 3.0.3\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 9 {
		at := string(rune('0' + i))
		next := string(rune('1' + i))
		bomb += "a" + next + ": &a" + next + " [" + strings.TrimSuffix(strings.Repeat("*a"+at+",", 10), ",") + "]\n"
	}
	if _, err := read("bomb.yaml", []byte(bomb)); !errors.Is(err, errTooLarge) {
		t.Errorf("a bomb gives %v", err)
	}
	for name, body := range map[string]string{
		"self":    "openapi: 3.0.3\na: &a [*a]\n",
		"deep":    "openapi: 3.0.3\na: " + strings.Repeat("[", 100_000),
		"deeper":  "openapi: 3.0.3\na: " + strings.Repeat("{a: ", 100_000),
		"json":    `{"openapi":"3.0.3","a":` + strings.Repeat(`{"a":`, 100_000),
		"two":     "openapi: 3.0.3\n---\nopenapi: 3.0.3\n",
		"broken":  "openapi: 3.0.3\na: [",
		"control": "openapi: 3.0.3\na: \x01\n",
		"latin1":  "openapi: 3.0.3\na: \xe9\n",
	} {
		if _, err := read(name, []byte(body)); err == nil {
			t.Errorf("%s is read", name)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
}

// TestTwice checks that of a key that comes twice the last one counts.
func TestTwice(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a.yaml": "openapi: 3.0.3\na: 1\nb: 2\na: 3\n",
		"a.json": `{"openapi":"3.0.3","a":1,"b":2,"a":3}`,
	} {
		d := mustRead(t, name, body)
		if len(d.twice) != 1 || d.root.get("a").text != "3" || d.root.size() != 3 {
			t.Errorf("%s: %d twice, a is %s of %d", name, len(d.twice), d.root.get("a").text, d.root.size())
		}
	}
}

// TestWalk checks that a walk gives every node once.
func TestWalk(t *testing.T) {
	t.Parallel()
	d := mustRead(t, "a.json", `{"openapi":"3.0.3","a":{"b":[1,2]},"c":3}`)
	var got []string
	d.walk(context.Background(), func(n *node) bool {
		got = append(got, strings.Join(n.path(), "."))
		return true
	})
	if want := []string{"", "openapi", "a", "a.b", "a.b.0", "a.b.1", "c"}; !slices.Equal(got, want) {
		t.Errorf("%q, expected %q", got, want)
	}
}

// TestPatterns checks which texts are refused as a pattern: what no JavaScript takes.
func TestPatterns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`^[A-Z]{2}$`: true, `^(?:a|b)(?=c)(?<naam>d)$`: true, `^(?i:a)$`: true, `\(?i)`: true,
		`^(?i)[ABD][A-NP-Z]$`: false, `(?s-m)a`: false, `[a`: false,
	} {
		if got := isPattern(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
