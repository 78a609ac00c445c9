package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// officialRules is the ruleset of the NL API Design Rules that is in force.
const officialRules = "https://static.developer.overheid.nl/adr/ruleset.yaml"

// specifications are the two APIs of a component.
var specifications = []string{"2-diensten/openapi.yaml", "4-proces/openapi.yaml"}

// apiRules holds both APIs against the NL API Design Rules. A warning fails too: an
// API that meets the rules has none.
func apiRules(ctx context.Context, p place) error {
	options := flag.NewFlagSet("api", flag.ContinueOnError)
	options.SetOutput(io.Discard)
	rules := options.String("regels", officialRules, "")
	if err := options.Parse(p.Args); err != nil || options.NArg() > 0 {
		return fmt.Errorf("%q: gebruik api, of api --regels BESTAND", strings.Join(p.Args, " "))
	}
	if !strings.Contains(*rules, "://") {
		file, err := filepath.Abs(*rules)
		if err != nil {
			return err
		}
		*rules = file
	}
	for _, name := range specifications {
		if err := p.exists(name); err != nil {
			return err
		}
	}
	p.say("Regels: %s", *rules)
	args := append([]string{"lint", "--quiet", "--fail-severity=warn", "--fail-on-unmatched-globs", "--ruleset", *rules}, specifications...)
	err := p.runTool(ctx, "@stoplight/spectral-cli", args...)
	var found *failure
	if errors.As(err, &found) && found.code > 1 {
		return fmt.Errorf("Spectral kon niet controleren (code %d); zonder netwerk: api --regels met een kopie van %s", found.code, officialRules)
	}
	return err
}
