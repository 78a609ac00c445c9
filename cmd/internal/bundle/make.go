package bundle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
	"github.com/commonground-fieldlab/fieldlab/examples"
)

// Request is what a bundle is made of.
type Request struct {
	Dir        string // where it comes
	Replace    bool   // an older bundle there
	Systems    []System
	Release    string // folder with the archives of a release; "" builds from the clone
	Clone      string // folder in which that is looked for
	Version    string // of the fieldlab that runs
	GoDir      string // folder with archives of Go; may be ""
	GoDownload bool   // take what is not there from the module proxy
	Workshop   string // folder of a workshop; may be ""
	Warm       bool   // what all components have in common goes along compiled

	Component fs.FS                      // templates.Component()
	Documents func() ([]Document, error) // besides the README of fieldlab
	Cache     string                     // where a Go is unpacked when this machine has none

	// Say is told what is going on. Go finds the Go of this machine; nil is the
	// real one.
	Say func(step string, about string)
	Go  func(context.Context, string) (gotool.Go, error)
}

// Result is what was made.
type Result struct {
	Manifest
	Dir       string     `json:"dir"`
	Mark      string     `json:"mark"` // to tell this bundle from another
	Files     int        `json:"files"`
	Bytes     int64      `json:"bytes"`
	Downloads []Download `json:"downloads"` // what is still missing
}

// Download is something that a person still has to get.
type Download struct {
	System  string `json:"system"`
	File    string `json:"file"`
	Address string `json:"address"`
}

// Make makes a bundle, all of it or nothing.
func Make(ctx context.Context, r Request) (Result, error) {
	if r.Say == nil {
		r.Say = func(string, string) {}
	}
	if r.Go == nil {
		r.Go = gotool.Find
	}
	r.Systems = sorted(r.Systems)
	at, err := look(r.Dir, r.Replace)
	if err != nil {
		return Result{}, err
	}
	tmp, err := os.MkdirTemp("", "fieldlab-bundle-*")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(tmp)
	m := &maker{Request: r, tmp: tmp}
	if err := m.gather(ctx); err != nil {
		return Result{}, err
	}
	if err := enough(at.dir, m.items); err != nil {
		return Result{}, err
	}
	return m.write(ctx, at)
}

// maker gathers the files of a bundle.
type maker struct {
	Request
	tmp   string
	facts facts
	items []item

	refused []string // archives of Go that the module proxy does not give
	reason  string
}

// gather finds everything before anything is written. The cheap things that may be
// wrong come before those that take minutes.
func (m *maker) gather(ctx context.Context) error {
	folder, isClone := clone(m.Clone)
	if m.Release == "" && !isClone {
		return &Error{Key: "bundle.no-source", Usage: true, Hint: "fieldlab bundle --help"}
	}
	archives, err := m.archives()
	if err != nil {
		return err
	}
	if m.Workshop != "" {
		m.Say("teams", "")
		packed, err := teams(m.Workshop, m.tmp)
		if err != nil {
			return err
		}
		for _, team := range packed {
			m.facts.Teams = append(m.facts.Teams, strings.TrimSuffix(strings.TrimPrefix(team.name, teamsFolder+"/"), ".zip"))
		}
		m.items = append(m.items, packed...)
	}
	var made programs
	if m.Release != "" {
		m.Say("release", m.Release)
		if made, err = fromRelease(ctx, m.Release, m.tmp, m.Systems); err != nil {
			return err
		}
	}
	g, err := m.ownGo(ctx, archives)
	if err != nil {
		return err
	}
	if err := m.goes(ctx, g, archives); err != nil {
		return err
	}
	if err := m.modules(ctx, g); err != nil {
		return err
	}
	if err := m.warm(ctx, g); err != nil {
		return err
	}
	if m.Release == "" {
		made, err = built(ctx, g, folder, m.tmp, m.Version, m.Systems, func(system string) { m.Say("build", system) })
		if err != nil {
			return err
		}
	}
	m.facts.Fieldlab = made.version
	m.items = append(m.items, made.items...)
	return m.words(made)
}

func (m *maker) modules(ctx context.Context, g gotool.Go) error {
	m.Say("modules", "")
	body, err := fs.ReadFile(m.Component, "go.sum")
	if err != nil {
		return err
	}
	items, err := modules(ctx, g, body)
	m.items = append(m.items, items...)
	return err
}

// archives are those of the folder that was pointed at.
func (m *maker) archives() ([]goArchive, error) {
	if m.GoDir == "" {
		return nil, nil
	}
	all, err := findArchives(m.GoDir)
	if err == nil && len(all) == 0 {
		err = &Error{Key: "bundle.no-archives", Args: []any{m.GoDir}, Usage: true}
	}
	return all, err
}

// ownGo is the Go of this machine, or else one out of an archive: a trainer who
// took a release need not have Go.
func (m *maker) ownGo(ctx context.Context, archives []goArchive) (gotool.Go, error) {
	g, err := m.Go(ctx, m.tmp)
	var refused *gotool.Refused
	if errors.As(err, &refused) {
		return g, &Error{Key: "bundle.go-refused", Args: []any{g.Path, refused.Said}, Err: err}
	}
	if !errors.Is(err, gotool.ErrNone) {
		return g, err
	}
	here := System{runtime.GOOS, runtime.GOARCH}
	least, leastErr := leastGo(m.Component)
	if leastErr != nil {
		return g, leastErr
	}
	_, chosen, err := choose(archives, []System{here}, least)
	if err != nil {
		return g, err
	}
	if len(chosen) == 0 {
		return g, &Error{Key: "bundle.needs-go", Args: []any{here.archive(least)}, Err: gotool.ErrNone, Usage: true}
	}
	if err := chosen[0].check(published(m.GoDir)); err != nil {
		return g, err
	}
	m.Say("unpack", chosen[0].version)
	root, err := install(ctx, m.Cache, chosen[0].file, here, chosen[0].version, "")
	if err != nil {
		return g, err
	}
	return gotool.Ask(ctx, goCommand(root, here), m.tmp)
}

