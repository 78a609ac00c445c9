package main

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
)

// nothingHidden refuses a program with a file that Git does not look at. All files in
// the rooms go along in it: a key or a filled-in setting that somebody put there, and
// that .gitignore keeps out of every commit, would be readable for all who have the
// image, and git status says nothing of it.
func nothingHidden(ctx context.Context, p place, packages []goPackage) error {
	ignored, err := p.output(ctx, "git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", "--", ".")
	if err != nil {
		return err
	}
	var hidden []string
	for _, file := range filesOf(packages) {
		for _, out := range strings.Split(ignored, "\x00") {
			// A folder of which Git looks at nothing ends with a slash.
			if out != "" && (out == file || strings.HasSuffix(out, "/") && strings.HasPrefix(file, out)) {
				hidden = append(hidden, file)
			}
		}
	}
	if hidden == nil {
		return nil
	}
	slices.Sort(hidden)
	return fmt.Errorf("in het programma zou komen wat Git overslaat (.gitignore), en dan leest iedereen met het image het: %s. Haal het weg uit die map; een geheim staat in de omgeving of in .data", strings.Join(slices.Compact(hidden), ", "))
}

// filesOf are the files of the component itself that go into the program, named with
// slashes from its root.
func filesOf(packages []goPackage) (all []string) {
	for _, one := range packages {
		if one.Module == nil || !one.Module.Main {
			continue
		}
		folder := strings.TrimPrefix(strings.TrimPrefix(one.ImportPath, one.Module.Path), "/")
		for _, name := range slices.Concat(one.GoFiles, one.EmbedFiles) {
			all = append(all, path.Join(folder, name))
		}
	}
	return all
}
