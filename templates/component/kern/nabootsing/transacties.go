package nabootsing

import (
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// maxTransacties is how many records the log keeps, of all peers together.
const maxTransacties = 1000

// Transactie is a record of the transaction log, with the names of FSC Logging
// 1.0. It says that a call was made, and nothing of what was asked.
type Transactie struct {
	Peer        string      `json:"peer"` // PeerID of whose log this is; not part of a record
	ID          string      `json:"transaction_id"`
	Direction   string      `json:"direction"`
	GrantHash   string      `json:"grant_hash"`
	ServiceName string      `json:"service_name"`
	CreatedAt   time.Time   `json:"created_at"`
	Source      Source      `json:"source"`
	Destination Destination `json:"destination"`
}

// Source is who asked.
type Source struct {
	Type         string `json:"type"`
	OutwayPeerID string `json:"outway_peer_id"`
}

// Destination is who answers.
type Destination struct {
	Type          string `json:"type"`
	ServicePeerID string `json:"service_peer_id"`
}

// Directions and types of a record without delegation (FSC Logging 1.0).
const (
	directionIncoming = "DIRECTION_INCOMING"
	directionOutgoing = "DIRECTION_OUTGOING"
	sourceType        = "SOURCE_TYPE_SOURCE"
	destinationType   = "DESTINATION_TYPE_DESTINATION"
)

var errLog = errors.New("the transaction log is out of order")

// transacties holds the logs of all peers of the stand-in, the last records
// first lost.
type transacties struct {
	mu      sync.Mutex
	records []Transactie
	next    int // where the next record goes once the list is full
}

// schrijf writes a record. What cannot be written must not be done.
func (t *transacties) schrijf(g Gedrag, record Transactie) error {
	if g == LogStuk {
		return errLog
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.records) < maxTransacties {
		t.records = append(t.records, record)
		return nil
	}
	t.records[t.next] = record
	t.next = (t.next + 1) % maxTransacties
	return nil
}

// Transacties gives the records of both sides, oldest first.
func (n *Nabootsing) Transacties() []Transactie {
	t := &n.transacties
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]Transactie, 0, len(t.records))
	return append(append(all, t.records[t.next:]...), t.records[:t.next]...)
}

// transactieID checks an id that somebody gave. The standard asks for a unique
// id; OpenFSC accepts UUID v7 only.
func transactieID(given string) error {
	id, err := uuid.Parse(given)
	if err != nil || len(given) != 36 {
		return errors.New("invalid uuid in header " + fsc.HeaderTransaction)
	}
	if id.Version() != 7 {
		return errors.New("invalid uuid version in header " + fsc.HeaderTransaction + ", must be v7")
	}
	return nil
}
