package check

import (
	"regexp"
	"strings"
	"sync"
)

// What logs in inside an address: a password, a token in the place of a name, and a value
// that its name says to be secret.
var (
	maskLogin = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`://([^\s/@:'"]*):[^\s/@'"]+@`) })
	maskName  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`://[^\s/@:'"]{16,}@`) })
	maskValue = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)([?&;][\w.-]*(?:token|key|secret|password|passwd|pwd|wachtwoord|signature|sig)=)[^\s&;#'"<>]{6,}`)
	})
)

// masked gives the values of a finding without what logs in inside an address. Every rule
// that quotes an address would have to think of it; here none can forget.
func masked(args []string) []string {
	var changed []string
	for i, arg := range args {
		hidden := arg
		if strings.Contains(arg, "://") && strings.Contains(arg, "@") {
			hidden = maskLogin().ReplaceAllString(hidden, "://${1}:…@")
			hidden = maskName().ReplaceAllString(hidden, "://…@")
		}
		if strings.Contains(arg, "=") && strings.ContainsAny(arg, "?&;") {
			hidden = maskValue().ReplaceAllString(hidden, "${1}…")
		}
		if hidden == arg {
			continue
		}
		if changed == nil {
			changed = append(changed, args...)
		}
		changed[i] = hidden
	}
	if changed == nil {
		return args
	}
	return changed
}
