package secret

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

// format is a token of which the form alone says what it is. The last group is the token.
type format struct {
	name    string
	words   []string // in lower case; one of them stands on the line
	pattern string
}

// formats are of services that people here use, and of which the form is published.
var formats = []format{
	{"AWS", []string{"akia", "asia", "abia", "acca"}, `\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b`},
	{"Google", []string{"aiza"}, `\b(AIza[\w-]{35})(?:[^\w-]|$)`},
	{"Azure Storage", []string{"accountkey="}, `AccountKey=([A-Za-z0-9+/]{86}==)`},
	{"Azure", []string{"sharedaccesskey="}, `SharedAccessKey=([A-Za-z0-9+/]{40,}={0,2})`},
	{"Azure AD", []string{"q~"}, `(?:^|[\s'"` + "`" + `=:(,>])([A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34})(?:$|[\s'"` + "`" + `<),\\])`},
	{"GitHub", []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}, `\b(gh[pousr]_[0-9A-Za-z]{36,})\b`},
	{"GitHub", []string{"github_pat_"}, `\b(github_pat_\w{82})\b`},
	{"GitLab", []string{"glpat-", "gldt-", "glrt-", "glsoat-", "glft-", "glimt-", "glptt-", "glcbt-", "gloas-", "glagent-"},
		`\b(gl(?:pat|dt|rt|soat|ft|imt|ptt|cbt|oas|agent)-[\w.-]{20,})`},
	{"GitLab", []string{"gr1348941"}, `\b(GR1348941[\w-]{20})\b`},
	{"Slack", []string{"xox"}, `\b(xox[abeoprs]-[0-9A-Za-z-]{10,})`},
	{"Slack", []string{"hooks.slack.com"}, `hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/]{43,56})`},
	{"Microsoft Teams", []string{"webhook.office.com"}, `webhook\.office\.com/webhookb2/([0-9a-f-]{36}@[0-9a-f-]{36}/\w+/[0-9a-f]{32}/[0-9a-f-]{36})`},
	{"npm", []string{"npm_"}, `\b(npm_[A-Za-z0-9]{36})\b`},
	{"PyPI", []string{"pypi-ageichlwas5vcmc"}, `\b(pypi-AgEIcHlwaS5vcmc[\w-]{50,})`},
	{"Docker", []string{"dckr_pat_"}, `\b(dckr_pat_[\w-]{27,})`},
	{"Stripe", []string{"sk_live", "sk_test", "sk_prod", "rk_live", "rk_test", "rk_prod"}, `\b([sr]k_(?:live|test|prod)_[0-9A-Za-z]{10,99})\b`},
	{"SendGrid", []string{"sg."}, `\b(SG\.[\w-]{20,24}\.[\w-]{40,46})\b`},
	{"DigitalOcean", []string{"dop_v1_", "doo_v1_"}, `\b(do[op]_v1_[0-9a-f]{64})\b`},
	{"Grafana", []string{"glsa_"}, `\b(glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8})\b`},
	{"HashiCorp Vault", []string{"hvs.", "hvb."}, `\b(hv[sb]\.[\w-]{90,300})`},
	{"Terraform", []string{".atlasv1."}, `\b([A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70})`},
	{"Sentry", []string{"sntrys_", "sntryu_"}, `\b(sntry[su]_[A-Za-z0-9+/=_-]{60,})`},
	{"SonarQube", []string{"sqp_", "squ_", "sqa_"}, `\b(sq[pua]_[0-9a-z]{40})\b`},
	{"Postman", []string{"pmak-"}, `\b(PMAK-[0-9a-f]{24}-[0-9a-f]{34})\b`},
	{"OpenAI", []string{"t3blbkfj"}, `\b(sk-[\w-]*T3BlbkFJ[\w-]{20,})`},
	{"Anthropic", []string{"sk-ant-"}, `\b(sk-ant-[a-z]{3,5}\d\d-[\w-]{80,})`},
	{"Hugging Face", []string{"hf_"}, `\b(hf_[A-Za-z]{34})\b`},
	{"Mailgun", []string{"key-"}, `\b(key-[0-9a-f]{32})\b`},
	{"age", []string{"age-secret-key-1"}, `\b(AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})`},
}

type ready struct {
	format
	re *regexp.Regexp
}

var byForm = sync.OnceValue(func() []ready {
	all := make([]ready, 0, len(formats))
	for _, f := range formats {
		all = append(all, ready{f, regexp.MustCompile(f.pattern)})
	}
	return all
})

// tokens looks for tokens that say themselves what they are, for JSON web tokens, and for
// headers that log in.
func (p *page) tokens(ctx context.Context) {
	for _, f := range byForm() {
		p.text.Lines(ctx, f.words, func(line scan.Line) bool {
			for _, at := range f.re.FindAllStringSubmatchIndex(line.Text, 20) {
				value := line.Text[at[2]:at[3]]
				if varied(value) && !sampled(value) {
					p.tell(token, "", line, at[2], f.name, value)
				}
			}
			return true
		})
	}
	if p.kind == scan.Document || p.f.Test {
		return // examples of how to call are what such texts are for
	}
	p.text.Lines(ctx, jwtWords, func(line scan.Line) bool {
		for _, at := range jwt().FindAllStringSubmatchIndex(line.Text, 20) {
			if value := line.Text[at[2]:at[3]]; !worthless(value) && !p.aside {
				p.tell(token, "", line, at[2], "JWT", value)
			}
		}
		return true
	})
	p.text.Lines(ctx, headerWords, func(line scan.Line) bool {
		at := header().FindStringSubmatchIndex(line.Text)
		if at == nil || p.seen(line.Start+at[4], line.Start+at[5]) {
			return true
		}
		value := line.Text[at[4]:at[5]]
		basic := strings.EqualFold(line.Text[at[2]:at[3]], "basic")
		if basic && logsIn(value) || !basic && random(value) {
			p.tell(token, "header", line, at[4], "Authorization", value)
		}
		return true
	})
}

var (
	jwtWords    = []string{"eyj"}
	headerWords = []string{"basic ", "bearer "}
)

var (
	jwt    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b(eyJ[\w-]{12,}\.eyJ[\w-]{12,}\.[\w-]{16,})`) })
	header = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("(?i)authorization[\"'`]?\\]?\\s*[:=,]+>?\\s*[\"'`]?(basic|bearer)\\s+([A-Za-z0-9+/._~-]{8,}={0,2})")
	})
)

// worthless says whether a JSON web token opens nothing: it is the one that every text
// about them shows, tells by its own words that it is an example, or is not signed.
func worthless(value string) bool {
	parts := strings.Split(value, ".")
	head, claims := part(parts[0]), part(parts[1])
	if head == nil || claims == nil {
		return true // not a token at all
	}
	algorithm, _ := head["alg"].(string)
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	return claims["sub"] == "1234567890" || strings.EqualFold(algorithm, "none") || sampled(string(payload))
}

// part reads a part of a JSON web token; nil when it is none.
func part(text string) (members map[string]any) {
	if body, err := base64.RawURLEncoding.DecodeString(text); err != nil || json.Unmarshal(body, &members) != nil {
		return nil
	}
	return members
}

// logsIn says whether the value of a Basic header holds a name and a real password.
func logsIn(value string) bool {
	body, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return false
	}
	_, secret, ok := strings.Cut(string(body), ":")
	return ok && len(secret) > 3 && !sampled(secret) && !known(secret)
}
