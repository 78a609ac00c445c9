// Package secret finds keys and passwords that lie in a repository. What it says of one is
// where it stands, how it begins and how long it is; never what it is.
package secret

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/scan"
)

// The rules.
const (
	privateKey = "secret-private-key"
	token      = "secret-token"
	password   = "secret-password"
	inAddress  = "secret-url"
	keyFile    = "secret-file"
	inTest     = "secret-in-test"
	dump       = "secret-dump"
	repeated   = "secret-repeated"
	revoked    = "secret-revoked"
)

// maxPerFile is how many different secrets of one file are told: a list of passwords is
// one mistake.
const maxPerFile = 20

// Checker is its set of rules.
func Checker() check.Checker { return checker{} }

type checker struct{}

// Where it is asked. The sections are of BIO 2 and ASVS as they number them themselves.
const (
	codeStandard = "Standard for Public Code 0.8.0, Code in the open"
	codeAddress  = "https://standard.publiccode.net/criteria/code-in-the-open.html"
	asvs         = "OWASP ASVS"
	asvsAddress  = "https://owasp.org/www-project-application-security-verification-standard/"
)

func (checker) Rules() []check.Rule {
	rule := func(id string, s check.Severity) check.Rule {
		return check.Rule{ID: id, Group: check.Secrets, Severity: s, Source: codeStandard, URL: codeAddress}
	}
	person := rule(revoked, check.Error)
	person.By, person.Source, person.URL = check.Person, asvs, asvsAddress
	return []check.Rule{
		rule(privateKey, check.Error),
		rule(token, check.Error),
		rule(password, check.Error),
		rule(inAddress, check.Error),
		rule(keyFile, check.Error),
		rule(inTest, check.Warning),
		rule(dump, check.Warning),
		rule(repeated, check.Note),
		person,
	}
}

func (checker) Start(r *check.Repo, to *check.Report) check.Look {
	l := &look{to: to, places: map[string]*places{}}
	for _, f := range r.Files() {
		l.byName(r, f)
	}
	return l
}

type look struct {
	to     *check.Report
	places map[string]*places // by the hash of a secret
	order  []string
}

// places is where one secret stands.
type places struct {
	first check.Finding
	files []string
	used  bool // somewhere else than in a test or a set-up for development
}

// unread are extensions of text in which nobody keeps a secret.
var unread = []string{".svg", ".csv", ".css", ".scss", ".less", ".geojson", ".gml", ".po", ".bpmn", ".dmn", ".drawio", ".puml", ".xsd", ".wsdl"}

func (l *look) Wants(f check.File) bool {
	return scan.Of(f.Path) != scan.Generated && !slices.Contains(unread, f.Ext())
}

func (l *look) File(ctx context.Context, f check.File, body []byte) {
	l.to.Looked(privateKey, token, password, inAddress, keyFile, repeated)
	p := &page{look: l, f: f, text: scan.New(body, f.Ext(), allWords()), kind: scan.Of(f.Path), told: map[string]bool{}}
	p.sham = scan.Sham(f.Path)
	p.lesser = f.Test || p.sham || scan.Development(f.Path)
	p.aside = p.lesser || scan.Aside(f.Path)
	p.forSearch = strings.HasPrefix(f.Name(), "docusaurus.config.") || strings.Contains(f.Path, ".vitepress/config.")
	if p.lesser {
		l.to.Looked(inTest)
	}
	if scan.Description(f.Path, body) {
		p.kind = scan.Document
	}
	p.keys(ctx)
	p.tokens(ctx)
	p.wholeFile(body)
	if p.kind == scan.Code || p.kind == scan.Config || p.kind == scan.Page {
		p.addresses(ctx)
		p.assignments(ctx)
		p.manifests(ctx, body)
	}
	p.environment()
}

// End tells of secrets that stand in more than one file.
func (l *look) End(context.Context) {
	for _, hash := range l.order {
		at := l.places[hash]
		if len(at.files) < 2 || !at.used {
			continue
		}
		others := at.files[1:]
		name := others[0]
		if len(others) > 1 {
			name += ", …"
		}
		f := at.first
		f.Rule, f.Case = repeated, ""
		f.Args = []string{at.first.Args[len(at.first.Args)-2], strconv.Itoa(len(at.files)), name}
		l.to.Add(f)
	}
}

