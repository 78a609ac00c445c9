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

// geldig is how long development certificates are valid.
const geldig = 365 * 24 * time.Hour

// blad is one certificate to make below an authority.
type blad struct {
	naam  string // of the files
	hosts []string
}

// keten is one chain: an authority and the certificates below it.
type keten struct {
	folder, titel string
	oin, naam     string
	bladen        []blad
}

// certificaten makes an authority for the group and one for the inside, each
// with new keys, in .data/pki. They are for development: in production the
// certificates of the group come from PKIoverheid.
func (w *werk) certificaten(context.Context) error {
	if w.proef {
		return w.proefcertificaten()
	}
	if w.fsc.Eigen.OIN == "" {
		return errors.New("vul eigen.oin in 3-integratie/fsc.yaml in: een peer heet naar zijn OIN. Voor ontwikkeling mag dat een nummer uit de testreeks zijn (00000099 en nog 12 cijfers)")
	}
	folder := filepath.Join(w.folder, ".data", "pki")
	a, n := w.fsc.Adressen, w.fsc.Namen
	local := []string{"localhost", "127.0.0.1"}
	group := keten{filepath.Join(folder, "groep"), "Ontwikkelgroep", w.fsc.Eigen.OIN, w.fsc.Eigen.Naam, []blad{
		{"outway", hosts(local, n.Outway, openfsc.Host(a.Outway))},
		{"inway", hosts(local, n.Inway, openfsc.Host(a.Inway))},
		{"manager", hosts(local, openfsc.Host(a.ManagerExtern))},
	}}
	inside := keten{filepath.Join(folder, "intern"), "Intern", w.fsc.Eigen.OIN, w.fsc.Eigen.Naam, []blad{
		{"outway", hosts(local, n.Outway, openfsc.Host(a.Outway))},
		{"inway", hosts(local, n.Inway)},
		{"manager", hosts(local, openfsc.Host(a.Manager), openfsc.Host(a.ManagerVoorInway))},
		{"controller", hosts(local, openfsc.Host(a.Controller), openfsc.Host(a.ControllerBeheer))},
		{"txlog", hosts(local, openfsc.Host(a.Transactielog))},
		{"beheer", nil},
	}}
	fresh, err := w.plaats(folder)
	if err != nil {
		return err
	}
	if fresh {
		for _, k := range []keten{group, inside} {
			authority, err := authority(k.folder, k.titel)
			if err != nil {
				return err
			}
			if err := w.issue(authority, k); err != nil {
				return err
			}
		}
	}
	return w.toonThumbprint(filepath.Join(group.folder, "outway"))
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

// plaats says whether certificates are to be made in the folder. With --nieuw
// what is there is set aside: a key that is gone cannot be had back.
func (w *werk) plaats(folder string) (bool, error) {
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		return true, nil
	} else if err != nil {
		return false, err
	}
	if !w.nieuw {
		w.meld("In %s staan al certificaten; met --nieuw komen er andere.", folder)
		return false, nil
	}
	old := folder + "-tot-" + time.Now().Format("20060102-150405")
	if err := os.Rename(folder, old); err != nil {
		return false, err
	}
	w.meld("De vorige certificaten staan nu in %s.", old)
	return true, nil
}

// authority makes an authority and writes its certificate. Its key is thrown
// away: nobody issues anything more under it.
func authority(folder, title string) (*pki.Authority, error) {
	a, err := pki.NewAuthority(title+" (ontwikkeling)", geldig)
	if err != nil {
		return nil, err
	}
	return a, pki.WriteCertificate(filepath.Join(folder, "ca.pem"), a.Certificate.Raw)
}

// issue makes the certificates of a chain, each with a key of its own.
func (w *werk) issue(a *pki.Authority, k keten) error {
	for _, b := range k.bladen {
		key, err := w.sleutelpaar()
		if err != nil {
			return err
		}
		made, err := a.Issue(pki.Request{Name: b.naam, Organisation: k.naam, OIN: k.oin, Hosts: b.hosts}, key)
		if err != nil {
			return err
		}
		file := filepath.Join(k.folder, b.naam)
		if err := pki.Write(file+".pem", file+".key", made); err != nil {
			return err
		}
	}
	w.zeg("%s: %d certificaten in %s, een jaar geldig.", k.titel, len(k.bladen), k.folder)
	return nil
}

func (w *werk) sleutelpaar() (crypto.Signer, error) {
	switch w.algoritme {
	case "rsa":
		return rsa.GenerateKey(rand.Reader, 2048)
	case "ecdsa":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	return nil, fmt.Errorf("algoritme %q is er niet; kies rsa of ecdsa", w.algoritme)
}

// toonThumbprint shows what a connection contract says about the outway.
func (w *werk) toonThumbprint(file string) error {
	pair, err := pki.Read(file+".pem", file+".key")
	if err != nil {
		return err
	}
	w.zeg("public_key_thumbprint van de outway (voor contracten): %s", pki.PublicKeyThumbprint(pair.Leaf))
	return nil
}
