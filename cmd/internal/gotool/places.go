package gotool

import "path"

// Places are where the installers of Go put the go command, on a system and for a
// home folder: a Go that is there but not on PATH needs no second one. They are
// written with the separator of that system.
func Places(goos, home string, env func(string) string) []string {
	if goos == "windows" {
		var places []string
		for _, folder := range []string{env("ProgramFiles"), env("SystemDrive"), env("LOCALAPPDATA"), home} {
			if folder == "" {
				continue
			}
			places = append(places, folder+`\Go\bin\go.exe`)
		}
		if home != "" {
			places = append(places, home+`\scoop\apps\go\current\bin\go.exe`, home+`\sdk\go\bin\go.exe`)
		}
		return places
	}
	places := []string{"/usr/local/go/bin/go"}
	if goos == "darwin" {
		places = append(places, "/opt/homebrew/bin/go", "/usr/local/bin/go")
	} else {
		places = append(places, "/usr/lib/go/bin/go", "/snap/bin/go", "/home/linuxbrew/.linuxbrew/bin/go")
	}
	if home != "" {
		places = append(places, path.Join(home, ".local/go/bin/go"), path.Join(home, "sdk/go/bin/go"))
	}
	return places
}

// Install is the line that puts a Go of a version, such as 1.26.8, on a system:
// nothing in it needs an administrator, but for the one of Windows, which asks
// for one itself when it needs it.
func Install(goos, goarch, version string) string {
	switch goos {
	case "windows":
		return "winget install --exact --id GoLang.Go"
	case "darwin", "linux":
		// A folder of its own: an archive that is unpacked over another Go breaks both.
		folder := "~/.local/go" + version
		return "mkdir -p " + folder + " && curl -fsSL https://go.dev/dl/go" + version + "." + goos + "-" + goarch +
			".tar.gz | tar -xz -C " + folder + " --strip-components=1 && export PATH=" + folder + `/bin:"$PATH"`
	}
	return "https://go.dev/dl/"
}
