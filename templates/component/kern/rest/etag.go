package rest

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// SetETag puts the version of a resource on an answer.
func SetETag(h http.Header, version int64) {
	h["Etag"] = []string{`"` + strconv.FormatInt(version, 10) + `"`}
}

// IfMatch is the version that the caller saw, from If-Match. Without it a
// change could undo that of somebody else unseen, so a missing header is a 428
// and one that cannot be ours a 412.
func IfMatch(r *http.Request) (int64, error) {
	given := r.Header.Get("If-Match")
	if given == "" {
		return 0, NewProblem(http.StatusPreconditionRequired, "Stuur de header If-Match mee met de ETag die u bij het lezen kreeg.")
	}
	text, ok := strings.CutPrefix(given, `"`)
	text, end := strings.CutSuffix(text, `"`)
	n, err := strconv.ParseInt(text, 10, 64)
	// One version has one tag: "07" is not "7", or a check upstream that compares
	// the texts would pass it by.
	if !ok || !end || err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, Stale()
	}
	return n, nil
}

// Stale is the 412 of somebody who changes what has been changed meanwhile.
func Stale() *Problem {
	return NewProblem(http.StatusPreconditionFailed, "Dit is intussen gewijzigd. Lees het opnieuw en probeer het daarna nog eens.")
}

// IdempotencyKey is the key with which a caller can repeat a POST safely; "" when
// there is none.
func IdempotencyKey(r *http.Request) (string, error) {
	key := r.Header.Get("Idempotency-Key")
	if key != "" && !value.IsUUID(key) {
		return "", Invalid(Fault{In: "header", Location: Location{Name: "Idempotency-Key"}, Detail: "Dit moet een UUID zijn.", Code: "format"})
	}
	return key, nil
}
