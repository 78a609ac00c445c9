package doctor

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// This is the laptop that fieldlab runs on, of which the caller fills in what comes
// from elsewhere: Env, Now, Dir, Component, Pack, Version and Released.
func This(env func(string) string) *World {
	home, _ := os.UserHomeDir()
	return &World{
		OS: runtime.GOOS, Arch: runtime.GOARCH, Env: env,
		Home: home, Temp: os.TempDir(), Config: os.UserConfigDir,
		FindGo: gotool.Find, LookPath: exec.LookPath, Run: run,
		Stat: os.Stat, Read: read, List: list, Probe: probe, Volume: volume,
		Listen: listen, Dial: dial, Loopback: loopback, Who: who, Resolve: resolve,
	}
}

// run gives what a command says, on either stream.
func run(ctx context.Context, dir, name string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, name, args...) // #nosec G204 -- The programs that doctor looks for.
	command.Dir, command.WaitDelay = dir, time.Second
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	err := command.Run()
	return said.String(), err
}

const mostRead = 1 << 20

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a named pipe would wait for ever
		return nil, errIrregular
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, mostRead))
}

func list(path string) ([]string, error) {
	folder, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	const most = 20_000
	names, err := folder.Readdirnames(most)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return names, err
}

// probe writes a file and takes it away again.
func probe(dir string) (written time.Time, err error) {
	file, err := os.CreateTemp(dir, ".fieldlab-doctor-")
	if err != nil {
		return time.Time{}, err
	}
	defer func() { err = errors.Join(err, os.Remove(file.Name())) }()
	_, err = file.WriteString("fieldlab doctor\n")
	if err = errors.Join(err, file.Close()); err != nil {
		return time.Time{}, err
	}
	info, err := os.Stat(file.Name())
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

func listen(ctx context.Context, address string) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return l.Close()
}

// callPatience is how long something on this machine may take to answer.
const callPatience = 300 * time.Millisecond

func dial(ctx context.Context, address string) error {
	conn, err := (&net.Dialer{Timeout: callPatience}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

func loopback(ctx context.Context) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return err
	}
	return dial(ctx, net.JoinHostPort("localhost", port))
}

// local is a client for what is on this machine: nothing between, no proxy.
func local(patience time.Duration) *http.Client {
	return &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableKeepAlives: true},
	}
}

// who asks what listens there to say who it is, as a component does.
func who(ctx context.Context, address string) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/healthz/live", nil)
	if err != nil {
		return ""
	}
	resp, err := local(callPatience).Do(req)
	if err != nil {
		return ""
	}
	_ = resp.Body.Close()
	return resp.Header.Get("Component")
}

func resolve(ctx context.Context, name string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", name)
}

// Folder is what the checks see of a component: never anything outside it.
func Folder(dir string) (files fs.FS, closer io.Closer, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, err
	}
	return root.FS(), root, nil
}