// goes gathers the Go of every system.
func (m *maker) goes(ctx context.Context, g gotool.Go, archives []goArchive) error {
	least, err := leastGo(m.Component)
	if err != nil {
		return err
	}
	chosenVersion, chosen, err := choose(archives, m.Systems, least)
	if err != nil {
		return err
	}
	if chosenVersion == "" {
		chosenVersion = m.preferred(g, least)
	}
	known := map[string]string{}
	if m.GoDir != "" {
		known = published(m.GoDir)
	}
	m.facts.Go = chosenVersion
	for _, s := range m.Systems {
		at := slices.IndexFunc(chosen, func(a goArchive) bool { return a.system == s })
		if err := m.goOf(ctx, g, s, chosenVersion, at, chosen, known); err != nil {
			return err
		}
	}
	if len(m.refused) > 0 {
		return refuse("bundle.no-go-download", strings.Join(m.refused, ", "), m.reason)
	}
	return nil
}

// goOf takes the archive of one system, or says where it is to be had.
func (m *maker) goOf(ctx context.Context, g gotool.Go, s System, version string, at int, chosen []goArchive, known map[string]string) error {
	var a goArchive
	var err error
	switch {
	case at >= 0:
		a = chosen[at]
		m.Say("go", base(a.file))
		err = a.check(known)
	case m.GoDownload:
		m.Say("go-download", version+" "+s.String())
		a, err = fetchGo(ctx, g, version, s)
		if said := (*Error)(nil); errors.As(err, &said) && said.Key == "bundle.no-module" {
			// The next systems are tried as well: who must fetch one by hand wants to
			// know all of them.
			m.refused, m.reason = append(m.refused, s.archive(version)), fmt.Sprint(said.Args[1])
			return nil
		}
	default:
		name := s.archive(version)
		m.facts.Missing = append(m.facts.Missing, name)
		m.facts.Downloads = append(m.facts.Downloads, Download{System: s.String(), File: name, Address: "https://go.dev/dl/" + name})
		return nil
	}
	if err != nil {
		return err
	}
	if !a.checked {
		m.facts.Unchecked = append(m.facts.Unchecked, strings.TrimPrefix(a.name(), goFolder+"/"))
	}
	one, err := fileItem(a.name(), a.file)
	m.items = append(m.items, one)
	return err
}

// preferred is the Go that a bundle has when no archive says otherwise: that of
// this machine, or of this fieldlab, or the least that will do.
func (m *maker) preferred(g gotool.Go, least string) string {
	for _, v := range []string{g.Version, runtime.Version()} {
		if goVersion.MatchString(v) && newEnough(v, least) {
			return v
		}
	}
	return least
}

// words gathers what people read: the start scripts, the examples and the pages.
func (m *maker) words(made programs) error {
	scripts, err := starts(m.Systems)
	if err != nil {
		return err
	}
	m.items = append(m.items, scripts...)
	m.items = append(m.items, bytesItem("LICENSE", made.licence))
	for _, name := range examples.Names() {
		page, about, err := examplePage(name)
		if err != nil {
			return err
		}
		m.facts.Examples = append(m.facts.Examples, about)
		m.items = append(m.items, page)
		for _, one := range examples.Files(name) {
			m.items = append(m.items, bytesItem(examplesFolder+"/"+name+"/"+one.Name, one.Body))
		}
	}
	more, err := m.Documents()
	if err != nil {
		return err
	}
	all := append([]Document{{Name: "fieldlab", Title: "README van fieldlab", Group: "Over fieldlab", From: "README.md", Body: made.readme}}, more...)
	pages, groups, err := documents(all)
	m.items = append(m.items, pages...)
	m.facts.Documents = groups
	return err
}

// write makes the folder.
func (m *maker) write(ctx context.Context, at place) (Result, error) {
	s, err := begin(at)
	if err != nil {
		return Result{}, err
	}
	result, err := m.fill(ctx, s)
	if err != nil {
		s.abandon()
		return Result{}, err
	}
	if err := s.finish(); err != nil {
		os.RemoveAll(s.dir)
		return Result{}, err
	}
	return result, nil
}

func (m *maker) fill(ctx context.Context, s *stage) (Result, error) {
	m.facts.Version, m.facts.Systems = format, m.Systems
	page, err := first(m.facts)
	if err != nil {
		return Result{}, err
	}
	m.Say("write", m.Dir)
	r := Result{Dir: s.at.dir, Downloads: m.facts.Downloads}
	for _, i := range append(m.items, page) {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if err := s.add(i); err != nil {
			return r, err
		}
	}
	r.Manifest = m.facts.Manifest
	r.Sizes = s.sizes
	body, err := json.MarshalIndent(r.Manifest, "", "  ")
	if err != nil {
		return r, err
	}
	s.sizes = map[string]int64{} // bundel.json is not in itself
	if err := s.add(bytesItem(File, append(body, '\n'))); err != nil {
		return r, err
	}
	said := s.sums.format()
	if _, err := s.write(SumsFile, false, strings.NewReader(string(said))); err != nil {
		return r, err
	}
	r.Mark, r.Files = mark(said), len(s.sums)+1
	for _, size := range r.Sizes {
		r.Bytes += size
	}
	r.Sizes = nil // bundel.json has them
	return r, nil
}
