package doctor

import (
	"context"
	"strings"
)

// checkAntivirus only says something, on Windows: the real-time scan looks at each
// of the thousands of small files of a build. What excludes them takes an
// administrator, and is a decision of whoever looks after the laptop.
func checkAntivirus(ctx context.Context, w *World) Finding {
	env, found := w.goEnv(ctx)
	if !found || env["GOCACHE"] == "" {
		return unseen(caseNoGo)
	}
	folders := []string{env["GOCACHE"]}
	if w.Temp != "" {
		folders = append(folders, w.join(strings.TrimRight(w.Temp, `\/`), "go-build*"))
	}
	quoted := make([]string, len(folders))
	for i, folder := range folders {
		quoted[i] = "'" + strings.ReplaceAll(folder, "'", "''") + "'"
	}
	return mind("scans", env["GOCACHE"]).line("Add-MpPreference -ExclusionPath " + strings.Join(quoted, ",")).do("administrator")
}

// browsers are programs on Linux that open an address.
var browsers = []string{"xdg-open", "sensible-browser", "x-www-browser", "wslview", "firefox", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "brave-browser"}

// checkBrowser looks for something that shows pages. Windows and macOS have it.
func checkBrowser(_ context.Context, w *World) Finding {
	if w.OS == windows || w.OS == darwin {
		return good("system")
	}
	for _, name := range browsers {
		if !w.has(name) {
			continue
		}
		if w.Env("DISPLAY") == "" && w.Env("WAYLAND_DISPLAY") == "" && name != "wslview" {
			return mind("no-screen")
		}
		return good("found", name)
	}
	return mind("none").do("browser")
}

// checkContainers only says what is there: nothing needs it.
func checkContainers(_ context.Context, w *World) Finding {
	for _, name := range []string{"docker", "podman", "nerdctl"} {
		if w.has(name) {
			return good("found", name)
		}
	}
	return good("none")
}
