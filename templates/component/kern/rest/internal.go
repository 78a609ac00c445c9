package rest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// InternalBase is the path below which the layers of one component speak with
// each other about what is nobody else's business: sessions, drafts of forms,
// the search of inzage. It is the same in every component, so it stands in no
// specification of a team.
const InternalBase = "/intern"

// internal serves an internal route. It asks for the token of the component
// and leaves reading the body to the handler, which may stream.
func (s *server) internal(route Route) {
	handler := route.Handler
	if s.Wrap != nil {
		handler = s.Wrap(handler)
	}
	s.mux.HandleFunc(route.Method+" "+InternalBase+route.Pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := s.permit(w, r, ""); err != nil {
			Error(w, r, err)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// DecodeInternal reads the JSON body of an internal request, of at most limit
// bytes.
func DecodeInternal(w http.ResponseWriter, r *http.Request, limit int64, to any) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return tooLarge()
	}
	if err != nil {
		return NewProblem(http.StatusBadRequest, "Het verzoek is niet helemaal aangekomen.")
	}
	if json.Unmarshal(raw, to) != nil { // the text of the error may quote a value
		return Invalid(InBody("", "json", "Dit heeft niet de juiste vorm."))
	}
	return nil
}
