package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// facts are what the committed files say of the component.
type facts struct {
	Name, Repository, Licence string // of publiccode.yml
	Released                  string // the newest version in CHANGELOG.md
}

var (
	scalar = regexp.MustCompile(`(?m)^ *(name|url|license): *(\S.*?) *$`)
	// With and without the brackets and the date of Keep a Changelog.
	release = regexp.MustCompile(`(?m)^## \[?v?([0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)\]?(?: |\(|\r?$)`)
)

// neverReleased is the version before there is one.
const neverReleased = "0.0.0"

func readFacts(p place) (facts, error) {
	publiccode, err := os.ReadFile(p.path("publiccode.yml"))
	if err != nil {
		return facts{}, fmt.Errorf("publiccode.yml zegt hoe het component heet, waar de code staat en wat de licentie is: %w", err)
	}
	found := map[string]string{}
	for _, m := range scalar.FindAllStringSubmatch(string(publiccode), -1) {
		// The first of each: a name or url further down is of somebody else.
		if _, twice := found[m[1]]; !twice {
			found[m[1]] = plain(m[2])
		}
	}
	f := facts{Name: found["name"], Repository: found["url"], Licence: found["license"], Released: neverReleased}
	if f.Name == "" || f.Licence == "" {
		return facts{}, fmt.Errorf("publiccode.yml heeft geen name, of geen license onder legal")
	}
	changes, err := os.ReadFile(p.path("CHANGELOG.md"))
	if err != nil {
		return facts{}, fmt.Errorf("CHANGELOG.md zegt wat de nieuwste versie is: %w", err)
	}
	if m := release.FindSubmatch(changes); m != nil {
		f.Released = string(m[1])
	}
	return f, nil
}

// plain is the value of a scalar of YAML on one line.
func plain(v string) string {
	if len(v) >= 2 && v[0] == '\'' && v[len(v)-1] == '\'' {
		return strings.ReplaceAll(v[1:len(v)-1], "''", "'")
	}
	if s, err := strconv.Unquote(v); err == nil && v[0] == '"' {
		return s
	}
	v, _, _ = strings.Cut(v, " #")
	return strings.TrimSpace(v)
}

// origin is which source something was made from.
type origin struct {
	Version, Commit string
	Date            time.Time // of the commit
	Tag             string    // when the commit has one that is a version
}

// changed is behind the version and the commit when there is more in the folder than
// in the commit.
const changed = "-gewijzigd"

func (o origin) changed() bool { return strings.HasSuffix(o.Commit, changed) }

var versionTag = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$`)

// readOrigin asks git. Nothing of it depends on this moment or this machine.
func readOrigin(ctx context.Context, p place) (origin, error) {
	head, err := p.output(ctx, "git", "log", "-1", "--format=%H %ct")
	if err != nil {
		return origin{}, fmt.Errorf("er is nog geen commit, en een image zegt van welke commit het is: %w", err)
	}
	commit, seconds, _ := strings.Cut(strings.TrimSpace(head), " ")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || len(commit) < 12 {
		return origin{}, fmt.Errorf("git noemt geen commit met een datum maar %q", head)
	}
	o := origin{Commit: commit, Date: time.Unix(unix, 0).UTC()}
	tags, err := p.output(ctx, "git", "tag", "--points-at", "HEAD", "--sort=-version:refname")
	if err != nil {
		return origin{}, err
	}
	for _, tag := range strings.Fields(tags) {
		if versionTag.MatchString(tag) {
			o.Tag = tag
			break
		}
	}
	o.Version = strings.TrimPrefix(o.Tag, "v")
	if o.Version == "" {
		// As Go does for a commit without a tag: it sorts before every release.
		o.Version = neverReleased + "-" + o.Date.Format("20060102150405") + "-" + commit[:12]
	}
	status, err := p.output(ctx, "git", "status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=none", "--", ".")
	if err != nil {
		return origin{}, err
	}
	if strings.TrimSpace(status) != "" {
		o.Version, o.Commit = o.Version+changed, o.Commit+changed
	}
	return o, nil
}
