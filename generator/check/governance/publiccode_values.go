package governance

import (
	_ "embed"
	"net/mail"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// known asks for one of many words.
func known(words string) func(*publiccode, value) {
	return func(p *publiccode, v value) {
		p.to.Looked("publiccode-values")
		if !slices.Contains(strings.Fields(words), v.text) {
			p.at("values", "list", v.node, v.path, v.text)
		}
	}
}

// oneOf asks for one of a few words.
func oneOf(words ...string) func(*publiccode, value) {
	return func(p *publiccode, v value) {
		p.to.Looked("publiccode-values")
		if v.text != "" && !slices.Contains(words, v.text) {
			p.at("values", "one-of", v.node, v.path, v.text, strings.Join(words, ", "))
		}
	}
}

// length asks for a number of characters as people count them.
func length(least, most int) func(*publiccode, value) {
	return func(p *publiccode, v value) {
		p.to.Looked("publiccode-length")
		switch n := characters(v.text); {
		case n > most:
			p.at("length", "long", v.node, v.path, strconv.Itoa(n), strconv.Itoa(most))
		case n < least && n > 0:
			p.at("length", "short", v.node, v.path, strconv.Itoa(n), strconv.Itoa(least))
		}
	}
}

// characters counts what people see as one: a letter with its accents, a flag, a family of
// emoji.
func characters(s string) int {
	n, flag, joined := 0, false, false
	for _, r := range s {
		isFlag := r >= 0x1F1E6 && r <= 0x1F1FF
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc) || r >= 0x1F3FB && r <= 0x1F3FF:
		case r == 0x200D:
			joined = true
			continue
		case joined, isFlag && flag:
			isFlag = false
		default:
			n++
		}
		joined, flag = false, isFlag
	}
	return n
}

func (p *publiccode) version(v value) {
	switch {
	case v.node.ShortTag() != "!!str":
		p.at("version", "number", v.node, v.text)
	case !slices.Contains(strings.Fields(formatVersions), v.text):
		p.at("version", "unknown", v.node, v.text)
	case v.text != "0" && !strings.HasPrefix(v.text, "0.7"):
		p.at("deprecated", "version", v.node, v.text)
	}
}

// isAddress is what the official parser takes for a URL.
func isAddress(s string) bool {
	u, err := url.Parse(strings.ToLower(s))
	if err != nil || u.Scheme == "" {
		return false
	}
	if u.Scheme == "file" {
		return u.Path != "" && u.Path != "/"
	}
	return u.Host != "" || u.Fragment != "" || u.Opaque != ""
}

func (p *publiccode) address(v value) {
	p.to.Looked("publiccode-addresses")
	if v.text != "" && !isAddress(v.text) {
		p.at("addresses", "address", v.node, v.path, v.text)
	}
}

func (p *publiccode) webAddress(v value) {
	p.to.Looked("publiccode-addresses")
	u, err := url.Parse(strings.ToLower(v.text))
	if !isAddress(v.text) || err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		p.at("addresses", "web", v.node, v.path, v.text)
	}
}

var urn = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i)urn:[a-z0-9][a-z0-9-]{0,31}:(?:[a-z0-9()+,\-.:=@;$_!*']|%[0-9a-f]{2})+$`)
})

// isURI is a URN, or an address with a host.
func isURI(s string) bool {
	u, err := url.ParseRequestURI(s)
	if err != nil {
		return false
	}
	if strings.EqualFold(u.Scheme, "urn") {
		return urn().MatchString(s) && !strings.HasPrefix(strings.ToLower(s), "urn:urn:")
	}
	return u.Scheme != "" && u.Host != ""
}

func (p *publiccode) organisationURI(v value) {
	p.to.Looked("publiccode-addresses")
	if v.text != "" && !isURI(v.text) {
		p.at("addresses", "uri", v.node, v.path, v.text)
	}
}

func (p *publiccode) support(v value) {
	p.to.Looked("publiccode-values")
	if alias, ok := strings.CutPrefix(v.text, "alias:"); ok {
		if !slices.Contains(strings.Fields(supportAliases), alias) {
			p.at("values", "alias", v.node, v.path, v.text, strings.Join(strings.Fields(supportAliases), ", "))
		}
		return
	}
	if v.text != "" && !isURI(v.text) {
		p.at("values", "support", v.node, v.path, v.text)
	}
}

func (p *publiccode) date(v value) {
	p.to.Looked("publiccode-dates")
	if _, err := time.Parse(time.DateOnly, v.text); err != nil && (v.text != "" || v.path == "releaseDate") {
		p.at("dates", "", v.node, v.path, v.text)
	}
}

