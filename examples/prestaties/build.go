package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// bare is the program with which the first build of a component is compared.
var bare = `package main

import (
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hallo")) })
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}
`

// builds measures the first build of a component with an empty build cache, the build of a
// second one after it, and the tests right after that: against a bare program.
func (m *measuring) builds(ctx context.Context, dir string) error {
	work, err := os.MkdirTemp(m.work, "bouw")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	small := filepath.Join(work, "kaal")
	if err := os.MkdirAll(small, 0o750); err != nil {
		return err
	}
	for file, text := range map[string]string{"main.go": bare, "go.mod": "module kaal\n\ngo 1.26\n"} {
		if err := os.WriteFile(filepath.Join(small, file), []byte(text), 0o600); err != nil {
			return err
		}
	}
	theirs, err := fresh(ctx, work, "kaal", small, "build", "-o", os.DevNull, ".")
	if err != nil {
		return err
	}
	ours, err := fresh(ctx, work, "component", dir, "build", "-o", os.DevNull, ".")
	if err != nil {
		return err
	}
	m.add(
		row{Group: "build", What: "first build, empty build cache: the clock", Value: ours.wall.Seconds(), Unit: "s", Ratio: ratio(ours.wall, theirs.wall), Against: fmt.Sprintf("a bare net/http program: %s s", number(theirs.wall.Seconds())), Aim: "<= 2.0"},
		row{Group: "build", What: "first build, empty build cache: processor", Value: ours.processor.Seconds(), Unit: "s", Ratio: ratio(ours.processor, theirs.processor), Against: fmt.Sprintf("a bare net/http program: %s s", number(theirs.processor.Seconds())), Aim: "<= 2.0"},
	)
	cache := filepath.Join(work, "component")
	tests, err := cached(ctx, cache, dir, "test", "./...")
	if err != nil {
		return err
	}
	m.add(row{Group: "build", What: "go test ./... right after the first build", Value: tests.wall.Seconds(), Unit: "s", Against: fmt.Sprintf("processor %s s", number(tests.processor.Seconds())), Aim: "<= 25"})
	second, err := renamed(work, dir)
	if err != nil {
		return err
	}
	next, err := cached(ctx, cache, second, "build", "-o", os.DevNull, ".")
	if err != nil {
		return err
	}
	m.add(row{Group: "build", What: "build of a second component, another folder and module", Value: next.wall.Seconds(), Unit: "s", Ratio: ratio(next.processor, ours.processor), Against: fmt.Sprintf("processor of the first; this one %s s", number(next.processor.Seconds())), Aim: "3"})
	return nil
}

// fresh runs go with an empty build cache, which stays in work under a name.
func fresh(ctx context.Context, work, name, dir string, args ...string) (spent, error) {
	return cached(ctx, filepath.Join(work, name), dir, args...)
}

// cached runs go with a build cache.
func cached(ctx context.Context, cache, dir string, args ...string) (spent, error) {
	return spend(ctx, dir, "env", append([]string{"GOCACHE=" + cache, "GOFLAGS=-mod=readonly", "GOPROXY=off", "TEST_DATABASE_URL=", "go"}, args...)...)
}

// renamed is a copy of a component under another module.
func renamed(work, dir string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "go.mod")) // #nosec G304 -- The component that is measured.
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	module := strings.TrimSpace(strings.TrimPrefix(first, "module "))
	copied := filepath.Join(work, "tweede")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		return "", err
	}
	return copied, filepath.WalkDir(copied, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") && entry.Name() != "go.mod" {
			return err
		}
		raw, err := os.ReadFile(path) // #nosec G304 -- A file that was copied just now.
		if err != nil {
			return err
		}
		text := strings.ReplaceAll(string(raw), `"`+module+"/", `"tweede.test/component/`)
		text = strings.Replace(text, "module "+module, "module tweede.test/component", 1)
		return os.WriteFile(path, []byte(text), 0o600)
	})
}