// allWords are the words that any of the rules looks for.
var allWords = sync.OnceValue(func() *scan.Words {
	lists := [][]string{asked, keyWords, jwtWords, headerWords, addressWords}
	for _, f := range formats {
		lists = append(lists, f.words)
	}
	return scan.NewWords(lists...)
})

// page is one file being looked at.
type page struct {
	*look
	f         check.File
	text      *scan.Text
	kind      scan.Kind
	aside     bool // beside what runs for real: only what must be a secret is told
	forSearch bool // settings of a site with documentation: its key to search is public by intent
	told      map[string]bool

	sham   bool // holds no real values by its own name
	lesser bool // a test or a set-up for development: what is found may be worth nothing

	spans   [][2]int // offsets of what is told already
	envLine int      // the first line of a .env with a secret in it
	envName string
	envs    int
}

// tell reports a secret once a file: what it is called, how it begins and how long it is.
func (p *page) tell(rule, kase string, line scan.Line, at int, name, value string) {
	p.took(line.Start+at, line.Start+at+len(value))
	sum := sha256.Sum256([]byte(value))
	hash := hex.EncodeToString(sum[:8])
	if p.told[hash] || len(p.told) >= maxPerFile {
		return
	}
	p.told[hash] = true
	if p.lesser {
		rule, kase = inTest, ""
	}
	f := check.Finding{
		Rule: rule, Case: kase, Path: p.f.Path, Line: line.Number,
		Column: utf8.RuneCountInString(line.Text[:min(at, len(line.Text))]) + 1,
		Args:   []string{name, mask(value), strconv.Itoa(utf8.RuneCountInString(value))},
	}
	if strings.Contains(line.Lower, allowed) {
		// The team says in its own scanner that it is none. That is for who reads the
		// proof to see.
		f.Accepted = allowed
		p.to.Add(f)
		return
	}
	if rule == password && dotEnv(p.f) {
		if p.envs++; p.envs == 1 {
			p.envLine, p.envName = line.Number, name
		}
	} else {
		p.to.Add(f)
	}
	p.remember(hash, f)
}

// remember keeps where a secret stands, to tell when it stands somewhere else too.
func (p *page) remember(hash string, f check.Finding) {
	at := p.places[hash]
	if at == nil {
		if len(p.places) >= 10_000 {
			return
		}
		at = &places{first: f}
		p.places[hash] = at
		p.order = append(p.order, hash)
	}
	at.files = append(at.files, p.f.Path)
	at.used = at.used || !p.lesser
}

// allowed is the word with which a line says to the scanner gitleaks that what stands on
// it is no secret.
const allowed = "gitleaks:allow"

// maxSpans is how many places are remembered: each secret is held against all of them.
const maxSpans = 2000

func (p *page) took(start, end int) {
	if len(p.spans) < maxSpans {
		p.spans = append(p.spans, [2]int{start, end})
	}
}

// seen says whether something at that place was told already.
func (p *page) seen(start, end int) bool {
	return slices.ContainsFunc(p.spans, func(s [2]int) bool { return start < s[1] && s[0] < end })
}

// mask shows how a secret begins, enough to find it back and too little to use it.
func mask(value string) string {
	shown := 3
	if utf8.RuneCountInString(value) < 10 {
		shown = 1
	}
	runes := []rune(strings.ToValidUTF8(value, "?"))
	return string(runes[:min(shown, len(runes))]) + "…"
}

// dotEnv says whether a file is a .env that holds real settings: one mistake, however
// many passwords it holds.
func dotEnv(f check.File) bool {
	return strings.HasPrefix(strings.ToLower(f.Name()), ".env") || f.Ext() == ".env"
}

func (p *page) environment() {
	if p.envs > 0 {
		p.to.Add(check.Finding{Rule: keyFile, Case: "env", Path: p.f.Path, Line: p.envLine, Args: []string{strconv.Itoa(p.envs), p.envName}})
	}
}
