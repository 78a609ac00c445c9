package start

import (
	"cmp"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
)

// What this program is made of. The one who builds an image says it, with
// -ldflags "-X <module>/kern/start.Version=1.2.0 -X …Commit=… -X …Date=…"; without
// that the program knows what Go wrote down.
var (
	Version string // 1.2.0
	Commit  string
	Date    string // of the commit
)

// unknown stands where nobody said it.
const unknown = "onbekend"

// release is a version that somebody gave; Go makes up others from a commit.
var release = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$`)

// madeUp is the end of a version that Go makes up.
var madeUp = regexp.MustCompile(`-(0\.)?\d{14}-[0-9a-f]{12}$`)

// build is what the program is made of, in words.
type build struct{ Version, Commit, Date string }

// built is that of this program.
var built = sync.OnceValue(func() build {
	info, _ := debug.ReadBuildInfo()
	return madeOf(info)
})

func madeOf(info *debug.BuildInfo) build {
	found := map[string]string{}
	if info != nil {
		for _, s := range info.Settings {
			found[s.Key] = s.Value
		}
		if v := info.Main.Version; release.MatchString(v) && !madeUp.MatchString(v) {
			found["version"] = strings.TrimPrefix(v, "v")
		}
	}
	commit := found["vcs.revision"]
	if commit != "" && found["vcs.modified"] == "true" {
		commit += " met wijzigingen"
	}
	return build{
		cmp.Or(printable(Version), found["version"], unknown),
		cmp.Or(printable(Commit), commit, unknown),
		cmp.Or(printable(Date), found["vcs.time"], unknown),
	}
}

// printable is a text from outside without what does not belong on one line.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.TrimSpace(text))
}

func (b build) String() string {
	return b.Version + " (commit " + b.Commit + ", datum " + b.Date + ")"
}
