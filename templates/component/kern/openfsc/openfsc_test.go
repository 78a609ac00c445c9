package openfsc_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/openfsc"
)

const values = `# uitleg
config:
  groupID: "<groep>" # blijft
  name: oud
  selfAddress: 'https://a''b:443'
  managerInternalUnauthenticatedAddress: ""
  controllerRegistrationApiAddress: "een \"naam\""
  transactionLogApiAddress: "<adressen.transactielog>"

certificates: {group: {existingSecret: x}}
`

// folder makes a folder deploy with one file.
func folder(t *testing.T, name, text string) string {
	t.Helper()
	root := t.TempDir()
	file := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return root
}

// TestFilesFollow: values of fsc.yaml come in their place, in every way that a
// value can stand there, and nothing else changes.
func TestFilesFollow(t *testing.T) {
	const name = "openfsc/inway/values.yaml"
	for _, ends := range []string{"\n", "\r\n"} {
		root := folder(t, name, strings.ReplaceAll(values, "\n", ends))
		f := fsc.File{Group: "groep/één: #1", Names: fsc.Names{Inway: "nieuw"}, Addresses: fsc.Addresses{
			Inway: "https://inway.test:443", ManagerForInway: "https://m:9444", Controller: `een "naam"`,
		}}
		found, err := openfsc.CheckFiles(root, f, false)
		if err != nil || len(found) != 4 {
			t.Fatalf("%d differences, %v: %v", len(found), err, found)
		}
		if !strings.Contains(found[0].String(), "config.groupID is \"<groep>\", en volgens groep in fsc.yaml") {
			t.Errorf("the first difference says %s", found[0])
		}
		if _, err := openfsc.CheckFiles(root, f, true); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		want := strings.NewReplacer(`"<groep>"`, `"groep/één: #1"`, "name: oud", `name: "nieuw"`, "'https://a''b:443'", `"https://inway.test:443"`,
			`managerInternalUnauthenticatedAddress: ""`, `managerInternalUnauthenticatedAddress: "https://m:9444"`, "\n", ends).Replace(values)
		if string(raw) != want {
			t.Errorf("got\n%q\nwant\n%q", raw, want)
		}
		if again, err := openfsc.CheckFiles(root, f, false); err != nil || len(again) > 0 {
			t.Errorf("afterwards: %v, %v", again, err)
		}
		// What is taken away again stands there as what to fill in.
		if _, err := openfsc.CheckFiles(root, fsc.File{}, true); err != nil {
			t.Fatal(err)
		}
		if raw, _ := os.ReadFile(filepath.Join(root, filepath.FromSlash(name))); !strings.Contains(string(raw), `selfAddress: "<adressen.inway>"`) {
			t.Errorf("an empty fsc.yaml gives\n%s", raw)
		}
	}
}

// TestFilesAnchor: the version of an image stands behind an anchor.
func TestFilesAnchor(t *testing.T) {
	const name = "openfsc/proef/compose.yaml"
	var text string
	for _, part := range []string{"manager", "controller", "txlog-api", "inway", "outway"} {
		text += "x-" + part + ":\n  image: &" + part + " docker.io/federatedserviceconnectivity/" + part + ":v2.5.2\n"
	}
	root := folder(t, name, text)
	f := fsc.File{Versions: fsc.Versions{Images: "v2.6.0"}}
	if found, err := openfsc.CheckFiles(root, f, true); err != nil || len(found) != 5 {
		t.Fatal(found, err)
	}
	raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil || strings.Contains(string(raw), "v2.5.2") || !strings.Contains(string(raw), `image: &inway "docker.io/federatedserviceconnectivity/inway:v2.6.0"`) {
		t.Errorf("got %s, %v", raw, err)
	}
}

// TestFilesBroken: a file that lost a key is named, and none is written.
func TestFilesBroken(t *testing.T) {
	for name, text := range map[string]string{
		"openfsc/inway/values.yaml":   "config: {groupID: a}\n",
		"openfsc/pki/group.csr.json":  `{"serialnumber": "1", "names": [], "hosts": ["a"]}`,
		"openfsc/inway.env.voorbeeld": "NAME=a\n",
	} {
		root := folder(t, name, text)
		_, err := openfsc.CheckFiles(root, fsc.File{Group: "g"}, true)
		if err == nil || !strings.Contains(err.Error(), "deploy/"+name) {
			t.Errorf("%s: %v", name, err)
		}
		if raw, _ := os.ReadFile(filepath.Join(root, filepath.FromSlash(name))); string(raw) != text {
			t.Errorf("%s was changed: %s", name, raw)
		}
	}
}

// TestLines: a setting is replaced on its own line and nowhere else.
func TestLines(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sub", "a.env")
	for _, step := range []struct {
		form        openfsc.Format
		name, value string
		want        string
	}{
		{openfsc.Compose, "A", "$1$3$x", "A=$$1$$3$$x\n"},
		{openfsc.Compose, "AB", "$1", "A=$$1$$3$$x\nAB=$$1\n"},
		{openfsc.Compose, "A", "$2", "A=$$2\nAB=$$1\n"},
		{openfsc.Shell, "A", "$2", "A=$$2\nAB=$$1\nexport A='$2'\n"},
		{openfsc.PowerShell, "A", "$2", "A=$$2\nAB=$$1\nexport A='$2'\n$env:A = '$2'\n"},
		{openfsc.PowerShell, "A", "$3", "A=$$2\nAB=$$1\nexport A='$2'\n$env:A = '$3'\n"},
	} {
		if err := openfsc.WriteLine(file, step.form, step.name, step.value); err != nil {
			t.Fatal(err)
		}
		if raw, _ := os.ReadFile(file); string(raw) != step.want {
			t.Errorf("%s %s gives %q, want %q", step.form, step.name, raw, step.want)
		}
	}
	if err := openfsc.WriteLine(file, "xml", "A", "1"); err == nil {
		t.Error("a form that does not exist was written")
	}
}

// TestFill: numbers become numbers, and nothing but a whole text is a placeholder.
func TestFill(t *testing.T) {
	body, err := openfsc.Fill("a.json", []byte(`{"a": ["<x>", 1.50], "b": {"c": "<y>"}, "d": "a <x> b"}`), map[string]any{"x": int64(7), "y": `"`})
	if err != nil || string(body) != `{"a":[7,1.50],"b":{"c":"\""},"d":"a \u003cx\u003e b"}` {
		t.Errorf("got %s, %v", body, err)
	}
	for _, bad := range []string{`{`, `{} {}`, `{"a": "<x>"}`, `{"a": "<>"}`} {
		if _, err := openfsc.Fill("a.json", []byte(bad), map[string]any{"x": ""}); err == nil || !strings.HasPrefix(err.Error(), "a.json") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if !slices.Equal([]string{openfsc.Host("https://a.b:443"), openfsc.Host(""), openfsc.Host("http://c")}, []string{"a.b", "", "c"}) {
		t.Error("the host of an address")
	}
}
