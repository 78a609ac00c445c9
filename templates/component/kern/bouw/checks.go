package main

import (
	"context"
	"errors"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// offline are the checks that need nothing but Go and what it has downloaded: in a
// room without network they can be done, and so be green.
var offline = []job{
	{Name: "opmaak", What: "is alle Go-code opgemaakt zoals gofmt dat doet?", Run: formatted},
	{Name: "vet", What: "go vet ./...", Run: vet},
	{Name: "test", What: "alle tests, met de race detector waar dat kan, op SQLite en TEST_DATABASE_URL", Run: test},
	{Name: "licenties", What: "past de licentie van alles wat in het programma zit bij EUPL-1.2?", Run: fittingLicences},
}

// checks are the jobs that say whether the component is right. A check that cannot
// be done here fails and says what is missing: green means looked at.
var checks = append(slices.Clone(offline), []job{
	{Name: "lint", What: "golangci-lint, met de regels van .golangci.yml", Run: lint},
	{Name: "controle", What: "fieldlab check: de regels van Common Ground; verslagen in .data/controle", Run: conformity},
	{Name: "snelstart", What: "de opdrachten van README.md, in een verse kopie van wat is vastgelegd", Run: quickStart},
	{Name: "api", Args: "[--regels BESTAND]", What: "de twee openapi.yaml naast de NL API Design Rules (Spectral)", Run: apiRules},
	{Name: "publiccode", What: "publiccode.yml, met de officiële lezer ervan", Run: publiccode},
	{Name: "chart", What: "de Helm-chart: helm lint, kubeconform en kube-score", Run: chart},
	{Name: "toegankelijkheid", What: "elke pagina, als elke persoon, naast WCAG 2.2 A en AA (axe-core in een browser)", Run: accessibility},
	{Name: "kwetsbaarheden", What: "bekende kwetsbaarheden in wat het component gebruikt (govulncheck)", Run: vulnerabilities},
	{Name: "geheimen", What: "wachtwoorden en sleutels in de hele geschiedenis (gitleaks)", Run: secrets},
	{Name: "tag", What: "hoort deze tag uitgebracht te worden: beschermd, van main, met een regel in CHANGELOG.md?", Run: releasable},
	{Name: "alles", What: "alle controles die zonder netwerk kunnen; noemt welke CI daarnaast doet", Run: everything},
}...)

// everything does what a laptop can do in any room. What needs the network is not
// part of it: it would be red there for a reason that is not in the component.
func everything(ctx context.Context, p place) error {
	steps, done := []step{}, []string{}
	for _, j := range append(slices.Clone(offline), deliveries...) {
		switch {
		case j.Name == "sbom":
			steps = append(steps, step{job: j, args: []string{"--controleer"}})
		case delivers(j.Name):
			continue
		default:
			steps = append(steps, step{job: j})
		}
		done = append(done, j.Name)
	}
	if do(ctx, steps, p) != exitOK {
		return errors.New("niet alles is goed; zie hierboven")
	}
	p.say("\nGedaan: %s. De CI doet daarnaast wat netwerk, een browser of een poort vraagt: zie go run ./kern/bouw", strings.Join(done, ", "))
	return nil
}

// formatted does what gofmt -l does, with the formatter of this very Go.
func formatted(ctx context.Context, p place) error {
	// New files too, but not what git ignores.
	list, err := p.output(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.go")
	if err != nil {
		return err
	}
	names := strings.FieldsFunc(list, func(r rune) bool { return r == 0 })
	slices.Sort(names)
	looked := 0
	var wrong []error
	for _, name := range slices.Compact(names) {
		body, err := os.ReadFile(p.path(name))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed, and not committed yet
		}
		looked++
		if err != nil {
			wrong = append(wrong, err)
		} else if want, err := format.Source(body); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
		} else if string(want) != string(body) {
			wrong = append(wrong, fmt.Errorf("%s: herstel met: gofmt -w %s", name, name))
		}
	}
	if looked == 0 {
		return errors.New("git noemt geen enkel Go-bestand; staat dit component in een git-repository?")
	}
	return errors.Join(wrong...)
}

