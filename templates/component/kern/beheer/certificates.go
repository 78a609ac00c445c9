package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/openfsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// validFor is how long development certificates are valid.
const validFor = 365 * 24 * time.Hour

// leaf is one certificate to make below an authority.
type leaf struct {
	name  string // of the files
	hosts []string
}

// chain is one chain: an authority and the certificates below it.
type chain struct {
	folder, title string
	oin, name     string
	leaves        []leaf
}

// certificates makes an authority for the group and one for the inside, each
// with new keys, in .data/pki. They are for development: in production the
// certificates of the group come from PKIoverheid.
func (w *work) certificates(context.Context) error {
	if w.trial {
		return w.trialCertificates()
	}
	if w.fsc.Own.OIN == "" {
		return errors.New("vul eigen.oin in 3-integratie/fsc.yaml in: een peer heet naar zijn OIN. Voor ontwikkeling mag dat een nummer uit de testreeks zijn (00000099 en nog 12 cijfers)")
	}
	folder := filepath.Join(w.folder, ".data", "pki")
	a, n := w.fsc.Addresses, w.fsc.Names
	local := []string{"localhost", "127.0.0.1"}
	group := chain{filepath.Join(folder, "groep"), "Ontwikkelgroep", w.fsc.Own.OIN, w.fsc.Own.Name, []leaf{
		{"outway", hosts(local, n.Outway, openfsc.Host(a.Outway))},
		{"inway", hosts(local, n.Inway, openfsc.Host(a.Inway))},
		{"manager", hosts(local, openfsc.Host(a.ManagerExternal))},
	}}
	inside := chain{filepath.Join(folder, "intern"), "Intern", w.fsc.Own.OIN, w.fsc.Own.Name, []leaf{
		{"outway", hosts(local, n.Outway, openfsc.Host(a.Outway))},
		{"inway", hosts(local, n.Inway)},
		{"manager", hosts(local, openfsc.Host(a.Manager), openfsc.Host(a.ManagerForInway))},
		{"controller", hosts(local, openfsc.Host(a.Controller), openfsc.Host(a.ControllerAdmin))},
		{"txlog", hosts(local, openfsc.Host(a.TransactionLog))},
		{"beheer", nil},
	}}
	fresh, err := w.place(folder)
	if err != nil {
		return err
	}
	if fresh {
		for _, k := range []chain{group, inside} {
			authority, err := authority(k.folder, k.title)
			if err != nil {
				return err
			}
			if err := w.issue(authority, k); err != nil {
				return err
			}
		}
	}
	return w.showThumbprint(filepath.Join(group.folder, "outway"))
}

// hosts are the names that are known, each once.
func hosts(base []string, more ...string) []string {
	all := slices.Clone(base)
	for _, host := range more {
		if host != "" && !slices.Contains(all, host) {
			all = append(all, host)
		}
	}
	return all
}

// place says whether certificates are to be made in the folder. With --nieuw
// what is there is set aside: a key that is gone cannot be had back.
func (w *work) place(folder string) (bool, error) {
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		return true, nil
	} else if err != nil {
		return false, err
	}
	if !w.fresh {
		w.complain("In %s staan al certificaten; met --nieuw komen er andere.", folder)
		return false, nil
	}
	old := folder + "-tot-" + time.Now().Format("20060102-150405")
	if err := os.Rename(folder, old); err != nil {
		return false, err
	}
	w.complain("De vorige certificaten staan nu in %s.", old)
	return true, nil
}

// authority makes an authority and writes its certificate. Its key is thrown
// away: nobody issues anything more under it.
func authority(folder, title string) (*pki.Authority, error) {
	a, err := pki.NewAuthority(title+" (ontwikkeling)", validFor)
	if err != nil {
		return nil, err
	}
	return a, pki.WriteCertificate(filepath.Join(folder, "ca.pem"), a.Certificate.Raw)
}

// issue makes the certificates of a chain, each with a key of its own.
func (w *work) issue(a *pki.Authority, k chain) error {
	for _, b := range k.leaves {
		key, err := w.keyPair()
		if err != nil {
			return err
		}
		made, err := a.Issue(pki.Request{Name: b.name, Organisation: k.name, OIN: k.oin, Hosts: b.hosts}, key)
		if err != nil {
			return err
		}
		file := filepath.Join(k.folder, b.name)
		if err := pki.Write(file+".pem", file+".key", made); err != nil {
			return err
		}
	}
	w.say("%s: %d certificaten in %s, een jaar geldig.", k.title, len(k.leaves), k.folder)
	return nil
}

func (w *work) keyPair() (crypto.Signer, error) {
	switch w.algorithm {
	case "rsa":
		return rsa.GenerateKey(rand.Reader, 2048)
	case "ecdsa":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	return nil, fmt.Errorf("algoritme %q is er niet; kies rsa of ecdsa", w.algorithm)
}

// showThumbprint shows what a connection contract says about the outway.
func (w *work) showThumbprint(file string) error {
	pair, err := pki.Read(file+".pem", file+".key")
	if err != nil {
		return err
	}
	w.say("public_key_thumbprint van de outway (voor contracten): %s", pki.PublicKeyThumbprint(pair.Leaf))
	return nil
}
