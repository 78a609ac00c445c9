package check

import (
	"testing"
	"time"
)

// ShortPatience makes a test that waits for a hang a short one.
func ShortPatience(t *testing.T) {
	file, end := filePatience, endPatience
	filePatience, endPatience = 50*time.Millisecond, 100*time.Millisecond
	t.Cleanup(func() { filePatience, endPatience = file, end })
}
