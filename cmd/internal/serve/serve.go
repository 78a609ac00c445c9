// Package serve is what a trainer's laptop offers to the others in the room: the
// board of a workshop and the files of a bundle. It only takes in how far a team
// is, and trusts nothing of it.
package serve

import (
	"context"
	"net/http"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
)

// Report is all that a team sends to the board.
type Report struct {
	Code    string  `json:"code"`
	Step    string  `json:"step"`
	Checks  []Check `json:"checks"`
	Running bool    `json:"running"`
	Help    bool    `json:"help"`
}

// Check is one check of the step.
type Check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
}

// Send sends a report to the board at an address such as http://192.168.1.5:8090.
func Send(ctx context.Context, address string, r Report) error { return nil }

// Joined is what .fieldlab/workshop/bord.json holds.
type Joined struct {
	Address string `json:"address"`
	Code    string `json:"code"`
}

// ReadJoined reads it in a component; false when the team joined no board.
func ReadJoined(dir string) (Joined, bool) { return Joined{}, false }

// Board is the handler of the board of the workshop in dir.
func Board(w *workshop.Workshop, dir string) (http.Handler, error) { return nil, nil }

// Bundle is the handler that offers the bundle in dir, read-only.
func Bundle(dir string) (http.Handler, error) { return nil, nil }
