package secret

import (
	"bytes"
	"context"
	"encoding/base64"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

// byName looks at files that are a secret by what they are: what is in them is no text,
// or too much of it.
func (l *look) byName(r *check.Repo, f check.File) {
	l.to.Looked(keyFile)
	lower := strings.ToLower(f.Name())
	switch ext := f.Ext(); {
	case slices.Contains([]string{".p12", ".pfx", ".jks", ".keystore", ".kdbx"}, ext):
		if f.Size == 0 || strings.Contains(lower, "trust") || strings.Contains(lower, "cacerts") || lower == "debug.keystore" {
			return
		}
		l.named(f, privateKey, "store")
	case ext == ".key" || ext == ".der" || ext == ".p8":
		if binaryKey(head(r, f.Path, 64)) {
			l.named(f, privateKey, "store")
		}
	case ext == ".tfstate":
		if bytes.Contains(head(r, f.Path, 4096), []byte(`"terraform_version"`)) {
			l.named(f, keyFile, "state")
		}
	case ext == ".sql" || ext == ".dump" || ext == ".bak" && strings.Contains(lower, ".sql"):
		if !f.Test {
			l.to.Looked(dump)
		}
		if f.Size > check.MaxText && !f.Test && dumped(head(r, f.Path, 4096)) {
			l.to.Add(check.Finding{Rule: dump, Path: f.Path})
		}
	}
}

func (l *look) named(f check.File, rule, kase string) {
	if f.Test {
		rule, kase = inTest, "file"
	}
	l.to.Add(check.Finding{Rule: rule, Case: kase, Path: f.Path})
}

// head reads the beginning of a file.
func head(r *check.Repo, name string, n int) []byte {
	f, err := r.FS().Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	body := make([]byte, n)
	read, _ := f.Read(body)
	return body[:read]
}

// binaryKey says whether a file begins as a private key in DER does: a sequence with a
// version in it. A certificate begins with another sequence.
func binaryKey(body []byte) bool {
	if len(body) < 8 || body[0] != 0x30 {
		return false
	}
	at := 2
	if body[1] > 0x80 && body[1] < 0x84 {
		at += int(body[1] - 0x80)
	}
	return at+3 <= len(body) && body[at] == 0x02 && body[at+1] == 0x01 && body[at+2] <= 1
}

var dumps = []string{"-- postgresql database dump", "-- mysql dump", "-- mariadb dump", "pgdmp"}

func dumped(body []byte) bool {
	lower := bytes.ToLower(body[:min(len(body), 4096)])
	return slices.ContainsFunc(dumps, func(mark string) bool { return bytes.Contains(lower, []byte(mark)) })
}

var (
	begins = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`-----BEGIN ((?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?)-----`)
	})
	material = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9+/]{40,}`) })
)

var keyWords = []string{"private key", "putty-user-key-file", encoded}

// keys looks for private keys. Only one with what a key consists of behind its first line
// is one: programs and texts about keys have the first line too.
func (p *page) keys(ctx context.Context) {
	p.text.Lines(ctx, keyWords, func(line scan.Line) bool {
		if line.Word == encoded {
			p.inBase64(line)
			return true
		}
		if strings.HasPrefix(line.Lower, "putty-user-key-file") {
			p.key(line, "PuTTY")
			return true
		}
		at := begins().FindStringSubmatchIndex(line.Text)
		if at == nil {
			return true
		}
		from := line.Start + at[1]
		rest := p.text.Body[from:min(from+400, len(p.text.Body))]
		if end := bytes.Index(rest, []byte("-----END")); end >= 0 {
			rest = rest[:end]
		}
		for _, row := range material().FindAll(rest, -1) {
			if varied(string(row)) && entropy(string(row)) > 3.5 {
				p.key(line, line.Text[at[2]:at[3]])
				break
			}
		}
		return true
	})
}

// encoded is how "-----BEGIN " begins in base64, in lower case.
const encoded = "ls0tls1crudjti"

// inBase64 looks at a key that was written in base64 as a whole, as variables of a
// container and Secrets of Kubernetes hold it.
func (p *page) inBase64(line scan.Line) {
	head := line.Text[line.At:]
	if len(head) < 120 {
		return
	}
	body, err := base64.StdEncoding.DecodeString(head[:120])
	if at := begins().FindSubmatch(body); err == nil && at != nil {
		p.key(line, string(at[1]))
	}
}

func (p *page) key(line scan.Line, what string) {
	p.took(line.Start, line.Start+len(line.Text))
	rule, kase := privateKey, "pem"
	if p.lesser && !strings.Contains(p.f.Path, "compose") {
		rule, kase = inTest, "key"
	}
	p.to.Add(check.Finding{Rule: rule, Case: kase, Path: p.f.Path, Line: line.Number, Args: []string{what}})
}

var (
	npmToken = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m):_(?:authToken|auth|password)\s*=\s*"?([^\s"$]{8,})`)
	})
	netrc  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bpassword\s+([^\s$<{]{4,})`) })
	pgpass = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^[^#\s:]+:[^:\s]*:[^:\s]*:[^:\s]+:([^\s:]{3,})$`)
	})
	kubeKey = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^\s*(?:client-key-data|token|password):\s*["']?([A-Za-z0-9+/=._-]{16,})`)
	})
	hashed = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^[^\s:#]+:(\$[^\s]{20,}|\{SHA\}[^\s]{20,}|[./0-9A-Za-z]{13})$`)
	})
	oauth    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"client_secret"\s*:\s*"([^"]{12,})"`) })
	docker   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"auth"\s*:\s*"([A-Za-z0-9+/=]{12,})"`) })
	gitLogin = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^https?://[^\s:@/]+:([^\s@/]{4,})@`) })
)

