package doctor

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// buildID is the check that proves it.
const buildID = "build"

// Trial is a component that is made, built and started to prove that it works here.
type Trial struct {
	Generate func(ctx context.Context, dir string) error // makes it in dir, which is not there yet
	Words    string                                      // that stand on its first page
	Doing    func(step string, work func(context.Context) error) error
	Patience time.Duration // with the start; 0 is the usual
}

// The steps of a trial, for Doing.
const (
	StepGenerate = "generate"
	StepBuild    = "build"
	StepStart    = "start"
)

// startPatience is how long a component may take to start; it takes two seconds on a
// slow laptop, and a scan for viruses may look at it first.
const startPatience = 60 * time.Second

// Prove makes a component in a folder of its own, builds it, starts it on ports that
// are free, asks for its first page, stops it, and leaves nothing behind. The error
// is that of the context.
func Prove(ctx context.Context, w *World, t Trial) (Finding, error) {
	f, err := prove(ctx, w, t)
	f.ID, f.Part = buildID, Build
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return f, err
}

func prove(ctx context.Context, w *World, t Trial) (f Finding, err error) {
	g, goErr := w.goTool(ctx)
	switch {
	case errors.Is(goErr, gotool.ErrNone), g.Version == "":
		return wrong(caseNoGo).line(w.install()).do("or-bundle"), nil
	case older(g.Version, w.minimum()):
		return wrong("old", short(g.Version), w.minimum()).line(w.install()).do("or-bundle"), nil
	}
	folder, err := os.MkdirTemp(w.Temp, "fieldlab-doctor-")
	if err != nil {
		return wrong("folder", err.Error()).do("move-temp", w.Temp), nil
	}
	defer clear(folder)
	r := &trial{w: w, t: t, g: g, dir: filepath.Join(folder, "component"), program: filepath.Join(folder, "component.exe")}
	for _, step := range []struct {
		name string
		work func(context.Context) Finding
	}{{StepGenerate, r.generate}, {StepBuild, r.build}, {StepStart, r.start}} {
		err := t.Doing(step.name, func(context.Context) error {
			f = step.work(ctx)
			return nil
		})
		if err != nil || f.State == Wrong || ctx.Err() != nil {
			return f, err
		}
	}
	return good("proved", short(g.Version), seconds(r.built), seconds(r.started)), nil
}

// clear takes the folder away. Windows holds a program for a moment after it ended.
func clear(folder string) {
	for range 20 {
		if os.RemoveAll(folder) == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
}

// trial is one run of it.
type trial struct {
	w              *World
	t              Trial
	g              gotool.Go
	dir, program   string
	built, started time.Duration
}

func (r *trial) generate(ctx context.Context) Finding {
	if err := r.t.Generate(ctx, r.dir); err != nil {
		return wrong("generate", err.Error()).do("move-temp", r.w.Temp)
	}
	return good("generated")
}

func (r *trial) build(ctx context.Context) Finding {
	began := r.w.Now()
	command := r.g.Command(ctx, r.dir, "build", "-o", r.program, "-buildvcs=false", ".")
	// What lies above the folder for temporary files is of anybody: a workspace there
	// would bring its own modules, and a repository its own programs for git to start.
	command.Env = append(command.Environ(), "GOWORK=off")
	var said said
	command.Stdout, command.Stderr = &said, &said
	err := command.Run()
	r.built = r.w.Now().Sub(began)
	if err == nil {
		return good("built")
	}
	text := said.String()
	matter := matters(text, err)
	first, _, _ := strings.Cut(matter, "\n") // the other modules say the same
	switch {
	case certificate.MatchString(text):
		return wrong("certificate", first).do("certificate")
	case unreachable.MatchString(text):
		return wrong("modules", first).do("bundle-or-network")
	case strings.Contains(text, "no space left"), strings.Contains(text, "not enough space"):
		return wrong("full", matter).line(r.w.cleanUp())
	}
	return wrong("compile", matter).do("clean").line(r.w.cleanUp())
}

var (
	certificate = regexp.MustCompile(`x509: |certificate`)
	unreachable = regexp.MustCompile(`module lookup disabled|dial tcp|no such host|i/o timeout|proxyconnect|connection refused|404 Not Found|403 Forbidden|file does not exist|no such file or directory: .*@v|not found: .*@v|missing go\.sum entry|TLS handshake`)
)

// said keeps what a program said, as far as it is not too much. Its two streams may
// come from two places at once.
type said struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	const most = 256 << 10
	if room := most - s.text.Len(); room > 0 {
		s.text.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (s *said) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.String()
}

// matters is what somebody needs of the output of a build or a program: the first
// lines that are about what went wrong.
func matters(text string, err error) string {
	const most = 3
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "go: downloading") || strings.HasPrefix(line, "# ") || slices.Contains(lines, line) {
			continue
		}
		if lines = append(lines, line); len(lines) == most {
			break
		}
	}
	if len(lines) == 0 && err != nil {
		lines = []string{err.Error()}
	}
	return strings.Join(lines, "\n")
}

