package adr

import (
	"encoding/base64"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"time"
)

// formats are those that Spectral knows (ajv-formats 2.1.1); another format allows
// everything. A text of a date and time without a zone is allowed, as there.
var formats = map[string]func(string) bool{
	"date":      isDate,
	"time":      isTime,
	"date-time": isMoment,
	"duration":  isDuration,
	"uri":       isURI,
	"url":       isURI,
	"email":     lazily(`(?i)^[a-z0-9!#$%&'*+/=?^_` + "`" + `{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_` + "`" + `{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$`),
	"hostname": func(s string) bool {
		return len(s) <= 254 && isHostname(s)
	},
	"ipv4": func(s string) bool {
		a, err := netip.ParseAddr(s)
		return err == nil && a.Is4()
	},
	"ipv6": func(s string) bool {
		a, err := netip.ParseAddr(s)
		return err == nil && a.Is6() && a.Zone() == ""
	},
	"regex":                 isPattern,
	"uuid":                  lazily(`(?i)^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$`),
	"uri-reference":         isURIReference,
	"uri-template":          lazily(`(?i)^(?:[^\x00-\x20"'<>%\\^` + "`" + `{|}]|%[0-9a-f]{2}|\{[+#./;?&=,!@|]?(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9][0-9]{0,3}|\*)?(?:,(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9][0-9]{0,3}|\*)?)*\})*$`),
	"json-pointer":          lazily(`^(?:/(?:[^~/]|~0|~1)*)*$`),
	"relative-json-pointer": lazily(`^(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~0|~1)*)*)$`),
	"byte": func(s string) bool {
		_, err := base64.StdEncoding.DecodeString(s)
		return err == nil && !strings.ContainsAny(s, "\r\n")
	},
}

// hasFormat says whether a text is of a format.
func hasFormat(name, text string) bool {
	is := formats[name]
	return is == nil || len(text) > maxPattern || is(text)
}

func lazily(pattern string) func(string) bool {
	re := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
	return func(s string) bool { return re().MatchString(s) }
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

var timeParts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(\d\d):(\d\d):(\d\d)(\.\d+)?(z|[+-]\d\d(?::?\d\d)?)?$`)
})

func isTime(s string) bool {
	m := timeParts().FindStringSubmatch(s)
	if m == nil {
		return false
	}
	return m[1] <= "23" && m[2] <= "59" && m[3] <= "59" || m[1] == "23" && m[2] == "59" && m[3] == "60"
}

func isMoment(s string) bool {
	return len(s) > 11 && isDate(s[:10]) && strings.IndexByte("Tt \t", s[10]) >= 0 && isTime(s[11:])
}

var durationParts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^P(?:(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?|\d+W)$`)
})

func isDuration(s string) bool {
	return s != "P" && !strings.HasSuffix(s, "T") && durationParts().MatchString(s)
}

const (
	uriChar  = `(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})`
	uriHost  = `(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[[0-9a-fv:.]+\]|(?:[a-z0-9\-._~!$&'"()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?`
	uriAfter = `(?:\?(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?$`
	uriPaths = `(?:/` + uriChar + `*)*`
)

var (
	isURIReference = lazily(`(?i)^(?:[a-z][a-z0-9+\-.]*:)?(?:/?/` + uriHost + uriPaths + `|/(?:` + uriChar + `+` + uriPaths + `)?|` + uriChar + `+` + uriPaths + `)?` + uriAfter)
	wholeURI       = lazily(`(?i)^[a-z][a-z0-9+\-.]*:(?:/?/` + uriHost + uriPaths + `|/(?:` + uriChar + `+` + uriPaths + `)?|` + uriChar + `+` + uriPaths + `)` + uriAfter)
	isHostname     = lazily(`(?i)^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?$`)
)

// isURI asks of ajv-formats besides the form that there is a slash or colon, which a
// scheme always has.
func isURI(s string) bool { return wholeURI(s) }

// isPattern says whether a text is a pattern. Only what is broken in every language is
// not: Go knows less than JavaScript. Flags that hold from a place on, such as (?i), are
// of Java and Go, and JavaScript refuses them.
func isPattern(s string) bool {
	if i := strings.Index(s, "(?"); i >= 0 {
		if flags, _, ok := strings.Cut(s[i+2:], ")"); ok && flags != "" && strings.Trim(flags, "imsxUu-") == "" && !strings.HasSuffix(s[:i], `\`) {
			return false
		}
	}
	if compile(s) != nil {
		return true
	}
	return strings.Contains(s, "(?") || strings.Contains(s, `\`) || strings.Contains(s, "{")
}
