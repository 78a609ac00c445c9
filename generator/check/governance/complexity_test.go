package governance

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestLizardCountsTheSame holds our counts against those of Lizard. Go, Python, PHP and Java
// are exact in these files. Of JavaScript and TypeScript Lizard reads more of the grammar,
// and some of it wrongly: one path or function more or less is taken for the same.
func TestLizardCountsTheSame(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "facts", "lizard.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]complexity{}
	for line := range strings.Lines(string(archive.Comment)) {
		var name string
		var c complexity
		if n, _ := fmt.Sscanf(line, "%s %d %d %d", &name, &c.functions, &c.total, &c.worst); n == 4 {
			want[name] = c
		}
	}
	if len(want) != len(archive.Files) {
		t.Fatalf("%d files and %d counts", len(archive.Files), len(want))
	}
	for _, f := range archive.Files {
		var got complexity
		lang := languageOf(f.Name)
		got.count(context.Background(), lang, f.Data)
		slack := 0
		if lang == script {
			slack = 1
		}
		w := want[f.Name]
		for what, difference := range map[string]int{"functions": got.functions - w.functions, "paths": got.total - w.total, "most": got.worst - w.worst} {
			if max(difference, -difference) > slack {
				t.Errorf("%s: %s differs by %d: %+v, Lizard has %+v", f.Name, what, difference, got, w)
			}
		}
	}
}

func TestConditionsInTextAreNone(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"a.go":   "package a\nfunc f() {\n\t// if a && b\n\t/* for */\n\ts := \"if && ||\" + `case\nif`\n\t_ = s + string('\"')\n}\n",
		"a.py":   "def f():\n    # if a and b\n    '''if or\n    for'''\n    return \"if\" + 'while'\n",
		"a.ts":   "function f() { const a = /if|b&&c/; return `if ${a} &&` + \"case\" + 'x\\' ? y'; }\n",
		"a.php":  "<p>if</p><?php\nfunction f() { # if\n return 'if' . \"a ? b : c\"; }\n",
		"A.java": "class A { void f() { String s = \"\"\"\nif (a && b)\n\"\"\"; List<? super A> l = null; } }\n",
	} {
		var c complexity
		c.count(context.Background(), languageOf(name), []byte(source))
		if c.functions != 1 || c.total != 1 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func FuzzComplexity(f *testing.F) {
	for _, seed := range []string{"func f() { if a { } }", "def f():\n  if x: pass", "const a = (b) => b ? `${c}` : /d/;", "<?php function a(?b $c) {", "`${`${", "\"\\", "class A { void f() {"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, body []byte) {
		for lang := golang; lang <= python; lang++ {
			var c complexity
			c.count(context.Background(), lang, body)
		}
	})
}

func TestIgnored(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		patterns, name string
		want           bool
	}{
		{".env", ".env", true},
		{".env*\n!.env.example", ".env.example", false},
		{"/.env", ".env", true},
		{".env/", ".env", false},
		{"# .env", ".env", false},
		{"*.key", "certs/server.key", true},
		{"/*.key", "certs/server.key", false},
		{"public/", "api/public/bundles/a.js", true},
		{"/public/", "api/public/bundles/a.js", false},
		{"api/public", "api/public/bundles/a.js", true},
		{"**/dist", "ui/dist/a.js", true},
		{"dist/**", "dist/a.js", true},
		{"[", "[", false},
	} {
		if got := ignored(ignorePatterns(c.patterns), c.name); got != c.want {
			t.Errorf("%q on %s: %v", c.patterns, c.name, got)
		}
	}
}
