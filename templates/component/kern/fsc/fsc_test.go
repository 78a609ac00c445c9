package fsc_test

import (
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// TestReadNamesEverything: one run shows every fault of the file.
func TestReadNamesEverything(t *testing.T) {
	_, err := fsc.Read([]byte(`
versies: {core: "1.1.2", charts: "2", images: latest}
groep: "twee woorden"
contractdagen: 100000
directory: {oin: "123", manager: "https://directory.intern:9443"}
eigen: {oin: 00000099000000001000}
namen: {outway: "a b", inway: "$(x)"}
adressen:
  managerExtern: https://manager
  inway: http://inway:443
  manager: https://manager:9444
  managerVoorInway: https://manager:9443
  controller: https://controller:9444
  controllerBeheer: https://controller:9443/
  transactielog: "https://u:p@log:9443"
  outway: ftp://outway
aangeboden: [{naam: "a b", protocol: HTTP, adres: "//", contract: ../geheim.json}]
afgenomen:
  - {naam: bag, grant: "A;B", aanbieder: {oin: kort}}
  - {naam: bag, grant: A}
`))
	if err == nil {
		t.Fatal("a file full of faults was read")
	}
	for _, want := range []string{
		"versies.core", "versies.charts", "versies.images", "groep", "contractdagen", "directory.oin", "directory.manager: poort",
		"namen.outway", "namen.inway", "adressen.managerExtern", "adressen.inway", "adressen.manager: poort 9444", "adressen.managerVoorInway: poort 9443",
		"adressen.controller: poort 9444", "adressen.controllerBeheer", "adressen.transactielog", "adressen.outway",
		"aangeboden[0].naam", "aangeboden[0].protocol", "aangeboden[0].adres", "aangeboden[0].contract",
		"afgenomen[0].grant", "afgenomen[0].aanbieder.oin", "afgenomen[1].naam",
	} {
		if !strings.Contains(err.Error(), "fsc.yaml: "+want) {
			t.Errorf("%s is not named in\n%v", want, err)
		}
	}
}

// TestReadIsStrict: a key that FSC does not know is a mistake.
func TestTheControllerIsAdministeredWhereItIs(t *testing.T) {
	for given, want := range map[string]string{
		"controller: \"https://controller.test:9443\"":                                                 "https://controller.test:9444",
		"controller: \"https://controller.test:9443\", controllerBeheer: \"https://beheer.test:9444\"": "https://beheer.test:9444",
		"controller: \"\"": "",
	} {
		f, _ := fsc.Read([]byte("adressen: {" + given + "}"))
		if f.Addresses.ControllerAdmin != want {
			t.Errorf("%s: %q", given, f.Addresses.ControllerAdmin)
		}
	}
}

func TestReadIsStrict(t *testing.T) {
	if _, err := fsc.Read([]byte("groepp: a\n")); err == nil {
		t.Error("an unknown key was read")
	}
	if f, err := fsc.Read(nil); err != nil || f.Group != "" {
		t.Errorf("an empty file gives %v, %v", f, err)
	}
}
