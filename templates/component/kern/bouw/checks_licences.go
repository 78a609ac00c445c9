package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// licencesFile is where a team writes down a licence that a person has read. There is
// none until one is needed.
const licencesFile = "deploy/licenties.txt"

// fitting are the licences whose code may be part of a program under EUPL-1.2 that is
// handed on under EUPL-1.2. Those of the GPL family fit the EUPL too, but the whole
// then falls under them: that is for a person to decide.
var fitting = []string{"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EUPL-1.2", "ISC", "MIT", "MPL-2.0", "Unlicense", "Zlib", publicDomain}

// publicDomain is what SQLite is in; there is no licence then.
const publicDomain = "publiek domein"

// licenceName matches the files that hold a licence, and notCode those of what is
// beside the code and does not come into the program.
var (
	licenceName = regexp.MustCompile(`(?i)^(licen[cs]es?|copying|unlicen[cs]e)([-._].*)?$`)
	notCode     = regexp.MustCompile(`(?i)(-logo|[-._]docs?|\.go)$`)
)

// fittingLicences reads the licence of each module of which code is in the program, as it
// stands beside that code on this computer.
func fittingLicences(ctx context.Context, p place) error {
	folders, err := linked(ctx, p)
	if err != nil {
		return err
	}
	read, err := readLicences(p.path(licencesFile))
	if err != nil {
		return err
	}
	var wrong []error
	for _, module := range slices.Sorted(maps.Keys(folders)) {
		name := module
		if at := strings.IndexByte(module, ' '); at > 0 {
			name = module[:at]
		}
		if licence := read[name]; licence != "" {
			p.say("%-60s %s (gelezen: %s)", module, licence, licencesFile)
			continue
		}
		found, err := licencesUnder(folders[module])
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", module, err))
			continue
		}
		p.say("%-60s %s", module, strings.Join(found, ", "))
	}
	if len(wrong) > 0 {
		wrong = append(wrong, fmt.Errorf("hebt u de licentie gelezen en past zij bij EUPL-1.2, schrijf dan in %s een regel: module licentie", licencesFile))
	}
	return errors.Join(wrong...)
}

// linked gives, per module with its version, the folders of which code is in the
// program: the root of the module and its packages.
func linked(ctx context.Context, p place) (map[string][]string, error) {
	packages, err := packagesOf(ctx, p)
	if err != nil {
		return nil, err
	}
	folders := map[string][]string{}
	for _, found := range packages {
		if found.Module == nil || found.Module.Main {
			continue
		}
		m := *found.Module
		name := strings.TrimSpace(m.Path + " " + m.Version)
		if m.Replace != nil {
			m = *m.Replace
		}
		for _, dir := range []string{m.Dir, found.Dir} {
			if dir != "" && !slices.Contains(folders[name], dir) {
				folders[name] = append(folders[name], dir)
			}
		}
	}
	if len(folders) == 0 {
		return nil, errors.New("go list noemt geen enkele bibliotheek")
	}
	return folders, nil
}

// licencesUnder names the licences in the folders; the first of these is the root of a
// module, where there has to be one. Each of them has to fit.
func licencesUnder(folders []string) ([]string, error) {
	var found []string
	for i, folder := range folders {
		files, err := filesWith(folder, func(name string) bool { return licenceName.MatchString(name) && !notCode.MatchString(name) })
		if err != nil {
			return nil, err
		}
		if i == 0 && len(files) == 0 {
			return nil, fmt.Errorf("er staat geen licentie in %s", folder)
		}
		for _, file := range files {
			names := readText(file.text)
			if len(names) == 0 {
				return nil, fmt.Errorf("onbekende licentie in %s", file.path)
			}
			for _, name := range names {
				if !slices.Contains(fitting, name) {
					return nil, fmt.Errorf("de licentie %s in %s: daarmee kan het geheel niet onder EUPL-1.2 verder", name, file.path)
				}
			}
			found = append(found, names...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// readText names the licences whose text this is; none when it knows none.
func readText(text string) []string {
	found := licencesIn(text)
	// What SQLite says of itself.
	if strings.Contains(strings.Join(strings.Fields(text), " "), "dedicated to the public domain by the authors") {
		found = append(found, publicDomain)
	}
	return found
}

// readLicences reads what a team wrote down: lines "module licence", # begins a remark.
func readLicences(name string) (map[string]string, error) {
	body, err := os.ReadFile(name) // #nosec G304 -- The list of this component.
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	read := map[string]string{}
	var faults []error
	for i, line := range strings.Split(string(body), "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) != 2 {
			faults = append(faults, fmt.Errorf("%s:%d: %q moet zijn: module licentie", licencesFile, i+1, strings.TrimSpace(line)))
			continue
		}
		read[words[0]] = words[1]
	}
	return read, errors.Join(faults...)
}