func (p *publiccode) email(v value) {
	p.to.Looked("publiccode-addresses")
	if v.text == "" {
		return
	}
	a, err := mail.ParseAddress(v.text)
	if err != nil || a.Address != v.text || !strings.Contains(v.text[strings.LastIndex(v.text, "@"):], ".") {
		p.at("addresses", "email", v.node, v.path, v.text)
	}
}

var mimeType = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^ *([A-Za-z0-9][A-Za-z0-9!#$&^_-]{0,126})/([A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}) *$`)
})

func (p *publiccode) mime(v value) {
	p.to.Looked("publiccode-values")
	if !mimeType().MatchString(v.text) {
		p.at("values", "mime", v.node, v.path, v.text)
	}
}

// countries of ISO 3166-1, two letters each.
const countries = "AFAXALDZASADAOAIAQAGARAMAWAUATAZBSBHBDBBBYBEBZBJBMBTBOBQBABWBVBRIOBNBGBFBIKHCMCACVKYCFTDCLCNCXCCCOKMCGCDCKCRCIHRCUCWCYCZDKDJDMDOECEGSVGQEREEETFKFOFJFIFRGFPFTFGAGMGEDEGHGIGRGLGDGPGUGTGGGNGWGYHTHMVAHNHKHUISINIDIRIQIEIMILITJMJPJEJOKZKEKIKPKRKWKGLALVLBLSLRLYLILTLUMOMKMGMWMYMVMLMTMHMQMRMUYTMXFMMDMCMNMEMSMAMZMMNANRNPNLNCNZNINENGNUNFMPNOOMPKPWPSPAPGPYPEPHPNPLPTPRQARERORURWBLSHKNLCMFPMVCWSSMSTSASNRSSCSLSGSXSKSISBSOZAGSSSESLKSDSRSJSZSECHSYTWTJTZTHTLTGTKTOTTTNTRTMTCTVUGUAAEGBUSUMUYUZVUVEVNVGVIWFEHYEZMZWXK"

func isCountry(code string) bool {
	for i := 0; i+2 <= len(countries); i += 2 {
		if countries[i:i+2] == code {
			return true
		}
	}
	return false
}

func (p *publiccode) country(v value) {
	p.to.Looked("publiccode-values")
	upper := strings.ToUpper(v.text)
	switch {
	case !isCountry(upper) || v.text != upper && v.text != strings.ToLower(v.text):
		p.at("values", "country", v.node, v.path, v.text)
	case v.text != upper:
		p.at("deprecated", "country", v.node, v.path, v.text, upper)
	}
}

// isLanguage is a tag of BCP 47 in its shortest form, as the official parser asks.
func isLanguage(tag string) bool {
	parts := strings.Split(strings.ToLower(tag), "-")
	if parts[0] == "x" || parts[0] == "i" {
		return len(parts) > 1
	}
	base, err := language.ParseBase(parts[0])
	if err != nil || len(parts[0]) > 3 || base.String() != parts[0] {
		return false
	}
	for i, part := range parts[1:] {
		switch {
		case len(part) == 1:
			return i+2 < len(parts) // an extension, or private
		case len(part) == 4 && !isDigit(part[0]):
			_, err = language.ParseScript(part)
		case len(part) == 2 || len(part) == 3 && isDigit(part[0]):
			_, err = language.ParseRegion(part)
		case len(part) == 3:
			_, err = language.ParseBase(part) // an extended language, such as zh-yue
		case len(part) > 8 || len(part) < 4:
			return false
		}
		if err != nil {
			return false
		}
	}
	return true
}

func (p *publiccode) language(v value) {
	p.to.Looked("publiccode-values")
	if !isLanguage(v.text) {
		p.at("values", "language", v.node, v.path, v.text)
	}
}

// fileOf asks for a file in the repository, or an address on the web; with endings.
func fileOf(endings ...string) func(*publiccode, value) {
	return func(p *publiccode, v value) {
		p.to.Looked("publiccode-files")
		lower := strings.ToLower(v.text)
		switch {
		case v.text == "":
		case strings.HasPrefix(v.text, "/"):
			p.at("files", "absolute", v.node, v.path, v.text)
		case strings.HasPrefix(lower, "file:"):
			p.at("files", "scheme", v.node, v.path, v.text)
		case strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://"):
		case len(endings) > 0 && !slices.Contains(endings, path.Ext(lower)):
			p.at("files", "ending", v.node, v.path, v.text, strings.Join(endings, ", "))
		case !p.repo.Has(path.Join(p.dir, v.text)):
			p.at("files", "missing", v.node, v.path, v.text)
		}
	}
}

func (p *publiccode) license(v value) {
	p.to.Looked("publiccode-license")
	if v.text != "" && !isLicenceExpression(v.text) {
		p.at("license", "", v.node, v.text)
	}
}

