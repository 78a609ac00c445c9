package adr

import (
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

var (
	kebab   = pattern(`^(/|(/_[a-z0-9]+|/(([a-z0-9\-]+|\{[^}]+\})(/([a-z0-9\-\.]+|\{[^}]+\}))*)(/_[a-z]+)?)/?)$`)
	ownPath = pattern(`/openapi\.(json)|(yaml)`)
)

// designPath are about the paths themselves.
func designPath() []rule {
	return []rule{
		{
			Rule:     core("path-kebab-case", check.Error, "path-segments-kebab-case", both("paths-kebab-case")...),
			official: map[string]string{"loose": ""}, // the pattern lets pass what the text forbids
			run:      pathKebabCase,
		},
		{
			Rule: core("http-methods", check.Error, "http-methods"),
			run:  httpMethods,
		},
		{
			Rule: core("trace", check.Warning, "http-methods"),
			run:  traceMethod,
		},
		{
			Rule: core("verb-in-path", check.Warning, "naming-resources"),
			run:  verbInPath,
		},
		{
			Rule: core("singular-collection", check.Warning, "naming-collections"),
			run:  singularCollection,
		},
		{
			Rule: core("version-in-path", check.Warning, "uri-version"),
			run:  versionInPath,
		},
		{
			Rule: core("technology-in-path", check.Warning, "hide-implementation"),
			run:  technologyInPath,
		},
	}
}

// paths are the paths of the API, without extensions.
func (d *Document) paths() []used {
	return slices.DeleteFunc(d.members(d.at(d.root, "paths")), func(u used) bool { return !strings.HasPrefix(u.key, "/") })
}

func pathKebabCase(_ context.Context, d *Document, found finder) {
	for _, p := range d.members(d.at(d.root, "paths")) {
		switch {
		case p.key == "" || ownPath().MatchString(p.key):
		case strings.HasPrefix(p.key, "x-"): // an extension, see designLinter
		case !kebab().MatchString(p.key):
			found(p.at, "", p.key)
		case looseHyphen(p.key):
			found(p.at, "loose", p.key)
		}
	}
}

// looseHyphen sees what the pattern of the standard lets pass and its text forbids.
func looseHyphen(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if part != "" && part[0] != '{' && (part[0] == '-' || part[len(part)-1] == '-' || strings.Contains(part, "--")) {
			return true
		}
	}
	return false
}

// fields are what a path may hold beside methods.
var fields = []string{"$ref", "summary", "description", "servers", "parameters"}

// httpMethods sees only what looks like an operation: what else is in a path is for the
// schema of OpenAPI.
func httpMethods(ctx context.Context, d *Document, found finder) {
	for _, p := range d.each(ctx).items {
		for _, m := range d.members(p.node) {
			known := slices.Contains(methods, m.key) || slices.Contains(fields, m.key) || strings.HasPrefix(m.key, "x-")
			if !known && m.node.get("responses") != nil {
				found(m.at, "", m.key, p.key)
			}
		}
	}
}

func traceMethod(ctx context.Context, d *Document, found finder) {
	for _, o := range d.each(ctx).operations {
		if o.method == "trace" {
			found(o.node, "", o.path)
		}
	}
}

// verbInPath leaves alone the last part after an item or with an underscore: that is how
// the standard has operations that are not about a resource as a whole.
func verbInPath(_ context.Context, d *Document, found finder) {
	for _, p := range d.paths() {
		parts := strings.Split(strings.Trim(p.key, "/"), "/")
		for i, part := range parts {
			if part == "" || part[0] == '{' || part[0] == '_' {
				continue
			}
			if verb := verbOf(part); verb != "" && !isOperation(p.node, parts, i) {
				found(p.at, "", p.key, verb)
				break
			}
		}
	}
}

// isOperation says whether a part of a path is a dedicated resource for an operation:
// the last part, and only written to.
func isOperation(item *node, parts []string, i int) bool {
	if i == 0 || i != len(parts)-1 {
		return false
	}
	return !slices.ContainsFunc([]string{"get", "put", "patch", "delete"}, func(method string) bool { return item.get(method) != nil })
}

