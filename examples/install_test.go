package examples_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// downloads is where people get a release; the tests put a server of their own
// in its place.
const downloads = "https://github.com/commonground-fieldlab/fieldlab/releases/latest/download"

// TestReadmeInstall types the lines of the README by which people install a
// release. FIELDLAB_RELEASE names the folder of one that goreleaser made, and
// FIELDLAB_RELEASE_KEY the key to verify it with; `.ci/run release` gives both. Without
// them the test makes files of those names from the program at hand.
func TestReadmeInstall(t *testing.T) {
	needShell(t)
	blocks := installation(t)
	release := os.Getenv("FIELDLAB_RELEASE")
	if release == "" {
		release = lookAlike(t)
	}
	t.Run("names", func(t *testing.T) { namesOfRelease(t, release) })
	t.Run("linux", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("the lines for Linux run on Linux")
		}
		block := strings.ReplaceAll(blocks[0], "amd64", runtime.GOARCH)
		home := install(t, release, block, ".local/bin/fieldlab")
		if out := command(t, home, filepath.Join(home, ".local/bin/fieldlab"), "version"); !strings.HasPrefix(out, "fieldlab ") {
			t.Errorf("the installed program says %q", out)
		}
		if out := command(t, home, filepath.Join(home, ".local/bin/fieldlab"), "version", "--json"); !strings.Contains(out, `"path": "github.com/go-git/go-git/v5"`) || !strings.Contains(out, `"sum": "h1:`) {
			t.Errorf("fieldlab version --json does not say what is in it:\n%s", out)
		}
		if key := os.Getenv("FIELDLAB_RELEASE_KEY"); key != "" {
			copyTo(t, key, filepath.Join(home, "minisign.pub"))
			command(t, home, "sh", "-e", "-c", blocks[2])
		}
	})
	t.Run("macos", func(t *testing.T) {
		if _, err := exec.LookPath("shasum"); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal("no shasum, which macOS has")
			}
			t.Skip("no shasum, which macOS has")
		}
		block := strings.ReplaceAll(strings.ReplaceAll(blocks[1], "sudo ", ""), "/usr/local/bin", "~/bin")
		install(t, release, block, "bin/fieldlab")
	})
	t.Run("windows", parsePowerShell)
}

// installation is the shell blocks of the README that install a release: of
// Linux, of macOS, and the one that verifies.
func installation(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, found := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(found[1], downloads) || strings.HasPrefix(found[1], "minisign ") {
			blocks = append(blocks, found[1])
		}
	}
	if len(blocks) != 3 || !strings.Contains(blocks[0], "linux") || !strings.Contains(blocks[1], "darwin") {
		t.Fatalf("want the lines for Linux, for macOS and for the signature in README.md, got %q", blocks)
	}
	return blocks
}

// install types a block where the release is served, and expects a program at
// installed below the home that it returns. With a file that was changed on the way
// the same block must install nothing.
func install(t *testing.T, release, block, installed string) string {
	t.Helper()
	changed, other := false, packed(t, "install_test.go")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if changed && strings.HasSuffix(r.URL.Path, ".tar.gz") {
			_, _ = w.Write(other)
			return
		}
		http.ServeFile(w, r, filepath.Join(release, filepath.Base(r.URL.Path)))
	}))
	defer server.Close()
	for _, shell := range []string{"sh", "bash"} {
		for _, changed = range []bool{true, false} {
			home := t.TempDir()
			cmd := exec.Command(shell, "-c", strings.ReplaceAll(block, downloads, server.URL))
			cmd.Dir, cmd.Env = home, append(os.Environ(), "HOME="+home)
			out, err := cmd.CombinedOutput()
			_, missing := os.Stat(filepath.Join(home, installed))
			switch {
			case changed && (err == nil || missing == nil):
				t.Errorf("%s installs what was changed on the way (%v):\n%s", shell, err, out)
			case !changed && (err != nil || missing != nil):
				t.Fatalf("%s: %v, %v\n%s", shell, err, missing, out)
			case !changed && shell == "bash":
				return home
			}
		}
	}
	return ""
}

