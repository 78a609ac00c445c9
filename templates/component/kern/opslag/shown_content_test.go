package opslag

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Whatever stands for a person comes back as it was, also when it only looks like what
// we make ourselves.
func TestPseudonymsComeBackAsTheyWent(t *testing.T) {
	key := logboek.Key("dit zijn precies 32 testbytes...")
	marked := key.Pseudonym(logboek.BSN, "999993653")
	v := line(logboek.NewTrace(), "getoond \"x\" <y>")
	v.Fields, v.Role, v.Transaction, v.Caller = []string{"een", "twee \"x\""}, "balie", uuid.NewString(), "urn:nld:oin:00000099000000002000"
	for _, person := range []string{
		"", marked, key.PersonID(logboek.BSN, "999993653"), strings.ToUpper(marked), marked + "x", marked[:len(marked)-1] + "_", "p-0A1B2C3D4E5F60718293A4B5", "p-kort", "medewerker-1",
		"v1-0a1b2c3d." + strings.Repeat("é", 21) + "x", "v2" + marked[2:], strings.Repeat("é", 255),
	} {
		for _, kind := range []string{logboek.User, logboek.BSN, ""} {
			v.Shown = append(v.Shown, logboek.Shown{Zaak: uuid.NewString(), DataSubject: person, DataSubjectKind: kind})
		}
	}
	content, err := packed(&v)
	got := logboek.Verwerking{TraceID: v.TraceID, SpanID: v.SpanID, ParentID: v.ParentID, Begin: v.Begin}
	if err == nil {
		err = unpacked(content, &got)
	}
	if err != nil || !reflect.DeepEqual(got, v) {
		t.Errorf("%v\n%+v\n%+v", err, got, v)
	}
	for n := range content { // what was cut off is an error or has fewer, and never stops us
		var part logboek.Verwerking
		if err := unpacked(content[:n], &part); err == nil && (len(part.Shown) == 0 || !reflect.DeepEqual(part.Shown, v.Shown[:len(part.Shown)])) {
			t.Fatalf("%d bytes became %+v", n, part)
		}
	}
}

func FuzzContent(f *testing.F) {
	v := line(logboek.NewTrace(), "getoond")
	v.Shown = []logboek.Shown{{Zaak: uuid.NewString()}, {Zaak: uuid.NewString(), DataSubject: "p-0a1b2c3d4e5f60718293a4b5", DataSubjectKind: logboek.User}}
	content, _ := packed(&v)
	f.Add(content)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, content []byte) {
		var v logboek.Verwerking
		if unpacked(content, &v) != nil {
			return
		}
		again, err := packed(&v)
		var w logboek.Verwerking
		if err != nil || unpacked(again, &w) != nil || !reflect.DeepEqual(v.Shown, w.Shown) {
			t.Errorf("%v: %+v %+v", err, v, w)
		}
	})
}
