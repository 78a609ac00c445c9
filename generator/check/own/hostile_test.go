package own_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/check/own"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// TestHostile: whatever stands in what fieldlab remembers, nothing hangs or crashes, and
// nothing outside the repository is read.
func TestHostile(t *testing.T) {
	t.Parallel()
	files := component(t, "verhuizing")
	random := rand.New(rand.NewPCG(13, 13)) // #nosec G404 -- The same each time.
	for range 10 {
		for _, name := range []string{plan.ManifestPath, plan.BasisPath, plan.KernLinesPath, answers.FileName, "go.mod"} {
			body := bytes.Clone(files[name].Data)
			for range 1 + random.IntN(8) {
				switch at := random.IntN(len(body)); random.IntN(3) {
				case 0:
					body[at] ^= byte(1 + random.IntN(255))
				case 1:
					body = append(body[:at:at], body[min(at+random.IntN(200), len(body)):]...)
				default:
					body = append(body[:at:at], append([]byte("../../\x00"), body[at:]...)...)
				}
				if len(body) == 0 {
					body = []byte{0}
				}
			}
			changed := apply(t, files, []edit{{name, "", string(body)}})
			own.Pristine(open(t, changed))
			sound(t, changed)
		}
	}
	for _, text := range []string{"", "\x00", strings.Repeat("{", 1<<20), strings.Repeat("- ", 1<<16), "a: &a [*a]\n", `{"version":3,"kern":"x","files":[{"path":"/etc/passwd"}]}`} {
		for _, name := range []string{plan.ManifestPath, plan.BasisPath, plan.KernLinesPath, answers.FileName, "go.mod", "4-proces/x.go", migration} {
			sound(t, apply(t, files, []edit{{name, "", text}}))
		}
	}
}

func sound(t *testing.T, files fstest.MapFS) {
	t.Helper()
	for _, v := range look(t, files, "1.2.3").Verdicts {
		for _, m := range v.Missed {
			if m.Why == "crashed" || m.Why == "slow" {
				t.Fatalf("%s: %s", v.Rule.ID, m.Why)
			}
		}
	}
}