// namesOfRelease: every file of a release that the README names is in one.
func namesOfRelease(t *testing.T, release string) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`(fieldlab_(?:windows|darwin|linux)_[a-z0-9]+|checksums)\.[a-z.]*[a-z]`).FindAllString(string(text), -1)
	slices.Sort(names)
	if names = slices.Compact(names); len(names) < 5 {
		t.Errorf("found only %q in README.md", names)
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".minisig") && os.Getenv("FIELDLAB_RELEASE") == "" {
			continue // nothing signs a look-alike
		}
		if _, err := os.Stat(filepath.Join(release, name)); err != nil {
			t.Errorf("README.md names %s, which a release has not", name)
		}
	}
}

// parsePowerShell has PowerShell read the lines for Windows, without running them.
func parsePowerShell(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)```powershell\n(.*?)```").FindSubmatch(text)
	if found == nil || !bytes.Contains(found[1], []byte(downloads)) {
		t.Fatal("README.md has no lines for Windows")
	}
	if _, err := exec.LookPath("pwsh"); err != nil {
		t.Skip("no pwsh to read the lines for Windows: only the names in them were looked at")
	}
	file := filepath.Join(t.TempDir(), "install.ps1")
	if err := os.WriteFile(file, found[1], 0o644); err != nil {
		t.Fatal(err)
	}
	const parse = `$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile($args[0], [ref]$null, [ref]$e); if ($e) { $e; exit 1 }`
	script := filepath.Join(t.TempDir(), "parse.ps1")
	if err := os.WriteFile(script, []byte(parse), 0o644); err != nil {
		t.Fatal(err)
	}
	command(t, ".", "pwsh", "-NoProfile", "-File", script, file)
}

// lookAlike makes a release with the names that goreleaser.yml gives. In every
// archive is the program of this machine.
func lookAlike(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../goreleaser.yml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Builds   []struct{ Goos, Goarch []string }
		Archives []struct {
			Template  string `yaml:"name_template"`
			Formats   []string
			Overrides []struct {
				Goos    string
				Formats []string
			} `yaml:"format_overrides"`
		}
		NFPMs []struct {
			Template string `yaml:"file_name_template"`
			Formats  []string
		} `yaml:"nfpms"`
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	if len(config.Builds) != 1 || len(config.Archives) != 1 || len(config.NFPMs) != 1 {
		t.Fatalf("goreleaser.yml is not as this test reads it: %+v", config)
	}
	dir := t.TempDir()
	program := filepath.Join(t.TempDir(), "fieldlab")
	command(t, "..", "go", "build", "-trimpath", "-o", program, "./cmd/fieldlab")
	var sums bytes.Buffer
	add := func(template, goos, goarch, format string, content []byte) {
		name := strings.NewReplacer("{{ .ProjectName }}", "fieldlab", "{{ .Os }}", goos, "{{ .Arch }}", goarch).Replace(template) + "." + format
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), name)
	}
	archive := packed(t, program)
	for _, goos := range config.Builds[0].Goos {
		formats := config.Archives[0].Formats
		for _, override := range config.Archives[0].Overrides {
			if override.Goos == goos {
				formats = override.Formats
			}
		}
		for _, goarch := range config.Builds[0].Goarch {
			for _, format := range formats {
				add(config.Archives[0].Template, goos, goarch, format, archive)
			}
		}
	}
	extensions := strings.NewReplacer("archlinux", "pkg.tar.zst")
	for _, format := range config.NFPMs[0].Formats {
		add(config.NFPMs[0].Template, "linux", "amd64", extensions.Replace(format), nil)
	}
	for name, content := range map[string][]byte{"checksums.txt": sums.Bytes(), "checksums.txt.minisig": nil} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// packed is a .tar.gz with one program.
func packed(t *testing.T, program string) []byte {
	t.Helper()
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewWriter(zipped)
	if err := archive.WriteHeader(&tar.Header{Name: "fieldlab", Mode: 0o755, Size: int64(len(content))}); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Write(content); err != nil {
		t.Fatal(err)
	}
	for _, close := range []func() error{archive.Close, zipped.Close} {
		if err := close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
