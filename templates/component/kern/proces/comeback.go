package proces

import (
	"errors"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

const (
	soon    = 5 * time.Second  // when the register does not say how long it takes
	repairs = 20 * time.Second // from here on it waits for a person
)

// comeBack is the Retry-After of a register that cannot do it now: what it asks
// itself, when that is longer than usual.
func comeBack(err error) string {
	wait := soon
	if f, ok := errors.AsType[*outway.Fault](err); ok {
		wait = min(max(wait, f.Wait), maxWait)
	}
	return toegang.RetryAfter(wait)
}