// wholeFile looks at files that exist to log in with.
func (p *page) wholeFile(body []byte) {
	lower := strings.ToLower(p.f.Name())
	var form *regexp.Regexp
	kase := "login"
	switch {
	case lower == ".npmrc" || lower == ".yarnrc":
		form = npmToken()
	case lower == ".netrc" || lower == "_netrc":
		form = netrc()
	case lower == ".pgpass":
		form = pgpass()
	case lower == ".htpasswd":
		form = hashed()
	case lower == ".git-credentials":
		form = gitLogin()
	case lower == "config.json" && path.Base(path.Dir(p.f.Path)) == ".docker" || lower == ".dockerconfigjson" || lower == ".dockercfg":
		form = docker()
	case strings.HasPrefix(lower, "client_secret") && p.f.Ext() == ".json" || lower == "credentials.json":
		form = oauth()
	case strings.Contains(lower, "kubeconfig") || bytes.Contains(body[:min(len(body), 2000)], []byte("kind: Config")) && bytes.Contains(body, []byte("current-context:")):
		form, kase = kubeKey(), "kube"
	case p.f.Ext() == ".sql" || p.f.Ext() == ".dump":
		p.dumped(body)
		return
	default:
		return
	}
	at := form.FindSubmatchIndex(body)
	if at == nil || p.f.Test {
		return
	}
	value := string(body[at[2]:at[3]])
	if sampled(value) || refers(value) && lower != ".htpasswd" || known(value) {
		return
	}
	p.took(at[2], at[3])
	p.to.Add(check.Finding{Rule: keyFile, Case: kase, Path: p.f.Path, Line: check.LineAt(body, at[2]), Args: []string{mask(value)}})
}

// dumped looks at the rows in a copy of a database.
func (p *page) dumped(body []byte) {
	rows := bytes.Contains(body, []byte("\nCOPY ")) || bytes.Contains(body, []byte("\nINSERT INTO ")) || bytes.HasPrefix(body, []byte("PGDMP"))
	if !p.f.Test && rows && dumped(body) {
		p.to.Add(check.Finding{Rule: dump, Path: p.f.Path})
	}
}

var secretEntry = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\s+)["']?([\w.\-]+)["']?:\s*["']?([A-Za-z0-9+/=._!@#%^&*-]{8,})["']?\s*$`)
})

// manifests looks at Secrets of Kubernetes with their values in them.
func (p *page) manifests(ctx context.Context, body []byte) {
	if p.f.Ext() != ".yaml" && p.f.Ext() != ".yml" || !bytes.Contains(body, []byte("kind: Secret\n")) || p.f.Test || ctx.Err() != nil {
		return
	}
	at, inData, isSecret := 0, false, false
	number := 0
	for raw := range bytes.Lines(body) {
		number++
		start := at
		at += len(raw)
		text := strings.TrimRight(string(raw[:min(len(raw), 2000)]), "\r\n")
		trimmed := strings.TrimSpace(text)
		switch {
		case strings.HasPrefix(text, "---"):
			isSecret, inData = false, false
		case text == "kind: Secret":
			isSecret = true
		case text == "data:" || text == "stringData:":
			inData = true
		case trimmed != "" && text[0] != ' ' && text[0] != '#':
			inData = false
		case isSecret && inData:
			m := secretEntry().FindStringSubmatchIndex(text)
			if m == nil {
				continue
			}
			value := text[m[6]:m[7]]
			line := scan.Line{Number: number, Text: text, Start: start}
			if p.seen(start+m[6], start+m[7]) || !opened(value) {
				continue
			}
			p.tell(password, "", line, m[6], text[m[4]:m[5]], value)
		}
	}
}
