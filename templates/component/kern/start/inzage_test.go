package start

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
)

// TestTheCommandInzage asks for the number, writes one file and says nowhere else
// whose it is.
func TestTheCommandInzage(t *testing.T) {
	const number = "999993653"
	parts, err := moving(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	s := Settings{Data: filepath.Join(folder, "zaken.db"), Env: func(string) string { return "" }}
	db, err := parts.open(t.Context(), s, (*opslag.Database).Migrate)
	if err != nil {
		t.Fatal(err)
	}
	key, err := logboek.ReadKey(s.Env, false)
	if err != nil {
		t.Fatal(err)
	}
	me := key.PersonID(logboek.BSN, number)
	zaak, _, err := opslag.NewZaken(db, "").Create(t.Context(), opslag.NewZaak{Omschrijving: "Verhuizing", Zaaktype: "verhuizing", CurrentStep: parts.Model.First().Step, Initiator: me, SetBy: me}, opslag.Key{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	look := func(in string, args ...string) (string, error) {
		var out bytes.Buffer
		err := parts.lookUp(t.Context(), s, append(args, "--naar", folder), strings.NewReader(in), &out)
		return out.String(), err
	}
	for _, args := range [][]string{{number}, {"--door", "A. de Vries", number}, {"--" + number}, {}, {"--door", " "}, {"--door", "A", "--doel", number}} {
		out, err := look(number+"\n", args...)
		if err == nil || strings.Contains(err.Error()+out, number) {
			t.Errorf("%q: %v %s", args, err, out)
		}
	}
	for _, in := range []string{"", "\n", "123456789\n", strings.Repeat("9", 200)} {
		if out, err := look(in, "--door", "A. de Vries"); err == nil || strings.Contains(err.Error()+out, "9999") || strings.Contains(err.Error(), "123456789") {
			t.Errorf("%q: %v %s", in, err, out)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(folder, "inzage-*")); len(files) > 0 {
		t.Fatalf("refused, and yet %q", files)
	}
	out, err := look("9999.93.653\n", "--door", "A. de Vries", "--doel", "rectificatie")
	if err != nil || strings.Contains(out, number) || !strings.Contains(out, "Zaken: 1.") {
		t.Fatalf("%v %s", err, out)
	}
	files, _ := filepath.Glob(filepath.Join(folder, "inzage-*.html"))
	if len(files) != 1 || strings.Contains(files[0], number) {
		t.Fatalf("files %q", files)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{number, zaak.Identificatie, parts.Model.First().Title, "A. de Vries", "Verzoek om rectificatie"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%q is not in the file", want)
		}
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can read the file: %v %v", info.Mode(), err)
	}
	if _, err := look("12345678\n", "--door", "A. de Vries", "--kvk"); err != nil {
		t.Error(err)
	}
}
