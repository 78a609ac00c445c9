package nabootsing

import "time"

// States of a contract, as OpenFSC names them.
const (
	contractValid   = "CONTRACT_STATE_VALID"
	contractRevoked = "CONTRACT_STATE_REVOKED"
	contractExpired = "CONTRACT_STATE_EXPIRED"
)

// staat is the state of the contract for a service. Nothing is negotiated: every
// peer has accepted, until the contract is over or a switch revokes it.
func (d *dienst) staat(now time.Time) string {
	switch {
	case d.gedrag.is() == ContractIngetrokken:
		return contractRevoked
	case !d.contract.Valid(now):
		return contractExpired
	}
	return contractValid
}
