package secret

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

// asked are words in the name of a setting that holds a secret, in lower case.
var asked = []string{"password", "passwd", "passphrase", "wachtwoord", "pwd", "secret", "api_key", "api-key", "apikey", "token", "private_key", "privatekey",
	"access_key", "accesskey", "signing_key", "signingkey", "encryption_key", "encryptionkey", "session_key", "sessionkey", "app_key", "application_key", "applicationkey", "account_key", "subscription-key", "key = ", "key: ", "key=", "key => ", "key' => "}

// Nothing below counts how long a value is: a pattern that counts up to 300 takes seconds
// for a line full of quotes. What is found is measured afterwards: see fits.
const nameOfSecret = `([\w.\-]*(?:password|passwd|passphrase|wachtwoord|pwd|secret|api[_-]?key|token|private[_-]?key|access[_-]?key|signing[_-]?key|encryption[_-]?key|session[_-]?key|app(?:lication)?[_-]key|account[_-]?key|subscription-key|\bkey)[\w.\-]*)` // #nosec G101 -- A pattern.

// How long what people write is at most. A line that is longer than maxBare holds data,
// and the end of a part of it is not where a value ends.
const (
	maxName  = 80
	maxValue = 300
	maxBare  = maxName + maxValue + 100
)

// maxWeighed is how many bytes of lines with the name of a secret in them are judged in
// one file. A file of 4 MiB full of such lines holds data, and would take half a minute.
const maxWeighed = 192 << 10

var (
	// quoted is a name, a mark that gives it a value, and a text.
	quoted = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("(?i)" + nameOfSecret + "[\"'`]?\\]?\\)?\\s*(?::\\s*(?:string|str|String)\\s*=|:=|=>|==?|:|,|\\()\\s*[urfb]?(?:\"([^\"\\\\]+(?:\\\\.[^\"\\\\]*)*)\"|'([^'\\\\]+(?:\\\\.[^'\\\\]*)*)'|`([^`]+)`)")
	})
	// bare is a name and what stands behind it up to the end of the line, in files that
	// need no quotes.
	bare = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("(?i)(?:^|[\\s;\"'-])" + nameOfSecret + "\\s*[:=]\\s*([^\\s\"'`#,;][^\\s\"'`,;]+)(?:\\s+#.*|[\"',;]|\\s)*$")
	})
	// element is a secret in XML.
	element = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("(?i)<" + nameOfSecret + "(?:\\s[^>]*)?>([^<>\\s]+)</")
	})
	// named is the name of a setting of which the value stands beside it.
	named = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("(?i)\\b(?:name|key)[\"']?\\s*[:=]\\s*[\"']?" + nameOfSecret + "[\"']?\\s*[,}/]?\\s*(?:\\bvalue[\"']?\\s*[:=]\\s*(?:\"([^\"]+)\"|'([^']+)'|([^\\s\"',{}#]+)))?")
	})
	valued = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^\s*-?\s*["']?value["']?\s*[:=]\s*(?:"([^"]+)"|'([^']+)'|([^\s"',{}#]+))\s*,?\s*$`)
	})
	elsewhere = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+`) })
)

// barely are extensions in which a value needs no quotes.
var barely = []string{".yaml", ".yml", ".env", ".properties", ".ini", ".conf", ".cfg", ".toml", ".tfvars", ".sh", ".ps1", ".bat", ".npmrc", ""}

// assignments looks for settings that hold a password or a key.
func (p *page) assignments(ctx context.Context) {
	ext := p.f.Ext()
	noQuotes := slices.Contains(barely, ext) || dotEnv(p.f) || strings.HasPrefix(strings.ToLower(p.f.Name()), "dockerfile")
	weighed := 0
	p.text.Lines(ctx, asked, func(line scan.Line) bool {
		if len(p.told) >= maxPerFile {
			return false
		}
		if p.kind == scan.Code && !strings.ContainsAny(line.Text, "0123456789!#%^&*+~") {
			return true // words only: nothing below takes them for a secret
		}
		if weighed += len(line.Text); weighed > maxWeighed {
			p.to.Miss(password, p.f.Path, "too-much")
			return false
		}
		found := false
		if strings.ContainsAny(line.Text, "\"'`") {
			for _, at := range quoted().FindAllStringSubmatchIndex(line.Text, 10) {
				found = p.setting(line, at) || found
			}
		}
		if found {
			return true
		}
		if noQuotes && len(line.Text) <= maxBare {
			if at := bare().FindStringSubmatchIndex(line.Text); at != nil && p.setting(line, at) {
				return true
			}
		}
		if ext == ".xml" || ext == ".config" {
			if at := element().FindStringSubmatchIndex(line.Text); at != nil {
				p.setting(line, at)
			}
		}
		p.beside(line)
		return true
	})
}

