package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Team is whose a code is, as the board says it.
type Team struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
}

// Refusal is why nothing reached the board. Code is one of a closed list, for who
// says it in another language; Error says it in Dutch.
type Refusal struct {
	Code    string // address, code, unreachable, no-board, unknown, often, misfit, failed
	Address string
}

var refusals = map[string]string{
	"address":     "%q is geen adres van een bord. Het ziet eruit als 192.168.1.5:8090.",
	"code":        "Dit is geen teamcode. Hij staat op het blad van uw team: zes letters en cijfers.",
	"unreachable": "Het bord op %s antwoordt niet. Zit u op hetzelfde netwerk als de trainer, en staat het bord aan?",
	"no-board":    "Op %s antwoordt iets anders dan een bord. Vraagt het netwerk eerst om een wachtwoord, of is het adres van iets anders?",
	"unknown":     "Het bord op %s kent deze teamcode niet. Hij staat op het blad van uw team.",
	"often":       "Het bord op %s kreeg te veel in korte tijd. Probeer het over een halve minuut nog eens.",
	"misfit":      "Het bord op %s volgt een andere cursus dan dit component.",
	"failed":      "Het bord op %s kon het niet verwerken.",
}

func (r Refusal) Error() string {
	if words := refusals[r.Code]; strings.Contains(words, "%") {
		return fmt.Sprintf(words, r.Address)
	}
	return refusals[r.Code]
}

// DefaultPort is where a board listens when nobody says otherwise.
const DefaultPort = 8090

// ParseAddress makes of what somebody typed the address of a board: http://host:port.
func ParseAddress(typed string) (string, error) {
	wrong := Refusal{"address", typed}
	full := strings.TrimSpace(typed)
	if !strings.Contains(full, "://") {
		full = "http://" + full
	}
	u, err := url.Parse(full)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" || strings.Trim(u.Path, "/") != "" {
		return "", wrong
	}
	host, ok := hostName(u.Host)
	if !ok {
		return "", wrong
	}
	port := u.Port()
	if port == "" && u.Scheme == "http" {
		port = strconv.Itoa(DefaultPort)
	}
	if port != "" {
		host = net.JoinHostPort(host, port)
	} else if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return u.Scheme + "://" + host, nil
}

// ParseCode makes of what somebody typed a code: in capitals, without spaces and
// dashes.
func ParseCode(typed string) (string, error) {
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(typed)))
	odd := func(r rune) bool { return !('A' <= r && r <= 'Z' || '0' <= r && r <= '9') }
	if len(code) != 6 || strings.ContainsFunc(code, odd) {
		return "", Refusal{"code", ""}
	}
	return code, nil
}

// Send sends a report to the board at an address such as http://192.168.1.5:8090.
// What goes wrong is a Refusal, or the context's error.
func Send(ctx context.Context, address string, r Report) error {
	if r.Checks == nil {
		r.Checks = []Check{}
	}
	_, err := post(ctx, address, "/api/v1/stand", r, http.StatusNoContent)
	return err
}

// Ask asks the board whose a code is; the team shows on the board from then on.
func Ask(ctx context.Context, address, code string) (Team, error) {
	body, err := post(ctx, address, "/api/v1/team", map[string]string{"code": code}, http.StatusOK)
	if err != nil {
		return Team{}, err
	}
	var team Team
	if err := json.Unmarshal(body, &team); err != nil || team.Number < 1 || team.Name == "" || !utf8.ValidString(team.Name) || len(team.Name) > 400 {
		return Team{}, Refusal{"no-board", address}
	}
	return team, nil
}

// post sends one object. It goes to the host that was typed and nowhere else: no
// proxy of an office stands between two laptops in a room, and no redirect is
// followed. Of the answer it reads no more than there can be.
func post(ctx context.Context, address, path string, body any, want int) ([]byte, error) {
	base, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	sent, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(within, http.MethodPost, base+path, bytes.NewReader(sent))
	if err != nil {
		return nil, Refusal{"address", address}
	}
	r.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 3 * time.Second}).DialContext,
		TLSHandshakeTimeout: 3 * time.Second, ResponseHeaderTimeout: 4 * time.Second,
		MaxResponseHeaderBytes: 16 << 10, DisableKeepAlives: true, DisableCompression: true,
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, Refusal{"unreachable", base}
	}
	defer answer.Body.Close()
	received, err := io.ReadAll(io.LimitReader(answer.Body, mostBody))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case answer.Header.Get(mark) == "":
		return nil, Refusal{"no-board", base}
	case err != nil:
		return nil, Refusal{"unreachable", base}
	case answer.StatusCode == want:
		return received, nil
	}
	return nil, Refusal{refusalOf(answer.StatusCode), base}
}

func refusalOf(status int) string {
	switch status {
	case http.StatusForbidden:
		return "unknown"
	case http.StatusTooManyRequests:
		return "often"
	case http.StatusUnprocessableEntity:
		return "misfit"
	}
	return "failed"
}

// RefusalCodes are the codes of a Refusal.
func RefusalCodes() []string {
	codes := make([]string, 0, len(refusals))
	for code := range refusals {
		codes = append(codes, code)
	}
	return codes
}