func vet(ctx context.Context, p place) error { return p.run(ctx, "go", "vet", "./...") }

func test(ctx context.Context, p place) error {
	inCI := p.Env("CI") != ""
	if p.Env("TEST_DATABASE_URL") != "" {
		p.say("De tests draaien op SQLite en op de PostgreSQL van TEST_DATABASE_URL.")
	} else if inCI {
		return errors.New("TEST_DATABASE_URL is leeg: in CI draaien de tests ook op PostgreSQL; geef het adres van een lege database")
	} else {
		p.say("De tests draaien op SQLite. Met TEST_DATABASE_URL (het adres van een lege PostgreSQL-database) ook daarop.")
	}
	if err := raceDetector(ctx, p); err != nil {
		if inCI {
			return err
		}
		p.say("Zonder race detector: %v.", err)
		return p.run(ctx, "go", "test", "./...")
	}
	return p.run(ctx, "go", "test", "-race", "./...")
}

// raceDetector says what keeps the race detector from working on this computer.
func raceDetector(ctx context.Context, p place) error {
	settings, err := p.output(ctx, "go", "env", "CGO_ENABLED", "CC")
	if err != nil {
		return err
	}
	enabled, compiler, _ := strings.Cut(strings.ReplaceAll(settings, "\r", ""), "\n")
	words := strings.Fields(compiler)
	if len(words) == 0 {
		return errors.New("go env noemt geen C-compiler")
	}
	if _, err := exec.LookPath(words[0]); err != nil {
		return fmt.Errorf("de C-compiler %s staat niet op deze computer (Debian en Ubuntu: apt install gcc libc6-dev; macOS: xcode-select --install)", words[0])
	}
	if enabled != "1" {
		return errors.New("cgo staat uit (CGO_ENABLED)")
	}
	return nil
}

func lint(ctx context.Context, p place) error {
	return p.runTool(ctx, "golangci-lint", "run")
}

// publiccode leaves out what the parser fetches: whether a site answers today says
// nothing about the file.
func publiccode(ctx context.Context, p place) error {
	if err := p.exists("publiccode.yml"); err != nil {
		return err
	}
	return p.runTool(ctx, "publiccode-parser", "-no-external-checks", "publiccode.yml")
}

// vulnerabilities asks the database of the Go project, or the copy that GOVULNDB names.
func vulnerabilities(ctx context.Context, p place) error {
	args := []string{"./..."}
	if db := p.Env("GOVULNDB"); db != "" {
		p.say("Met de kwetsbaarheden van %s.", db)
		args = []string{"-db", db, "./..."}
	}
	err := p.runTool(ctx, "govulncheck", args...)
	if err != nil {
		p.say("Staat er hierboven een kwetsbaarheid: werk die bibliotheek bij (go get PAD@VERSIE, go mod tidy), of Go zelf als zij in de standaardbibliotheek zit.\nKon de lijst niet gelezen worden: zij komt van vuln.go.dev, of van het adres in GOVULNDB (ook file:///map).")
	}
	return err
}

// secrets looks through all that was ever committed: what was taken out later is
// still there for whoever clones.
func secrets(ctx context.Context, p place) error {
	shallow, err := p.output(ctx, "git", "rev-parse", "--is-shallow-repository")
	if err != nil {
		return err
	}
	if strings.TrimSpace(shallow) == "true" {
		return errors.New("hier staat maar een deel van de geschiedenis: haal de rest met git fetch --unshallow")
	}
	return p.runTool(ctx, "gitleaks", "git", "--no-banner", "--redact", "--verbose", ".")
}

// exists says that a file is not there, by the name it has in the component.
func (p place) exists(name string) error {
	if _, err := os.Stat(p.path(name)); err != nil {
		return fmt.Errorf("%s staat er niet, of is niet te lezen", name)
	}
	return nil
}

// temporary makes a folder for this job; the function removes it.
func temporary() (string, func(), error) {
	dir, err := os.MkdirTemp("", "bouw-")
	if err != nil {
		return "", nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", nil, err
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}