// setting judges one name with its value: the first group and the first of the others.
func (p *page) setting(line scan.Line, at []int) bool {
	name := line.Text[at[2]:at[3]]
	for i := 4; i+1 < len(at); i += 2 {
		if at[i] < 0 {
			continue
		}
		value := line.Text[at[i]:at[i+1]]
		if !fits(name, value) || !p.real(line, name, value, at[i]) {
			return false
		}
		p.tell(password, "", line, at[i], short(name), value)
		return true
	}
	return false
}

// fits says whether a name and a value are of a length that people give them.
func fits(name, value string) bool {
	return len(name) <= maxName && len(value) >= 3 && len(value) <= maxValue
}

// beside judges a value that stands on the next line: the variables of a container, and
// the pairs of other files.
func (p *page) beside(line scan.Line) {
	at := named().FindStringSubmatchIndex(line.Text)
	if at == nil {
		return
	}
	if slices.ContainsFunc(at[4:], func(n int) bool { return n >= 0 }) {
		p.setting(line, at)
		return
	}
	next, ok := p.text.Next(line)
	if !ok {
		return
	}
	if value := valued().FindStringSubmatchIndex(next.Text); value != nil {
		name := line.Text[at[2]:at[3]]
		for i := 2; i+1 < len(value); i += 2 {
			if value[i] >= 0 && fits(name, next.Text[value[i]:value[i+1]]) && p.real(next, name, next.Text[value[i]:value[i+1]], value[i]) {
				p.tell(password, "", next, value[i], short(name), next.Text[value[i]:value[i+1]])
			}
		}
	}
}

// real says whether a setting holds a secret that is in use.
func (p *page) real(line scan.Line, name, value string, at int) bool {
	sort := sortOf(name)
	if sort == none || p.seen(line.Start+at, line.Start+at+len(value)) || strings.EqualFold(name, value) || refers(value) || known(value) || namesOne(value) {
		return false
	}
	if p.forSearch && strings.EqualFold(name, "apiKey") || dotted().MatchString(value) {
		return false
	}
	if strings.HasPrefix(value, "eyJ") && strings.Count(value, ".") == 2 && worthless(value) {
		return false
	}
	switch {
	case p.f.Test || p.sham:
		return false
	case sort == anyKey:
		return p.kind == scan.Code && !p.aside && mixed(value)
	case p.aside && framework(name):
		return false
	case p.aside, p.text.Comment(line, line.Start+at):
		return len(value) >= 20 && random(value)
	case random(value):
		return true
	case sort != secretPassword:
		return false
	}
	return chosen(value) || p.logsInElsewhere(line, value)
}

