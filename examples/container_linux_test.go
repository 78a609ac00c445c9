package examples_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proef"
)

// A container of the chart: what a process may use there.
const (
	containerMemory = 64 << 20
	containerUser   = "65532:65532"
)

// cgroup limits what a process may use: v2, or v1 where a machine still has that.
type cgroup struct {
	procs []string // where its number is written
	seen  string   // folder that the process sees as /sys/fs/cgroup
	at    string   // where below it that is mounted
	peak  string   // file with the most memory that was used; "" when nothing limits it
	kind  string
}

func newCgroup(t *testing.T) cgroup {
	t.Helper()
	const root = "/sys/fs/cgroup"
	name := "fieldlab-" + strconv.Itoa(os.Getpid())
	most := strconv.Itoa(containerMemory)
	dir := filepath.Join(root, name)
	if controllers, _ := os.ReadFile(root + "/cgroup.subtree_control"); strings.Contains(string(controllers), "memory") && strings.Contains(string(controllers), "cpu") {
		if err := limited(t, dir, map[string]string{"memory.max": most, "cpu.max": "50000 100000"}); err != nil {
			return unlimited(t, most, err)
		}
		return cgroup{[]string{dir + "/cgroup.procs"}, dir, "", dir + "/memory.peak", "cgroup v2"}
	}
	memory, cpu := filepath.Join(root, "memory", name), filepath.Join(root, "cpu", name)
	for dir, values := range map[string]map[string]string{memory: {"memory.limit_in_bytes": most}, cpu: {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "50000"}} {
		if err := limited(t, dir, values); err != nil {
			return unlimited(t, most, err)
		}
	}
	return cgroup{[]string{memory + "/cgroup.procs", cpu + "/cgroup.procs"}, memory, "/memory", memory + "/memory.max_usage_in_bytes", "cgroup v1"}
}

