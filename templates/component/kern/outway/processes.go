package outway

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Definition is a process under which zaken can have begun.
type Definition struct {
	Version int       `json:"versie"`
	Sum     string    `json:"kenmerk"`
	BPMN    string    `json:"bpmn"` // "" in a list
	Seen    time.Time `json:"gezienOp"`
}

// OpenAt counts open zaken at a step: under which version they began (0 when it
// is not known), and on which they stay (0 when they follow the process of today).
type OpenAt struct {
	Step  string `json:"stap"`
	Began int    `json:"begonnen"`
	Stays int    `json:"blijft"`
	Count int    `json:"aantal"`
}

// OtherType counts the zaken of another zaaktype. Ours says that a process with
// that name ran here.
type OtherType struct {
	Zaaktype string `json:"zaaktype"`
	Count    int    `json:"aantal"`
	Ours     bool   `json:"eigen"`
}

// Processes is what layer 2 knows of the processes of a zaaktype.
type Processes struct {
	Definitions []Definition `json:"definities"`
	Open        []OpenAt     `json:"open"`
	Others      []OtherType  `json:"andere"`
}

// NewDefinition is a process as layer 4 hands it over.
type NewDefinition struct {
	Sum   string   `json:"kenmerk"`
	BPMN  string   `json:"bpmn"`
	Steps []string `json:"stappen"`
}

// Carry says what a change of the process does with the zaken at a step: they go
// on at another one, or those that began under Began stay on version Stays.
type Carry struct {
	From  string `json:"van"`
	To    string `json:"naar,omitempty"`
	Text  string `json:"toelichting,omitempty"` // for the history
	Stays int    `json:"blijft,omitempty"`
	Began int    `json:"begonnen,omitempty"`
	Most  int    `json:"hoogstens"` // zaken in one call
}

func processesAt(zaaktype string) string { return "/intern/processen/" + url.PathEscape(zaaktype) }

// Processes gives the definitions of a zaaktype, and where its open zaken stand.
func (s *Services) Processes(ctx context.Context, zaaktype string) (p Processes, err error) {
	_, err = s.send(ctx, call{name: "procesdefinities lezen", method: http.MethodGet, path: processesAt(zaaktype)}, &p)
	return p, err
}

// Definition gives one version, with its text.
func (s *Services) Definition(ctx context.Context, zaaktype string, version int) (d Definition, err error) {
	_, err = s.send(ctx, call{name: "procesdefinitie lezen", method: http.MethodGet, path: processesAt(zaaktype) + "/" + strconv.Itoa(version)}, &d)
	return d, err
}

// Define hands over a process and gives its version. The same one keeps it.
func (s *Services) Define(ctx context.Context, zaaktype string, d NewDefinition) (version int, err error) {
	var made struct {
		Version int `json:"versie"`
	}
	_, err = s.send(ctx, call{name: "procesdefinitie bewaren", method: http.MethodPost, path: processesAt(zaaktype), body: d}, &made)
	return made.Version, err
}

// Carry applies a change of the process to some zaken and says to how many; 0
// when none is left.
func (s *Services) Carry(ctx context.Context, zaaktype string, c Carry) (count int, err error) {
	var done struct {
		Count int `json:"aantal"`
	}
	_, err = s.send(ctx, call{name: "zaken overzetten", method: http.MethodPost, path: processesAt(zaaktype) + "/overgang", body: c}, &done)
	return done.Count, err
}
