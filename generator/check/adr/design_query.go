package adr

import (
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

var queryKey = pattern(`^\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*$`)

// designQuery are about parameters.
func designQuery() []rule {
	return []rule{
		{
			Rule:     core("query-camel-case", check.Error, "query-keys-camel-case", "nlgov:query-keys-camel-case"),
			official: map[string]string{"path": ""}, // the linter looks into operations only
			run:      queryCamelCase,
		},
		{
			Rule: core("sensitive-uri", check.Error, "transport/no-sensitive-uris"),
			run:  sensitiveURI,
		},
		{
			// "Sensitive" is left to the reader by the standard; these are personal data.
			Rule: core("personal-uri", check.Warning, "transport/no-sensitive-uris"),
			run:  personalURI,
		},
		{
			Rule: check.Rule{ID: "adr-pagination", Group: check.API, Severity: check.Note, Source: "NL API Design Rules, module Pagination (draft)"},
			run:  pagination,
		},
	}
}

// someParameters are those of an operation with those of its path; of very many the first.
func (d *Document) someParameters(o operation) []used {
	var some []used
	for _, n := range []*node{o.item, o.node} {
		for raw := range d.at(n, "parameters").all() {
			if some = append(some, d.use(raw)); len(some)%100 == 0 {
				break
			}
		}
	}
	return some
}

func queryCamelCase(ctx context.Context, d *Document, found finder) {
	wrong := func(kase string, p used) {
		if p.node.get("in").str() != "query" {
			return
		}
		if name, ok := d.child(p, "name"); ok && name.node.is(isText) && !queryKey().MatchString(name.node.text) {
			found(name.at, kase, name.node.text)
		}
	}
	done := map[*node]bool{}
	for _, path := range d.each(ctx).items {
		for _, o := range d.members(path.node) {
			for _, p := range d.members(first(d.at(o.node, "parameters"), done)) {
				wrong("", p)
			}
		}
	}
	for _, s := range d.members(d.at(d.root, "components", "securitySchemes")) {
		wrong("", s)
	}
	for _, path := range d.each(ctx).items {
		for _, p := range d.members(first(d.at(path.node, "parameters"), done)) {
			wrong("path", p)
		}
	}
}

// uriParameters gives each parameter in a path or query, once.
func (d *Document) uriParameters(ctx context.Context) []used {
	var all []used
	seen, done := map[*node]bool{}, map[*node]bool{}
	add := func(n *node) {
		for _, p := range d.members(first(d.at(n, "parameters"), done)) {
			in := p.node.get("in").str()
			if (in == "path" || in == "query") && p.node.get("name").is(isText) && !seen[p.node] {
				seen[p.node] = true
				all = append(all, p)
			}
		}
	}
	for _, path := range d.each(ctx).items {
		add(path.node)
	}
	for _, o := range d.each(ctx).operations {
		add(o.node)
	}
	return all
}

func sensitiveURI(ctx context.Context, d *Document, found finder) {
	for _, p := range d.uriParameters(ctx) {
		name, in := p.node.get("name"), p.node.get("in").text
		if hasWord(name.text, sensitive) {
			found(name, in, name.text)
		}
	}
	for _, s := range d.members(d.at(d.root, "components", "securitySchemes")) {
		if name := s.node.get("name"); s.node.get("in").str() == "query" && name.is(isText) {
			found(name, "key", name.text)
		}
	}
}

func personalURI(ctx context.Context, d *Document, found finder) {
	for _, p := range d.uriParameters(ctx) {
		name := p.node.get("name")
		if hasWord(name.text, personal) && !hasWord(name.text, sensitive) {
			found(name, p.node.get("in").text, name.text)
		}
	}
}

// sensitive and personal are words that a name may hold, without hyphens and in lower
// case.
var (
	sensitive = []string{
		"bsn", "burgerservicenummer", "burgerservicenummers", "sofinummer", "wachtwoord", "password", "passwd", "clientsecret",
		"accesstoken", "apikey",
	}
	personal = []string{
		"geboortedatum", "geboorteplaats", "iban", "bankrekening", "bankrekeningnummer", "rekeningnummer", "anummer",
		"emailadres", "telefoonnummer", "paspoortnummer", "rijbewijsnummer", "voornamen", "geslachtsnaam", "achternaam",
	}
)

// hasWord says whether one or two words behind each other of a name are in a list: of
// inp_bsn, inpBsn, access-token and aanvrager.bsn, and not of subsnijder.
func hasWord(name string, list []string) bool {
	words := wordsOf(name)
	for i, word := range words {
		if slices.Contains(list, word) || i > 0 && slices.Contains(list, words[i-1]+word) {
			return true
		}
	}
	return slices.Contains(list, strings.Join(words, ""))
}

// wordsOf takes a name apart at capitals and at what is no letter or digit.
func wordsOf(name string) []string {
	var words []string
	var word []byte
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = nil
		}
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			// A row of capitals is one word: aanvragerBSN.
			if i > 0 && !(name[i-1] >= 'A' && name[i-1] <= 'Z') {
				end()
			}
			word = append(word, c+'a'-'A')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 0x80:
			word = append(word, c)
		default:
			end()
		}
	}
	end()
	return words
}

// pagination sees two ways of paging in one operation of which the text does not say
// which goes first: that of one must name the other.
func pagination(ctx context.Context, d *Document, found finder) {
	for _, o := range d.each(ctx).operations {
		if o.method != "get" {
			continue
		}
		var ways []string
		var texts [][]string
		for _, p := range d.someParameters(o) {
			name := p.node.get("name").str()
			if p.node.get("in").str() == "query" && slices.Contains([]string{"page", "pagina", "offset", "cursor"}, name) && !slices.Contains(ways, name) {
				ways, texts = append(ways, name), append(texts, wordsOf(p.node.get("description").str()))
			}
		}
		if len(ways) > 1 && !orders(ways, texts) {
			found(o.node, "", o.path, strings.Join(ways, ", "))
		}
	}
}

// orders says whether the text of one of the ways names another of them.
func orders(ways []string, texts [][]string) bool {
	for i, text := range texts {
		for n, way := range ways {
			if n != i && slices.Contains(text, way) {
				return true
			}
		}
	}
	return false
}
