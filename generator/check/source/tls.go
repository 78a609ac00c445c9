package source

import (
	"context"
	"regexp"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// unverified is a way to accept any certificate.
type unverified struct {
	kinds   kinds
	word    string
	pattern func() *regexp.Regexp
}

var unverifieds = []unverified{
	{golang, "InsecureSkipVerify", once(`InsecureSkipVerify\s*[:=]\s*true\b`)},
	{python, "verify", once(`\bverify\s*=\s*False\b|\bverify_ssl\s*=\s*False\b`)},
	{python, "CERT_NONE", once(`\bCERT_NONE\b`)},
	{python, "_create_unverified_context", once(`ssl\._create_unverified_context`)},
	{script, "rejectUnauthorized", once(`\brejectUnauthorized\s*:\s*false\b`)},
	{script | settings, "NODE_TLS_REJECT_UNAUTHORIZED", once(`NODE_TLS_REJECT_UNAUTHORIZED['"\]]*\s*[=:]\s*['"]?0\b`)},
	{script, "strictSSL", once(`\bstrictSSL\s*:\s*false\b`)},
	{php, "CURLOPT_SSL_VERIFY", once(`CURLOPT_SSL_VERIFY(?:PEER|HOST)\s*(?:=>|,)\s*(?:false|FALSE|0)\b`)},
	{php, "verify", once(`['"]verify(?:_peer)?['"]\s*=>\s*(?:false|FALSE)\b`)},
	{php, "withoutVerifying", once(`->withoutVerifying\(\)|::withoutVerifying\(\)`)},
	{jvm, "NoopHostnameVerifier", once(`\bNoopHostnameVerifier\.INSTANCE|new NoopHostnameVerifier`)},
	{jvm, "TrustAllStrategy", once(`\bTrustAllStrategy\b\s*[.(]`)},
	{jvm, "ServerCertificateCustomValidationCallback", once(`DangerousAcceptAnyServerCertificateValidator|ServerCertificateCustomValidationCallback\s*=\s*\([^)]*\)\s*=>\s*true`)},
}

var (
	excused    = once(`nolint:[\w,]*gosec|#nosec|\bnosec\b|NOSONAR|noqa:[ \w,]*S501`)
	guarded    = once(`(?i)\b(?:el|else)?if\b[^\n]*(?:dev|debug|local|test|verif|insecure)|\b(?:func|function|def|fun)\b[^\n]*(?:insecure|skip_?verify|unverified)`)
	calls      = once(`(?i)\b(?:requests|httpx|urllib3|zeep|aiohttp)\b|(?:session|client|transport)(?:\.(?:get|post|put|patch|delete|head|request|send|stream))?\.?$`)
	forTrials  = once(`(?i)(?:^|[/._-])(?:dev|develop|development|local|test|e2e|mock\w*)(?:[/._-]|$)`)
	production = once(`(?i)(?:^|[/._-])(?:prod|production|productie|prd)(?:[/._-]|$)`)
)

// certificates looks for calls that accept any certificate. What whoever runs or calls it
// asks for by a name of its own is not a decision of this code.
func (l *look) certificates(ctx context.Context, t *text) {
	if t.file.Test || forTrials().MatchString(t.file.Path) {
		return
	}
	if t.kind&code != 0 && containsAny(t.body, "http", "tls", "requests", "curl", "axios", "fetch(") {
		l.to.Looked("source-tls")
	}
	for _, u := range unverifieds {
		if u.kinds&t.kind == 0 {
			continue
		}
		t.each(u.word, func(at int) bool {
			start, end := t.around(at)
			m := u.pattern().FindIndex(t.code()[start:end])
			if m == nil || start+m[0] > at || at >= start+m[1] || guarded().Match(t.before(at, 3)) {
				return ctx.Err() == nil
			}
			if u.word == "verify" && t.kind == python && !isRequest(t, at) {
				return ctx.Err() == nil
			}
			line, column := t.at(start + m[0])
			l.to.Add(check.Finding{
				Rule: "source-tls", Path: t.file.Path, Line: line, Column: column,
				Args: []string{strings.Join(strings.Fields(string(t.body[start+m[0]:start+m[1]])), " ")},
				// The team says so to its own scanner. That is for who reads the proof to see.
				Accepted: string(excused().Find(t.body[start:end])),
			})
			return ctx.Err() == nil
		})
	}
}

// isRequest says whether verify=False belongs to a call over the network: a form or a
// token that is not verified is another matter.
func isRequest(t *text, at int) bool {
	if at > 0 && t.body[at-1] == '.' {
		return calls().Match(t.body[max(0, at-30):at])
	}
	depth := 0
	for i := at; i > 0 && at-i < 8*width; i-- {
		if t.mark(i) != plain {
			continue
		}
		switch t.body[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth < 0 {
				start, _ := t.around(i)
				return calls().Match(t.body[start:i])
			}
		}
	}
	return false
}
