package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"
)

const (
	// KernFolder holds the machinery of a component: the same for all of them,
	// and replaced as a whole by a later fieldlab.
	KernFolder = "kern"
	// VersionPath says, in kern, which fieldlab it comes from.
	VersionPath = KernFolder + "/VERSIE"
)

// versionBody is the one line of VersionPath.
func versionBody(version string) []byte {
	return []byte(strings.TrimSpace("fieldlab "+version) + "\n")
}

// shipped says whether a file or folder of the pack goes along to a component.
// The tests of kern and what they read do not: kern is tested here, and who
// does not change it has nothing to test. The harness for the tests of a team,
// kern/proef, is no test itself and does go along.
func shipped(name string) bool {
	if !within(name, KernFolder) {
		return true
	}
	return path.Base(name) != "testdata" && !strings.Contains(name, "/testdata/") && !strings.HasSuffix(name, "_test.go")
}

// KernSum is the one sum of everything in kern, by which it shows later whether
// anybody changed it. It is the SHA-256, in hexadecimal, of a line for each file
// below kern, sorted by path byte by byte:
//
//	path from kern, NUL, SHA-256 of the file in hexadecimal, newline
//
// VERSIE does not count, so that two versions of fieldlab with the same
// machinery give a component the same sum. Modes do not count either: not
// every system keeps them. The module of the component does, as it is part of
// the imports: the sums of two components are not comparable. What the team took
// over is not kern any more and does not count.
func KernSum(files []File) string {
	sums := map[string]string{}
	for _, file := range files {
		if file.Owner != Merged && strings.HasPrefix(file.Path, KernFolder+"/") && file.Path != VersionPath {
			if sums[file.Path] = file.SHA256; file.SHA256 == "" {
				sums[file.Path] = SumOf(file.Body)
			}
		}
	}
	return KernSumOf(sums)
}

// KernSumOf is KernSum of files of which the sum is known, by path.
func KernSumOf(sums map[string]string) string {
	lines := make([]string, 0, len(sums))
	for name, sum := range sums {
		if name != VersionPath {
			lines = append(lines, strings.TrimPrefix(name, KernFolder+"/")+"\x00"+sum+"\n")
		}
	}
	slices.Sort(lines) // a NUL is in no path, so this is the order of the paths
	sum := sha256.New()
	for _, line := range lines {
		sum.Write([]byte(line))
	}
	return hex.EncodeToString(sum.Sum(nil))
}
