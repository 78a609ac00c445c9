package doctor

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Room on disk: the build cache of one component with its tests takes some 700 MB,
// the modules 400.
const (
	roomNeeded = 1 << 30
	roomWanted = 3 << 30
)

// place is a folder that is written to.
type place struct {
	what string // for the texts: doctor.place.<what>
	path string
}

// places are the folders that a build and a component write to; those that are not
// there yet by the folder above them.
func (w *World) places(ctx context.Context) []place {
	env, _ := w.goEnv(ctx)
	temp := w.Temp
	if env["GOTMPDIR"] != "" {
		temp = env["GOTMPDIR"]
	}
	var all []place
	for _, p := range []place{{"here", w.Dir}, {"home", w.Home}, {"cache", env["GOCACHE"]}, {"modules", env["GOMODCACHE"]}, {"temp", temp}} {
		if p.path != "" && p.path != "off" && !slices.ContainsFunc(all, func(other place) bool { return other.path == p.path }) {
			all = append(all, p)
		}
	}
	return all
}

// standing is the nearest folder above a path that is there.
func (w *World) standing(path string) string {
	for range 100 {
		if w.exists(path) {
			return path
		}
		at := strings.LastIndexAny(path, `/\`)
		if at <= 0 {
			return path
		}
		path = path[:at]
	}
	return path
}

// checkDisk looks whether there is room where it is needed.
func checkDisk(ctx context.Context, w *World) Finding {
	least, where, failure := uint64(1<<63), "", error(nil)
	for _, p := range w.places(ctx) {
		if p.what == "home" { // nothing large comes there by itself
			continue
		}
		volume, err := w.Volume(w.standing(p.path))
		if err != nil {
			failure = err
			continue
		}
		if volume.Free < least {
			least, where = volume.Free, p.path
		}
	}
	switch {
	case where == "" && failure != nil:
		return unseen(caseFailed, failure.Error())
	case where == "":
		return unseen(caseFailed, "?")
	case least < roomNeeded:
		return wrong("full", size(least), where).line(w.cleanUp())
	case least < roomWanted:
		return mind("little", size(least), where).line(w.cleanUp())
	}
	return good("room", size(least))
}

// cleanUp is the line that throws away what Go makes again by itself.
func (w *World) cleanUp() string { return "go clean -cache -testcache" }

// size is a number of bytes for people.
func size(bytes uint64) string {
	const mega, giga = 1 << 20, 1 << 30
	if bytes < giga {
		return strconv.FormatUint(bytes/mega, 10) + " MB"
	}
	return strconv.FormatUint(bytes/giga, 10) + " GB"
}

// checkWrite writes a small file everywhere that a build does, and takes it away.
func checkWrite(ctx context.Context, w *World) Finding {
	if w.Home == "" {
		return wrong("no-home").line(w.set(w.homeVariable(), w.homeExample()))
	}
	env, asked := w.goEnv(ctx)
	if asked && (env["GOCACHE"] == "" || env["GOCACHE"] == "off") {
		return wrong("no-cache").line(w.set("GOCACHE", w.join(strings.TrimRight(w.Home, `/\`), ".cache", "go-build")))
	}
	for _, p := range w.places(ctx) {
		if ctx.Err() != nil {
			return unseen(caseSlow)
		}
		folder := w.standing(p.path)
		_, err := w.Probe(folder)
		switch {
		case err == nil:
		case errors.Is(err, syscall.EROFS):
			return wrong("read-only", folder).do("move-"+p.what, p.path)
		case errors.Is(err, syscall.ENOSPC):
			return wrong("no-room", folder).line(w.cleanUp())
		case errors.Is(err, fs.ErrPermission) && w.protected(folder):
			return wrong("protected", folder).do("protected")
		default:
			return wrong("denied", folder).do("move-"+p.what, p.path)
		}
	}
	return good("all")
}

// protected says whether Windows keeps programs that it does not know from writing
// in a folder of the person: controlled folder access, which looks like a lack of
// rights.
func (w *World) protected(folder string) bool {
	return w.OS == windows && w.Home != "" && w.under(folder, w.Home)
}

func (w *World) homeVariable() string {
	if w.OS == windows && w.shell() != posix {
		return "USERPROFILE"
	}
	return "HOME"
}

func (w *World) homeExample() string {
	switch w.OS {
	case windows:
		return `C:\Users\jan`
	case darwin:
		return "/Users/jan"
	}
	return "/home/jan"
}

// checkExec: go run puts a program in the folder for temporary files and starts it
// there.
func checkExec(ctx context.Context, w *World) Finding {
	for _, p := range w.places(ctx) {
		if p.what != "temp" {
			continue
		}
		volume, err := w.Volume(w.standing(p.path))
		if err != nil {
			return unseen(caseFailed, err.Error())
		}
		if volume.NoExec {
			own := w.join(strings.TrimRight(w.Home, `/\`), "tmp")
			return wrong("not-allowed", p.path).line(w.both("mkdir -p "+w.quote(own), w.set("GOTMPDIR", own)))
		}
	}
	return good("allowed")
}

// Lengths of paths. Windows takes 260 characters unless somebody set it otherwise;
// the deepest file of a component and what a build adds need some of those.
const (
	windowsPath = 260
	deepest     = 110
	unixPath    = 1024 // of macOS, the strictest
)

// checkPath looks whether the path of the folder leaves room for what comes in it,
// and has nothing that trips programs.
func checkPath(_ context.Context, w *World) Finding {
	most := unixPath
	if w.OS == windows {
		most = windowsPath
	}
	length := len([]rune(w.Dir))
	switch {
	case length+deepest > most:
		return wrong("long", length, most-deepest).line(w.goTo(w.aside())).do("short-folder")
	case strings.ContainsAny(w.Dir, "\n\r\t"), w.OS != windows && strings.ContainsRune(w.Dir, ':'):
		return mind("strange", strconv.QuoteToASCII(w.Dir)).do("short-folder")
	}
	return good("short")
}

// checkCase: on a disk that takes capitals and small letters for the same, a folder
// that is called by another name than its own becomes two packages.
func checkCase(_ context.Context, w *World) Finding {
	parts := w.parts(w.Dir)
	path := ""
	if w.OS != windows {
		path = "/"
	}
	for i, name := range parts {
		above := path
		if i == 0 && w.OS == windows {
			path = name + `\`
			continue
		}
		path = strings.TrimRight(path, `/\`) + w.join("", name)
		names, err := w.List(above)
		if err != nil || slices.Contains(names, name) {
			continue // a folder above that may not be listed says nothing
		}
		if at := slices.IndexFunc(names, func(other string) bool { return strings.EqualFold(other, name) }); at >= 0 {
			return mind("other", name, names[at]).line("cd " + w.quote(strings.TrimRight(above, `/\`)+w.join("", names[at])+w.rest(parts[i+1:])))
		}
	}
	return good("same")
}

func (w *World) rest(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return w.join("", w.join(parts...))
}

// checkClock compares the clock with that of the disk, and with the day on which
// this fieldlab was made: a clock that is behind does not trust any certificate.
func checkClock(_ context.Context, w *World) Finding {
	const days = 24 * time.Hour
	now := w.Now()
	if !w.Released.IsZero() && now.Before(w.Released.Add(-2*days)) {
		return wrong("behind", now.Format(time.DateOnly), w.Released.Format(time.DateOnly)).line(w.setClock())
	}
	written, err := w.Probe(w.standing(w.Temp))
	if err != nil {
		return unseen(caseFailed, err.Error())
	}
	apart := w.Now().Sub(written).Abs()
	if apart > time.Minute {
		return mind("disk", apart.Round(time.Second).String()).line(w.setClock())
	}
	if w.Dir != w.Temp && w.isComponent() {
		if written, err = w.Probe(w.Dir); err == nil && w.Now().Sub(written).Abs() > time.Minute {
			return mind("disk", w.Now().Sub(written).Abs().Round(time.Second).String()).line(w.setClock())
		}
	}
	return good("right")
}

// setClock is the line that lets the system ask what time it is.
func (w *World) setClock() string {
	switch w.OS {
	case windows:
		return "w32tm /resync"
	case darwin:
		return "sudo sntp -sS time.apple.com"
	}
	return "sudo timedatectl set-ntp true"
}
