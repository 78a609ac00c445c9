package adr

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// isForClient says whether the build makes a client from a description, with the generator
// of OpenAPI: then somebody else serves that API. With a generator for a server among them,
// it may be the repository's own.
func isForClient(r *check.Repo, f check.File) bool {
	for dir := path.Dir(f.Path); ; dir = path.Dir(dir) {
		for _, name := range []string{"pom.xml", "build.gradle", "build.gradle.kts"} {
			body, err := r.Read(path.Join(dir, name), 256<<10)
			if err != nil || !bytes.Contains(body, []byte("inputSpec")) || !bytes.Contains(body, []byte("/"+f.Name())) {
				continue
			}
			made := generatorName().FindAllSubmatch(body, -1)
			return len(made) > 0 && !slices.ContainsFunc(made, func(m [][]byte) bool { return !clients[string(m[1])] })
		}
		if dir == "." {
			return false
		}
	}
}

// clients are the generators that make a client, in the languages that are built so.
var clients = map[string]bool{"java": true, "kotlin": true, "java-micronaut-client": true, "typescript-angular": true, "typescript-axios": true, "typescript-fetch": true}

var generatorName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`generatorName\s*(?:>|=|\.set\(|\.value\()?\s*["'(]*\s*([a-z][a-z0-9-]*)`)
})
