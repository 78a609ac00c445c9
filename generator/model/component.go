package model

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// maxComponentName leaves room for what Kubernetes puts behind a name.
const maxComponentName = 40

var (
	regexKebab   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	regexOIN     = regexp.MustCompile(`^[0-9]{20}$`)
	regexTOOI    = regexp.MustCompile(`^(gm[0-9]{4}|pv[0-9]{2}|ws[0-9]{4}|(mnre|oorg|gr|ao|zbo|rgm)[0-9]{2,6})$`)
	regexSite    = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)
	regexImage   = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*(:[0-9]{1,5})?(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+$`)
	regexElement = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*$`)
)

func (b *builder) component() {
	a, c := b.a.Component, b.c
	c.Title = b.line("component.title", a.Title, 100)
	b.required("component.title", strings.TrimSpace(a.Title))
	c.Name = b.componentName()
	b.organisation()
	c.Summary = or(b.block("component.summary", a.Summary, 500), standardSummary(c.Title, c.Organisation.Name))
	c.Repository = strings.TrimSuffix(strings.TrimSuffix(b.https("component.repository", a.Repository), "/"), ".git")
	c.Module = "component/" + c.Name.Path
	if c.Repository != "" {
		module, ok := modulePath(c.Repository)
		if !ok {
			b.add(problem.RepositoryForm, "component.repository", c.Repository)
		}
		c.Module = module
	}
	c.Licence = or(strings.TrimSpace(a.Licence), "EUPL-1.2")
	b.oneOf("component.licence", c.Licence, "EUPL-1.2")
	b.contact()
	c.APIURL, c.ProcesURL = b.apiURLs()
}

// standardSummary is what can be said of a component that nobody summed up, without
// saying its title twice on one page.
func standardSummary(title, organisation string) string {
	if strings.HasSuffix(title, "?") || strings.HasSuffix(title, "!") {
		return title + " Een dienst van " + organisation + "."
	}
	return strings.TrimRight(title, ".") + ": een dienst van " + organisation + "."
}

// componentName is the short name as given, or derived from the title.
func (b *builder) componentName() Names {
	raw := strings.TrimSpace(b.a.Component.Name)
	if raw == "" {
		names, err := naming.Of(b.c.Title)
		if err != nil {
			if b.c.Title != "" {
				b.add(problem.NameUnusable, "component.title", b.c.Title)
			}
			return names
		}
		names, _ = naming.Of(cutKebab(names.Path))
		return names
	}
	names, err := naming.Of(raw)
	switch {
	case err != nil:
		b.add(problem.NameUnusable, "component.name", raw)
	case !regexKebab.MatchString(raw) || names.Path != raw || len(raw) > maxComponentName:
		b.suggest(cutKebab(names.Path), problem.ComponentName, "component.name", raw, maxComponentName)
	}
	return names
}

func cutKebab(path string) string {
	for len(path) > maxComponentName {
		path = path[:max(strings.LastIndexByte(path, '-'), 0)]
		if path == "" {
			return "component"
		}
	}
	return path
}

func (b *builder) organisation() {
	a, o := b.a.Component.Organisation, &b.c.Organisation
	o.Name = b.line("component.organisation.name", a.Name, 150)
	b.required("component.organisation.name", strings.TrimSpace(a.Name))
	o.OIN = b.oin("component.organisation.oin", a.OIN)
	o.TOOI = strings.TrimSpace(a.TOOI)
	if o.TOOI != "" && !regexTOOI.MatchString(o.TOOI) {
		b.add(problem.TOOIForm, "component.organisation.tooi", o.TOOI)
	}
	o.Website = b.https("component.organisation.website", a.Website)
}

func (b *builder) oin(key, s string) string {
	s = strings.TrimSpace(s)
	if s != "" && (!regexOIN.MatchString(s) || strings.Trim(s, "0") == "") {
		b.add(problem.OINForm, key, s, len(s))
	}
	return s
}

// https checks an address on the web; "" is fine.
func (b *builder) https(key, s string) string {
	s = strings.TrimSpace(s)
	if s == "" || fieldtype.IsHTTPS(s) {
		return s
	}
	candidate := ""
	if secure := "https://" + strings.TrimPrefix(s, "http://"); fieldtype.IsHTTPS(secure) {
		candidate = secure
	}
	b.suggest(candidate, problem.HTTPSForm, key, s)
	return ""
}

