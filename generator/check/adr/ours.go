package adr

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// candidate says by its name whether a file may be a description of an API of the
// repository itself. What the team listed goes before all else.
func candidate(r *check.Repo, f check.File) bool {
	if len(r.Config.API) > 0 {
		return slices.ContainsFunc(r.Config.API, func(name string) bool { return path.Clean(name) == f.Path })
	}
	switch f.Ext() {
	case ".yaml", ".yml", ".json":
		return !f.Kern && !ofOthers(f.Path)
	}
	return false
}

// elsewhere are words in the names of folders and files where descriptions lie that are
// somebody else's, or that nobody serves: sources, clients, stubs, tests, examples. Not
// "spec" and "source", in which people keep their own.
var elsewhere = map[string]bool{
	"bron": true, "bronnen": true, "sources": true, "integratie": true, "integraties": true, "integration": true, "integrations": true,
	"client": true, "clients": true, "consumer": true, "consumers": true, "connector": true, "connectors": true,
	"koppeling": true, "koppelingen": true, "adapter": true, "adapters": true,
	"vendor": true, "vendored": true, "external": true, "externals": true, "extern": true, "externe": true, "thirdparty": true, "third": true,
	"upstream": true, "download": true, "downloads": true, "import": true, "imports": true,
	"mock": true, "mocks": true, "stub": true, "stubs": true, "wiremock": true, "mockserver": true, "fake": true, "fakes": true,
	"test": true, "tests": true, "testdata": true, "testing": true, "fixture": true, "fixtures": true, "e2e": true, "cypress": true,
	"example": true, "examples": true, "sample": true, "samples": true, "demo": true, "demos": true, "voorbeeld": true, "voorbeelden": true,
}

// ofOthers says by its path whether a description is somebody else's.
func ofOthers(name string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(name), func(c rune) bool { return strings.ContainsRune("/-_. ", c) }) {
		if elsewhere[word] {
			return true
		}
	}
	return false
}

// looksLikeOne says quickly whether a file has a version of OpenAPI at its root, or may
// have: most YAML and JSON is something else.
func looksLikeOne(body []byte) bool {
	return versioned(body, "openapi") || versioned(body, "swagger")
}

// versioned looks for a key, at the beginning of a line or in quotes, with a number.
func versioned(body []byte, key string) bool {
	flow := len(body) > 0 && bytes.IndexByte(bytes.TrimLeft(body[:min(len(body), 100)], "\xef\xbb\xbf \t\r\n"), '{') == 0
	for rest := body; ; {
		i := bytes.Index(rest, []byte(key))
		if i < 0 {
			return false
		}
		before, after := rest[:i], rest[i+len(key):]
		rest = after
		quoted := len(before) > 0 && (before[len(before)-1] == '"' || before[len(before)-1] == '\'') && len(after) > 0 && after[0] == before[len(before)-1]
		if quoted {
			before, after = before[:len(before)-1], after[1:]
		}
		before = bytes.TrimSuffix(before, []byte("\xef\xbb\xbf"))
		if !flow && len(before) > 0 && before[len(before)-1] != '\n' && before[len(before)-1] != '\r' {
			continue
		}
		after = bytes.TrimLeft(after, " \t\r\n")
		if len(after) == 0 || after[0] != ':' {
			continue
		}
		if after = bytes.TrimLeft(after[1:], " \t\r\n\"'"); len(after) > 0 && after[0] >= '0' && after[0] <= '9' {
			return true
		}
	}
}

// isDescription says whether the root of a file is that of a description of an API.
func isDescription(root *node) bool {
	version := root.get("openapi")
	if version == nil {
		version = root.get("swagger")
	}
	return (version.is(isText) || version.is(isNumber)) && version.text != "" && version.text[0] >= '0' && version.text[0] <= '9'
}

// isNamed says by its name whether a file is meant as a description, also when it does
// not say of which version.
func isNamed(name string) bool {
	switch strings.ToLower(path.Base(name)) {
	case "openapi.yaml", "openapi.yml", "openapi.json":
		return true
	}
	return false
}

// lacksVersion says whether a root is that of a description of an API, but for the
// version.
func lacksVersion(root *node) bool {
	return root.get("openapi") == nil && root.get("swagger") == nil && root.get("paths").is(isObject)
}

// isPart says whether a description has no path of its own: it is there for others.
func isPart(d *Document) bool {
	return d.root.get("paths").size() == 0 && d.root.get("webhooks").size() == 0 && d.root.get("components").size() > 0
}

// publisher is who publishes national APIs that many repositories keep a copy of.
type publisher struct {
	hosts  []string // of servers, of the page and address of the contact
	owners []string // on a platform for source code
	titles []string // how they begin, in lower case
}

