package doctor

import (
	"context"
	"strings"
)

// checkSync looks whether the folder goes to a cloud: such a program holds files
// while a build writes them, brings a database back to an earlier state, and makes
// copies beside it.
func checkSync(_ context.Context, w *World) Finding {
	if name := w.synced(w.Dir); name != "" {
		return mind("in", name, w.Dir).line(w.goTo(w.aside())).do("move-folder")
	}
	return good("none")
}

// aside is a folder for work that no cloud takes along.
func (w *World) aside() string {
	if w.OS == windows {
		return `C:\werk`
	}
	return w.join(strings.TrimRight(w.Home, "/"), "werk")
}

// goTo makes a folder and goes there.
func (w *World) goTo(folder string) string {
	switch w.shell() {
	case powershell:
		return "mkdir -Force " + w.quote(folder) + "; cd " + w.quote(folder)
	case cmd:
		return "mkdir " + w.quote(folder) + " & cd /d " + w.quote(folder)
	}
	return "mkdir -p " + w.quote(folder) + " && cd " + w.quote(folder)
}

// clouds are folders by which programs that synchronise are known, as they begin.
var clouds = []struct{ prefix, name string }{
	{"onedrive", "OneDrive"}, {"dropbox", "Dropbox"}, {"google drive", "Google Drive"}, {"googledrive", "Google Drive"}, {"my drive", "Google Drive"}, {"mijn drive", "Google Drive"},
	{"icloud", "iCloud Drive"}, {"com~apple~clouddocs", "iCloud Drive"}, {"mobile documents", "iCloud Drive"}, {"nextcloud", "Nextcloud"}, {"owncloud", "ownCloud"},
	{"box sync", "Box"}, {"syncthing", "Syncthing"}, {"stackstorage", "STACK"}, {"pcloud", "pCloud"}, {"sharepoint", "SharePoint"},
}

// synced is the program that synchronises a folder, as far as its name and the
// environment tell.
func (w *World) synced(dir string) string {
	for _, name := range []string{"OneDrive", "OneDriveCommercial", "OneDriveConsumer"} {
		if folder := w.Env(name); folder != "" && w.under(dir, folder) {
			return "OneDrive"
		}
	}
	parts := w.parts(dir)
	for i, part := range parts {
		folded := strings.ToLower(part)
		for _, cloud := range clouds {
			if begins(folded, cloud.prefix) {
				return cloud.name
			}
		}
		if folded == "cloudstorage" && i > 0 && strings.EqualFold(parts[i-1], "library") { // of macOS: one for all
			return "CloudStorage"
		}
	}
	// iCloud Drive takes the desktop and the documents of macOS along, where that is on.
	if w.OS == darwin && w.Home != "" {
		drive := w.join(strings.TrimRight(w.Home, "/"), "Library", "Mobile Documents", "com~apple~CloudDocs")
		for _, name := range []string{"Desktop", "Documents"} {
			if w.under(dir, w.join(strings.TrimRight(w.Home, "/"), name)) && w.exists(w.join(drive, name)) {
				return "iCloud Drive"
			}
		}
	}
	return ""
}

// begins says whether a name is a word, or the word with something of its own
// behind it: OneDrive - Gemeente Duinstad, Dropbox (Team).
func begins(name, word string) bool {
	rest, found := strings.CutPrefix(name, word)
	return found && (rest == "" || strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "drive"))
}

// checkNetworkDrive: a build on a drive of the network takes minutes, and the
// database may not be locked there.
func checkNetworkDrive(_ context.Context, w *World) Finding {
	move := func(f Finding) Finding {
		return f.line(w.goTo(w.aside())).do("move-folder")
	}
	if w.OS == windows && (strings.HasPrefix(w.Dir, `\\`) || strings.HasPrefix(w.Dir, "//")) {
		if strings.HasPrefix(strings.ToLower(w.Dir), `\\wsl`) {
			return mind("wsl", w.Dir).do("inside-wsl")
		}
		return move(mind("share", w.Dir)) // cmd cannot even be in such a folder
	}
	volume, err := w.Volume(w.standing(w.Dir))
	switch {
	case err != nil:
		return unseen(caseFailed, err.Error())
	case volume.Remote && w.OS == linux && strings.HasPrefix(w.Dir, "/mnt/") && w.Env("WSL_DISTRO_NAME") != "":
		return mind("from-wsl", w.Dir).line(w.goTo(w.aside()))
	case volume.Remote:
		return move(mind("remote", w.Dir, volume.Kind))
	}
	return good("own")
}