// dutchPractice is what Dutch catalogues look for beside the format.
func (p *publiccode) dutchPractice(root *yaml.Node) {
	dutch := getText(root, "localisation", "availableLanguages") == "nl"
	for _, keys := range [][]string{{"localisation", "availableLanguages"}, {"intendedAudience", "countries"}} {
		if n := get(root, keys...); n != nil {
			dutch = dutch || slices.ContainsFunc(n.Content, func(n *yaml.Node) bool {
				return strings.EqualFold(n.Value, "nl") || strings.EqualFold(n.Value, "nl-NL")
			})
		}
	}
	if !dutch {
		return
	}
	p.to.Looked("publiccode-organisation", "publiccode-dutch", "publiccode-owner")
	organisation := get(root, "organisation")
	switch uri := getText(root, "organisation", "uri"); {
	case organisation == nil:
		p.at("organisation", "missing", root)
	case strings.Contains(uri, "identifier.overheid.nl/tooi/id/"), isFictitious(uri), strings.HasPrefix(strings.ToLower(uri), "urn:"), uri == "":
	default:
		p.at("organisation", "tooi", get(root, "organisation", "uri"), uri)
	}
	if description := get(root, "description"); description != nil && get(description, "nl") == nil && get(description, "nl-NL") == nil && description.Kind == yaml.MappingNode {
		p.at("dutch", "", description)
	}
	if legal := get(root, "legal"); legal != nil && getText(legal, "mainCopyrightOwner") == "" {
		p.at("owner", "", legal)
	}
}

// isFictitious says whether an address is in a domain that is kept for examples: who is
// there has no identifier.
func isFictitious(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil {
		return false
	}
	host := u.Hostname()
	for _, end := range []string{".test", ".example", ".invalid", ".localhost", "example.com", "example.org", "example.nl"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

// licenceFile holds the licence that the file names against the text of the licence.
func (p *publiccode) licenceFile(root *yaml.Node) {
	n := get(root, "legal", "license")
	_, words, ok := p.first("license", "license.md", "license.txt", "copying", "licence", "licence.md", "licence.txt")
	if n == nil || !ok {
		return
	}
	there := licenceName(words)
	said := strings.ToUpper(n.Value)
	for id, name := range map[string]string{"EUPL-1.2": "EUPL-1.2", "EUPL-1.1": "EUPL-1.1", "MIT": "mit license", "APACHE-2.0": "apache license", "MPL-2.0": "mozilla public license"} {
		if said == id && there != "" {
			p.to.Looked("publiccode-license-file")
			if there != name && !strings.EqualFold(there, id) && distinct(there) {
				p.at("license-file", "", n, n.Value, there)
			}
		}
	}
}

// distinct says whether a licence was recognised by words that only it has: others name
// licences beside their own, as the EUPL does in its appendix.
func distinct(name string) bool {
	switch name {
	case "EUPL-1.2", "EUPL-1.1", "mit license", "apache license", "mozilla public license":
		return true
	}
	return false
}

//go:embed spdx.txt
var spdx string

// spdxLists are the identifiers of licences and of exceptions, in upper case.
var spdxLists = sync.OnceValues(func() (licences, exceptions map[string]bool) {
	set := func(words string) map[string]bool {
		all := map[string]bool{}
		for _, word := range strings.Fields(words) {
			all[strings.ToUpper(word)] = true
		}
		return all
	}
	first, second, _ := strings.Cut(spdx, "\n---\n")
	return set(first), set(second)
})

// isLicenceExpression is an expression of SPDX: licences with AND, OR, WITH and brackets.
func isLicenceExpression(s string) bool {
	tokens := strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(s))
	depth, operand := 0, true // whether a licence has to come
	licences, exceptions := spdxLists()
	for i, token := range tokens {
		switch {
		case token == "(" && operand:
			depth++
		case token == ")" && !operand && depth > 0:
			depth--
		case (token == "AND" || token == "OR") && !operand:
			operand = true
		case token == "WITH" && !operand && i+1 < len(tokens):
			if !exceptions[strings.ToUpper(tokens[i+1])] {
				return false
			}
		case i > 0 && tokens[i-1] == "WITH" && !operand:
		case operand && isLicence(token, licences):
			operand = false
		default:
			return false
		}
	}
	return !operand && depth == 0
}

func isLicence(token string, licences map[string]bool) bool {
	if _, ref, ok := strings.Cut(token, "LicenseRef-"); ok {
		return ref != "" && (strings.HasPrefix(token, "LicenseRef-") || strings.HasPrefix(token, "DocumentRef-"))
	}
	upper := strings.ToUpper(strings.TrimSuffix(token, "+"))
	return licences[upper] || licences[strings.TrimSuffix(upper, "-ONLY")] || licences[strings.TrimSuffix(upper, "-OR-LATER")] || licences[upper+"-OR-LATER"]
}
