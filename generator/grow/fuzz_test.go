package grow

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// FuzzGrow: whatever the answers are, sound or not, a change gives an error or
// other answers; it never falls over and leaves what goes in alone.
func FuzzGrow(f *testing.F) {
	f.Add([]byte(kap), uint64(1))
	for _, c := range others {
		f.Add([]byte(c.text), uint64(2))
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		d, _ := answers.Parse("", data) // with mistakes too: what could be read
		r := rand.New(rand.NewPCG(seed, 1))
		for range 8 {
			op := random(r, d.Answers)
			before := clone(d.Answers)
			now, _, err := op.run(d.Answers)
			if !reflect.DeepEqual(before, d.Answers) {
				t.Fatalf("%s changed what went in", op.said)
			}
			if err == nil {
				d.Answers = now
			}
		}
	})
}
