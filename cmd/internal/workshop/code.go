package workshop

import (
	"crypto/rand"
	"io"
)

// codeLetters are the characters of a teamcode: none that looks like another when
// it is read from a screen or a sheet.
const codeLetters = "ACDEFGHJKMNPQRTUVWXY34679"

// newCodes makes a different code for each of so many teams.
func newCodes(number int, random io.Reader) ([]string, error) {
	if random == nil {
		random = rand.Reader
	}
	taken := map[string]bool{}
	codes := make([]string, 0, number)
	for len(codes) < number {
		code, err := newCode(random)
		if err != nil {
			return nil, err
		}
		if !taken[code] {
			taken[code] = true
			codes = append(codes, code)
		}
	}
	return codes, nil
}

// newCode draws six letters, each as likely as any other: a byte beyond the last
// whole multiple is drawn again.
func newCode(random io.Reader) (string, error) {
	code := make([]byte, 0, 6)
	most := byte(256 / len(codeLetters) * len(codeLetters))
	for len(code) < cap(code) {
		var b [1]byte
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return "", err
		}
		if b[0] < most {
			code = append(code, codeLetters[int(b[0])%len(codeLetters)])
		}
	}
	return string(code), nil
}
