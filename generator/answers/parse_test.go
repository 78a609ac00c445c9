package answers

import (
	"os"
	"testing"
)

func example(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/verhuizing.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestParseExample(t *testing.T) {
	d, problems := Parse("fieldlab.yaml", example(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	a := d.Answers
	if len(a.Process.Steps) != 7 || a.Component.Organisation.OIN != "00000001001299757000" ||
		a.Register[0].Fields[4].Default != "nee" || a.Process.Steps[2].Outcomes[1] != (Outcome{"aanvullen", "aanvullen"}) ||
		a.Sources[0].Operations[0].Name != "bevraagAdressen" || *a.Register[0].Fields[3].Max != 20 {
		t.Errorf("%+v", a)
	}
	m, err := Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", m)
	t.Logf("%s", Schema())
}
