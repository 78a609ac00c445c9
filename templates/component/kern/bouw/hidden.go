package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// nothingHidden refuses a program with a file that Git does not look at. All files in
// the rooms go along in it: a key or a filled-in setting that somebody put there, and
// that .gitignore keeps out of every commit, would be readable for all who have the
// image, and git status says nothing of it.
func nothingHidden(ctx context.Context, p place) error {
	built, err := p.with("GOOS="+platforms[0].OS, "GOARCH="+platforms[0].Architecture, "CGO_ENABLED=0", "GOWORK=off").output(ctx, "go", "list", "-deps", "-json=ImportPath,Module,GoFiles,EmbedFiles", ".")
	if err != nil {
		return err
	}
	files, err := filesOf(built)
	if err != nil {
		return err
	}
	ignored, err := p.output(ctx, "git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", "--", ".")
	if err != nil {
		return err
	}
	var hidden []string
	for _, file := range files {
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

// filesOf reads from what go list says which files of the component itself go into
// the program, named with slashes from its root.
func filesOf(list string) ([]string, error) {
	var all []string
	for decoder := json.NewDecoder(strings.NewReader(list)); ; {
		var p struct {
			ImportPath string
			Module     *struct {
				Path string
				Main bool
			}
			GoFiles, EmbedFiles []string
		}
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("go list zegt iets onverwachts: %w", err)
		case p.Module == nil || !p.Module.Main:
			continue
		}
		folder := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, p.Module.Path), "/")
		for _, name := range slices.Concat(p.GoFiles, p.EmbedFiles) {
			all = append(all, path.Join(folder, name))
		}
	}
}
