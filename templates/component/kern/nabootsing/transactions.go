package nabootsing

import (
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// maxTransactions is how many records the log keeps, of all peers together.
const maxTransactions = 1000

// Transaction is a record of the transaction log, with the names of FSC Logging
// 1.0. It says that a call was made, and nothing of what was asked.
type Transaction struct {
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

// transactionLog holds the logs of all peers of the stand-in, the last records
// first lost.
type transactionLog struct {
	mu      sync.Mutex
	records []Transaction
	next    int // where the next record goes once the list is full
}

// write writes a record. What cannot be written must not be done.
func (t *transactionLog) write(b Behaviour, record Transaction) error {
	if b == LogBroken {
		return errLog
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.records) < maxTransactions {
		t.records = append(t.records, record)
		return nil
	}
	t.records[t.next] = record
	t.next = (t.next + 1) % maxTransactions
	return nil
}

// Transactions gives the records of both sides, oldest first.
func (n *StandIn) Transactions() []Transaction {
	t := &n.transactions
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]Transaction, 0, len(t.records))
	return append(append(all, t.records[t.next:]...), t.records[:t.next]...)
}

// checkTransactionID checks an id that somebody gave. The standard asks for a unique
// id; OpenFSC accepts UUID v7 only.
func checkTransactionID(given string) error {
	id, err := uuid.Parse(given)
	if err != nil || len(given) != 36 {
		return errors.New("invalid uuid in header " + fsc.HeaderTransaction)
	}
	if id.Version() != 7 {
		return errors.New("invalid uuid version in header " + fsc.HeaderTransaction + ", must be v7")
	}
	return nil
}
