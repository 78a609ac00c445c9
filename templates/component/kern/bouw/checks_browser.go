package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// visitor visits the pages and holds them against the rules.
//
//go:embed toegankelijkheid.mjs
var visitor []byte

// npmSettled is how long a package of npm has been there before it comes in here. One
// that is not to be trusted is mostly found in its first days; Renovate waits longer
// before it proposes a version.
const npmSettled = 3 * 24 * time.Hour

// settled is the option of npm and npx that leaves newer packages out: also those that
// a package of deploy/gereedschap.txt asks for, which have no fixed version there.
func settled() string {
	return "--before=" + time.Now().Add(-npmSettled).UTC().Format(time.RFC3339)
}

// accessibility starts the component with its invented data and has a browser visit
// every page, as each person that one can log in as.
func accessibility(ctx context.Context, p place) error {
	browser, err := findBrowser(runtime.GOOS, p.Env)
	if err != nil {
		return err
	}
	for _, name := range []string{"node", "npm"} {
		if err := findProgram(name); err != nil {
			return err
		}
	}
	dir, remove, err := temporary()
	if err != nil {
		return err
	}
	defer remove()
	if err := p.installVisitor(ctx, dir); err != nil {
		return err
	}
	program := filepath.Join(dir, "component")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if err := p.run(ctx, "go", "build", "-o", program, "."); err != nil {
		return err
	}
	port, err := freePorts(ctx)
	if err != nil {
		return err
	}
	// #nosec G204 -- The program is the one built above.
	component := exec.CommandContext(ctx, program)
	component.Dir, component.Env = dir, bareEnvironment(port)
	component.Stdout, component.Stderr = io.Discard, p.Err
	stop, ended, err := startGroup(component)
	if err != nil {
		return err
	}
	defer func() { _ = stop() }()
	site := "http://localhost:" + strconv.Itoa(port)
	patient, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if _, err := waitFor(patient, site+"/healthz/ready", ended); err != nil {
		return err
	}
	return p.run(ctx, "node", filepath.Join(dir, "toegankelijkheid.mjs"), site, browser)
}

// installVisitor puts the visitor and the two packages that it uses in dir.
func (p place) installVisitor(ctx context.Context, dir string) error {
	args := []string{"install", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", settled()}
	for _, name := range []string{"axe-core", "puppeteer-core"} {
		t, err := p.tool(name)
		if err != nil {
			return err
		}
		args = append(args, t.Path)
	}
	if err := p.run(ctx, "npm", args...); err != nil {
		return fmt.Errorf("axe-core en puppeteer-core zijn niet te halen: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "toegankelijkheid.mjs"), visitor, 0o600)
}

// findBrowser gives the path of Chrome, Chromium or Edge.
func findBrowser(system string, env func(string) string) (string, error) {
	if named := env("BROWSER_PAD"); named != "" {
		if _, err := os.Stat(named); err != nil {
			return "", fmt.Errorf("BROWSER_PAD: %s staat er niet", named)
		}
		return named, nil
	}
	for _, name := range []string{"google-chrome", "google-chrome-stable", "chrome", "chromium", "chromium-browser", "microsoft-edge", "microsoft-edge-stable", "msedge"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	for _, file := range usualBrowsers(system, env) {
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
	}
	return "", errors.New("er is geen Chrome, Chromium of Edge op deze computer; installeer er een (Debian: apt install chromium; Ubuntu, Windows en macOS: https://www.google.com/chrome), of zet het pad in BROWSER_PAD")
}

// usualBrowsers are the places where a browser is that is not in the path.
func usualBrowsers(system string, env func(string) string) []string {
	var files []string
	switch system {
	case "darwin":
		for _, name := range []string{"Google Chrome", "Chromium", "Microsoft Edge"} {
			files = append(files, filepath.Join("/Applications", name+".app", "Contents", "MacOS", name))
		}
	case "windows":
		for _, variable := range []string{"ProgramFiles", "ProgramFiles(x86)", "LocalAppData"} {
			if folder := env(variable); folder != "" {
				files = append(files, filepath.Join(folder, "Google", "Chrome", "Application", "chrome.exe"),
					filepath.Join(folder, "Microsoft", "Edge", "Application", "msedge.exe"))
			}
		}
	}
	return files
}

// bareEnvironment is the environment of a laptop on which nothing was set: settings of
// whoever runs this must not send the visitor to a real database or a real outway.
func bareEnvironment(port int) []string {
	env := []string{"PORT=" + strconv.Itoa(port)}
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		switch strings.ToUpper(name) {
		case "PATH", "HOME", "TMPDIR", "TMP", "TEMP", "SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA", "TZ":
			env = append(env, setting)
		}
	}
	return env
}

// freePorts finds a port that is free, with those after it: each layer takes one.
func freePorts(ctx context.Context) (int, error) {
	const layers, tries = 5, 50
	var config net.ListenConfig
	for range tries {
		var open []net.Listener
		first, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return 0, err
		}
		open = append(open, first)
		_, text, _ := net.SplitHostPort(first.Addr().String())
		port, err := strconv.Atoi(text)
		for i := 1; err == nil && i < layers; i++ {
			var next net.Listener
			if next, err = config.Listen(ctx, "tcp", "127.0.0.1:"+strconv.Itoa(port+i)); err == nil {
				open = append(open, next)
			}
		}
		for _, l := range open {
			_ = l.Close()
		}
		if err == nil {
			return port, nil
		}
	}
	return 0, errors.New("er zijn geen vijf vrije poorten achter elkaar")
}
