package rest

import (
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// refuse answers a request that is not as the specification says. While a new
// version is rolled out its layers meet those of the version before; what such a
// caller asks may be right over there. It hears that it can try again, and finds its
// own version then, or the new one.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if made := identity.MadeFor(r.Header); made != "" && (made != s.contract.Sum || strings.HasPrefix(r.URL.Path, InternalBase+"/")) {
		logger(w).Warn("een laag van een andere versie vroeg iets dat deze versie niet kent", "methode", r.Method, "route", r.Pattern)
		err = NewProblem(http.StatusServiceUnavailable, "Er wordt nu een andere versie van dit component uitgerold; probeer het zo nog eens.").With("Retry-After", "1")
	}
	Error(w, r, err)
}
