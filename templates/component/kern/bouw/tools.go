package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// toolsFile names the programs of others, each at a fixed version.
const toolsFile = "deploy/gereedschap.txt"

// tool is a line of deploy/gereedschap.txt: a program at a fixed version.
type tool struct {
	Name, Path string // Path with @version, as go run and npx take it
	NPM        bool   // then Name is that of the package
}

// readTools reads lines "name path@version" of Go programs and "npm package@version".
// It says of every line what is wrong with it.
func readTools(name string) (map[string]tool, error) {
	body, err := os.ReadFile(name) // #nosec G304 -- The list of this component.
	if err != nil {
		return nil, fmt.Errorf("de lijst met gereedschap is niet te lezen: %w", err)
	}
	tools := map[string]tool{}
	var faults []error
	for i, line := range strings.Split(string(body), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		t, err := readTool(line)
		if _, twice := tools[t.Name]; err == nil && twice {
			err = fmt.Errorf("%s staat er twee keer", t.Name)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s:%d: %w", toolsFile, i+1, err))
			continue
		}
		tools[t.Name] = t
	}
	return tools, errors.Join(faults...)
}

// form is how a line names a program. A version that is no number moves; a path that is
// none of these could be a folder, or an address that npm fetches something from.
type form struct {
	path, version *regexp.Regexp
	what, such    string
}

