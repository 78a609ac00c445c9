package course

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"regexp"
	"strings"
)

// An answer is kept as "salt:hash", so that who reads the file does not read the
// answer. It is no secret: answers are short, and who wants to can try them all.
var regexHash = regexp.MustCompile(`^[0-9a-f]{8}:[0-9a-f]{32}$`)

// Hash gives the line that stands for an answer to a question. The salt follows
// from both, so that lint says the same line again; a later change of the
// question leaves the line right.
func Hash(question, answer string) string {
	sum := sha256.Sum256([]byte("salt\x00" + question + "\x00" + plain(answer)))
	return hashWith(hex.EncodeToString(sum[:4]), answer)
}

func hashWith(salt, answer string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + plain(answer)))
	return salt + ":" + hex.EncodeToString(sum[:16])
}

// matches says whether an answer is one of those that are kept.
func matches(hashes []string, answer string) bool {
	for _, hash := range hashes {
		salt, _, _ := strings.Cut(hash, ":")
		if subtle.ConstantTimeCompare([]byte(hashWith(salt, answer)), []byte(hash)) == 1 {
			return true
		}
	}
	return false
}

// plain is what counts of an answer: no capitals, quotes, full stop or double
// spaces.
func plain(answer string) string {
	answer = strings.Join(strings.Fields(strings.ToLower(answer)), " ")
	return strings.TrimSpace(strings.Trim(answer, `"'“”‘’„.!`))
}
