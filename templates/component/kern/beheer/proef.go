package main

import (
	"path/filepath"
)

// proefpeers are the three organisations of the compose file in
// deploy/openfsc/proef. They do not exist; their OINs are in the test
// range of Logius.
var proefpeers = []struct{ naam, oin string }{
	{"directory", "00000099000000000010"}, {"aanbieder", "00000099000000000020"}, {"afnemer", "00000099000000000030"},
}

// proefcertificaten makes what the containers of the trial need: one authority
// for the group and one per peer for the inside.
func (w *werk) proefcertificaten() error {
	folder := filepath.Join(w.folder, ".data", "pki-proef")
	fresh, err := w.plaats(folder)
	if err != nil || !fresh {
		return err
	}
	group, err := authority(filepath.Join(folder, "groep"), "Proefgroep")
	if err != nil {
		return err
	}
	for _, p := range proefpeers {
		names := []string{"localhost", "127.0.0.1"}
		for _, part := range []string{"manager", "controller", "txlog", "inway", "outway"} {
			names = append(names, part+"."+p.naam+".proef.test")
		}
		own := filepath.Join(folder, p.naam)
		if err := w.issue(group, keten{own, "Groep, " + p.naam, p.oin, "Proef " + p.naam, []blad{{"groep", names}}}); err != nil {
			return err
		}
		inside, err := authority(own, "Intern "+p.naam)
		if err != nil {
			return err
		}
		if err := w.issue(inside, keten{own, "Intern, " + p.naam, p.oin, "Proef " + p.naam, []blad{{"intern", names}, {"beheer", nil}}}); err != nil {
			return err
		}
	}
	return w.toonThumbprint(filepath.Join(folder, "afnemer", "groep"))
}
