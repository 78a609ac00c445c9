package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// filesOf lists, for each package of the component, what goes into the program.
const filesOf = `{{with .Module}}{{if .Main}}{{$at := slice $.ImportPath (len .Path)}}{{range $.GoFiles}}{{$at}}/{{.}}{{"\n"}}{{end}}{{range $.EmbedFiles}}{{$at}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}`

// nothingHidden refuses a program with a file that Git does not look at. All files in
// the rooms go along in it: a key or a filled-in setting that somebody put there, and
// that .gitignore keeps out of every commit, would be readable for all who have the
// image, and git status says nothing of it.
func nothingHidden(ctx context.Context, p place) error {
	built, err := p.with("GOOS="+platforms[0].OS, "GOARCH="+platforms[0].Architecture, "CGO_ENABLED=0", "GOWORK=off").output(ctx, "go", "list", "-deps", "-f", filesOf, ".")
	if err != nil {
		return err
	}
	ignored, err := p.output(ctx, "git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", "--", ".")
	if err != nil {
		return err
	}
	var hidden []string
	for _, file := range strings.Split(strings.TrimSpace(built), "\n") {
		file = strings.TrimPrefix(strings.TrimSpace(file), "/")
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