// modulePath makes the path of a Go module of the address of a repository.
func modulePath(repository string) (string, bool) {
	u, err := url.Parse(repository)
	if err != nil || u.RawQuery != "" || u.Port() != "" || u.Fragment != "" {
		return "", false
	}
	elements := strings.Split(strings.Trim(u.Path, "/"), "/")
	for _, element := range elements {
		if !regexElement.MatchString(element) || strings.HasSuffix(element, ".") || strings.Contains(element, "..") || isDevice(element) {
			return "", false
		}
	}
	return strings.ToLower(u.Host) + "/" + strings.Join(elements, "/"), true
}

// isDevice says whether Windows keeps a name for itself.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	names, err := naming.Of(base)
	return err == nil && strings.EqualFold(names.Path, base+"-naam")
}

// contact is never empty: the API Design Rules ask for it. An address that
// nobody gave is under .invalid (RFC 2606) and an open item.
func (b *builder) contact() {
	a, c := b.a.Component.Contact, b.c
	c.Contact.Name = or(b.line("component.contact.name", a.Name, 150), c.Organisation.Name)
	c.Contact.Email = strings.TrimSpace(a.Email)
	if c.Contact.Email == "" {
		c.Contact.Email = "vul-in@" + c.Name.Path + ".invalid"
	} else if !fieldtype.IsEmail(c.Contact.Email) {
		b.add(problem.EmailForm, "component.contact.email", c.Contact.Email)
	}
	c.Contact.URL = b.https("component.contact.url", a.URL)
	if c.Contact.URL == "" {
		c.Contact.URL = or(c.Organisation.Website, or(c.Repository, "https://"+c.Name.Path+".invalid/contact"))
	}
}

// apiURLs are where the two APIs will be found in production: a proposal below
// the domain of the organisation, and an open item.
func (b *builder) apiURLs() (diensten, proces string) {
	name := b.c.Name.Path
	u, err := url.Parse(b.c.Organisation.Website)
	if err != nil || u.Hostname() == "" {
		base := name + "." + b.slug() + ".invalid"
		return "https://" + base + "/v1", "https://proces." + base + "/v1"
	}
	host := "https://api." + strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") + "/" + name
	return host + "/v1", host + "/proces/v1"
}

