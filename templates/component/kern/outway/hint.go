package outway

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// maxHint is as long as a hint can be, in bytes.
const maxHint = 600

// hint is what the stand-in of a source says that does find something; "" when the
// source is real, or when the component is in production.
func (o *Outway) hint(h http.Header) string {
	given := h.Get(fsc.HeaderHint)
	if !o.Development || h.Get(fsc.HeaderStandIn) == "" || len(given) > maxHint {
		return ""
	}
	text, err := url.PathUnescape(given)
	if err != nil || strings.ContainsFunc(text, unicode.IsControl) {
		return ""
	}
	return text
}
