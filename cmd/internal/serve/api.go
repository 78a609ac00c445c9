package serve

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// problem is what goes wrong, as RFC 9457 has it.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// refuse answers a machine with what is wrong. Nothing of the request comes back.
func refuse(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(problem{"about:blank", http.StatusText(status), status, detail})
}

// tell answers a person with one sentence.
func tell(w http.ResponseWriter, status int, sentence string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, sentence+"\n")
}

// mark tells a team that it talks to a board, and not to the page of a network that
// wants a password first.
const mark = "Fieldlab-Bord"

// api is what all requests of teams have in common: a small JSON object that is
// posted.
func (b *Board) api(do func(w http.ResponseWriter, r *http.Request, body []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(mark, "1")
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			refuse(w, http.StatusMethodNotAllowed, "Alleen POST.")
			return
		}
		kind, with, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if charset := with["charset"]; err != nil || kind != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
			refuse(w, http.StatusUnsupportedMediaType, "Alleen application/json.")
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			refuse(w, http.StatusRequestEntityTooLarge, "Hooguit 16 KiB.")
		case err != nil:
			refuse(w, http.StatusBadRequest, "Het verzoek kwam niet heel aan.")
		default:
			do(w, r, body)
		}
	}
}

// takeReport takes in how far a team is.
func (b *Board) takeReport(w http.ResponseWriter, r *http.Request, body []byte) {
	report, err := decodeReport(body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "Dit is geen stand van een team.")
		return
	}
	b.mu.Lock()
	s, status := b.admit(report.Code, addressOf(r.RemoteAddr))
	if s != nil && !report.fits(b.o.Course) {
		status = http.StatusUnprocessableEntity
	} else if s != nil {
		b.take(s, report)
	}
	b.mu.Unlock()
	if status != http.StatusOK {
		refuseTeam(w, status)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// sayTeam says whose a code is.
func (b *Board) sayTeam(w http.ResponseWriter, r *http.Request, body []byte) {
	code, err := decodeCode(body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "Dit is geen teamcode.")
		return
	}
	b.mu.Lock()
	s, status := b.admit(code, addressOf(r.RemoteAddr))
	if s != nil {
		b.hear(s)
	}
	b.mu.Unlock()
	if s == nil {
		refuseTeam(w, status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(Team{s.team.Number, s.team.Name})
}

func refuseTeam(w http.ResponseWriter, status int) {
	switch status {
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "10")
		refuse(w, status, "Te vaak. Wacht even.")
	case http.StatusUnprocessableEntity:
		refuse(w, status, "Deze stap of controle is niet van de cursus van dit bord.")
	default:
		refuse(w, status, "Deze teamcode is van geen team.")
	}
}
