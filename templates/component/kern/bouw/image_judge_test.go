package main

import (
	"bytes"
	"context"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	disk "github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

func made(t *testing.T, p place) {
	t.Helper()
	if err := image(context.Background(), p); err != nil {
		t.Fatalf("%v\n%s", err, p.Err)
	}
}

// TestImage holds the image against go-containerregistry: a layout that is whole, a tar
// that can be loaded, and the same digest after a push and a pull.
func TestImage(t *testing.T) {
	p, said := little(t)
	git(t, p, "tag", "v1.2.0")
	git(t, p, "tag", "v1.10.0")
	git(t, p, "tag", "demo")
	made(t, p)
	folder, err := disk.FromPath(p.path(imageFolder + "/oci"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := folder.ImageIndex()
	if err != nil {
		t.Fatal(err)
	}
	// An image in memory fails for its annotations; one that was written does not.
	if err := validate.Index(root); err != nil {
		t.Error(err)
	}
	top, err := disk.ImageIndexFromPath(p.path(imageFolder + "/oci"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := top.IndexManifest()
	if err != nil || len(list.Manifests) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	hash := list.Manifests[0].Digest
	if !strings.HasSuffix(said.String(), "\n"+hash.String()+"\n") {
		t.Errorf("the last line is not %s:\n%s", hash, said)
	}
	all, err := top.ImageIndex(hash)
	if err != nil {
		t.Fatal(err)
	}
	manifests, err := all.IndexManifest()
	if err != nil || len(manifests.Manifests) != 2 {
		t.Fatalf("%+v, %v", manifests, err)
	}
	if got := manifests.Annotations["org.opencontainers.image.version"]; got != "1.10.0" {
		t.Errorf("version %q", got)
	}
	for i, d := range manifests.Manifests {
		if got, want := d.Platform.String(), []string{"linux/amd64", "linux/arm64"}[i]; got != want {
			t.Errorf("platform %s, not %s", got, want)
		}
		img, err := all.Image(d.Digest)
		if err != nil {
			t.Fatal(err)
		}
		checkImage(t, img, d.Platform.Architecture)
		loaded, err := tarball.ImageFromPath(p.path(imageFolder+"/docker-"+d.Platform.Architecture+".tar"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate.Image(loaded); err != nil {
			t.Error(err)
		}
		one, _ := img.ConfigName()
		if other, err := loaded.ConfigName(); err != nil || one != other {
			t.Errorf("loaded %s, not %s: %v", other, one, err)
		}
	}
	pushAndPull(t, all, hash)
	sbom, err := os.ReadFile(p.path(imageBOM))
	if err != nil || !bytes.Contains(sbom, []byte("pkg:golang/example.org/proef/parkeren@1.10.0")) || !bytes.Contains(sbom, []byte("pkg:golang/std@1.")) {
		t.Errorf("%v\n%s", err, sbom)
	}
}

func pushAndPull(t *testing.T, all v1.ImageIndex, hash v1.Hash) {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	ref, err := name.NewTag(strings.TrimPrefix(server.URL, "http://") + "/proef/parkeren:1.10.0")
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.WriteIndex(ref, all); err != nil {
		t.Fatal(err)
	}
	pulled, err := remote.Index(ref)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := pulled.Digest(); err != nil || got != hash {
		t.Errorf("pulled %s, not %s: %v", got, hash, err)
	}
	if err := validate.Index(pulled); err != nil {
		t.Error(err)
	}
}

func checkImage(t *testing.T, img v1.Image, architecture string) {
	t.Helper()
	c, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 30, 11, 0, 0, 0, time.UTC)
	if c.OS != "linux" || c.Architecture != architecture || !c.Created.Equal(at) || c.Config.User != "65532:65532" ||
		strings.Join(c.Config.Entrypoint, " ") != "/component" || len(c.Config.ExposedPorts) != 4 {
		t.Errorf("%+v", c)
	}
	for label, want := range map[string]string{
		"source": "https://git.example.org/proef/parkeren", "version": "1.10.0", "created": "2026-11-30T11:00:00Z",
		"licenses": "EUPL-1.2", "title": "Parkeren in 't dorp",
	} {
		if got := c.Config.Labels["org.opencontainers.image."+label]; got != want {
			t.Errorf("%s is %q, not %q", label, got, want)
		}
	}
	if len(c.Config.Labels["org.opencontainers.image.revision"]) != 40 {
		t.Errorf("revision %q", c.Config.Labels["org.opencontainers.image.revision"])
	}
}

// TestImageIsReproducible: the same commit gives the same digest, again and in another
// folder; another commit or a change that is in no commit gives another.
func TestImageIsReproducible(t *testing.T) {
	digestOf := func(p place) string {
		made(t, p)
		top, err := layoutOf(p).top()
		if err != nil {
			t.Fatal(err)
		}
		return top.Digest
	}
	p, said := little(t)
	first := digestOf(p)
	if err := os.WriteFile(p.path(imageFolder+"/oud"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if again := digestOf(p); again != first {
		t.Errorf("again %s, not %s", again, first)
	}
	if _, err := os.Stat(p.path(imageFolder + "/oud")); err == nil {
		t.Error("something of an earlier image was left")
	}
	elsewhere := p
	elsewhere.Root = filepath.Join(t.TempDir(), "heel", "ergens", "anders")
	git(t, p, "clone", "--quiet", ".", elsewhere.Root)
	t.Setenv("GOFLAGS", "-tags=iets")
	t.Setenv("GOAMD64", "v2")
	t.Setenv("TZ", "Asia/Tokyo")
	if other := digestOf(elsewhere); other != first {
		t.Errorf("elsewhere %s, not %s", other, first)
	}
	if strings.Contains(said.String(), "om te proberen") {
		t.Errorf("nothing was changed:\n%s", said)
	}
	put(t, p, "extra.go", "package main\n")
	if dirty := digestOf(p); dirty == first || !strings.Contains(said.String(), changed) || !strings.Contains(said.String(), "om te proberen") {
		t.Errorf("a change that is in no commit: %s\n%s", dirty, said)
	}
	commit(t, p, "2026-12-01T12:00:00Z")
	if next := digestOf(p); next == first {
		t.Error("another commit has the same digest")
	}
}

// TestImageKeepsWhatWas: an image that cannot be made leaves the former one as it was.
func TestImageKeepsWhatWas(t *testing.T) {
	p, _ := little(t)
	made(t, p)
	before, err := layoutOf(p).top()
	if err != nil {
		t.Fatal(err)
	}
	put(t, p, "kapot.go", "package kapot\n")
	if err := image(context.Background(), p); err == nil || !strings.Contains(err.Error(), "go meldt fouten") {
		t.Error(err)
	}
	if after, err := layoutOf(p).top(); err != nil || after.Digest != before.Digest {
		t.Errorf("%s, not %s: %v", after.Digest, before.Digest, err)
	}
	if left, _ := filepath.Glob(p.path(".data/*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// TestOriginSeesWhatIsNew, also for who told Git not to speak of it.
func TestOriginSeesWhatIsNew(t *testing.T) {
	p, _ := little(t)
	git(t, p, "config", "status.showUntrackedFiles", "no")
	put(t, p, "kern/start/nieuw.go", "package start\n")
	if o, err := readOrigin(context.Background(), p); err != nil || !o.changed() {
		t.Errorf("%+v, %v", o, err)
	}
}

// TestImageHasNothingThatGitSkips: what is in a room goes along in the program, also a
// key that is in no commit.
func TestImageHasNothingThatGitSkips(t *testing.T) {
	p, _ := little(t)
	put(t, p, ".gitignore", "/.data/\n*.env\n*.key\n/3-integratie/eigen/\n")
	put(t, p, "1-gegevens/a.sql", "-- leeg\n")
	put(t, p, "3-integratie/fsc.yaml", "oin: leeg\n")
	put(t, p, "main.go", "package main\n\nimport (\n\t\"embed\"\n\n\t\"example.org/proef/parkeren/kern/start\"\n)\n\n//go:embed [1-5]-*\nvar rooms embed.FS\n\nfunc main() { println(start.Version, start.Commit, start.Date) }\n")
	commit(t, p, "2026-11-30T12:00:00Z")
	put(t, p, "nergens.env", "not in a room\n")
	put(t, p, "3-integratie/.verborgen.env", "go leaves it out\n")
	made(t, p)
	hidden := []string{"3-integratie/productie.env", "3-integratie/bron.key", "3-integratie/eigen/x.txt"}
	for _, name := range hidden {
		put(t, p, name, "geheim\n")
	}
	put(t, p, "kern/start/eigen.go", "package start\n")
	put(t, p, ".git/info/exclude", "eigen.go\n") // of this computer alone
	hidden = append(hidden, "kern/start/eigen.go")
	err := image(context.Background(), p)
	if err == nil {
		t.Fatal("made")
	}
	for _, name := range hidden {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), "nergens") || strings.Contains(err.Error(), "verborgen") {
		t.Error(err)
	}
}

func TestOrigin(t *testing.T) {
	p, _ := here(t)
	if _, err := readOrigin(context.Background(), p); err == nil || !strings.Contains(err.Error(), "nog geen commit") {
		t.Error(err)
	}
	p, _ = little(t)
	o, err := readOrigin(context.Background(), p)
	if err != nil || o.changed() || o.Version != "0.0.0-20261130110000-"+o.Commit[:12] {
		t.Errorf("%+v, %v", o, err)
	}
	git(t, p, "tag", "v2.0.0-rc.1")
	if o, err = readOrigin(context.Background(), p); err != nil || o.Version != "2.0.0-rc.1" || o.Tag != "v2.0.0-rc.1" {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestLocalName(t *testing.T) {
	for module, want := range map[string]string{
		"example.org/proef/Parkeren": "parkeren", "example.org/x/melding_openbare-ruimte": "melding-openbare-ruimte", "example.org/x/v2": "x", "example.org/~": "component",
	} {
		if got := localName(module); got != want {
			t.Errorf("%s: %q, not %q", module, got, want)
		}
	}
}

// TestAProgramOfOtherModules: a list that names what is not in the program is not published.
func TestAProgramOfOtherModules(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m := &maker{modules: []module{{}, {Path: "example.org/proef/anders", Version: "v1.0.0"}}}
	if err := m.compare(t.Context(), program); err == nil || !strings.Contains(err.Error(), "andere modules dan go list noemt") {
		t.Error(err)
	}
}
