package model

import (
	"os"
	"regexp"
	"testing"
)

// TestSourcesTakeWhatIsAskedOfTheRecords: a zaak of the begin must not stand
// still because its source refuses the question, and the first one shows an
// answer.
func TestSourcesTakeWhatIsAskedOfTheRecords(t *testing.T) {
	number, box := regexp.MustCompile(`^\d{7}$`), regexp.MustCompile(`^[1-3]$`)
	fields := build(t, "testdata/right/vindbaar.yaml").Entities[0].Fields
	for n := range fields[0].Examples {
		container, vak := fields[0].Examples[n], fields[1].Examples[n]
		if !number.MatchString(container.Form) || container.JSON != `"`+container.Form+`"` || !box.MatchString(vak.Form) || vak.Go != vak.Form {
			t.Errorf("record %d: container %+v, vak %+v", n, container, vak)
		}
	}
	if fields[0].Examples[0].Form != "0012345" || fields[1].Examples[0].Form != "2" {
		t.Errorf("the stand-in has no answer to the first record: %s, %s", fields[0].Examples[0].Form, fields[1].Examples[0].Form)
	}
}

// TestAnExampleOfTheAnswersStays whatever the stand-in of a source knows.
func TestAnExampleOfTheAnswersStays(t *testing.T) {
	a := parse(t, "testdata/right/vindbaar.yaml").Answers
	a.Register[0].Fields[0].Example = "Z 12"
	c, problems := New(a, os.DirFS("testdata/right"), Env{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if fields := c.Entities[0].Fields; fields[0].Examples[0].Form != "Z 12" || fields[1].Examples[0].Form != "1" {
		t.Errorf("the first record became %s, %s", fields[0].Examples[0].Form, fields[1].Examples[0].Form)
	}
}
