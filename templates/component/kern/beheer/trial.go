package main

import (
	"path/filepath"
)

// trialPeers are the three organisations of the compose file in
// deploy/openfsc/proef. They do not exist; their OINs are in the test
// range of Logius.
var trialPeers = []struct{ name, oin string }{
	{"directory", "00000099000000000010"}, {"aanbieder", "00000099000000000020"}, {"afnemer", "00000099000000000030"},
}

// trialCertificates makes what the containers of the trial need: one authority
// for the group and one per peer for the inside.
func (w *work) trialCertificates() error {
	folder := filepath.Join(w.folder, ".data", "pki-proef")
	fresh, err := w.place(folder)
	if err != nil || !fresh {
		return err
	}
	group, err := authority(filepath.Join(folder, "groep"), "Proefgroep")
	if err != nil {
		return err
	}
	for _, p := range trialPeers {
		names := []string{"localhost", "127.0.0.1"}
		for _, part := range []string{"manager", "controller", "txlog", "inway", "outway"} {
			names = append(names, part+"."+p.name+".proef.test")
		}
		own := filepath.Join(folder, p.name)
		if err := w.issue(group, chain{own, "Groep, " + p.name, p.oin, "Proef " + p.name, []leaf{{"groep", names}}}); err != nil {
			return err
		}
		inside, err := authority(own, "Intern "+p.name)
		if err != nil {
			return err
		}
		if err := w.issue(inside, chain{own, "Intern, " + p.name, p.oin, "Proef " + p.name, []leaf{{"intern", names}, {"beheer", nil}}}); err != nil {
			return err
		}
	}
	return w.showThumbprint(filepath.Join(folder, "afnemer", "groep"))
}
