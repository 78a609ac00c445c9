package start

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// readOrganisationSettings reads the file of ORGANISATIE. Without the setting the
// component is for whom it was made: nil.
func readOrganisationSettings(c Component, env func(string) string) (*organisatie.Organisation, Faults) {
	file := env("ORGANISATIE")
	if file == "" {
		return nil, nil
	}
	if c.Serve == nil {
		return nil, Faults{"ORGANISATIE: dit component kan maar voor één organisatie draaien"}
	}
	o, wrong := c.Serve(file)
	var faults Faults
	for _, fault := range wrong {
		faults = append(faults, "ORGANISATIE: "+fault)
	}
	return &o, faults
}

// Serve reads for whom a process runs, and says all that is wrong with it.
func (p *Parts) Serve(file string) (organisatie.Organisation, []string) {
	o, faults := organisatie.Read(file, p.known())
	if len(faults) > 0 {
		return o, faults
	}
	return o, p.leftovers(o)
}

// known is what a file of an organisation is held against.
func (p *Parts) known() organisatie.Known {
	k := organisatie.Known{Name: p.Pages.Organisation, OIN: p.FSC.Own.OIN, ServicesBase: p.servicesAPI.base(), ProcessBase: p.processAPI.base(), Fields: p.fields(), Results: results([]*bpmn.Process{p.Model})}
	for _, n := range p.Model.Steps() {
		k.Steps = append(k.Steps, n.Step)
	}
	for step := range p.Pages.Forms {
		if p.Model.Step(step) == nil { // of an earlier process: zaken may still be there
			k.Steps = append(k.Steps, step)
		}
	}
	for _, a := range p.Course.Activities {
		k.Activities = append(k.Activities, a.Name)
	}
	return k
}

