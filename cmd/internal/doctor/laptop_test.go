package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/templates"
	"golang.org/x/mod/module"
)

// laptop is a World in which a test changes what it wants to see found.
type laptop struct {
	*World
	env      map[string]string
	goEnv    map[string]string
	goErr    error
	version  string
	files    map[string]string // what is there, by its whole path; a folder ends in its separator
	commands map[string]string // on PATH, with where they are
	says     map[string]string // by the command
	fails    map[string]bool
	volumes  map[string]Volume // by the path of the folder; "" is every other one
	denied   map[string]error  // folders in which nothing can be written
	taken    map[string]string // addresses where somebody listens, and who it says that it is
	refused  map[string]error  // addresses that cannot be had
	names    []string          // addresses of localhost
	now      time.Time
	written  time.Time
	own      fstest.MapFS
}

var today = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)

// healthy is a laptop with which nothing is the matter.
func healthy(goos string) *laptop {
	home, temp, separator := "/home/jan", "/tmp", "/"
	switch goos {
	case windows:
		home, temp, separator = `C:\Users\jan`, `C:\Users\jan\AppData\Local\Temp`, `\`
	case darwin:
		home = "/Users/jan"
	}
	cache, modules := home+separator+"cache", home+separator+"mod"
	l := &laptop{
		env: map[string]string{"DISPLAY": ":0"},
		goEnv: map[string]string{
			"GOOS": goos, "GOHOSTOS": goos, "GOARCH": "amd64", "GOHOSTARCH": "amd64", "GOTOOLCHAIN": "local", "GOROOT": "/go",
			"GOCACHE": cache, "GOMODCACHE": modules, "GOPROXY": "https://proxy.golang.org,direct",
		},
		version:  "go" + knownFaults().newest(),
		files:    map[string]string{},
		commands: map[string]string{"git": "/usr/bin/git", "xdg-open": "/usr/bin/xdg-open", "docker": "/usr/bin/docker", "ss": "/usr/bin/ss"},
		says:     map[string]string{"git --version": "git version 2.47.1", "git config --get user.name": "Jan", "git config --get user.email": "jan@duinstad.test", "xcode-select -p": "/x"},
		fails:    map[string]bool{},
		volumes:  map[string]Volume{"": {Free: 100 << 30}},
		denied:   map[string]error{}, taken: map[string]string{}, refused: map[string]error{},
		names: []string{"127.0.0.1", "::1"}, now: today, written: today,
	}
	l.World = &World{
		OS: goos, Arch: "amd64", Home: home, Temp: temp, Dir: home + separator + "werk", Pack: templates.Component(), Version: "1.2.3",
		Released: today.AddDate(0, -1, 0), Config: func() (string, error) { return "", errors.New("none") },
	}
	for _, folder := range []string{home, temp, cache, modules, l.Dir} {
		l.files[folder] = ""
	}
	l.fill()
	l.haveModules()
	return l
}

// fill connects the functions of the World with the fields above.
func (l *laptop) fill() {
	w := l.World
	w.Env = func(name string) string { return l.env[name] }
	w.Now = func() time.Time { return l.now }
	w.FindGo = func(context.Context, string) (gotool.Go, error) {
		return gotool.Go{Path: "/go/bin/go", Version: l.version, Env: l.goEnv}, l.goErr
	}
	w.LookPath = func(name string) (string, error) {
		if path := l.commands[name]; path != "" {
			return path, nil
		}
		return "", errors.New("not found")
	}
	w.Run = func(_ context.Context, _, name string, args ...string) (string, error) {
		command := strings.Join(append([]string{name}, args...), " ")
		if l.fails[command] {
			return l.says[command], errors.New("exit status 1")
		}
		return l.says[command], nil
	}
	w.Stat = func(path string) (fs.FileInfo, error) {
		if _, there := l.files[path]; there {
			return nil, nil
		}
		return nil, fs.ErrNotExist
	}
	w.Read = func(path string) ([]byte, error) {
		if body, there := l.files[path]; there {
			return []byte(body), nil
		}
		return nil, fs.ErrNotExist
	}
	w.List = func(path string) ([]string, error) {
		if body, there := l.files["ls "+path]; there {
			return strings.Fields(body), nil
		}
		return nil, fs.ErrPermission
	}
	w.Probe = func(dir string) (time.Time, error) { return l.written, l.denied[dir] }
	w.Volume = func(path string) (Volume, error) {
		if v, there := l.volumes[path]; there {
			return v, nil
		}
		if v, there := l.volumes[""]; there {
			return v, nil
		}
		return Volume{}, errors.New("no such volume")
	}
	l.fillNetwork()
}

func (l *laptop) fillNetwork() {
	w := l.World
	w.Dial = func(_ context.Context, address string) error {
		if _, there := l.taken[address]; there {
			return nil
		}
		return errors.New("refused")
	}
	w.Listen = func(_ context.Context, address string) error { return l.refused[address] }
	w.Who = func(_ context.Context, address string) string { return l.taken[address] }
	w.Loopback = func(context.Context) error { return l.refused["loopback"] }
	w.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		var all []netip.Addr
		for _, name := range l.names {
			all = append(all, netip.MustParseAddr(name))
		}
		return all, nil
	}
}

// haveModules puts the modules of a component in the cache.
func (l *laptop) haveModules() {
	needed, err := l.needed()
	if err != nil {
		panic(err)
	}
	for _, m := range needed {
		path, err := module.EscapePath(m.Path) // a name in capitals is written another way there
		if err != nil {
			panic(err)
		}
		at := l.join(l.goEnv["GOMODCACHE"], "cache", "download", path, "@v", m.Version)
		l.files[at+".zip"], l.files[at+".mod"] = "", ""
	}
}

// generated are the files of the example, once.
var generated = sync.OnceValue(func() fstest.MapFS {
	body, _ := examples.Answers("verhuizing")
	document, _ := answers.Parse(answers.FileName, body)
	files, _, err := generator.Plan(generator.Request{Document: document, Pack: templates.Component(), Version: "1.2.3"})
	if err != nil {
		panic(err)
	}
	all := fstest.MapFS{}
	for _, file := range files {
		all[file.Path] = &fstest.MapFile{Data: file.Body, Mode: 0o644}
	}
	return all
})

// component puts the example in the folder.
func (l *laptop) component() fstest.MapFS {
	l.own = fstest.MapFS{}
	for name, file := range generated() {
		own := *file
		l.own[name] = &own
	}
	l.Component = l.own
	return l.own
}

// put writes a file in the component.
func (l *laptop) put(name, body string) {
	l.own[name] = &fstest.MapFile{Data: []byte(body), Mode: 0o644}
}

// look gives what one check found.
func (l *laptop) look(t *testing.T, id string) Finding {
	t.Helper()
	for _, c := range checks {
		if c.id == id && (c.only == "" || c.only == l.OS) && (c.part != Component || l.isComponent()) {
			f := c.within(t.Context(), l.World)
			f.ID, f.Part = c.id, c.part
			return f
		}
	}
	t.Fatalf("nothing about %s", id)
	return Finding{}
}

// TestHealthy: of a laptop with which nothing is the matter nothing is said, but for
// the virus scanner of Windows.
func TestHealthy(t *testing.T) {
	for _, goos := range []string{linux, darwin, windows} {
		for _, inComponent := range []bool{false, true} {
			l := healthy(goos)
			if inComponent {
				l.component()
			}
			for _, f := range Look(t.Context(), l.World) {
				if f.State != OK && f.ID != "antivirus" {
					t.Errorf("%s: %s is %s: %s %v", goos, f.ID, f.State, f.Case, f.Args)
				}
			}
		}
	}
}

// TestHanging: a check that hangs is not looked at, and the others are.
func TestHanging(t *testing.T) {
	l := healthy(linux)
	l.World.Patience = 100 * time.Millisecond
	hang := make(chan struct{})
	defer close(hang)
	l.World.Probe = func(string) (time.Time, error) { <-hang; return time.Time{}, nil }
	began := time.Now()
	found := Look(t.Context(), l.World)
	if took := time.Since(began); took > time.Second {
		t.Errorf("took %v", took)
	}
	slow := 0
	for _, f := range found {
		if f.Case == caseSlow {
			slow++
		}
	}
	if slow != 2 { // write and clock
		t.Errorf("%d are slow", slow)
	}
}

// TestBreakingDown: a check that breaks down hides no other one.
func TestBreakingDown(t *testing.T) {
	l := healthy(linux)
	l.World.Volume = func(string) (Volume, error) { panic("out of order") }
	if f := l.look(t, "disk"); f.State != Unknown || f.Case != caseFailed || fmt.Sprint(f.Args...) != "out of order" {
		t.Errorf("%+v", f)
	}
	if f := l.look(t, "git"); f.State != OK {
		t.Errorf("%+v", f)
	}
}
