package diensten

import (
	"testing"

	"git.duinstad.test/burgerzaken/verhuizing/kern/proef"
)

// TestAPI holds every operation against openapi.yaml.
func TestAPI(t *testing.T) { proef.API(t, New) }
