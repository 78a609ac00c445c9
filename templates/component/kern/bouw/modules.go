package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// module is a Go module that the program is made of.
type module struct {
	Path, Version, Sum string
	Main               bool
	Dir                string
	Replace            *module
	Uses               []string `json:"-"` // the modules that it imports itself
}

// modulesOf lists the modules that are linked into the program of one platform, this
// component first. The packages that are imported say so, so nothing is built for it; go
// version -m names the same modules of the program.
func modulesOf(ctx context.Context, p place, on platform) ([]module, error) {
	listed, err := p.with("CGO_ENABLED=0", "GOOS="+on.OS, "GOARCH="+on.Architecture, "GOFLAGS=-mod=readonly", "GOWORK=off").
		output(ctx, "go", "list", "-deps", "-json=ImportPath,Imports,Module", ".")
	if err != nil {
		return nil, err
	}
	return readModules(listed)
}

func readModules(listed string) ([]module, error) {
	type imported struct {
		ImportPath string
		Imports    []string
		Module     *module
	}
	var packages []imported
	of := map[string]string{} // the module of a package
	found := map[string]module{}
	decoder := json.NewDecoder(strings.NewReader(listed))
	for {
		var i imported
		if err := decoder.Decode(&i); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list zegt iets onverwachts: %w", err)
		}
		if i.Module == nil {
			continue // of Go itself
		}
		if r := i.Module.Replace; r != nil {
			i.Module.Version, i.Module.Sum = r.Version, r.Sum
			if r.Version != "" { // a folder has none, and its path is of one machine
				i.Module.Path = r.Path
			}
		}
		packages = append(packages, i)
		of[i.ImportPath] = i.Module.Path
		found[i.Module.Path] = *i.Module
	}
	uses := map[string]map[string]bool{}
	for _, i := range packages {
		for _, name := range i.Imports {
			if to := of[name]; to != "" && to != i.Module.Path {
				if uses[i.Module.Path] == nil {
					uses[i.Module.Path] = map[string]bool{}
				}
				uses[i.Module.Path][to] = true
			}
		}
	}
	var modules []module
	for _, m := range found {
		m.Uses = slices.Sorted(maps.Keys(uses[m.Path]))
		modules = append(modules, m)
	}
	slices.SortFunc(modules, func(a, b module) int {
		if a.Main != b.Main {
			if a.Main {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Path, b.Path)
	})
	if len(modules) == 0 || !modules[0].Main {
		return nil, errors.New("go list noemt dit component zelf niet")
	}
	return modules, nil
}
