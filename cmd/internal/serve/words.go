package serve

import (
	"fmt"
	"time"
)

// ago says how long ago something was, as a person would.
func ago(d time.Duration) string {
	switch minutes, hours := int(d.Minutes()), int(d.Hours()); {
	case d < 45*time.Second: // also what a clock that was set back makes of it
		return "zojuist"
	case minutes < 2:
		return "1 minuut geleden"
	case minutes < 60:
		return fmt.Sprintf("%d minuten geleden", minutes)
	case hours < 24 && minutes%60 >= 30:
		return fmt.Sprintf("ruim %d uur geleden", hours)
	case hours < 24:
		return fmt.Sprintf("%d uur geleden", hours)
	case hours < 48:
		return "1 dag geleden"
	default:
		return fmt.Sprintf("%d dagen geleden", hours/24)
	}
}
