package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// licenceFile is how the file with the licence of a module is called. Others beside it,
// as LICENSE-3RD-PARTY, are of what its authors used.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)(\.(md|txt|rst))?$`)

// licenceTexts are words that stand in one licence and in no other.
var licenceTexts = []struct {
	id    string
	words []string
}{
	{"Apache-2.0", []string{"apache license", "version 2.0"}},
	{"MIT", []string{"permission is hereby granted, free of charge, to any person obtaining a copy", "without restriction, including without limitation the rights to use, copy, modify, merge, publish"}},
	{"ISC", []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that"}},
	{"0BSD", []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted. the software"}},
	{"Zlib", []string{"this software is provided 'as-is', without any express or implied warranty", "altered source versions must be plainly marked"}},
	{"CC0-1.0", []string{"cc0 1.0 universal"}},
	{"MPL-2.0", []string{"mozilla public license", "version 2.0"}},
	{"EUPL-1.2", []string{"european union public licence", "v. 1.2"}},
	{"AGPL-3.0-only", []string{"gnu affero general public license", "version 3, 19 november 2007"}},
	{"LGPL-3.0-only", []string{"gnu lesser general public license", "version 3, 29 june 2007"}},
	{"LGPL-2.1-only", []string{"gnu lesser general public license", "version 2.1, february 1999"}},
	{"GPL-3.0-only", []string{"gnu general public license", "version 3, 29 june 2007", "preamble"}},
	{"GPL-2.0-only", []string{"gnu general public license", "version 2, june 1991"}},
	{"Unlicense", []string{"this is free and unencumbered software released into the public domain"}},
}

// licencesOf reads which licences the files of a module in a folder are, as SPDX
// calls them, in order. None is found where the text is not one of the usual ones:
// then a person has to read it.
func licencesOf(dir string) ([]string, error) {
	files, err := filesWith(dir, licenceFile.MatchString)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, f := range files {
		found = append(found, licencesIn(f.text)...)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// licenceText is a file that holds a licence.
type licenceText struct{ path, text string }

// filesWith reads the files of a folder that hold a licence, as their names say.
func filesWith(dir string, holds func(name string) bool) ([]licenceText, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []licenceText
	for _, e := range entries {
		if e.IsDir() || !holds(e.Name()) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		text, err := os.ReadFile(path) // #nosec G304 -- A folder that go list named.
		if err != nil {
			return nil, err
		}
		files = append(files, licenceText{path, string(text)})
	}
	return files, nil
}

func licencesIn(text string) []string {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	var found []string
	for _, l := range licenceTexts {
		if !slices.ContainsFunc(l.words, func(w string) bool { return !strings.Contains(text, w) }) {
			found = append(found, l.id)
		}
	}
	if strings.Contains(text, "redistribution and use in source and binary forms") {
		if strings.Contains(text, "endorse or promote") {
			found = append(found, "BSD-3-Clause")
		} else {
			found = append(found, "BSD-2-Clause")
		}
	}
	return found
}
