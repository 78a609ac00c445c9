package model

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

const asking = `version: 1
component: {title: Proef, organisation: {name: Gemeente Proef}}
sources:
  - name: zaken
    baseUrl: https://zaken.gemeente.test/zaken/api/v1/
    authentication: {type: zgw-jwt}
    headers: {Accept-Crs: "EPSG:4326", Accept: application/json}
    operations: [{name: lijst, method: POST, path: /zaken, parameters: [nummer], example: bronnen/zaken.json}]
    purpose: {activity: doel, fields: [results, self.href], stored: [results], reason: Archiefwet}
  - name: kvk
    authentication: {type: apikey, header: apikey}
    operations: [{name: zoek, method: POST, path: /zoeken, parameters: [burgerservicenummer], example: bronnen/lijst.json}]
    purpose: {activity: doel, fields: [naam]}
  - name: open
    authentication: {type: none}
    operations: [zoek]
    purpose: {activity: doel, fields: [x]}
process:
  roles: [{name: medewerker, audience: employee}]
  steps:
    - {name: vragen, kind: form, role: medewerker, fields: [{name: wie, type: bsn}], next: zoeken}
    - {name: zoeken, kind: lookup, source: zaken, input: {nummer: wie}, next: klaar}
    - {name: klaar, kind: end}
privacy: {activities: [{name: doel}]}
`

var askingFiles = fstest.MapFS{
	"bronnen/zaken.json": {Data: []byte(`{"count":1,"results":[{"url":"x","a,b":1,"func":"y","a_b":{"c":1},"aB":{"c":2},"eigenaar":{"naam":"x"},"zaak":{"eigenaar":{"oin":"1"}}},{"url":null,"func":2}],"self":{"href":"y"}}`)},
	"bronnen/lijst.json": {Data: []byte(`[{"naam":"x","nummer":1},{"naam":null}]`)},
}

func askingComponent(t *testing.T) *Component {
	t.Helper()
	doc, problems := answers.Parse("fieldlab.yaml", []byte(asking))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, problems := New(doc.Answers, askingFiles, Env{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

func TestWhatASourceAsks(t *testing.T) {
	c := askingComponent(t)
	zaken, kvk, open := c.Sources[0], c.Sources[1], c.Sources[2]
	if !slices.Equal(zaken.BaseURLs, []string{"https://zaken.gemeente.test/zaken/api/v1"}) || !slices.Equal(zaken.Stored, []string{"results"}) || zaken.StoredReason != "Archiefwet" {
		t.Errorf("zaken: %+v", zaken)
	}
	if want := []Constant{{Name: "Accept", In: "header", Value: "application/json"}, {Name: "Accept-Crs", In: "header", Value: "EPSG:4326"}}; !reflect.DeepEqual(zaken.Headers, want) {
		t.Errorf("headers: %+v", zaken.Headers)
	}
	if got := zaken.Auth.Settings(); !slices.Equal(got, []string{"ZAKEN_CLIENT_ID", "ZAKEN_CLIENT_SECRET"}) || zaken.Auth.Kind != "zgw-jwt" {
		t.Errorf("zaken asks %q", got)
	}
	if kvk.Auth.Header != "apikey" || !slices.Equal(kvk.Auth.Settings(), []string{"KVK_API_KEY"}) || open.Auth != nil || open.Auth.Settings() != nil {
		t.Errorf("kvk asks %+v, open %+v", kvk.Auth, open.Auth)
	}
	if got := NewAuth(zaken.Name, "oauth2", "").Settings(); !slices.Equal(got, []string{"ZAKEN_CLIENT_ID", "ZAKEN_CLIENT_SECRET", "ZAKEN_TOKEN_URL"}) {
		t.Errorf("oauth2 asks %q", got)
	}
	items := fmt.Sprint(c.OpenItems)
	for _, want := range []string{"ZAKEN_CLIENT_SECRET", "KVK_API_KEY"} {
		if !strings.Contains(items, want) {
			t.Errorf("%s is no open item", want)
		}
	}
	// Whose data is asked for is known by the name of the parameter or by what fills it.
	if !zaken.Operations[0].Parameters[0].Subject || !kvk.Operations[0].Parameters[0].Subject {
		t.Error("a question about a person does not say about whom")
	}
}

func TestTypesOfClients(t *testing.T) {
	c := askingComponent(t)
	var got []string
	for _, s := range c.Sources {
		for _, o := range s.Operations {
			got = append(got, o.InputType+" "+o.AnswerType)
		}
	}
	// Two sources have a question "zoek": only there does the source come before it.
	want := []string{"LijstInput LijstAnswer", "KVKZoekInput KVKZoekAnswer", "OpenZoekInput OpenZoekAnswer"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
