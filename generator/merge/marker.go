package merge

import "strings"

const (
	middle  = "======="
	closing = ">>>>>>>"
)

// marker is a line of a conflict. A label is one line, whatever it was.
func marker(sign, label string) string {
	label = strings.Join(strings.FieldsFunc(label, func(r rune) bool { return r < ' ' }), " ")
	if label == "" {
		return sign
	}
	return sign + " " + label
}

func isMarker(line string) bool { return line == closing || strings.HasPrefix(line, closing+" ") }