// dotted is a name in parts, and no secret: a version of an API of Kubernetes, a package.
var dotted = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z][a-z-]*(?:\.[a-z][a-z-]*)+(?:/[a-z][a-z0-9-]*)*$`)
})

// namesOne says whether a value is itself the name of a setting or a field: password2.
func namesOne(value string) bool {
	stem := strings.TrimRight(value, "0123456789")
	return len(value)-len(stem) < 3 && strings.Trim(strings.ToLower(stem), "abcdefghijklmnopqrstuvwxyz_-") == "" && sortOf(stem) != none
}

// framework says whether a setting is the key with which a framework signs its sessions:
// every set-up for development has one that is worth nothing.
func framework(name string) bool {
	return slices.Contains([]string{"secret_key", "app_secret", "session_secret", "nextauth_secret"}, strings.ToLower(name))
}

// mixed says whether a value can only be a key: long, random, and of letters in both
// cases. The name of a record is of one case.
func mixed(value string) bool {
	lower, upper, digits, other := letters(value)
	return len(value) >= 20 && lower > 2 && upper > 2 && digits > 0 && other == 0 && random(value) && entropy(value) >= 3.8
}

// logsInElsewhere says whether a word, that looks like nothing, stands as the password
// beside a user name and the address of a real server.
func (p *page) logsInElsewhere(line scan.Line, value string) bool {
	ext := p.f.Ext()
	if p.kind != scan.Config || ext != ".yaml" && ext != ".yml" && ext != ".json" || len(value) < 6 || sampled(value) || strings.ContainsAny(value, " .-_") {
		return false
	}
	around := p.text.Around(line.Number, 6)
	user := strings.Contains(around, "username") || strings.Contains(around, "user:") || strings.Contains(around, `"user"`)
	address := elsewhere().FindString(around)
	return user && address != "" && !strings.Contains(address, "example") && !strings.Contains(address, "localhost")
}

// sorts of secret, by the name of the setting.
type secretSort int

const (
	none secretSort = iota
	secretPassword
	secretKey
	anyKey // what is called "key" and no more: often no secret at all
)

// after are the last parts of a name that still hold the secret itself; other parts say
// that it is something about a secret.
var after = []string{"value", "key", "prod", "production", "dev", "acc", "default", "base64", "plain", "text", "hash", "live", "sandbox", "demo", "old", "new", "id"}

// about are first parts of a name that say that it is no secret.
var about = []string{"csrf", "xsrf", "public", "cancel", "cancellation", "page", "next", "continuation", "forgot", "reset", "confirm", "no", "has", "is", "show", "hide", "max", "min", "design", "syntax", "parse", "existing", "pull", "sync"}

// sortOf says what sort of secret a setting of that name holds.
func sortOf(name string) secretSort {
	parts := parts(name)
	last := len(parts) - 1
	for last > 0 && slices.Contains(after, parts[last]) && !isKey(parts, last) {
		last--
	}
	if last < 0 || slices.Contains(about, parts[0]) {
		return none
	}
	switch parts[last] {
	case "password", "passwd", "passphrase", "wachtwoord", "pwd", "pass", "dbpassword", "userpassword", "rootpassword":
		return secretPassword
	case "secret", "token", "apikey", "secretkey", "accesskey", "privatekey", "clientsecret", "authtoken", "accesstoken", "signingkey", "sessionkey", "encryptionkey", "apitoken", "jwtsecret":
		return secretKey
	case "key":
		switch {
		case isKey(parts, last):
			return secretKey
		case last == 0:
			return anyKey
		}
	}
	return none
}

// isKey says whether a part is "key" behind a word that makes it a secret one.
func isKey(parts []string, at int) bool {
	return parts[at] == "key" && at > 0 && slices.Contains([]string{"api", "secret", "private", "access", "signing", "encryption", "session", "app", "application", "account", "subscription"}, parts[at-1])
}

// parts cuts a name in its words, in lower case.
func parts(name string) []string {
	var all []string
	start := 0
	cut := func(end int) {
		if end > start {
			all = append(all, strings.ToLower(name[start:end]))
		}
		start = end
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c == '_' || c == '-' || c == '.':
			cut(i)
			start = i + 1
		case c >= 'A' && c <= 'Z' && i > start && name[i-1] >= 'a' && name[i-1] <= 'z':
			cut(i)
		case c >= '0' && c <= '9' && (i == 0 || name[i-1] < '0' || name[i-1] > '9'):
			cut(i)
		}
	}
	cut(len(name))
	return slices.DeleteFunc(all, func(part string) bool { return part[0] >= '0' && part[0] <= '9' })
}

// short is the last part of a long name of a setting.
func short(name string) string {
	name = strings.Trim(name, ".-")
	if len(name) > 40 {
		return "…" + name[len(name)-39:]
	}
	return path.Base(name)
}
