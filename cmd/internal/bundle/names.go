package bundle

import (
	"io/fs"
	"slices"
	"strings"
)

// longestName is how long a path in a bundle may be: Windows counts 260 with the
// folder that it is in.
const longestName = 200

// reserved are names that Windows keeps for devices, with any ending.
var reserved = []string{"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

// checkName says why a path cannot be in a bundle; "" when it can. A stick is
// FAT32 most of the time, and a bundle that comes from elsewhere may say anything.
func checkName(name string) string {
	switch {
	case !fs.ValidPath(name) || name == ".":
		return "path"
	case len(name) > longestName:
		return "long"
	}
	for element := range strings.SplitSeq(name, "/") {
		stem, _, _ := strings.Cut(strings.ToLower(element), ".")
		switch {
		case strings.ContainsFunc(element, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`<>:"\|?*`, r) }):
			return "character"
		case strings.HasSuffix(element, ".") || strings.HasSuffix(element, " ") || strings.HasPrefix(element, " "):
			return "end"
		case slices.Contains(reserved, stem):
			return "reserved"
		}
	}
	return ""
}

// fold is the name as a file system sees it that takes capitals for small letters.
func fold(name string) string { return strings.ToLower(name) }

// ofSystem are names that systems put in the root of every stick by themselves.
// They are no part of a bundle and no reason to call a stick full.
var ofSystem = []string{"system volume information", "$recycle.bin", "recycler", "lost+found", ".spotlight-v100", ".fseventsd", ".trashes",
	".temporaryitems", ".ds_store", "thumbs.db", "desktop.ini", "autorun.inf", ".documentrevisions-v100"}

// isOfSystem is about a name in a folder: what macOS writes beside a file on a
// stick, ._name, may be in all of them.
func isOfSystem(name string) bool {
	name = fold(name)
	return slices.Contains(ofSystem, name) || strings.HasPrefix(name, "._") || strings.HasPrefix(name, ".trash-")
}
