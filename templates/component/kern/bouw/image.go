package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// imageFolder is where the image is made. Everything in it is made anew each time.
const imageFolder = ".data/image"

var errNoImage = errors.New("in " + imageFolder + " staat geen image: maak het eerst, met go run ./kern/bouw image")

// platforms are what the image runs on.
var platforms = []platform{{"amd64", "linux"}, {"arm64", "linux"}}

// settings are those with which Go builds for a platform, and lists what it would build.
func (on platform) settings() []string {
	return []string{
		"CGO_ENABLED=0", "GOOS=" + on.OS, "GOARCH=" + on.Architecture,
		// What a machine may have set otherwise.
		"GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=-mod=readonly", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off",
	}
}

// ports are those of the layers, without the outway, and of management (docs/instellingen.md).
var ports = map[string]struct{}{"8080/tcp": {}, "8081/tcp": {}, "8083/tcp": {}, "8084/tcp": {}}

// image builds the component for each platform and puts it into an image that holds
// nothing else. That needs no engine, and no base image that grows old: certificates
// and time zones are in the program.
func image(ctx context.Context, p place) error {
	o, err := readOrigin(ctx, p)
	if err != nil {
		return err
	}
	f, err := readFacts(p)
	if err != nil {
		return err
	}
	packages, err := packagesOf(ctx, p)
	if err != nil {
		return err
	}
	modules, err := modulesIn(packages)
	if err != nil {
		return err
	}
	if err := nothingHidden(ctx, p, packages); err != nil {
		return err
	}
	fresh := p.path(imageFolder + ".nieuw")
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.MkdirAll(fresh, 0o750); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	m := &maker{place: p, origin: o, facts: f, modules: modules, dir: fresh}
	top, err := m.make(ctx)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(p.path(imageFolder)); err != nil {
		return err
	}
	if err := os.Rename(fresh, p.path(imageFolder)); err != nil {
		return err
	}
	if o.changed() {
		p.note("Er zijn veranderingen die niet in de commit staan: dit image is om te proberen en gaat niet naar een register.")
	}
	p.say("%s", top.Digest)
	return nil
}

// maker makes one image.
type maker struct {
	place
	origin
	facts
	modules  []module // the component itself is the first
	dir      string
	compiler string // the version of Go that made the programs
}

// What others of these jobs read of the image.
const (
	revisionLabel = "org.opencontainers.image.revision"
	refName       = "org.opencontainers.image.ref.name"
)

// labels are in every image, and on what holds the images of all platforms.
func (m *maker) labels() map[string]string {
	l := map[string]string{
		"org.opencontainers.image.title":    m.Name,
		"org.opencontainers.image.version":  m.Version,
		revisionLabel:                       m.Commit,
		"org.opencontainers.image.created":  m.Date.Format(time.RFC3339),
		"org.opencontainers.image.licenses": m.Licence,
	}
	if m.Repository != "" {
		l["org.opencontainers.image.source"] = m.Repository
	}
	return l
}

func (m *maker) make(ctx context.Context) (descriptor, error) {
	l, err := newLayout(filepath.Join(m.dir, "oci"))
	if err != nil {
		return descriptor{}, err
	}
	m.note("versie %s, commit %s, %s", m.Version, m.Commit, m.Date.Format(time.RFC3339))
	all := index{SchemaVersion: 2, MediaType: typeIndex, Annotations: m.labels()}
	for _, on := range platforms {
		d, err := m.one(ctx, l, on)
		if err != nil {
			return descriptor{}, fmt.Errorf("%s/%s: %w", on.OS, on.Architecture, err)
		}
		all.Manifests = append(all.Manifests, d)
	}
	top, err := l.addJSON(typeIndex, all)
	if err != nil {
		return descriptor{}, err
	}
	if err := m.list(); err != nil {
		return descriptor{}, err
	}
	top.Annotations = map[string]string{refName: m.Version}
	return top, l.finish(top)
}

