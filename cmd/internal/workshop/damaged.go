package workshop

import "fmt"

// Why says in which way a file of a workshop cannot be used.
type Why string

// The ways in which a file cannot be used.
const (
	Link    Why = "link"    // leads elsewhere, or is no file
	Large   Why = "large"   // is larger than such a file ever is
	Syntax  Why = "syntax"  // is no JSON, or not that of such a file; What says where
	Newer   Why = "newer"   // was written by a later fieldlab
	Value   Why = "value"   // holds something that cannot be; What is the key
	Twice   Why = "twice"   // says the same of two teams; What is the key
	Missing Why = "missing" // is not there, although it should be
)

// Damaged says that a file of a workshop cannot be used.
type Damaged struct {
	File string // path in the workshop or component
	Why  Why
	What string
}

func (d Damaged) Error() string {
	if d.What == "" {
		return fmt.Sprintf("%s: %s", d.File, d.Why)
	}
	return fmt.Sprintf("%s: %s: %s", d.File, d.Why, d.What)
}