// verbOf gives the verb that a part of a path begins with.
func verbOf(part string) string {
	first := part
	if i := strings.IndexByte(part, '-'); i > 0 {
		first = part[:i]
	} else if i := strings.IndexFunc(part, func(r rune) bool { return r >= 'A' && r <= 'Z' }); i > 0 {
		first = part[:i]
	}
	whole := first == part
	first = strings.ToLower(first)
	if slices.Contains(verbs, first) || !whole && slices.Contains(verbsBefore, first) {
		return first
	}
	return ""
}

// verbs are no nouns as well, in neither tongue. verbsBefore are verbs only with
// something behind them: "get-zaken", and not "get".
var (
	verbs = []string{
		"opvragen", "ophalen", "registreren", "toevoegen", "verwijderen", "wijzigen", "bijwerken", "aanmaken", "opslaan",
		"raadplegen", "versturen", "controleren", "valideren", "berekenen", "goedkeuren", "afwijzen", "annuleren",
		"haal", "verwijder", "wijzig", "verstuur", "bereken",
		"fetch", "retrieve", "create", "delete", "remove",
	}
	verbsBefore = []string{
		"get", "add", "update", "insert", "set", "find", "save", "send", "calculate", "validate", "execute", "maak", "zoek", "voeg",
	}
)

// singularCollection is sure only of words whose plural it knows, of which one item can
// be had by an identification right behind.
func singularCollection(_ context.Context, d *Document, found finder) {
	all := d.paths()
	itemOf := map[string]bool{} // the paths below which one item is
	for _, p := range all {
		if last := lastPart(p.key); strings.HasPrefix(last, "{") && strings.IndexByte(last, '}') == len(last)-1 {
			itemOf[strings.TrimSuffix(p.key, "/"+last)] = true
		}
	}
	for _, p := range all {
		if plural := pluralOf(lastPart(p.key)); plural != "" && itemOf[p.key] {
			found(p.at, "", p.key, plural)
		}
	}
}

func lastPart(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// pluralOf gives the plural of a part of a path that ends in a singular it knows.
func pluralOf(part string) string {
	last := part[strings.LastIndexByte(part, '-')+1:]
	if plural, ok := plurals[last]; ok {
		return strings.TrimSuffix(part, last) + plural
	}
	return ""
}

var plurals = map[string]string{
	"zaak": "zaken", "persoon": "personen", "adres": "adressen", "besluit": "besluiten", "gebruiker": "gebruikers",
	"aanvraag": "aanvragen", "vergunning": "vergunningen", "melding": "meldingen", "organisatie": "organisaties",
	"gebouw": "gebouwen", "woning": "woningen", "klant": "klanten", "bericht": "berichten", "locatie": "locaties",
	"verhuizing": "verhuizingen", "afspraak": "afspraken", "bijlage": "bijlagen", "dossier": "dossiers", "taak": "taken",
	"contactmoment": "contactmomenten", "zaaktype": "zaaktypen", "verzoek": "verzoeken", "product": "producten",
	"person": "persons", "user": "users", "address": "addresses", "order": "orders", "customer": "customers",
	"employee": "employees", "document": "documenten",
}

func versionInPath(_ context.Context, d *Document, found finder) {
	for _, p := range d.paths() {
		if m := majorPath().FindStringSubmatch(p.key); m != nil {
			found(p.at, "", p.key, "v"+m[1])
		}
	}
}

var technologies = []string{".php", ".asp", ".aspx", ".jsp", ".do", ".cgi", ".ashx", ".asmx", ".svc"}

func technologyInPath(_ context.Context, d *Document, found finder) {
	for _, p := range d.paths() {
		for part := range strings.SplitSeq(p.key, "/") {
			i := strings.LastIndexByte(part, '.')
			if i > 0 && slices.Contains(technologies, part[i:]) || part == "cgi-bin" {
				found(p.at, "", p.key, part)
				break
			}
		}
	}
}