// one makes the image of one platform.
func (m *maker) one(ctx context.Context, l layout, on platform) (descriptor, error) {
	program, err := m.program(ctx, on)
	if err != nil {
		return descriptor{}, err
	}
	packed, diffID, err := layer(program, m.Date)
	if err != nil {
		return descriptor{}, err
	}
	blob, err := l.add(typeLayer, packed)
	if err != nil {
		return descriptor{}, err
	}
	config, err := l.addJSON(typeConfig, imageConfig{
		Created: m.Date, Architecture: on.Architecture, OS: on.OS,
		// A number, as Kubernetes cannot see of a name that it is not root.
		Config:  runConfig{User: "65532:65532", ExposedPorts: ports, Entrypoint: []string{"/component"}, Labels: m.labels()},
		RootFS:  rootFS{Type: "layers", DiffIDs: []string{diffID}},
		History: []history{{Created: m.Date, CreatedBy: "go run ./kern/bouw image"}},
	})
	if err != nil {
		return descriptor{}, err
	}
	d, err := l.addJSON(typeManifest, manifest{SchemaVersion: 2, MediaType: typeManifest, Config: config, Layers: []descriptor{blob}, Annotations: m.labels()})
	if err != nil {
		return descriptor{}, err
	}
	d.Platform = &on
	tarName := "docker-" + on.Architecture + ".tar"
	m.note("%s/%s: %.1f MB, uitgepakt %.1f MB; docker load -i %s", on.OS, on.Architecture,
		float64(blob.Size)/1e6, float64(len(program))/1e6, path.Join(imageFolder, tarName))
	return d, l.dockerTar(filepath.Join(m.dir, tarName), localName(m.modules[0].Path)+":"+m.Version, config, blob, m.Date)
}

// program builds the component, and reads it. Nothing of this machine goes into it.
func (m *maker) program(ctx context.Context, on platform) ([]byte, error) {
	name := filepath.Join(m.dir, "component-"+on.Architecture)
	defer func() { _ = os.Remove(name) }()
	target, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	set := func(variable, value string) string {
		return "-X '" + m.modules[0].Path + "/kern/start." + variable + "=" + value + "'"
	}
	err = m.with(on.settings()...).run(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags",
		strings.Join([]string{"-s", "-w", set("Version", m.Version), set("Commit", m.Commit), set("Date", m.Date.Format(time.RFC3339))}, " "),
		"-o", target, ".")
	if err != nil {
		return nil, err
	}
	if err := m.compare(ctx, target); err != nil {
		return nil, err
	}
	return os.ReadFile(target) // #nosec G304 -- What was built above.
}

// compare holds the list of modules against what the linker noted in a program: an
// SBOM that says something else than the program would be worth nothing.
// The go command reads the note: debug/buildinfo knows the programs of each system,
// and whoever tests a component would compile all of that.
func (m *maker) compare(ctx context.Context, program string) error {
	said, err := m.output(ctx, "go", "version", "-m", "-json", program)
	if err != nil {
		return err
	}
	var info debug.BuildInfo
	if err := json.Unmarshal([]byte(said), &info); err != nil {
		return fmt.Errorf("go version -m -json %s: %w", program, err)
	}
	m.compiler, _, _ = strings.Cut(info.GoVersion, " ")
	var want, got []string
	for _, one := range m.modules[1:] {
		want = append(want, one.Path+" "+one.Version)
	}
	for _, d := range info.Deps {
		if d.Replace != nil && d.Replace.Version != "" {
			d = d.Replace
		}
		got = append(got, d.Path+" "+d.Version)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		return fmt.Errorf("het programma bestaat uit andere modules dan go list noemt:\n%s\nen niet\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return nil
}

// list writes the SBOM of the image: that of the source, with the version and the Go
// that it was made with.
func (m *maker) list() error {
	b, err := newBOM(m.modules, m.facts, m.Version, "build", m.compiler)
	if err != nil {
		return err
	}
	content, err := b.encode()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(m.dir, path.Base(imageBOM)), content, 0o600)
}

// majorVersion is what Go asks behind the path of a module of a second or later version.
var majorVersion = regexp.MustCompile(`/v[0-9]+$`)

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// localName is what the image is called on a machine that loads it: a registry is not
// known here.
func localName(module string) string {
	name := strings.Trim(notInName.ReplaceAllString(strings.ToLower(path.Base(majorVersion.ReplaceAllString(module, ""))), "-"), "-")
	if name == "" {
		return "component"
	}
	return name
}