var (
	ofGo = form{regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$`), regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*$`),
		"pad van een programma, zoals golang.org/x/vuln/cmd/govulncheck", "v1.2.3"}
	ofNPM = form{regexp.MustCompile(`^(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*$`), regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*$`),
		"naam van een pakket", "1.2.3"}
)

func readTool(line string) (tool, error) {
	words := strings.Fields(line)
	if len(words) != 2 {
		return tool{}, fmt.Errorf("%q moet zijn: naam pad@versie, of npm pakket@versie", line)
	}
	// The @ of a scope is not that of the version.
	at := strings.LastIndexByte(words[1], '@')
	if at < 1 || at == len(words[1])-1 || strings.HasPrefix(words[1], "-") {
		return tool{}, fmt.Errorf("%q noemt geen versie", words[1])
	}
	npm := words[0] == "npm"
	of := ofGo
	if npm {
		of = ofNPM
	}
	if !of.version.MatchString(words[1][at+1:]) {
		return tool{}, fmt.Errorf("%q heeft geen vaste versie, zoals %s: morgen is zij een andere", words[1], of.such)
	}
	if !of.path.MatchString(words[1][:at]) {
		return tool{}, fmt.Errorf("%q is geen %s", words[1][:at], of.what)
	}
	if npm {
		return tool{Name: words[1][:at], Path: words[1], NPM: true}, nil
	}
	return tool{Name: words[0], Path: words[1]}, nil
}

// tool gives the program of that name from deploy/gereedschap.txt.
func (p place) tool(name string) (tool, error) {
	tools, err := readTools(p.path(toolsFile))
	if err != nil {
		return tool{}, err
	}
	t, found := tools[name]
	if !found {
		return tool{}, fmt.Errorf("%s staat niet in %s: zet daar een regel met een vaste versie", name, toolsFile)
	}
	return t, nil
}

// runTool runs a program of deploy/gereedschap.txt and shows what it says. Go keeps
// what it built, so only the first time takes long.
func (p place) runTool(ctx context.Context, name string, args ...string) error {
	_, err := p.startTool(ctx, false, name, args)
	return err
}

// toolOutput is runTool for a program whose answer is read instead of shown.
func (p place) toolOutput(ctx context.Context, name string, args ...string) (string, error) {
	return p.startTool(ctx, true, name, args)
}

func (p place) startTool(ctx context.Context, keep bool, name string, args []string) (string, error) {
	t, err := p.tool(name)
	if err != nil {
		return "", err
	}
	line := []string{"go", "run", t.Path}
	if t.NPM {
		line = []string{"npx", "--yes", "--ignore-scripts", settled(), t.Path}
	}
	return p.start(ctx, keep, name, append(line, args...))
}

// run runs a program that stands on this computer and shows what it says.
func (p place) run(ctx context.Context, name string, args ...string) error {
	_, err := p.start(ctx, false, name, append([]string{name}, args...))
	return err
}

// output is run for a program whose answer is read instead of shown.
func (p place) output(ctx context.Context, name string, args ...string) (string, error) {
	return p.start(ctx, true, name, append([]string{name}, args...))
}

// with gives programs settings on top of the environment: "CGO_ENABLED=0".
func (p place) with(settings ...string) place {
	p.extra = append(slices.Clone(p.extra), settings...)
	return p
}

// start runs line. name is what people know the program by.
func (p place) start(ctx context.Context, keep bool, name string, line []string) (string, error) {
	if err := findProgram(line[0]); err != nil {
		return "", err
	}
	var kept bytes.Buffer
	// #nosec G204 -- The programs are those of this file and of gereedschap.txt, started without a shell.
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Dir, cmd.Env = p.dir, p.environment(name)
	if cmd.Dir == "" {
		cmd.Dir = p.Root
	}
	cmd.Stdout, cmd.Stderr = p.Out, p.Err
	if keep {
		cmd.Stdout = &kept
	}
	// What go run started would stay behind when go itself was killed.
	cmd.Cancel = func() error {
		if runtime.GOOS == "windows" {
			return cmd.Process.Kill()
		}
		return cmd.Process.Signal(os.Interrupt)
	}
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return kept.String(), &failure{name: name, code: exit.ExitCode()}
		}
		return kept.String(), fmt.Errorf("%s start niet: %w", name, err)
	}
	return kept.String(), nil
}

// secretsOfCI are what CI gives the jobs that deliver, each with the programs that may
// read it; none for what these jobs read themselves.
var secretsOfCI = map[string][]string{
	"REGISTRY_USER": nil, "REGISTRY_PASSWORD": nil,
	"GITHUB_TOKEN": {"go", "git"}, "CI_JOB_TOKEN": {"go", "git"}, // with which they may fetch modules of the team
	"COSIGN_PRIVATE_KEY": {"cosign"}, "COSIGN_PASSWORD": {"cosign"}, "SIGSTORE_ID_TOKEN": {"cosign"},
	"ACTIONS_ID_TOKEN_REQUEST_TOKEN": {"cosign"}, "ACTIONS_ID_TOKEN_REQUEST_URL": {"cosign"},
}

// environment is what a program gets.
func (p place) environment(program string) []string {
	return append(without(os.Environ(), program), p.extra...)
}

// without leaves out the secrets that are not for this program: of all that is built
// and run here only those programs are to be trusted with them.
func without(env []string, program string) []string {
	return slices.DeleteFunc(env, func(setting string) bool {
		name, _, _ := strings.Cut(setting, "=")
		readers, secret := secretsOfCI[strings.ToUpper(name)]
		return secret && !slices.Contains(readers, program)
	})
}

// failure is a program that ran and said no. What it found it has shown already.
type failure struct {
	name string
	code int
}

func (f *failure) Error() string {
	return fmt.Sprintf("%s meldt fouten (code %d); zie hierboven", f.name, f.code)
}

// install says, for each program that has to be on a computer, how it comes there.
var install = map[string]string{
	"go":     "installeer Go (https://go.dev/dl/)",
	"git":    "installeer Git (https://git-scm.com/downloads)",
	"node":   "installeer Node.js 20 of nieuwer (https://nodejs.org)",
	"npm":    "installeer Node.js 20 of nieuwer (https://nodejs.org)",
	"npx":    "installeer Node.js 20 of nieuwer (https://nodejs.org)",
	"gofmt":  "installeer Go (https://go.dev/dl/); gofmt zit daarin",
	"docker": "installeer Docker of Podman; de taak image maakt hetzelfde image zonder",
}

func findProgram(name string) error {
	_, err := exec.LookPath(name)
	if err == nil || filepath.IsAbs(name) {
		return nil // what is wrong with a path, starting it will say
	}
	advice := install[name]
	if advice == "" {
		advice = "installeer het"
	}
	return fmt.Errorf("het programma %s staat niet op deze computer: %s, open een nieuwe terminal en probeer het opnieuw", name, advice)
}
