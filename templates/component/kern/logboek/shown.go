package logboek

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// MaxShown is how many a line can be about together.
const MaxShown = 500

// Shown is one of those that a list showed: whose data it was, and of which zaak.
type Shown struct {
	Zaak            string `json:"zaak,omitempty"`
	DataSubject     string `json:"betrokkene,omitempty"`
	DataSubjectKind string `json:"betrokkeneSoort,omitempty"`
}

// In says that a line, or each of those that it stands for, is about a zaak.
func (v *Verwerking) In(zaak string) {
	if len(v.Shown) == 0 {
		v.Zaak = zaak
		return
	}
	for i := range v.Shown {
		v.Shown[i].Zaak = zaak
	}
}

// Expand gives the lines that a line with Shown stands for: one for each, because
// a line is about one data subject at most. They differ in that and in their span
// only. Which span follows from that of the line and from the place, so that the
// same lines come out each time: a logbook knows a line that it had before by its
// span. A line without Shown stands for itself.
func (v *Verwerking) Expand() []Verwerking {
	if len(v.Shown) == 0 {
		return []Verwerking{*v}
	}
	all := make([]Verwerking, len(v.Shown))
	for i := range all {
		all[i] = v.Part(i)
	}
	return all
}

// Part is one of the lines that a line with Shown stands for.
func (v *Verwerking) Part(i int) Verwerking {
	part, of := *v, v.Shown[i]
	part.Shown, part.SpanID = nil, v.spanOf(i)
	part.Zaak, part.DataSubject, part.DataSubjectKind = of.Zaak, of.DataSubject, of.DataSubjectKind
	return part
}

func (v *Verwerking) spanOf(i int) string {
	sum := sha256.Sum256([]byte(v.TraceID + v.SpanID + strconv.Itoa(i)))
	sum[0] |= 1 // a span of zeroes is none
	return hex.EncodeToString(sum[:8])
}
