package bundle

import (
	"embed"
	"strings"
)

//go:embed scripts/start-linux.sh scripts/start-macos.command scripts/start-windows.cmd
var scripts embed.FS

// starts are the start scripts of the systems in a bundle, with the line endings of
// each: cmd.exe does not find a label in a file without a carriage return.
func starts(systems []System) ([]item, error) {
	var items []item
	for _, one := range []struct{ os, name string }{{"darwin", "start-macos.command"}, {"linux", "start-linux.sh"}, {"windows", "start-windows.cmd"}} {
		if !has(systems, one.os) {
			continue
		}
		body, err := scripts.ReadFile("scripts/" + one.name)
		if err != nil {
			return nil, err
		}
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		if one.os == "windows" {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		made := bytesItem(one.name, []byte(text))
		made.exec = one.os != "windows"
		items = append(items, made)
	}
	return items, nil
}

func has(systems []System, os string) bool {
	for _, s := range systems {
		if s.OS == os {
			return true
		}
	}
	return false
}
