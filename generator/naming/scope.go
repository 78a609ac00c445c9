package naming

import "fmt"

// Scope holds names that live side by side, such as the fields of an entity,
// and notices when two of them get the same spelling somewhere. The zero value
// is an empty scope.
type Scope struct {
	taken map[string]string // kind and spelling → raw name
}

// Collision says that two names share a spelling.
type Collision struct {
	Raw      string // the name that came too late
	Earlier  string // the name that has the spelling; a reserved word has itself
	Spelling string // what they share
	Reserved bool   // Earlier was kept by Reserve
}

// Error gives the collision in English; callers that speak to people use the
// fields.
func (c *Collision) Error() string {
	return fmt.Sprintf("naming: %q and %q both become %q", c.Raw, c.Earlier, c.Spelling)
}

const reservedMark = "\x00"

// Reserve keeps names for the component itself. A name that cannot be spelled
// is ignored.
func (s *Scope) Reserve(raws ...string) {
	for _, raw := range raws {
		if names, err := Of(raw); err == nil {
			s.take(names, reservedMark+raw)
		}
	}
}

// Add derives the names of raw and takes them. It returns ErrUnusable, or a
// *Collision when a spelling is taken; the names are right in that case too.
func (s *Scope) Add(raw string) (Names, error) {
	names, err := Of(raw)
	if err != nil {
		return names, err
	}
	for _, spelling := range spellings(names) {
		earlier, taken := s.taken[spelling]
		if !taken {
			continue
		}
		c := &Collision{Raw: raw, Earlier: earlier, Spelling: spelling[1:]}
		if len(earlier) > 0 && earlier[:1] == reservedMark {
			c.Earlier, c.Reserved = earlier[1:], true
		}
		return names, c
	}
	s.take(names, raw)
	return names, nil
}

func (s *Scope) take(names Names, raw string) {
	if s.taken == nil {
		s.taken = map[string]string{}
	}
	for _, spelling := range spellings(names) {
		s.taken[spelling] = raw
	}
}

// spellings are the names with a letter for their language. SQL, Path and File
// are lower case already, so that comparing them ignores case.
func spellings(n Names) [6]string {
	return [6]string{"j" + n.JSON, "p" + n.Path, "s" + n.SQL, "f" + n.File, "g" + n.Go, "v" + n.Var}
}
