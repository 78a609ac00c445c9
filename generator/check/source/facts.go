package source

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// facts are what holds for the whole repository: what is read before the first file, and
// what is only known after the last.
type facts struct {
	module string            // of go.mod at the top
	spaces map[string]string // folders of namespaces of PHP, from composer.json
}

func newFacts(r *check.Repo) facts {
	f := facts{spaces: map[string]string{}}
	if body, err := r.Read("go.mod", 1<<16); err == nil {
		for line := range bytes.Lines(body) {
			if name, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("module ")); ok {
				f.module = strings.Trim(string(name), ` "`)
				break
			}
		}
	}
	if body, err := r.Read("composer.json", 1<<18); err == nil {
		var composer struct {
			Autoload struct {
				PSR4 map[string]any `json:"psr-4"`
			} `json:"autoload"`
		}
		if json.Unmarshal(body, &composer) == nil {
			for space, folder := range composer.Autoload.PSR4 {
				if name, ok := folder.(string); ok {
					f.spaces[space] = name
				}
			}
		}
	}
	if len(f.spaces) == 0 {
		f.spaces[`App\`] = "src/"
	}
	return f
}

// phpTarget gives the file in which a class of PHP stands, "" for one of others.
func (f facts) phpTarget(class string) string {
	best, folder := "", ""
	for space, name := range f.spaces {
		if strings.HasPrefix(class, space) && len(space) > len(best) {
			best, folder = space, name
		}
	}
	if best == "" {
		return ""
	}
	return strings.TrimSuffix(folder, "/") + "/" + strings.ReplaceAll(class[len(best):], `\`, "/")
}
