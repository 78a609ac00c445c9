package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// linkTarget is where the links of a document lead, at its end.
var linkTarget = regexp.MustCompile(`^\[[^\]]+\]: `)

// notes prints what CHANGELOG.md says of a release: what its page shows.
func notes(ctx context.Context, p place) error {
	if len(p.Args) > 1 {
		return errors.New("achter notities staat hooguit een tag")
	}
	tag := strings.Join(p.Args, "")
	if tag == "" {
		o, err := readOrigin(ctx, p)
		if err != nil {
			return err
		}
		if tag = o.Tag; tag == "" {
			return errors.New("deze commit heeft geen tag die een versie is, zoals v1.2.0")
		}
	}
	if !versionTag.MatchString(tag) {
		return fmt.Errorf("%q is geen versie, zoals v1.2.0", tag)
	}
	changes, err := os.ReadFile(p.path("CHANGELOG.md"))
	if err != nil {
		return err
	}
	text := section(string(changes), strings.TrimPrefix(tag, "v"))
	if text == "" {
		return fmt.Errorf("CHANGELOG.md zegt niets onder ## %s: schrijf daar wat een gebruiker of beheerder merkt, en zet de tag dan opnieuw", strings.TrimPrefix(tag, "v"))
	}
	p.say("%s", text)
	return nil
}

// section is what stands under the heading of a version.
func section(changes, version string) string {
	var kept []string
	on := false
	for _, line := range strings.Split(strings.ReplaceAll(changes, "\r\n", "\n"), "\n") {
		switch m := release.FindStringSubmatch(line); {
		case m != nil:
			on = m[1] == version
		case strings.HasPrefix(line, "## "):
			on = false
		case on && !linkTarget.MatchString(line):
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}