// limited makes a folder of the kernel, which goes when its process has gone.
func limited(t *testing.T, dir string, values map[string]string) error {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	t.Cleanup(func() {
		for range 50 {
			if os.Remove(dir) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	for file, value := range values {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(value), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// unlimited is for a machine that is a container itself, and may make none: the process
// reads the same limits, and the test looks afterwards what it used.
func unlimited(t *testing.T, most string, why error) cgroup {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "memory.max"), []byte(most+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return cgroup{nil, dir, "", "", fmt.Sprintf("no cgroup (%v)", why)}
}

// used is the most memory that the process had.
func (c cgroup) used(t *testing.T, pid int) string {
	t.Helper()
	if c.peak != "" {
		raw, _ := os.ReadFile(c.peak)
		return string(bytes.TrimSpace(raw))
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, own, _ := strings.Cut(string(status), "\nRssAnon:") // the program itself can be read anew
	kilobytes, err := strconv.Atoi(strings.Fields(own + " ?")[0])
	if err != nil || kilobytes<<10 > containerMemory {
		t.Errorf("of memory it has %d kB, and a container %d (%v)", kilobytes, containerMemory>>10, err)
	}
	return strconv.Itoa(kilobytes << 10)
}

// inContainer is the shell that makes a container of a folder with the program, in a
// mount space of its own: nothing in it can be written, not even /tmp.
const inContainer = `set -e
for f in $PROCS; do echo $$ > "$f"; done
mount --bind "$ROOT" "$ROOT"
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o size=64k tmpfs "$ROOT/sys/fs/cgroup"
mkdir -p "$ROOT/sys/fs/cgroup$AT"
mount --bind "$SEEN" "$ROOT/sys/fs/cgroup$AT"
mount -o remount,bind,ro "$ROOT"
program=$1; shift
exec env -i "$@" "$(command -v chroot)" --userspec=` + containerUser + ` "$ROOT" $program`

// TestStartsInAContainer runs all layers of production as the chart does: nothing but
// the program in a root that nobody can write, as a user without a name or a home,
// with 64 MiB and half a core. It has to be ready for less than one second of the
// processor, which half a core gives in two.
func TestStartsInAContainer(t *testing.T) {
	needSignals(t)
	database := needPostgres(t)
	if os.Getuid() != 0 {
		t.Skip("only root can make a container by hand")
	}
	if out, err := exec.Command("unshare", "-m", "true").CombinedOutput(); err != nil {
		t.Skipf("no mount space of its own can be made here: %v %s", err, out)
	}
	group := newCgroup(t)
	root := containerRoot(t)
	base := freePorts(t, 5)
	outway := httptest.NewServer(&foreignOutway{seen: map[string]int{}, services: map[string]http.Handler{
		"$1$3$own": httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", base+3)}),
	}})
	defer outway.Close()
	env := containerEnv(base, proef.FreshSchema(t, database), outway.URL)
	cmd := exec.Command("unshare", append([]string{"-m", "--", "sh", "-c", inContainer, "sh", "/component"}, env...)...)
	cmd.Env = append(os.Environ(), "PROCS="+strings.Join(group.procs, " "), "ROOT="+root, "SEEN="+group.seen, "AT="+group.at)
	var log lockedBuffer
	cmd.Stdout, cmd.Stderr = &log, &log
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &component{base: base, cmd: cmd, exited: make(chan error, 1)}
	go func() {
		c.exited <- cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		for range c.exited {
			continue
		}
	})
	awaitReady(t, c, &log)
	took, cpu := time.Since(begin), cpuSeconds(t, cmd.Process.Pid)
	if cpu >= 1 {
		t.Errorf("ready after %.2f s of the processor: with half a core that is more than 2 s", cpu)
	}
	health, _ := get(t, c.url(4, "/healthz/ready"))
	for range 300 {
		get(t, c.url(0, "/"))
	}
	measured, _ := get(t, c.url(4, "/metrics"))
	for _, want := range []string{"component_database_up 1\n", "component_tasks_overdue{step=\"beoordelen\"} 0\n", "go_memlimit_bytes " + strconv.Itoa(containerMemory/10*9) + "\n",
		`component_build_info{version="1.2.3",commit="0123abc"`, `component_circuit_state{service="bag-bevragen"} 0`, `component_contract_days_left{service="bag-bevragen"} -`} {
		if !strings.Contains(measured, want) {
			t.Errorf("%q is not in the metrics:\n%s", want, measured)
		}
	}
	peak := group.used(t, cmd.Process.Pid)
	stopped := stopWithSignal(t, c)
	t.Logf("%s, %d MiB, half a core, read-only root, three layers on PostgreSQL: ready in %d ms with %.2f s of the processor, at most %s bytes of memory, stopped in %s",
		group.kind, containerMemory>>20, took.Milliseconds(), cpu, peak, stopped.Round(time.Millisecond))
	if !strings.Contains(health, `"versie":"1.2.3"`) {
		t.Errorf("health says %s", health)
	}
	for line := range strings.Lines(log.String()) { // what it says there is for programs
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON in the log: %s", line)
		}
	}
}

// containerRoot is a folder with the program and with what every container gets from
// what runs it.
func containerRoot(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for dir := filepath.Dir(root); dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
		_ = os.Chmod(dir, 0o755) // the user of the container goes through it
	}
	for _, dir := range []string{"proc", "sys/fs/cgroup", "etc", "dev"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program, err := os.ReadFile(verhuizingProgram(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"component": program, "etc/hosts": []byte("127.0.0.1 localhost\n"), "etc/resolv.conf": []byte("nameserver 127.0.0.1\n")} {
		if err := os.WriteFile(filepath.Join(root, name), body, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// containerEnv is all that the process knows of the world.
func containerEnv(base int, database, outway string) []string {
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	return []string{
		"OMGEVING=productie", "PORT=" + strconv.Itoa(base), "STOP_NA=1s", "COMPONENT_TOKEN=" + strings.Repeat("proef", 8),
		"DATABASE_URL=" + database, "DATABASE_ZONDER_TLS=ja", "LOGBOEK_URL=https://logboek.test", "LOGBOEK_SLEUTEL=" + key, "SESSION_KEY=" + key,
		"OUTWAY_URL=" + outway, "FSC_GRANT_HASH_VERHUIZING_DIENSTEN=$1$3$own", "FSC_GRANT_HASH_BAG_BEVRAGEN=$1$3$bag", "FSC_GRANT_HASH_BAG_BEVRAGEN_TOT=2026-01-01",
		"BAG_API_KEY=" + strings.Repeat("proef", 3), "OIDC_ISSUER=https://inloggen.test", "OIDC_CLIENT_ID=verhuizing", "OIDC_CLIENT_SECRET=" + strings.Repeat("proef", 3), "OIDC_REDIRECT_URL=https://verhuizing.test/inloggen/terug",
	}
}

// awaitReady asks often: what is measured is how long it takes.
func awaitReady(t *testing.T, c *component, log *lockedBuffer) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if resp, err := http.Get(c.url(4, "/healthz/ready")); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-c.exited:
			t.Fatalf("it ended by itself: %v\n%s", err, log.String())
		default:
		}
		if time.Now().After(until) {
			t.Fatalf("never ready\n%s", log.String())
		}
	}
}

// cpuSeconds is what a process used of the processor so far.
func cpuSeconds(t *testing.T, pid int) float64 {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, err1 := strconv.ParseFloat(fields[11], 64)
	system, err2 := strconv.ParseFloat(fields[12], 64)
	if err := cmp.Or(err1, err2); err != nil {
		t.Fatal(err)
	}
	const perSecond = 100 // USER_HZ, on every Linux
	return (user + system) / perSecond
}
