package doctor

import (
	"io/fs"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// provoked is one thing that can be the matter: on which system, what is changed in
// a laptop with which nothing is, and what is found then.
type provoked struct {
	goos   string
	change func(l *laptop)
	want   string // id.case
	state  State
	line   string // is in the line to type; "" for no line, "*" for any
}

func env(name, value string) func(*laptop) {
	return func(l *laptop) { l.env[name] = value }
}

func goEnv(name, value string) func(*laptop) {
	return func(l *laptop) { l.goEnv[name] = value }
}

// exported is a setting of Go in the environment.
func exported(name, value string) func(*laptop) {
	return func(l *laptop) { l.env[name], l.goEnv[name] = value, value }
}

func noGo(l *laptop) { l.version, l.goEnv, l.goErr = "", nil, gotool.ErrNone }

func all(changes ...func(*laptop)) func(*laptop) {
	return func(l *laptop) {
		for _, change := range changes {
			change(l)
		}
	}
}

func at(dir string) func(*laptop) {
	return func(l *laptop) { l.Dir = dir; l.files[dir] = "" }
}

const inPowerShell = `C:\Users\jan\Documents\PowerShell\Modules;C:\Program Files\WindowsPowerShell\Modules`

var aboutGo = []provoked{
	{linux, func(*laptop) {}, "go.found", OK, ""},
	{linux, noGo, "go.none", Wrong, "linux-amd64.tar.gz"},
	{darwin, noGo, "go.none", Wrong, "darwin-amd64.tar.gz"},
	{windows, noGo, "go.none", Wrong, "winget install"},
	{linux, all(noGo, func(l *laptop) { l.files["/usr/local/go/bin/go"] = "" }), "go.beside", Wrong, `export PATH=/usr/local/go/bin:"$PATH"`},
	{windows, all(noGo, env("ProgramFiles", `C:\Program Files`), env("PSModulePath", inPowerShell), func(l *laptop) { l.files[`C:\Program Files\Go\bin\go.exe`] = "" }), "go.beside", Wrong, `$env:Path = 'C:\Program Files\Go\bin;' + $env:Path`},
	{windows, all(noGo, env("ProgramFiles", `C:\Program Files`), env("PROMPT", "$P$G"), func(l *laptop) { l.files[`C:\Program Files\Go\bin\go.exe`] = "" }), "go.beside", Wrong, `set "PATH=C:\Program Files\Go\bin;%PATH%"`},
	{linux, func(l *laptop) { l.version = "go1.21.3" }, "go.old", Wrong, "curl"},
	{linux, func(l *laptop) {
		l.component()
		l.put("go.mod", strings.Replace(string(l.own["go.mod"].Data), "go 1.26.0", "go 1.99.0", 1))
	}, "go.old", Wrong, "curl"},
	{linux, func(l *laptop) { l.goErr = &gotool.Refused{Wanted: "go1.99.0", Said: "x"} }, "go.newer", Wrong, "curl"},
	{linux, all(env("GOTOOLCHAIN", "go1.99.0"), func(l *laptop) { l.goErr = &gotool.Refused{Wanted: "go1.99.0", Said: "x"} }), "go.newer", Wrong, "unset GOTOOLCHAIN"},
	{windows, all(env("GOTOOLCHAIN", "rubbish"), env("PSModulePath", inPowerShell), func(l *laptop) { l.goErr = &gotool.Refused{Said: `invalid GOTOOLCHAIN "rubbish"`} }), "go.refused", Wrong, "Remove-Item Env:GOTOOLCHAIN"},
	{linux, all(env("GOROOT", "/nope"), func(l *laptop) {
		l.version, l.goErr = "", &gotool.Refused{Said: "cannot find GOROOT directory: /nope"}
	}), "go.refused", Wrong, "unset GOROOT"},
	{linux, all(env("TMPDIR", "/nope"), func(l *laptop) {
		l.version, l.goErr = "", &gotool.Refused{Said: "creating work dir: stat /nope: no such file or directory"}
	}), "go.refused", Wrong, "unset TMPDIR"},
	{linux, func(l *laptop) { l.version, l.goErr = "", &gotool.Refused{Said: "no version is set"} }, "go.refused", Wrong, "curl"},
	{linux, func(*laptop) {}, "go-faults.none", OK, ""},
	{linux, func(l *laptop) { l.version = "go1.99.0" }, "go-faults.no-table", OK, ""},
	{linux, func(l *laptop) { l.version = "go1.26.0" }, "go-faults.known", Mind, "go1.26."},
	{windows, func(l *laptop) { l.version = "go1.26.0" }, "go-faults.known", Mind, "winget"},
	{linux, noGo, "go-faults.no-go", Unknown, ""},
	{linux, func(*laptop) {}, "go-root.none", OK, ""},
	{linux, all(env("GOROOT", "/go"), func(l *laptop) { l.files["/go/VERSION"] = l.version + "\ntime x" }), "go-root.fits", OK, ""},
	{linux, all(env("GOROOT", "/old"), goEnv("GOROOT", "/old"), func(l *laptop) { l.files["/old/VERSION"] = "go1.19.1\n" }), "go-root.other", Wrong, "unset GOROOT"},
	{linux, func(*laptop) {}, "go-flags.none", OK, ""},
	{linux, goEnv("GOFLAGS", "-trimpath -buildvcs=false '-ldflags=-s -w'"), "go-flags.harmless", OK, ""},
	{linux, goEnv("GOFLAGS", "-colour=red"), "go-flags.unknown", Wrong, "go env -u GOFLAGS"},
	{linux, exported("GOFLAGS", "trimpath"), "go-flags.unknown", Wrong, "unset GOFLAGS"},
	{windows, all(env("PROMPT", "x"), exported("GOFLAGS", "-mod=vendor")), "go-flags.vendor", Wrong, `set "GOFLAGS="`},
	{linux, goEnv("GOFLAGS", "-modfile=x.mod"), "go-flags.spoils", Wrong, "*"},
	{linux, goEnv("GOFLAGS", "-buildmode=plugin"), "go-flags.spoils", Wrong, "*"},
	{linux, goEnv("GOFLAGS", "-mod=mod"), "go-flags.changes", Mind, "*"},
	{linux, goEnv("GOPROXY", ""), "go-proxy.usual", OK, ""},
	{linux, func(*laptop) {}, "go-proxy.set", OK, ""},
	{linux, goEnv("GOPROXY", "off"), "go-proxy.off", OK, ""},
	{linux, goEnv("GOPROXY", "direct"), "go-proxy.direct", Mind, "go env -u GOPROXY"},
	{linux, exported("GOPROXY", "file:///media/stick/modules/cache/download"), "go-proxy.no-folder", Wrong, "unset GOPROXY"},
	{windows, exported("GOPROXY", "file:///E:/bundel/modules/cache/download"), "go-proxy.no-folder", Wrong, "*"},
	{linux, goEnv("GOPROXY", "proxy.golang.org"), "go-proxy.no-address", Wrong, "*"},
	{linux, func(*laptop) {}, "go-toolchain.fine", OK, ""},
	{linux, goEnv("GOTOOLCHAIN", "go1.21.0+auto"), "go-toolchain.fine", OK, ""},
	{linux, goEnv("GOTOOLCHAIN", "go1.21.0"), "go-toolchain.pinned", Wrong, "go env -u GOTOOLCHAIN"},
	{linux, func(*laptop) {}, "go-modules.on", OK, ""},
	{linux, goEnv("GO111MODULE", "off"), "go-modules.off", Wrong, "go env -u GO111MODULE"},
	{linux, func(*laptop) {}, "go-target.this", OK, ""},
	{linux, exported("GOOS", "js"), "go-target.system", Wrong, "unset GOOS"},
	{linux, exported("GOARCH", "arm"), "go-target.system", Wrong, "unset GOARCH"},
}

// withoutModules empties the cache.
func withoutModules(l *laptop) {
	for name := range l.files {
		if strings.Contains(name, "@v") {
			delete(l.files, name)
		}
	}
}

var aboutModules = []provoked{
	{linux, func(*laptop) {}, "modules.here", OK, ""},
	{windows, func(*laptop) {}, "modules.here", OK, ""},
	{linux, func(l *laptop) { l.component(); l.put("vendor/modules.txt", "") }, "modules.vendor", OK, ""},
	{linux, withoutModules, "modules.download", Mind, "fieldlab doctor --build"},
	{linux, all(withoutModules, goEnv("GOPROXY", "off")), "modules.missing", Wrong, "go env -u GOPROXY"},
	{linux, all(withoutModules, goEnv("GOPROXY", "http://192.168.1.5:8099/modules"), takenBy("192.168.1.5:8099", "")), "modules.served", OK, ""},
	{linux, all(withoutModules, goEnv("GOPROXY", "http://trainer.local/modules,off"), takenBy("trainer.local:80", "")), "modules.served", OK, ""},
	{linux, all(withoutModules, goEnv("GOPROXY", "http://192.168.1.5:8099/modules")), "modules.silent", Wrong, "go env -u GOPROXY"},
	{linux, func(l *laptop) { l.component(); l.put("go.mod", "<<<<<<<") }, "modules.unreadable", Unknown, ""},
	{linux, noGo, "modules.no-go", Unknown, ""},
	{linux, all(withoutModules, func(l *laptop) { // the bundle on a stick
		l.goEnv["GOMODCACHE"] = "/stick/modules"
		l.haveModules()
		l.goEnv["GOMODCACHE"], l.goEnv["GOPROXY"], l.files["/stick/modules/cache/download"] = "/home/jan/mod", "file:///stick/modules/cache/download,off", ""
	}), "modules.here", OK, ""},
	{linux, func(*laptop) {}, "workspace.none", OK, ""},
	{linux, env("GOWORK", "/elsewhere/go.work"), "workspace.above", Mind, "export GOWORK=off"},
	{windows, all(env("GOWORK", "/elsewhere/go.work"), env("PSModulePath", inPowerShell)), "workspace.above", Mind, "$env:GOWORK = 'off'"},
	{linux, all(env("GOWORK", "/elsewhere/go.work"), func(l *laptop) { l.component() }), "workspace.lacks", Wrong, "export GOWORK=off"},
}

func denied(dir string, err error) func(*laptop) {
	return func(l *laptop) { l.denied[dir] = err }
}

var aboutMachine = []provoked{
	{linux, func(*laptop) {}, "git.found", OK, ""},
	{linux, func(l *laptop) { delete(l.commands, "git"); l.commands["apt-get"] = "/x" }, "git.none", Mind, "sudo apt-get install git"},
	{linux, func(l *laptop) { delete(l.commands, "git"); l.commands["dnf"] = "/x" }, "git.none", Mind, "sudo dnf install git"},
	{windows, func(l *laptop) { delete(l.commands, "git") }, "git.none", Mind, "winget install --exact --id Git.Git"},
	{darwin, func(l *laptop) { delete(l.commands, "git") }, "git.none", Mind, "xcode-select --install"},
	{darwin, func(l *laptop) { l.fails["xcode-select -p"] = true }, "git.tools", Mind, "xcode-select --install"},
	{windows, func(l *laptop) { l.fails["git --version"] = true }, "git.broken", Mind, "winget"},
	{linux, func(*laptop) {}, "git-identity.known", OK, ""},
	{linux, func(l *laptop) { delete(l.commands, "git") }, "git-identity.no-git", Unknown, ""},
	{linux, func(l *laptop) { l.says = map[string]string{} }, "git-identity.none", Mind, "&& git config --global user.email"},
	{windows, all(env("PSModulePath", inPowerShell), func(l *laptop) { l.says = map[string]string{} }), "git-identity.none", Mind, "; git config --global user.email"},
	{linux, func(l *laptop) { delete(l.says, "git config --get user.name") }, "git-identity.no-name", Mind, "user.name"},
	{linux, func(l *laptop) { delete(l.says, "git config --get user.email") }, "git-identity.no-email", Mind, "user.email"},
	{linux, all(env("GIT_AUTHOR_NAME", "x"), env("GIT_AUTHOR_EMAIL", "x@x"), func(l *laptop) { l.says = map[string]string{} }), "git-identity.known", OK, ""},
	{linux, func(*laptop) {}, "disk.room", OK, ""},
	{linux, func(l *laptop) { l.volumes["/tmp"] = Volume{Free: 200 << 20} }, "disk.full", Wrong, "go clean -cache"},
	{linux, func(l *laptop) { l.volumes["/home/jan/cache"] = Volume{Free: 2 << 30} }, "disk.little", Mind, "go clean -cache"},
	{linux, func(l *laptop) { l.volumes = nil }, "disk.failed", Unknown, ""},
	{linux, func(*laptop) {}, "write.all", OK, ""},
	{linux, func(l *laptop) { l.Home = "" }, "write.no-home", Wrong, "export HOME="},
	{windows, all(env("PROMPT", "x"), func(l *laptop) { l.Home = "" }), "write.no-home", Wrong, `set "USERPROFILE=`},
	{darwin, func(l *laptop) { l.Home = "" }, "write.no-home", Wrong, "export HOME=/Users"},
	{linux, goEnv("GOCACHE", "off"), "write.no-cache", Wrong, "export GOCACHE="},
	{linux, denied("/home/jan/werk", syscall.EROFS), "write.read-only", Wrong, ""},
	{linux, denied("/tmp", syscall.ENOSPC), "write.no-room", Wrong, "go clean"},
	{windows, denied(`C:\Users\jan\werk`, fs.ErrPermission), "write.protected", Wrong, ""},
	{linux, denied("/home/jan/mod", fs.ErrPermission), "write.denied", Wrong, ""},
	{linux, denied("/home/jan", fs.ErrPermission), "write.denied", Wrong, ""},
	{linux, denied("/home/jan/cache", fs.ErrPermission), "write.denied", Wrong, ""},
	{linux, denied("/tmp", fs.ErrPermission), "write.denied", Wrong, ""},
	{linux, denied("/home/jan/werk", fs.ErrPermission), "write.denied", Wrong, ""},
	{linux, func(*laptop) {}, "exec.allowed", OK, ""},
	{linux, func(l *laptop) { l.volumes["/tmp"] = Volume{Free: 9 << 30, NoExec: true} }, "exec.not-allowed", Wrong, "export GOTMPDIR=/home/jan/tmp"},
	{linux, func(*laptop) {}, "clock.right", OK, ""},
	{linux, func(l *laptop) { l.now = today.AddDate(-1, 0, 0) }, "clock.behind", Wrong, "timedatectl"},
	{darwin, func(l *laptop) { l.now = today.AddDate(-1, 0, 0) }, "clock.behind", Wrong, "sntp"},
	{windows, func(l *laptop) { l.written = today.Add(-2 * time.Hour) }, "clock.disk", Mind, "w32tm"},
	{linux, denied("/tmp", fs.ErrPermission), "clock.failed", Unknown, ""},
	{windows, func(*laptop) {}, "antivirus.scans", Mind, `Add-MpPreference -ExclusionPath 'C:\Users\jan\cache','C:\Users\jan\AppData\Local\Temp\go-build*'`},
	{windows, noGo, "antivirus.no-go", Unknown, ""},
	{windows, func(*laptop) {}, "browser.system", OK, ""},
	{linux, func(*laptop) {}, "browser.found", OK, ""},
	{linux, env("DISPLAY", ""), "browser.no-screen", Mind, ""},
	{linux, func(l *laptop) { l.commands = map[string]string{} }, "browser.none", Mind, ""},
	{linux, func(*laptop) {}, "containers.found", OK, ""},
	{linux, func(l *laptop) { l.commands = map[string]string{} }, "containers.none", OK, ""},
}

// TestProvoked: everything that can be found is found when it is there, and says
// what to type in the shell of that laptop.
func TestProvoked(t *testing.T) {
	seen := map[string]bool{}
	for _, table := range [][]provoked{aboutGo, aboutModules, aboutMachine, aboutFolder, aboutNetwork, aboutComponent} {
		for _, c := range table {
			l := healthy(c.goos)
			c.change(l)
			id, name, _ := strings.Cut(c.want, ".")
			f := l.look(t, id)
			seen[c.want] = true
			if f.Case != name || f.State != c.state {
				t.Errorf("%s on %s: %s, %s %v", c.want, c.goos, f.State, f.Case, f.Args)
				continue
			}
			if c.line == "" && f.Line != "" || c.line != "*" && !strings.Contains(f.Line, c.line) || c.line == "*" && f.Line == "" {
				t.Errorf("%s on %s: the line is %q", c.want, c.goos, f.Line)
			}
			for _, language := range text.Languages() {
				wellSaid(t, f, text.Load(language))
			}
		}
	}
	everyText(t, seen)
}

// wellSaid holds the words of a finding: all of them are there, with their values.
func wellSaid(t *testing.T, f Finding, words *text.Catalogue) {
	t.Helper()
	s := f.Say(words)
	for _, said := range []string{s.What, s.Name, s.Why, s.Do} {
		if strings.Contains(said, "[doctor.") || strings.Contains(said, "%!") || strings.Contains(said, "%[") {
			t.Errorf("%s.%s: %s", f.ID, f.Case, said)
		}
	}
	if s.What == "" || s.Name == "" || (f.State == Wrong || f.State == Mind) && s.Why == "" {
		t.Errorf("%s.%s says nothing: %+v", f.ID, f.Case, s)
	}
	if f.State == Wrong && s.Line == "" && s.Do == "" {
		t.Errorf("%s.%s is wrong, and nothing is to be done", f.ID, f.Case)
	}
	if strings.ContainsAny(s.Line, "\n\r") {
		t.Errorf("%s.%s: more than one line to type: %q", f.ID, f.Case, s.Line)
	}
}

// everyText: a text that no test brings up is one that nobody has seen.
func everyText(t *testing.T, seen map[string]bool) {
	t.Helper()
	nl := text.Load(text.Dutch)
	for _, id := range IDs() {
		if !nl.Has("doctor.name."+id) || !nl.Has("doctor.why."+id) {
			t.Errorf("%s has no name or no why", id)
		}
	}
	for _, key := range nl.Keys() {
		if rest, ok := strings.CutPrefix(key, "doctor.what."); ok && !strings.HasPrefix(rest, buildID+".") && !seen[rest] {
			t.Errorf("no test finds %s", rest)
		}
	}
}
