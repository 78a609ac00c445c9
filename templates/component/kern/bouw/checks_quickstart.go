package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// starts is the command of the quick start that does not end by itself.
const starts = "go run ."

// firstStart is how long the first start may take: everything is built in it.
const firstStart = 10 * time.Minute

var (
	fenced  = regexp.MustCompile("(?ms)^```sh\r?\n(.*?)^```\r?$")
	address = regexp.MustCompile(`<(http://localhost:\d+)>`)
)

// quickStart does what README.md says to somebody who has just cloned, in a clone of
// its own: what is not committed is not there, as for them.
func quickStart(ctx context.Context, p place) error {
	readme, err := os.ReadFile(p.path("README.md"))
	if err != nil {
		return err
	}
	commands, site, err := firstCommands(string(readme))
	if err != nil {
		return err
	}
	dir, remove, err := temporary()
	if err != nil {
		return err
	}
	defer remove()
	clone := filepath.Join(dir, "component")
	if err := p.run(ctx, "git", "clone", "--quiet", ".", clone); err != nil {
		return err
	}
	if changed, err := p.output(ctx, "git", "status", "--porcelain"); err != nil {
		return err
	} else if changed != "" {
		p.say("Let op: wat nog niet is vastgelegd (git commit), doet hier niet mee.")
	}
	p.dir = clone
	for _, command := range commands {
		p.say("$ %s", command)
		if command == starts {
			err = p.startAndVisit(ctx, site)
		} else {
			words := strings.Fields(command)
			err = p.run(ctx, words[0], words[1:]...)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
	}
	return nil
}

// firstCommands finds the first commands of the README and the address that it says to
// open. It knows only commands of Go: for others a newcomer would have to install more.
func firstCommands(readme string) (commands []string, site string, err error) {
	block := fenced.FindStringSubmatchIndex(readme)
	if block == nil {
		return nil, "", errors.New("README.md heeft geen opdrachten (```sh)")
	}
	for _, line := range strings.Split(readme[block[2]:block[3]], "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if !strings.HasPrefix(line, "go ") || strings.ContainsAny(line, "|&;<>$`\"'") {
			return nil, "", fmt.Errorf("README.md: %q is geen opdracht van Go die deze taak kan typen", line)
		}
		commands = append(commands, line)
	}
	if !slices.Contains(commands, starts) {
		return nil, "", fmt.Errorf("README.md begint niet met %s", starts)
	}
	found := address.FindStringSubmatch(readme[block[1]:])
	if found == nil {
		return nil, "", errors.New("README.md noemt na de opdrachten geen adres (<http://localhost:…>)")
	}
	return commands, found[1], nil
}

// startAndVisit types go run ., opens the address and presses Ctrl-C.
func (p place) startAndVisit(ctx context.Context, site string) error {
	at, err := url.Parse(site)
	if err != nil {
		return err
	}
	// Something else that answers there would pass for the component.
	if other, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", at.Host); err == nil {
		_ = other.Close()
		return fmt.Errorf("op %s luistert al iets; stop dat eerst", at.Host)
	}
	words := strings.Fields(starts)
	// #nosec G204 -- The command is the constant above.
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.dir, p.environment(words[0]), p.Out, p.Err
	return p.visit(ctx, cmd, site+"/", firstStart)
}

// visit starts cmd, waits until page answers and stops cmd again.
func (p place) visit(ctx context.Context, cmd *exec.Cmd, page string, patience time.Duration) error {
	stop, ended, err := startGroup(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = stop() }()
	begin := time.Now()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	body, err := waitFor(ctx, page, ended)
	if err != nil {
		return err
	}
	title, _, _ := strings.Cut(body, "</title>")
	if i := strings.LastIndex(title, "<title>"); i >= 0 {
		title = title[i+len("<title>"):]
	}
	p.say("%s antwoordt na %.1f s: %s", page, time.Since(begin).Seconds(), strings.TrimSpace(title))
	return stop()
}

// waitFor gets page until it answers 200, or what was started ended.
func waitFor(ctx context.Context, page string, ended <-chan error) (string, error) {
	for {
		if body, err := get(ctx, page); err == nil {
			return body, nil
		}
		select {
		case err := <-ended:
			if err == nil {
				err = errors.New("zonder fout")
			}
			return "", fmt.Errorf("het stopte voordat %s antwoordde: %w", page, err)
		case <-ctx.Done():
			return "", fmt.Errorf("%s antwoordt niet", page)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func get(ctx context.Context, page string) (string, error) {
	const most = 1 << 20
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s antwoordt %s", page, response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, most))
	return string(body), err
}