// SiteHost is a proposal for the name under which the pages will be found: below the
// domain of the organisation; "" when nobody knows that.
func (c *Component) SiteHost() string {
	u, err := url.Parse(c.Organisation.Website)
	if err != nil || !regexSite.MatchString(strings.ToLower(u.Hostname())) {
		return ""
	}
	return c.Name.Path + "." + strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// slug is a short name of the organisation.
func (b *builder) slug() string {
	names, err := naming.Of(b.c.Organisation.Name)
	if err != nil {
		return "organisatie"
	}
	return names.Path
}

func (b *builder) interaction() {
	a, i := b.a.Interaction, &b.c.Interaction
	i.Theme = or(strings.TrimSpace(a.Theme), "voorbeeld")
	b.oneOf("interaction.theme", i.Theme, "voorbeeld")
	i.Colour = strings.ToLower(or(strings.TrimSpace(a.Colour), "#154273"))
	if !regexColour.MatchString(i.Colour) {
		b.add(problem.ColourForm, "interaction.colour", i.Colour)
	} else if contrast(i.Colour) < readable {
		b.suggest(darker(i.Colour), problem.ColourContrast, "interaction.colour", i.Colour)
	}
	b.audiences(a.Audiences)
}

// audiences must be those of the roles; without an answer they are.
func (b *builder) audiences(given []string) {
	if given == nil || b.c.Process == nil {
		return
	}
	asked, found := map[string]bool{}, map[string]bool{}
	for i, audience := range given {
		if b.oneOf(at("interaction.audiences", i), audience, audiences...) {
			asked[audience] = true
		}
	}
	for _, role := range b.c.Process.Roles {
		audience := role.Audience()
		if !asked[audience] && !found[audience] {
			b.add(problem.AudienceMissing, "interaction.audiences", audience, role.Name.Raw)
		}
		found[audience] = true
	}
	for i, audience := range given {
		if asked[audience] && !found[audience] {
			b.add(problem.AudienceUnused, at("interaction.audiences", i), audience)
		}
	}
}

func (b *builder) delivery() {
	a, d := b.a.Delivery, &b.c.Delivery
	d.GitHub, d.GitLab = a.CI == nil, a.CI == nil
	for i, ci := range a.CI {
		b.oneOf(at("delivery.ci", i), ci, "github", "gitlab")
		d.GitHub = d.GitHub || ci == "github"
		d.GitLab = d.GitLab || ci == "gitlab"
	}
	d.Postgres = or(strings.TrimSpace(a.Postgres), "16")
	b.oneOf("delivery.postgres", d.Postgres, "14", "15", "16", "17", "18")
	b.port(a.Port)
	d.Image = strings.TrimSpace(a.Image)
	d.ImageGiven = d.Image != ""
	switch {
	case d.Image == "":
		d.Image = b.image()
	case len(d.Image) > 200 || !regexImage.MatchString(d.Image) || !strings.ContainsAny(d.Image[:strings.IndexByte(d.Image, '/')], ".:"):
		b.add(problem.ImageForm, "delivery.image", d.Image)
	}
}

// Base ports of go run . on a laptop: each layer with a server takes one, from the
// base on. Below 1024 a system keeps ports to itself.
const (
	standardPort = 8080
	lowestPort   = 1024
	highestPort  = 65535 - portsTaken + 1
	portsTaken   = 4
)

func (b *builder) port(given *int) {
	b.c.Delivery.Port = standardPort
	switch {
	case given == nil:
	case *given < lowestPort || *given > highestPort:
		b.add(problem.PortForm, "delivery.port", *given, lowestPort, highestPort)
	default:
		b.c.Delivery.Port = *given
	}
}

// OwnPort says whether the base port is another than the usual one.
func (d Delivery) OwnPort() bool { return d.Port != standardPort }

// LastPort is the last of the ports that go run . takes.
func (d Delivery) LastPort() int { return d.Port + portsTaken - 1 }

// OtherPort is a base port for when the own one is taken.
func (d Delivery) OtherPort() int {
	const further = 10 // a series is easier to remember when its base ends as usual
	if d.Port+further > highestPort {
		return standardPort
	}
	return d.Port + further
}

// image derives the name of the container image from the repository, where its
// registry is known, and from the organisation otherwise.
func (b *builder) image() string {
	path := strings.ToLower(strings.TrimPrefix(b.c.Repository, "https://"))
	if rest, ok := strings.CutPrefix(path, "github.com/"); ok && regexImage.MatchString("ghcr.io/"+rest) {
		return "ghcr.io/" + rest
	}
	if rest, ok := strings.CutPrefix(path, "gitlab.com/"); ok && regexImage.MatchString("registry.gitlab.com/"+rest) {
		return "registry.gitlab.com/" + rest
	}
	return "ghcr.io/" + b.slug() + "/" + b.c.Name.Path
}

// variant is which of the invented people and examples there are; 0 when what was
// asked for cannot be.
func (b *builder) variant() int {
	if v := b.a.Fieldlab.Variant; v >= 0 && v <= maxVariant {
		return v
	}
	return 0
}

// maxVariant is the largest number of a variant: a team has one, and no fieldlab
// has this many.
const maxVariant = 9999

func (b *builder) fieldlab() {
	a, f := b.a.Fieldlab, &b.c.Fieldlab
	f.Days = a.Days
	switch a.Days {
	case 0:
		f.Days = 5
	case 2, 3, 5:
	default:
		b.add(problem.DaysForm, "fieldlab.days", a.Days)
	}
	f.Start = strings.TrimSpace(a.Start)
	if day, err := time.Parse(time.DateOnly, f.Start); f.Start != "" && (err != nil || day.Year() < 2000 || day.Year() > 2999) {
		b.add(problem.DateForm, "fieldlab.start", f.Start)
	}
	f.Team = b.line("fieldlab.team", a.Team, 100)
	f.Goal = b.line("fieldlab.goal", a.Goal, 300)
	if f.Variant = b.variant(); f.Variant != a.Variant {
		b.add(problem.OutOfRange, "fieldlab.variant", a.Variant, 0, maxVariant)
	}
}
