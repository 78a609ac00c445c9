package generator_test

import (
	"bytes"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// allAnswers is an answers file in which every answer can be changed and still
// makes sense.
const allAnswers = `version: 1
component:
  name: proef
  title: Proef doen
  summary: Een proef.
  organisation: {name: Gemeente Proef, oin: "00000099000000001000", tooi: gm0001, website: "https://www.proef.test"}
  contact: {name: Team Proef, email: team@proef.test, url: "https://www.proef.test/contact"}
  repository: https://git.proef.test/team/proef
  licence: EUPL-1.2
register:
  - name: plek
    plural: plekken
    title: Plek
    fields: [{name: naam, type: text}]
  - name: ander
    fields: [{name: naam, type: text}]
  - name: aanvraag
    plural: aanvragen
    title: Aanvraag
    fields:
      - {name: postcode, type: postcode, required: true}
      - {name: tekst, type: text, title: Uw tekst, help: Schrijf iets., required: false, maxLength: 40, default: niets, example: iets}
      - {name: aantal, type: integer, min: 1, max: 20}
      - {name: keuze, type: enum, values: [ja, nee]}
      - {name: waar, type: reference, entity: plek}
    retention: {period: P5Y, source: Selectielijst, results: [{result: toegekend, period: P10Y, source: Selectielijst}]}
sources:
  - name: adressen
    title: Adressenbron
    service: adressen-bevragen
    baseUrl: https://adressen.test/v1
    headers: {Accept-Crs: epsg:28992}
    authentication: {type: apikey, header: X-Sleutel}
    provider: {name: Bronhouder, oin: "00000099000000002000"}
    operations:
      - {name: zoek, method: GET, path: /adressen, parameters: [postcode], constants: {soort: huis}, example: bronnen/zoek.json}
    purpose: {activity: proeven, fields: [straat], stored: [straat], reason: Archiefwet, reasons: {straat: Om te bezorgen}}
  - name: voertuigen
    openapi: bronnen/een.yaml
    operations: [zoekVoertuigen]
    purpose: {activity: proeven, fields: [merk]}
process:
  name: proef-doen
  title: Proef doen
  subject: aanvraag
  roles:
    - {name: inwoner, title: Inwoner, audience: citizen, anonymous: false}
    - {name: medewerker, title: Medewerker, audience: employee}
    - {name: chef, title: Chef, audience: employee}
  start: vragen
  steps:
    - {name: vragen, kind: form, role: inwoner, title: Vraag stellen, help: Vul in., fields: [postcode, tekst, aantal, keuze], next: zoeken}
    - {name: zoeken, kind: lookup, title: Adres zoeken, source: adressen, operation: zoek, input: {postcode: postcode}, outcomes: {gevonden: kiezen, niet-gevonden: kiezen}}
    - {name: kiezen, kind: decide, role: medewerker, title: Kiezen, term: P5D, outcomes: {goed: doen, fout: af}}
    - {name: doen, kind: task, role: medewerker, title: Doen, next: klaar}
    - {name: klaar, kind: end, title: Klaar, result: toegekend}
    - {name: af, kind: end, title: Af, result: afgewezen}
privacy:
  activities:
    - {name: proeven, title: Proeven doen, purpose: Beslissen, basis: publieke taak, explanation: Wet, retention: P1Y}
    - {name: bewaren, title: Bewaren, purpose: Bewaren, basis: publieke taak, explanation: Wet, retention: P1Y}
interaction: {theme: voorbeeld, colour: "#154273", audiences: [citizen, employee]}
fsc:
  group: proef
  directory: {oin: "00000099000000005000", manager: "https://directory.fsc.test:8443"}
  managerAddress: https://fsc-manager.proef.test:8443
  manager: https://fsc-manager.intern.test:9443
  managerForInway: https://fsc-manager.intern.test:9444
  controller: https://fsc-controller.intern.test:9443
  controllerAdmin: https://fsc-controller.intern.test:9444
  transactionLog: https://fsc-txlog.intern.test:9443
  inwayAddress: https://inway.proef.test:443
  outwayAddress: http://outway.proef.test
  ownPeer: true
  compose: true
delivery: {ci: [github, gitlab], image: registry.proef.test/team/proef, postgres: "16"}
fieldlab: {days: 5, start: "2026-11-23", team: Team, goal: Iets laten zien}
`

// changed gives every answer another value: "key=value". When it would no longer
// make sense alone, others that have to change along follow it.
var changed = map[string][]string{
	"component.name":                        {"component.name=anders"},
	"component.title":                       {"component.title=Anders"},
	"component.summary":                     {"component.summary=Iets anders."},
	"component.organisation.name":           {"component.organisation.name=Gemeente Anders"},
	"component.organisation.oin":            {"component.organisation.oin=00000099000000009000"},
	"component.organisation.tooi":           {"component.organisation.tooi=gm0002"},
	"component.organisation.website":        {"component.organisation.website=https://www.anders.test"},
	"component.contact.name":                {"component.contact.name=Team Anders"},
	"component.contact.email":               {"component.contact.email=anders@proef.test"},
	"component.contact.url":                 {"component.contact.url=https://www.proef.test/anders"},
	"component.repository":                  {"component.repository=https://git.proef.test/team/anders"},
	"register[].name":                       {"register[1].name=tweede"},
	"register[].plural":                     {"register[0].plural=oorden"},
	"register[].title":                      {"register[0].title=Oord"},
	"register[].fields[].name":              {"register[0].fields[0].name=bijnaam"},
	"register[].fields[].type":              {"register[0].fields[0].type=date"},
	"register[].fields[].title":             {"register[2].fields[1].title=Anders"},
	"register[].fields[].help":              {"register[2].fields[1].help=Schrijf iets anders."},
	"register[].fields[].required":          {"register[2].fields[1].required=true"},
	"register[].fields[].min":               {"register[2].fields[2].min=2"},
	"register[].fields[].max":               {"register[2].fields[2].max=19"},
	"register[].fields[].maxLength":         {"register[2].fields[1].maxLength=41"},
	"register[].fields[].values":            {"register[2].fields[3].values=[ja, misschien]"},
	"register[].fields[].default":           {"register[2].fields[1].default=alles"},
	"register[].fields[].example":           {"register[2].fields[1].example=anders"},
	"register[].fields[].entity":            {"register[2].fields[4].entity=ander"},
	"register[].fields[].filter":            {"register[2].fields[2].filter=true"},
	"register[].fields[].sort":              {"register[2].fields[2].sort=false"},
	"register[].fields[].person":            {"register[2].fields[5]={name: nummer, type: bsn, person: other}", "process.steps[0].fields=[postcode, tekst, aantal, keuze, nummer]"},
	"register[].retention.period":           {"register[2].retention.period=P6Y"},
	"register[].retention.source":           {"register[2].retention.source=Anders"},
	"register[].retention.start":            {"register[2].retention.start=decision"},
	"register[].retention.field":            {"register[0].retention.field=op", "register[0].retention.period=P1Y", "register[0].fields[1]={name: op, type: date}"},
	"register[].retention.keep":             {"register[1].retention.keep=true"},
	"register[].retention.results[].result": {"register[2].retention.results[0].result=afgewezen"},
	"register[].retention.results[].period": {"register[2].retention.results[0].period=P11Y"},
	"register[].retention.results[].start":  {"register[2].retention.results[0].start=decision"},
	"register[].retention.results[].field":  {"register[2].retention.results[0].field=op", "register[2].fields[5]={name: op, type: date}"},
	"register[].retention.results[].source": {"register[2].retention.results[0].source=Anders"},
	"register[].retention.results[].keep":   {"register[2].retention.results[0]={result: toegekend, keep: true}"},
	"sources[].name":                        {"sources[1].name=anders"},
	"sources[].title":                       {"sources[0].title=Anders"},
	"sources[].openapi":                     {"sources[1].openapi=bronnen/twee.yaml"},
	"sources[].catalogue":                   {"sources[2]={catalogue: bag, name: bag, purpose: {activity: proeven, fields: [postcode]}}"},
	"sources[].service":                     {"sources[0].service=anders"},
	"sources[].baseUrl":                     {"sources[0].baseUrl=https://anders.test/v1"},
	"sources[].headers":                     {"sources[0].headers={Accept-Crs: epsg:4258}"},
	"sources[].authentication.type":         {"sources[0].authentication={type: oauth2}"},
	"sources[].authentication.header":       {"sources[0].authentication.header=X-Anders"},
	"sources[].provider.name":               {"sources[0].provider.name=Anders"},
	"sources[].provider.oin":                {"sources[0].provider.oin=00000099000000008000"},
	"sources[].operations[].name":           {"sources[0].operations[0].name=vind", "process.steps[1].operation=vind"},
	"sources[].operations[].method":         {"sources[0].operations[0].method=POST"},
	"sources[].operations[].path":           {"sources[0].operations[0].path=/anders"},
	"sources[].operations[].parameters": {"sources[0].operations[0].parameters=[postcode, aantal]",
		"process.steps[1].input={postcode: postcode, aantal: aantal}"},
	"sources[].operations[].constants": {"sources[0].operations[0].constants={soort: schuur}"},
	"sources[].operations[].example":   {"sources[0].operations[0].example=bronnen/anders.json"},
	"sources[].purpose.activity":       {"sources[0].purpose.activity=bewaren"},
	"sources[].purpose.fields":         {"sources[0].purpose.fields=[straat, plaats]"},
	"sources[].purpose.warnings":       {"sources[0].purpose.warnings=[betwist]"},
	"sources[].purpose.reasons":        {"sources[0].purpose.reasons={straat: Anders}"},
	"sources[].purpose.stored":         {"sources[0].purpose.stored=[straat, plaats]", "sources[0].purpose.fields=[straat, plaats]"},
	"sources[].purpose.reason":         {"sources[0].purpose.reason=Anders"},
	"process.name":                     {"process.name=anders"},
	"process.title":                    {"process.title=Anders"},
	"process.subject":                  {"process.subject=plek", "process.steps[0].fields=[naam, {name: postcode, type: postcode, required: true}]", "register[2].retention={period: P5Y}"},
	"process.roles[].name":             {"process.roles[2].name=baas"},
	"process.roles[].title":            {"process.roles[1].title=Anders"},
	"process.roles[].audience":         {"process.roles[2].audience=citizen"},
	"process.roles[].anonymous":        {"process.roles[0].anonymous=true"},
	"process.roles[].rights":           {"process.roles[2].rights=[inzage, archief]"},
	"process.start":                    {"process.start=zoeken", "process.steps[1]={name: zoeken, kind: form, role: inwoner, fields: [postcode], next: vragen}", "process.steps[0].next=kiezen"},
	"process.steps[].name":             {"process.steps[4].name=gereed", "process.steps[3].next=gereed"},
	"process.steps[].kind":             {"process.steps[3].kind=form", "process.steps[3].fields=[tekst]"},
	"process.steps[].role":             {"process.steps[3].role=chef"},
	"process.steps[].title":            {"process.steps[3].title=Anders"},
	"process.steps[].help":             {"process.steps[0].help=Anders."},
	"process.steps[].fields":           {"process.steps[0].fields=[postcode, tekst]"},
	"process.steps[].source":           {"process.steps[1]={name: zoeken, kind: lookup, title: Adres zoeken, source: voertuigen, input: {kenteken: tekst}, outcomes: {gevonden: kiezen, niet-gevonden: kiezen}}"},
	"process.steps[].operation": {"process.steps[1].operation=meer",
		"sources[0].operations[1]={name: meer, path: /meer, parameters: [postcode]}"},
	"process.steps[].input":            {"process.steps[1].input={postcode: tekst}"},
	"process.steps[].next":             {"process.steps[3].next=af", "process.steps[2].outcomes={goed: doen, fout: klaar}"},
	"process.steps[].outcomes":         {"process.steps[2].outcomes={prima: doen, fout: af}"},
	"process.steps[].term":             {"process.steps[2].term=P6D"},
	"process.steps[].result":           {"process.steps[4].result=verleend", "register[2].retention.results[0].result=verleend"},
	"privacy.activities[].name":        {"privacy.activities[1].name=anders"},
	"privacy.activities[].title":       {"privacy.activities[0].title=Anders"},
	"privacy.activities[].purpose":     {"privacy.activities[0].purpose=Anders"},
	"privacy.activities[].basis":       {"privacy.activities[0].basis=wettelijke verplichting"},
	"privacy.activities[].explanation": {"privacy.activities[0].explanation=Anders"},
	"privacy.activities[].retention":   {"privacy.activities[0].retention=P2Y"},
	"interaction.colour":               {"interaction.colour=#00625a"},
	"interaction.audiences":            {"interaction.audiences=[employee]", "process.roles[0].audience=employee"},
	"fsc.group":                        {"fsc.group=anders"},
	"fsc.directory.oin":                {"fsc.directory.oin=00000099000000006000"},
	"fsc.directory.manager":            {"fsc.directory.manager=https://anders.fsc.test:8443"},
	"fsc.managerAddress":               {"fsc.managerAddress=https://anders.proef.test:8443"},
	"fsc.manager":                      {"fsc.manager=https://anders.intern.test:9443"},
	"fsc.managerForInway":              {"fsc.managerForInway=https://anders.intern.test:9444"},
	"fsc.controller":                   {"fsc.controller=https://anders.intern.test:9443"},
	"fsc.controllerAdmin":              {"fsc.controllerAdmin=https://anders.intern.test:9444"},
	"fsc.transactionLog":               {"fsc.transactionLog=https://anders.intern.test:9443"},
	"fsc.inwayAddress":                 {"fsc.inwayAddress=https://anders.proef.test:443"},
	"fsc.outwayAddress":                {"fsc.outwayAddress=http://anders.proef.test"},
	"fsc.ownPeer":                      {"fsc.ownPeer=false"},
	"fsc.compose":                      {"fsc.compose=false"},
	"delivery.ci":                      {"delivery.ci=[github]"},
	"delivery.image":                   {"delivery.image=registry.proef.test/team/anders"},
	"delivery.postgres":                {"delivery.postgres=17"},
	"delivery.port":                    {"delivery.port=8100"},
	"fieldlab.variant":                 {"fieldlab.variant=3"},
	"fieldlab.days":                    {"fieldlab.days=3"},
	"fieldlab.start":                   {"fieldlab.start=2026-11-24"},
	"fieldlab.team":                    {"fieldlab.team=Anders"},
	"fieldlab.goal":                    {"fieldlab.goal=Iets anders laten zien"},
}

// unchanged are the answers that have one value only.
var unchanged = map[string]string{
	"pack.name":         "names a pack, which brings the changes itself",
	"pack.version":      "the same",
	"pack.sum":          "the same",
	"version":           "there is one version of the format",
	"component.licence": "there is one licence to choose",
	"interaction.theme": "there is one theme to choose",
}

// leaves lists the keys of all answers, lists written as [].
func leaves(of reflect.Type, key string) []string {
	switch of.Kind() {
	case reflect.Slice:
		if elem := of.Elem(); elem.Kind() == reflect.Struct && elem.Field(0).Tag.Get("yaml") != "" {
			return leaves(elem, key+"[]")
		}
	case reflect.Struct:
		var found []string
		for i := range of.NumField() {
			found = append(found, leaves(of.Field(i).Type, strings.TrimPrefix(key+"."+of.Field(i).Tag.Get("yaml"), "."))...)
		}
		return found
	}
	return []string{key}
}

// TestEveryAnswerIsUsed changes each answer in turn: a file of the component
// changes with it, other than the copy of the answers and the list of files. An
// answer that no template prints would be asked for nothing.
func TestEveryAnswerIsUsed(t *testing.T) {
	keys := leaves(reflect.TypeFor[answers.Answers](), "")
	for _, key := range keys {
		if changed[key] == nil && unchanged[key] == "" {
			t.Errorf("%s has no other value in changed, and no reason in unchanged", key)
		}
	}
	for _, key := range slices.Concat(slices.Collect(maps.Keys(changed)), slices.Collect(maps.Keys(unchanged))) {
		if !slices.Contains(keys, key) {
			t.Errorf("%s is no answer", key)
		}
	}
	for _, key := range keys {
		if changed[key] == nil {
			continue
		}
		t.Run(key, func(t *testing.T) {
			after, err := used(t, changed[key])
			if err != nil {
				t.Fatal(err)
			}
			// What changes along must not hide that the answer itself does nothing.
			before, err := used(t, changed[key][1:])
			if err != nil {
				before, err = used(t, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			if maps.EqualFunc(before, after, bytes.Equal) {
				t.Errorf("%s changes no file: print it in a template, or do not ask for it", key)
			}
		})
	}
}

// used plans a component with changes in its answers and gives what a template
// made of them.
func used(t *testing.T, changes []string) (map[string][]byte, error) {
	t.Helper()
	document, problems := answers.Parse(answers.FileName, []byte(allAnswers))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, change := range changes {
		key, value, err := answers.SplitSet(change)
		if err == nil {
			err = document.Set(key, value)
		}
		if err != nil {
			t.Fatalf("%s: %v", change, err)
		}
	}
	voertuigen := read(t, "model/testdata/right/bronnen/voertuigen.yaml")
	files, _, err := generator.Plan(generator.Request{Document: document, Pack: templates.Component(), Version: "1.2.3", Files: fstest.MapFS{
		"bronnen/een.yaml":    {Data: []byte(voertuigen)},
		"bronnen/twee.yaml":   {Data: []byte(strings.Replace(voertuigen, "version: ", "version: 9.", 1) + "\n")},
		"bronnen/zoek.json":   {Data: []byte(`{"straat": "Dorpsstraat", "plaats": "Holysloot"}`)},
		"bronnen/anders.json": {Data: []byte(`{"straat": "Kerkstraat", "plaats": "Holysloot"}`)},
	}})
	if err != nil {
		return nil, err
	}
	made := map[string][]byte{}
	for _, file := range files {
		if file.Path != answers.FileName && path.Dir(file.Path) != ".fieldlab" {
			made[file.Path] = file.Body
		}
	}
	return made, nil
}
