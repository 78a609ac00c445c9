package value

import (
	"sync"
	"time"
	// The zone data goes along in the program: a laptop with Windows and an
	// image without an operating system have none.
	_ "time/tzdata"
)

// amsterdam is Dutch time.
var amsterdam = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return time.UTC
	}
	return zone
})

// InNetherlands is the same moment on the clock of the Netherlands.
func InNetherlands(t time.Time) time.Time { return t.In(amsterdam()) }
