package doctor

import (
	"context"
	"net/url"
	"slices"
	"strings"
)

// buildFlags are those that go build takes, for GOFLAGS to be held against.
var buildFlags = []string{
	"C", "a", "n", "p", "race", "msan", "asan", "cover", "covermode", "coverpkg", "v", "work", "x", "asmflags", "buildmode", "buildvcs",
	"compiler", "gccgoflags", "gcflags", "installsuffix", "json", "ldflags", "linkshared", "mod", "modcacherw", "modfile", "overlay", "pgo",
	"pkgdir", "tags", "trimpath", "toolexec", "o",
	// of go test, go get and go list: go build leaves them alone
	"count", "short", "timeout", "parallel", "run", "cpu", "failfast", "shuffle", "vet", "insecure", "d", "t", "u", "e", "f", "m", "deps", "test", "fuzz", "bench", "benchmem", "coverprofile", "list", "exec", "args", "fullpath", "skip", "i",
}

// spoiling are flags with which no component can be built or run as it should.
var spoiling = []string{"n", "modfile", "overlay", "linkshared", "o", "i", "compiler", "pkgdir", "C"}

// checkFlags looks for flags in GOFLAGS that break a build.
func checkFlags(ctx context.Context, w *World) Finding {
	env, found := w.goEnv(ctx)
	if !found {
		return unseen(caseNoGo)
	}
	flags := fields(env["GOFLAGS"])
	if len(flags) == 0 {
		return good("none")
	}
	mend := w.unsetGo("GOFLAGS")
	for _, flag := range flags {
		name, value, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		switch {
		case !strings.HasPrefix(flag, "-") || name == "" || !slices.Contains(buildFlags, name):
			return wrong("unknown", flag).line(mend)
		case name == "mod" && value == "vendor" && !w.vendored():
			return wrong("vendor", flag).line(mend)
		case slices.Contains(spoiling, name), name == "buildmode" && !slices.Contains([]string{"default", "exe", "pie"}, value):
			return wrong("spoils", flag).line(mend)
		case name == "mod" && value == "mod":
			return mind("changes", flag).line(mend)
		}
	}
	return good("harmless", env["GOFLAGS"])
}

// vendored says whether the component has its modules with it.
func (w *World) vendored() bool {
	_, err := w.own("vendor/modules.txt")
	return err == nil
}

// fields are the words of a setting; quotes keep one together, as in Go.
func fields(text string) (words []string) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		if quote := text[0]; quote == '\'' || quote == '"' {
			word, rest, _ := strings.Cut(text[1:], string(quote))
			words, text = append(words, word), rest
			continue
		}
		end := strings.IndexAny(text, " \t\n\r")
		if end < 0 {
			end = len(text)
		}
		words, text = append(words, text[:end]), text[end:]
	}
	return words
}

// proxies are the places of GOPROXY, in order.
func proxies(setting string) []string {
	return strings.FieldsFunc(setting, func(r rune) bool { return r == ',' || r == '|' || r == ' ' })
}

// folderOf is the folder of a file:// address, as a path of that system.
func (w *World) folderOf(address string) (folder string, is bool) {
	u, err := url.Parse(strings.ReplaceAll(address, `\`, "/"))
	if err != nil || u.Scheme != "file" {
		return "", false
	}
	if w.OS == windows {
		return strings.ReplaceAll(strings.TrimPrefix(u.Path, "/"), "/", `\`), true
	}
	return u.Path, true
}

// checkGoProxy looks whether modules can come from where Go looks for them. It
// asks nothing of the network.
func checkGoProxy(ctx context.Context, w *World) Finding {
	env, found := w.goEnv(ctx)
	if !found {
		return unseen(caseNoGo)
	}
	setting := env["GOPROXY"]
	mend := w.unsetGo("GOPROXY")
	for _, place := range proxies(setting) {
		if folder, is := w.folderOf(place); is {
			if !w.exists(folder) {
				return wrong("no-folder", folder).line(mend)
			}
			continue
		}
		u, err := url.Parse(place)
		switch {
		case place == "off", place == "direct", place == "none":
		case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "":
			return wrong("no-address", place).line(mend)
		}
	}
	places := proxies(setting)
	switch {
	case len(places) == 0:
		return good("usual")
	case places[0] == "off":
		return good("off")
	case places[0] == "direct":
		return mind("direct").line(mend)
	}
	return good("set", setting)
}

// checkToolchain: a GOTOOLCHAIN that pins a Go of before the component's.
func checkToolchain(ctx context.Context, w *World) Finding {
	env, found := w.goEnv(ctx)
	if !found {
		return unseen(caseNoGo)
	}
	setting := env["GOTOOLCHAIN"]
	name, more, _ := strings.Cut(setting, "+")
	if strings.HasPrefix(name, "go1") && more == "" && older(name, w.minimum()) {
		return wrong("pinned", setting, w.minimum()).line(w.unsetGo("GOTOOLCHAIN"))
	}
	return good("fine", setting)
}

// checkModuleMode: GO111MODULE=off is advice from before 2021 that still goes round.
func checkModuleMode(ctx context.Context, w *World) Finding {
	env, found := w.goEnv(ctx)
	switch {
	case !found:
		return unseen(caseNoGo)
	case env["GO111MODULE"] == "off":
		return wrong("off").line(w.unsetGo("GO111MODULE"))
	}
	return good("on")
}

// checkTarget: GOOS or GOARCH for another machine give a program that does not
// start here.
func checkTarget(ctx context.Context, w *World) Finding {
	env, found := w.goEnv(ctx)
	switch {
	case !found:
		return unseen(caseNoGo)
	case env["GOOS"] != env["GOHOSTOS"]:
		return wrong("system", env["GOOS"]+"/"+env["GOARCH"]).line(w.unsetGo("GOOS"))
	case env["GOARCH"] != env["GOHOSTARCH"] && w.Env("GOARCH") != "":
		return wrong("system", env["GOOS"]+"/"+env["GOARCH"]).line(w.unsetGo("GOARCH"))
	}
	return good("this", env["GOOS"]+"/"+env["GOARCH"])
}
