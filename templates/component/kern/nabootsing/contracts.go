package nabootsing

import "time"

// States of a contract, as OpenFSC names them.
const (
	contractValid   = "CONTRACT_STATE_VALID"
	contractRevoked = "CONTRACT_STATE_REVOKED"
	contractExpired = "CONTRACT_STATE_EXPIRED"
)

// state is the state of the contract for a service. Nothing is negotiated: every
// peer has accepted, until the contract is over or a switch revokes it.
func (d *service) state(now time.Time) string {
	switch {
	case d.behaviour.is() == ContractRevoked:
		return contractRevoked
	case !d.contract.Valid(now):
		return contractExpired
	}
	return contractValid
}