var publishers = []publisher{
	{
		[]string{"vng.nl", "vng.cloud", "vng-realisatie.github.io"}, []string{"vng-realisatie"},
		[]string{"zaken api", "catalogi api", "documenten api", "besluiten api", "autorisaties api", "notificaties api"},
	},
	{[]string{"maykinmedia.nl"}, []string{"maykinmedia"}, nil},
	{[]string{"kadaster.nl"}, []string{"kadaster", "lvbag", "vng-realisatie"}, nil},
	{[]string{"pdok.nl"}, []string{"pdok", "kadaster"}, nil},
	{[]string{"kvk.nl"}, []string{"kvk"}, nil},
	{
		[]string{"diginetwerk.net", "rvig.nl", "haalcentraal.nl", "brp-api.github.io"}, []string{"brp-api", "rvig", "vng-realisatie"},
		[]string{"brp api personen", "brp bewoning"},
	},
}

// ours says whether a description is of an API of the repository itself.
func ours(r *check.Repo, f check.File, d *Document) bool {
	if len(r.Config.API) > 0 || r.IsComponent() && (f.Path == "2-diensten/openapi.yaml" || f.Path == "4-proces/openapi.yaml") {
		return true
	}
	if isPart(d) || isForClient(r, f) {
		return false
	}
	by := publishedBy(d)
	at := onPlatform(d.root.get("info", "contact", "url").str())
	if len(by) == 0 && at == nil {
		return true
	}
	own, names := homes(r)
	if at != nil && slices.ContainsFunc(append(names, r.Name), func(name string) bool { return sameProject(at[1], name) }) {
		return true
	}
	if slices.ContainsFunc(by, func(owner string) bool { return slices.Contains(own, owner) }) {
		return true
	}
	// A contact in a repository of somebody else: a copy.
	return len(by) == 0 && (len(own) == 0 || slices.Contains(own, at[0]))
}

// sameProject says whether two names of a repository are of one project: an address in a
// description often still has the name from before it moved to another owner, such as
// Haal-Centraal-WOZ-bevragen for WOZ-bevragen.
func sameProject(one, other string) bool {
	one, other = strings.ToLower(one), strings.ToLower(other)
	if len(one) > len(other) {
		one, other = other, one
	}
	return one != "" && (one == other || strings.Contains(one, "-") && strings.HasSuffix(other, "-"+one))
}

// onPlatform gives owner and name of the repository that an address leads to; nil when it
// leads to none.
func onPlatform(address string) []string {
	u, err := url.Parse(strings.ToLower(address))
	if err != nil || u.Host != "github.com" && u.Host != "gitlab.com" {
		return nil
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 {
		return nil
	}
	return []string{parts[0], strings.TrimSuffix(parts[1], ".git")}
}

// publishedBy gives the owners of the national API that a description is of, of every
// publisher that it may be of; none when it is of no national API.
func publishedBy(d *Document) []string {
	var all []string
	title := strings.ToLower(strings.TrimSpace(d.root.get("info", "title").str()))
	addresses := addressesOf(d)
	for _, p := range publishers {
		if slices.ContainsFunc(p.titles, func(t string) bool { return strings.HasPrefix(title, t) }) || slices.ContainsFunc(addresses, p.has) {
			all = append(all, p.owners...)
		}
	}
	return all
}

// addressesOf gives what a description says of where it is and whose it is.
func addressesOf(d *Document) []*url.URL {
	contact := d.root.get("info", "contact")
	texts := []string{contact.get("url").str(), d.root.get("externalDocs", "url").str()}
	if _, host, ok := strings.Cut(contact.get("email").str(), "@"); ok {
		texts = append(texts, "https://"+host)
	}
	for server := range d.root.get("servers").all() {
		texts = append(texts, server.get("url").str())
	}
	if host := d.root.get("host").str(); host != "" {
		texts = append(texts, "https://"+host)
	}
	var all []*url.URL
	for _, text := range texts {
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			all = append(all, u)
		}
	}
	return all
}

// has says whether an address is of the publisher, itself or on a platform.
func (p publisher) has(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	if slices.ContainsFunc(p.hosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) }) {
		return true
	}
	owner, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(u.Path), "/"), "/")
	switch host {
	case "github.com", "gitlab.com":
		return slices.Contains(p.owners, owner)
	case "virtserver.swaggerhub.com":
		return owner == "vng-sandbox" && slices.Contains(p.owners, "vng-realisatie")
	}
	return false
}

// homes gives who owns the repository and what it is called there, as far as its own files
// say: publiccode.yml and where Git fetches from.
func homes(r *check.Repo) (owners, names []string) {
	for _, name := range []string{"publiccode.yml", "publiccode.yaml", ".git/config"} {
		body, err := r.Read(name, 256<<10)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(body)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), "url")
			if key != "" || value == "" {
				continue
			}
			value = strings.ToLower(strings.Trim(value, " \t=:\"'\r\n"))
			value = strings.ReplaceAll(value, ":", "/")
			parts := strings.FieldsFunc(value, func(c rune) bool { return c == '/' })
			if len(parts) >= 2 {
				owners = append(owners, parts[len(parts)-2])
				names = append(names, strings.TrimSuffix(parts[len(parts)-1], ".git"))
			}
		}
	}
	return owners, names
}