// kept are the variables that the component gets. The rest could be settings of
// another one, such as the address of a database that has real data in it.
var kept = []string{"PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "WINDIR", "SYSTEMDRIVE", "TEMP", "TMP", "TMPDIR", "LOCALAPPDATA", "APPDATA", "LANG"}

func environment(port int) []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if slices.Contains(kept, strings.ToUpper(name)) {
			env = append(env, entry)
		}
	}
	return append(env, "PORT="+strconv.Itoa(port))
}

// start starts the component, asks for its first page, and stops it.
func (r *trial) start(ctx context.Context) Finding {
	port, found := r.freeSeries(ctx)
	if !found {
		return wrong("no-ports").do("tell")
	}
	command := exec.CommandContext(ctx, r.program) // #nosec G204 -- What doctor just built.
	command.Dir, command.Env, command.WaitDelay = r.dir, environment(port), 5*time.Second
	var output said
	command.Stdout, command.Stderr = &output, &output
	began := r.w.Now()
	if err := command.Start(); err != nil {
		if errors.Is(err, fs.ErrPermission) || r.w.OS == windows {
			return wrong("blocked", err.Error()).do("blocked")
		}
		return wrong("start", err.Error()).do("tell")
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	f := r.ask(ctx, port, ended, &output)
	if f.State != Wrong {
		r.started = r.w.Now().Sub(began)
	}
	r.stop(command, ended)
	return f
}

// ask waits until the component is ready, and asks for its first page.
func (r *trial) ask(ctx context.Context, port int, ended chan error, output *said) Finding {
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	address := "http://" + net.JoinHostPort("localhost", strconv.Itoa(port))
	patience := r.t.Patience
	if patience == 0 {
		patience = startPatience
	}
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if status, _ := get(ctx, client, address+"/healthz/ready"); status == http.StatusOK {
			break
		}
		select {
		case err := <-ended:
			ended <- err
			return wrong("start", matters(output.String(), err)).do("tell")
		case <-timeout.C:
			return wrong("no-answer", address, matters(output.String(), nil)).do("tell")
		case <-ctx.Done():
			return unseen(caseSlow)
		case <-tick.C:
		}
	}
	if status, page := get(ctx, client, address+"/"); status != http.StatusOK || !strings.Contains(page, r.t.Words) {
		return wrong("page", address, status).do("tell")
	}
	return good("answered")
}

func get(ctx context.Context, client *http.Client, address string) (status int, page string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, ""
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, mostRead))
	return resp.StatusCode, string(body)
}

// stop ends the component as Ctrl-C does; a system that knows none ends it at once.
func (r *trial) stop(command *exec.Cmd, ended <-chan error) {
	if command.Process.Signal(os.Interrupt) != nil {
		_ = command.Process.Kill()
	}
	select {
	case <-ended: //nolint:errcheck // it was asked to end
	case <-time.After(10 * time.Second):
		_ = command.Process.Kill()
		<-ended //nolint:errcheck // it was made to end
	}
}

// freeSeries is the first of four ports in a row that are free, away from where
// components usually are.
func (r *trial) freeSeries(ctx context.Context) (port int, found bool) {
	for port = 18080; port <= 28080; port += 50 {
		if r.w.series(ctx, port) == [portSeries]portState{} {
			return port, true
		}
	}
	return 0, false
}
