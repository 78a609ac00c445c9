package own

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// maxKernFile is the size above which a file of kern is not summed: none has it.
const maxKernFile = check.MaxText

// Pristine gives the paths of kern that are byte for byte as fieldlab wrote them, by the
// sums in the base. Nothing in them is the team's, so rules that read source pass them
// over. It is empty for what is no component, and for one whose base cannot be used: then
// every file is looked at as if somebody wrote it.
//
// The sums come from the repository itself, so a team that wants to hide a file can. A
// rule for which that matters, such as one for secrets, looks at these files all the same.
func Pristine(r *check.Repo) map[string]bool {
	if !r.IsComponent() {
		return nil
	}
	b, err := base.Read(r.FS())
	if err != nil {
		return nil
	}
	return pristine(r, b)
}

func pristine(r *check.Repo, b *base.Base) map[string]bool {
	sums := make(map[string]string, len(b.Kern))
	for name, kern := range b.Kern {
		sums[name] = kern.SHA256
	}
	for _, row := range b.Manifest.Files { // a package that the team took over and did not touch
		if strings.HasPrefix(row.Path, plan.KernFolder+"/") {
			sums[row.Path] = row.SHA256
		}
	}
	// Whatever a base says: what is outside the folder of kern is the team's.
	maps.DeleteFunc(sums, func(name, _ string) bool { return !strings.HasPrefix(name, plan.KernFolder+"/") })
	same := make(map[string]bool, len(sums))
	buffer := make([]byte, 64<<10)
	for _, f := range r.Files() {
		if want, known := sums[f.Path]; known && f.Size <= maxKernFile && sumOf(r, f.Path, buffer) == want {
			same[f.Path] = true
		}
	}
	return same
}

// sumOf is the sum of a file, in hexadecimal; "" when it cannot be read.
func sumOf(r *check.Repo, name string, buffer []byte) string {
	file, err := r.FS().Open(name)
	if err != nil {
		return ""
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.CopyBuffer(sum, io.LimitReader(file, maxKernFile), buffer); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}
