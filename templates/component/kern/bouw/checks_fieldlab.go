package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// What the check of fieldlab needs: where a component says who made it, where the
// program is to be had, and where its reports go.
const (
	manifestFile   = ".fieldlab/manifest.json"
	fieldlabModule = "github.com/commonground-fieldlab/fieldlab/cmd/fieldlab"
	reportsFolder  = ".data/controle"
)

// reports are what the check writes, each for who reads it: GitHub, GitLab, both, a
// person, and the client.
var reports = [][2]string{
	{"sarif", "controle.sarif"},
	{"codequality", "codequality.json"},
	{"junit", "junit.xml"},
	{"html", "controle.html"},
	{"proof", "conformiteit.md"},
}

// released is a version of fieldlab that everybody can get.
var released = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$`)

// conformity has fieldlab say whether the component is what it has to be. From which
// finding on it fails, fieldlab-check.yaml says: failOn.
func conformity(ctx context.Context, p place) error {
	line, err := p.fieldlab()
	if err != nil {
		return err
	}
	folder := p.path(reportsFolder)
	if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(folder, 0o750)); err != nil {
		return err
	}
	line = append(line, "check", ".")
	for _, report := range reports {
		line = append(line, "--report", report[0]+"="+reportsFolder+"/"+report[1])
	}
	_, err = p.start(ctx, false, "fieldlab", line)
	if left := p.exists(reportsFolder + "/conformiteit.md"); left != nil {
		return errors.Join(err, left)
	}
	p.say("De uitslag staat in %s: open controle.html, of lees conformiteit.md.", reportsFolder)
	return errors.Join(err, p.summary(filepath.Join(folder, "conformiteit.md")))
}

// fieldlab is how the program starts that made this component: FIELDLAB when somebody
// says so, else that release, else the one on this computer.
func (p place) fieldlab() ([]string, error) {
	if own := p.Env("FIELDLAB"); own != "" {
		if _, err := exec.LookPath(own); err != nil {
			return nil, fmt.Errorf("FIELDLAB noemt %s, en dat programma is er niet", own)
		}
		return []string{own}, nil
	}
	var manifest struct{ Generator string }
	body, err := os.ReadFile(p.path(manifestFile))
	if err == nil {
		err = json.Unmarshal(body, &manifest)
	}
	if err != nil {
		return nil, fmt.Errorf("%s is niet te lezen, dus welke fieldlab dit component maakte is niet bekend: haal het terug uit Git, of zet in FIELDLAB het pad van fieldlab (%w)", manifestFile, err)
	}
	if released.MatchString(manifest.Generator) {
		return []string{"go", "run", fieldlabModule + "@v" + strings.TrimPrefix(manifest.Generator, "v")}, nil
	}
	if _, err := exec.LookPath("fieldlab"); err != nil {
		return nil, fmt.Errorf("dit component is gemaakt met fieldlab %q; dat is geen uitgave, en het programma fieldlab staat niet op deze computer. Installeer fieldlab, zet in FIELDLAB het pad ervan, of werk het component bij met een uitgave (fieldlab update)", manifest.Generator)
	}
	return []string{"fieldlab"}, nil
}

// summary shows a document on the page of a run at GitHub, which has room for 1 MiB.
func (p place) summary(name string) error {
	file := p.Env("GITHUB_STEP_SUMMARY")
	if file == "" {
		return nil
	}
	body, err := os.ReadFile(name) // #nosec G304 -- A report of this job.
	if errors.Is(err, fs.ErrNotExist) {
		return nil // why it is not there, the job itself says
	}
	if err != nil || len(body) > 1<<20 {
		return err
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600) // #nosec G304 -- GitHub names it.
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	return errors.Join(err, f.Close())
}
