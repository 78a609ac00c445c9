package openapi

import "testing"

const effects = `openapi: 3.0.3
paths:
  /meldingen:
    get: {operationId: meldingenList, responses: {'200': {content: {application/json: {schema: {properties: {naam: {type: string}}}}}}}}
    post: {operationId: createMelding, responses: {'200': {content: {application/json: {schema: {type: object}}}}}}
  /berichten:
    post: {operationId: berichten, responses: {'202': {description: Komt}}}
  /dossiers:
    post:
      operationId: dossier
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Dossier'}}}}
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Dossier'}}}}}
  /plekken:
    post: {operationId: plekken, responses: {'200': {headers: {Location: {schema: {type: string}}}, content: {application/json: {schema: {type: object}}}}}}
  /adressen/_zoek:
    post: {operationId: adressenZoek, responses: {'200': {content: {application/json: {schema: {type: object}}}}}}
  /betrokkenen/bewaar:
    post:
      operationId: bewaarBetrokkene
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/PersonenQuery'}}}}
      responses: {'201': {description: Gemaakt}}
  /personen:
    post:
      operationId: Personen
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/PersonenQuery'}}}}
      responses: {'200': {content: {application/json: {schema: {type: object}}}}}
  /toets:
    post: {operationId: toets, responses: {'200': {content: {application/json: {schema: {type: object}}}}}}
  /leeg:
    post: {operationId: leeg}
  /opdrachten:
    get: {operationId: registreerOpdracht, responses: {'202': {description: Komt}}}
  /dubbel/search:
    post: {operationId: saveSearch, responses: {'200': {content: {application/json: {schema: {type: object}}}}}}
components:
  schemas:
    Dossier: {type: object, properties: {naam: {type: string}}}
    PersonenQuery: {type: object, properties: {burgerservicenummer: {type: string}}}
`

// TestEffect: what makes or changes something is told from what only reads, and
// what nobody can tell is unclear.
func TestEffect(t *testing.T) {
	d, err := Read([]byte(effects))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]Effect{
		"meldingenList": Reads, "createMelding": Creates, "berichten": Creates, "dossier": Creates, "plekken": Creates,
		"adressenZoek": Reads, "Personen": Reads, "toets": Unclear, "leeg": Unclear, "saveSearch": Unclear, "bewaarBetrokkene": Creates, "registreerOpdracht": Reads,
	} {
		if got := d.Operation(id).Effect(nil); got != want {
			t.Errorf("%s: %v, not %v", id, got, want)
		}
	}
	if got := d.Operation("toets").Effect(map[string]string{"type": "RaadpleegMetNummer"}); got != Reads {
		t.Errorf("by the kind of question: %v", got)
	}
	if got := d.Operation("createMelding").Instead(); got == nil || got.ID != "meldingenList" {
		t.Errorf("instead of createMelding: %v", got)
	}
	if got := d.Operation("berichten").Instead(); got != nil {
		t.Errorf("instead of berichten: %v", got)
	}
	if got := d.Operation("meldingenList").ByBody(); got == nil || got.ID != "Personen" {
		t.Errorf("by body: %v", got)
	}
}

// TestPerson: the number of a person is known by its name, also at the end of a
// longer one.
func TestPerson(t *testing.T) {
	for name, want := range map[string]bool{
		"burgerservicenummer": true, "BSN": true, "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn": true, "a-nummer": true, "aNummer": true,
		"betrokkene.inpANummer": true, "bsns": true, "bsnNummer": true, "sofi-nummer": true, "kvkNummer": false, "zaaknummer": false, "naam": false, "absnaam": false, "extranummer": false, "aanvraagnummer": false,
	} {
		if Person(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

// TestDottedFields: the form of the parameter fields is taken from what the
// specification shows, and not guessed.
func TestDottedFields(t *testing.T) {
	for parameter, want := range map[string]bool{
		`{name: fields, in: query, schema: {type: string}}`:                                                               false,
		`{name: fields, in: query, schema: {type: string}, description: "Zoals url, uuid, record__geometry."}`:            false,
		`{name: fields, in: query, schema: {type: string}, description: "Als record__geometry, en niet adres.postcode."}`: false,
		`{name: fields, in: query, schema: {type: string}, description: "Zoals naam of adres.postcode."}`:                 true,
		`{name: fields, in: query, schema: {type: string, example: "naam,adres.postcode"}}`:                               true,
		`{name: fields, in: query, schema: {type: string}, description: "Zie www.voorbeeld.test."}`:                       false,
		`{name: fields, in: query, schema: {type: array, items: {type: string, pattern: '^[a-zA-Z0-9\._]{1,9}$'}}}`:       true,
	} {
		d, err := Read([]byte("openapi: 3.0.3\npaths: {/a: {get: {operationId: a, parameters: [" + parameter + "], responses: {'200': {content: {application/json: {schema: {properties: {naam: {type: string}, adres: {properties: {postcode: {type: string}}}}}}}}}}}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		o := d.Operation("a")
		if _, err := o.Question(nil); err != nil {
			t.Fatal(err)
		}
		if got := o.DottedFields("fields", o.Full(nil)); got != want {
			t.Errorf("%s: %v", parameter, got)
		}
	}
}