// fields are the names of all questions, each once.
func (p *Parts) fields() (all []string) {
	for _, form := range append(slices.Collect(maps.Values(p.Pages.Forms)), p.Pages.Subject) {
		for _, f := range form {
			all = append(all, f.Name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// of are the parts of the component as the organisation of these settings has
// them. Those for whom it was made stay as they are.
func (p *Parts) of(s Settings) *Parts {
	if s.Organisation == nil {
		return p
	}
	q, o := *p, s.Organisation
	q.organisation, q.made = *o, p
	q.Pages = inWordsOf(o, p.Pages)
	q.FSC.Own.OIN, q.FSC.Own.Name = cmp.Or(o.OIN, p.FSC.Own.OIN), cmp.Or(o.Name, p.FSC.Own.Name)
	q.FSC.Consumed = slices.Clone(p.FSC.Consumed)
	for i, service := range q.FSC.Consumed {
		if service.Provider == p.FSC.Own { // what we offer ourselves
			q.FSC.Consumed[i].Provider = q.FSC.Own
		}
	}
	if model, err := bpmn.Parse(p.BPMN); err == nil { // it was read before
		q.rename(model)
		q.Model = model
	}
	q.Course = q.recorded(p.Course)
	q.Sources = slices.Clone(p.Sources)
	for i := range q.Sources {
		q.Sources[i].Activity = q.activity(q.Sources[i].Activity)
	}
	q.Process = func(out *outway.Outway) proces.Course {
		out.Activity = q.activity
		return q.recorded(p.Process(out))
	}
	return &q
}

// inWordsOf is what the pages say of the organisation, and in its words.
func inWordsOf(o *organisatie.Organisation, site paginas.Site) paginas.Site {
	site.Title, site.Summary = cmp.Or(o.Texts.Title, site.Title), cmp.Or(o.Texts.Summary, site.Summary)
	site.Organisation, site.Colour = cmp.Or(o.Name, site.Organisation), cmp.Or(o.Colour, site.Colour)
	if o.Another || o.Website != "" {
		site.Website = o.Website
	}
	if o.Another || o.Contact.Name != "" {
		site.Contact = paginas.Contact(o.Contact)
	}
	words := func(fields []paginas.Field) []paginas.Field {
		fields = slices.Clone(fields)
		for i, f := range fields {
			fields[i].Label, fields[i].Help = o.Texts.Field(f.Name).Over(f.Label, f.Help)
		}
		return fields
	}
	site.Subject, site.Forms = words(site.Subject), maps.Clone(site.Forms)
	for step, fields := range site.Forms {
		site.Forms[step] = words(fields)
	}
	return site
}

// rename gives a process the titles and texts of the organisation.
func (p *Parts) rename(model *bpmn.Process) {
	texts := p.organisation.Texts
	model.Title = cmp.Or(texts.Process, model.Title)
	for _, n := range model.Steps() {
		n.Title, n.Help = texts.Step(n.Step).Over(n.Title, n.Help)
	}
}

// recorded is a course with the activities as the organisation records them. Those
// of before are known too: lines of the log that were written for them stay.
func (p *Parts) recorded(c proces.Course) proces.Course {
	c.Activity = p.activity(c.Activity)
	var all []logboek.Activity
	for _, a := range c.Activities {
		all = append(all, p.activity(a))
	}
	for _, a := range c.Activities {
		if !p.organisation.Another && !slices.ContainsFunc(all, func(known logboek.Activity) bool { return known.URI == a.URI }) {
			all = append(all, a)
		}
	}
	c.Activities = all
	return c
}

// activity is how the organisation records a processing activity. Another
// organisation has another register: what it does not name gets a URI of its own,
// always the same.
func (p *Parts) activity(a logboek.Activity) logboek.Activity {
	own := p.organisation.Activities[a.Name]
	switch {
	case own.URI != "":
		a.URI = own.URI
	case p.organisation.Another && a != logboek.NotYetRecorded:
		a.URI = uuid.NewSHA1(uuid.NameSpaceURL, []byte(a.URI+" "+p.organisation.OIN)).URN()
	}
	a.Explanation = cmp.Or(own.Explanation, a.Explanation)
	return a
}

// published is what a specification says of who publishes it.
func (p *Parts) published(address, base string) rest.Published {
	o := p.organisation
	out := rest.Published{Server: address}
	if o.Another && address == "" {
		out.Server = base // nobody has said yet where that is
	}
	if o.Another || o.Contact.Name != "" {
		contact := rest.Contact(p.Pages.Contact)
		out.Contact = &contact
	}
	return out
}

// ofServices and ofProcess are what the specifications of layers 2 and 4 say of who
// publishes them, and in whose words.
func (p *Parts) ofServices() rest.Published {
	if p.made == nil {
		return rest.Published{}
	}
	out := p.published(p.organisation.Addresses.Services, p.servicesAPI.base())
	texts := p.organisation.Texts
	out.Info = slices.Concat(swap(p.made.Pages.Summary, texts.Summary), swap(p.made.Pages.Title, texts.Title))
	out.Tags = swap(p.made.Model.Title, texts.Process)
	return out
}

func (p *Parts) ofProcess() rest.Published {
	if p.made == nil {
		return rest.Published{}
	}
	out := p.published(p.organisation.Addresses.Process, p.processAPI.base())
	out.Info = swap(p.made.Model.Title, p.organisation.Texts.Process)
	return out
}

// swap is a text with what comes in its place; nothing when it stays.
func swap(was, now string) []string {
	if was == "" || now == "" {
		return nil
	}
	return []string{was, now}
}

// securityTxt says how a weakness is reported; nil when nobody can be reached.
func (p *Parts) securityTxt(canonical string) http.Handler {
	o := p.organisation
	o.Contact = organisatie.Contact(p.Pages.Contact)
	return o.SecurityTxt(canonical)
}

// sitePath is the address of security.txt of the pages; "" when nobody said where
// they are.
func (p *Parts) sitePath() string {
	if p.organisation.Addresses.Site == "" {
		return ""
	}
	return p.organisation.Addresses.Site + organisatie.SecurityPath
}

// leftovers are the texts that would still name the organisation for which the
// component was made, with the key that puts another in its place.
func (p *Parts) leftovers(o organisatie.Organisation) (faults []string) {
	if !o.Another {
		return nil
	}
	q := p.of(Settings{Organisation: &o})
	names := p.marks()
	look := func(key, text string) {
		if found := names.FindStringSubmatch(text); found != nil {
			faults = append(faults, fmt.Sprintf("%s: zonder deze sleutel staat %s er nog in; schrijf die tekst zelf", key, found[1]))
		}
	}
	look("teksten.titel", q.Pages.Title)
	look("teksten.samenvatting", q.Pages.Summary)
	look("teksten.proces", q.Model.Title)
	for _, n := range q.Model.Steps() {
		look("teksten.stappen."+n.Step+".titel", n.Title)
		look("teksten.stappen."+n.Step+".uitleg", n.Help)
	}
	for _, fields := range append(slices.Collect(maps.Values(q.Pages.Forms)), q.Pages.Subject) {
		for _, f := range fields {
			look("teksten.velden."+f.Name+".titel", f.Label)
			look("teksten.velden."+f.Name+".uitleg", f.Help)
		}
	}
	for _, a := range q.Course.Activities { // such as a bye-law
		look("activiteiten."+a.Name+".toelichting", a.Explanation)
	}
	slices.Sort(faults)
	return slices.Compact(faults) // a question stands in more than one form
}

// named lists the files that layers hand out to everybody and that still name the
// organisation for which the component was made: no key has those texts.
func (p *Parts) named(s Settings) (files []string) {
	q := p.of(s)
	if !q.organisation.Another {
		return nil
	}
	names := p.marks()
	published := func(file string, read spec, as rest.Published) {
		contract, err := read()
		if err != nil {
			return // said when the layer starts
		}
		if text, err := as.Over(contract.JSON); err == nil && names.Match(text) {
			files = append(files, file)
		}
	}
	published("2-diensten/openapi.yaml", p.servicesAPI, q.ofServices())
	published("4-proces/openapi.yaml", p.processAPI, q.ofProcess())
	if names.Match(p.BPMN) {
		files = append(files, "4-proces/proces.bpmn")
	}
	return files
}

// marks are what names the organisation for which the component was made: its name,
// its number and its domains.
func (p *Parts) marks() *regexp.Regexp {
	var all []string
	for _, text := range []string{p.Pages.Organisation, p.FSC.Own.OIN, domain(p.Pages.Website), domain(p.Pages.Contact.URL), p.Pages.Contact.Email} {
		if text != "" {
			all = append(all, regexp.QuoteMeta(text))
		}
	}
	if len(all) == 0 {
		return regexp.MustCompile(`[^\s\S]`) // nothing
	}
	return regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(` + strings.Join(all, "|") + `)(?:$|[^\pL\pN])`)
}

// domain is the name of a website without www.
func domain(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// title is how the component is called by whom it runs for.
func (s Settings) title(c Component) string {
	if s.Organisation == nil {
		return c.Title
	}
	return cmp.Or(s.Organisation.Texts.Title, c.Title)
}

// servedFor is for whom this process runs, and what there is to mind about that.
func servedFor(s Settings, c Component) (name, oin string, mind []string) {
	o := s.Organisation
	if o == nil {
		return c.Organisation, c.OIN, nil
	}
	if o.Remedies != nil && o.Remedies.Agreed == "" {
		mind = append(mind, "niemand heeft de rechtsmiddelen nog bevestigd; zet bij rechtsmiddelen.akkoord welke jurist dat deed en wanneer")
	}
	if c.Named != nil {
		for _, file := range c.Named(s) {
			mind = append(mind, fmt.Sprintf("%s noemt %s nog, en iedereen kan dat lezen; neem de tekst daar weg", file, c.Organisation))
		}
	}
	return cmp.Or(o.Name, c.Organisation), cmp.Or(o.OIN, c.OIN), mind
}

// layer makes a layer with the parts of the organisation of its settings.
func (p *Parts) layer(of func(*Parts, context.Context, Settings) (Layer, error)) func(context.Context, Settings) (Layer, error) {
	return func(ctx context.Context, s Settings) (Layer, error) { return of(p.of(s), ctx, s) }
}

// command is the same for what a command does.
func (p *Parts) command(of func(*Parts, context.Context, Settings, []string, io.Reader, io.Writer) error) func(context.Context, Settings, []string, io.Reader, io.Writer) error {
	return func(ctx context.Context, s Settings, args []string, in io.Reader, out io.Writer) error {
		return of(p.of(s), ctx, s, args, in, out)
	}
}
