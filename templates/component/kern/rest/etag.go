package rest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// SetETag puts the version of a resource on an answer.
func SetETag(h http.Header, version int64) { h["Etag"] = []string{Tag(version)} }

// Tag is the ETag of a version. One version has one tag: "07" is not "7", or a
// check upstream that compares the texts would pass it by.
func Tag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// VersionOf is the version that a tag is of; 0 when it is none of ours.
func VersionOf(tag string) int64 {
	n, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64)
	if err != nil || n < 1 || Tag(n) != tag {
		return 0
	}
	return n
}

// Condition is what If-Match asks of a change (RFC 9110, section 13.1.1): that
// what is there is one of the versions that the caller saw.
type Condition struct {
	any  bool     // *: whatever version there is
	tags []string // with their quotes; only those that can be the same
	weak bool     // a weak tag was among them, which is never the same
}

// IfMatch reads If-Match. Without it a change could undo that of somebody else
// unseen, so a missing header is a 428, and one that is no list of tags a 400.
func IfMatch(r *http.Request) (Condition, error) {
	given := strings.TrimSpace(strings.Join(r.Header.Values("If-Match"), ","))
	switch given {
	case "":
		return Condition{}, NewProblem(http.StatusPreconditionRequired, "Stuur de header If-Match mee met de ETag die u bij het lezen kreeg.")
	case "*":
		return Condition{any: true}, nil
	}
	var c Condition
	for rest := given; rest != ""; {
		tag, weak, after, ok := nextTag(rest)
		switch {
		case !ok:
			return Condition{}, Invalid(Fault{In: "header", Location: Location{Name: "If-Match"}, Code: "format",
				Detail: `Dit moet een ETag tussen aanhalingstekens zijn, zoals "1", meer daarvan met een komma ertussen, of alleen *.`})
		case weak:
			c.weak = true
		case tag != "":
			c.tags = append(c.tags, tag)
		}
		rest = after
	}
	return c, nil
}

// nextTag takes the first tag off a list; "" for an empty place in it, which a
// reader must pass over (RFC 9110, section 5.6.1).
func nextTag(list string) (tag string, weak bool, rest string, ok bool) {
	list = strings.TrimLeft(list, " \t")
	if after, empty := strings.CutPrefix(list, ","); empty || list == "" {
		return "", false, after, true
	}
	list, weak = strings.CutPrefix(list, "W/")
	if !strings.HasPrefix(list, `"`) {
		return "", false, "", false
	}
	end := strings.IndexByte(list[1:], '"') + 2
	if end < 2 || strings.ContainsFunc(list[:end], func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return "", false, "", false
	}
	rest, more := strings.CutPrefix(strings.TrimLeft(list[end:], " \t"), ",")
	return list[:end], weak, rest, more || rest == ""
}

// Any says whether every version will do.
func (c Condition) Any() bool { return c.any }

// Sole is the tag that must be there, when it can be one only.
func (c Condition) Sole() (tag string, ok bool) {
	if len(c.tags) != 1 {
		return "", false
	}
	return c.tags[0], true
}

// Tags are the tags of which one must be there.
func (c Condition) Tags() []string { return c.tags }

// Meets is nil when what is there has the tag that was asked, and a 412 when not.
func (c Condition) Meets(tag string) error {
	if c.any || slices.Contains(c.tags, tag) {
		return nil
	}
	return c.Stale()
}

// MeetsVersion is Meets for the tag of a version.
func (c Condition) MeetsVersion(version int64) error { return c.Meets(Tag(version)) }

// Stale is the 412 of a change that did not meet its condition.
func (c Condition) Stale() *Problem {
	if c.weak {
		return NewProblem(http.StatusPreconditionFailed, "If-Match vergelijkt streng (RFC 9110, paragraaf 13.1.1), en daarvoor is een zwakke ETag (met W/ ervoor) nooit goed. Waarschijnlijk maakte een server onderweg hem zwak, bijvoorbeeld door te comprimeren. Lees het opnieuw zonder compressie (Accept-Encoding: identity) en stuur de ETag die u dan krijgt.")
	}
	return Stale()
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
	return strings.ToLower(key), nil
}

// FingerprintHeader carries the fingerprint of what a layer of this component was
// asked, next to a key, when the body alone does not say that: of a form that is
// not stored, or of an answer of a source that differs the next time.
const FingerprintHeader = "Idempotency-Fingerprint"
