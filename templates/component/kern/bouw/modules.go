package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// goPackage is what go list says of a package of the program.
type goPackage struct {
	ImportPath, Dir              string
	Imports, GoFiles, EmbedFiles []string
	Module                       *module // none for what is of Go itself
}

// packagesOf lists the packages that are linked into the program, as image builds it: the
// answer is the same on every laptop, and nothing is built for it. The platforms of the
// image are made of the same modules; image holds that against the programs.
func packagesOf(ctx context.Context, p place) ([]goPackage, error) {
	listed, err := p.with(platforms[0].settings()...).output(ctx, "go", "list", "-deps", "-json=ImportPath,Dir,Imports,GoFiles,EmbedFiles,Module", ".")
	if err != nil {
		return nil, err
	}
	return readPackages(listed)
}

func readPackages(listed string) ([]goPackage, error) {
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(listed)); ; {
		var one goPackage
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list zegt iets onverwachts: %w", err)
		}
		packages = append(packages, one)
	}
}

// modulesIn are the modules of packages, this component first; go version -m names the
// same ones of the program.
func modulesIn(packages []goPackage) ([]module, error) {
	of := map[string]string{} // the module of a package
	found := map[string]module{}
	for _, one := range packages {
		if one.Module == nil {
			continue
		}
		m := *one.Module
		if r := m.Replace; r != nil {
			m.Version, m.Sum = r.Version, r.Sum
			if r.Version != "" { // a folder has none, and its path is of one machine
				m.Path = r.Path
			}
		}
		of[one.ImportPath], found[m.Path] = m.Path, m
	}
	uses := map[string][]string{}
	for _, one := range packages {
		from := of[one.ImportPath]
		for _, name := range one.Imports {
			if to := of[name]; from != "" && to != "" && to != from {
				uses[from] = append(uses[from], to)
			}
		}
	}
	var modules []module
	for _, m := range found {
		slices.Sort(uses[m.Path])
		m.Uses = slices.Compact(uses[m.Path])
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
