package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/openfsc"
)

func (w *werk) controleer(ctx context.Context) error {
	missing := 0
	step := ""
	for _, g := range w.beheer.Gebreken() {
		if g.Stap != step {
			w.zeg("Voor %s:", g.Stap)
			step = g.Stap
		}
		w.zeg("  - %s", g.Wat)
		missing++
	}
	other, err := openfsc.Bestanden(filepath.Join(w.folder, "deploy"), w.fsc, false)
	if err != nil {
		return err
	}
	for _, a := range other {
		w.zeg("%s", a)
		missing++
	}
	if len(other) > 0 {
		w.zeg("Werk die bestanden bij met: go run ./kern/beheer bestanden")
	}
	if err := w.toegang(); err != nil {
		w.zeg("%v", err)
		missing++
	} else if w.manager != "" {
		for _, err := range w.beheer.Bereikbaar(ctx) {
			w.zeg("%v", err)
			missing++
		}
	}
	if missing > 0 {
		return fmt.Errorf("er ontbreekt nog iets: %d punten", missing)
	}
	w.zeg("Alles is ingevuld; manager en controller antwoorden.")
	return nil
}

func (w *werk) bestanden(context.Context) error {
	changed, err := openfsc.Bestanden(filepath.Join(w.folder, "deploy"), w.fsc, true)
	for _, a := range changed {
		w.zeg("deploy/%s: %s is nu %q", a.Bestand, a.Sleutel, a.Hoort)
	}
	if err == nil && len(changed) == 0 {
		w.zeg("Alle bestanden volgen fsc.yaml al.")
	}
	return err
}

// chartsVan are the charts of OpenFSC with the folder of their values.
var chartsVan = []struct{ folder, chart string }{
	{"manager", "open-fsc-manager"}, {"controller", "open-fsc-controller"}, {"txlog", "open-fsc-txlog-api"},
	{"outway", "open-fsc-outway"}, {"inway", "open-fsc-inway"},
}

func (w *werk) charts(context.Context) error {
	other, err := openfsc.Bestanden(filepath.Join(w.folder, "deploy"), w.fsc, false)
	if err != nil {
		return err
	}
	if len(other) > 0 {
		return fmt.Errorf("%s. Draai eerst: go run ./kern/beheer bestanden", other[0])
	}
	empty := 0
	for _, c := range chartsVan {
		file := "deploy/openfsc/" + c.folder + "/values.yaml"
		raw, err := os.ReadFile(filepath.Join(w.folder, filepath.FromSlash(file)))
		if errors.Is(err, os.ErrNotExist) {
			continue
		} else if err != nil {
			return err
		}
		for line := range strings.Lines(string(raw)) {
			if key, value, _ := strings.Cut(strings.TrimSpace(line), ": "); strings.HasPrefix(value, `"<`) {
				w.meld("%s: %s is nog niet ingevuld (%s in fsc.yaml)", file, key, strings.Trim(value, `"<>`))
				empty++
			}
		}
		release := c.chart
		if c.folder == "outway" || c.folder == "inway" {
			release = strings.TrimSuffix(w.fsc.Namen.Outway, "-outway") + "-" + c.chart
		}
		w.zeg("helm upgrade --install %s oci://registry-1.docker.io/federatedserviceconnectivity/%s --version %s -f %s", release, c.chart, w.fsc.Versies.Charts, file)
	}
	if empty > 0 {
		return fmt.Errorf("vul eerst fsc.yaml aan; %d waarden zijn nog leeg", empty)
	}
	return nil
}

func (w *werk) publiceer(ctx context.Context) error {
	if err := w.toegang(); err != nil {
		return err
	}
	return w.beheer.Publiceer(ctx)
}

// diensten are the services that the arguments name; none means all.
func (w *werk) diensten() ([]fsc.Dienst, error) {
	if len(w.args) == 0 || len(w.args) == 1 && w.args[0] == "alle" {
		return w.fsc.Afgenomen, nil
	}
	var all []fsc.Dienst
	for _, name := range w.args {
		d, err := w.beheer.Dienst(name)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

func (w *werk) verbind(ctx context.Context) error {
	if w.naar == "" {
		w.naar = filepath.Join(w.folder, ".data", "grants.env")
	}
	return w.each(ctx, w.beheer.Verbind)
}

func (w *werk) leesGrantHash(ctx context.Context) error {
	return w.each(ctx, w.beheer.GrantHash)
}

// each gets the grant hash of every service and passes it on. One service that
// has to wait does not stop the others; a real fault outweighs waiting.
func (w *werk) each(ctx context.Context, get func(context.Context, fsc.Dienst) (string, error)) error {
	all, err := w.diensten()
	if err != nil {
		return err
	}
	if err := w.toegang(); err != nil {
		return err
	}
	var faults, waiting []error
	for _, d := range all {
		hash, err := get(ctx, d)
		if err == nil {
			err = w.geef(d.Grant, hash)
		}
		switch {
		case errors.Is(err, openfsc.ErrWacht):
			waiting = append(waiting, err)
			w.beheer.Wacht = 0 // once is enough: the next ones get one look
		case err != nil:
			faults = append(faults, err)
		}
	}
	if len(faults) == 0 {
		return errors.Join(waiting...)
	}
	for _, err := range waiting {
		w.meld("%v", err)
	}
	return errors.Join(faults...)
}

// geef writes one grant hash to a file, or shows it.
func (w *werk) geef(name, hash string) error {
	v := openfsc.Vorm(w.vorm)
	switch {
	case v != "":
	case w.naar != "":
		v = vormVan(w.naar)
	case runtime.GOOS == "windows":
		v = openfsc.PowerShell
	default:
		v = openfsc.Shell
	}
	if w.naar == "" {
		line, err := v.Regel(name, hash)
		if err == nil {
			w.zeg("%s", line)
		}
		return err
	}
	if err := openfsc.SchrijfRegel(w.naar, v, name, hash); err != nil {
		return err
	}
	w.zeg("%s staat in %s.", name, w.naar)
	return nil
}

// vormVan is the form that fits the name of a file.
func vormVan(file string) openfsc.Vorm {
	switch filepath.Ext(file) {
	case ".sh":
		return openfsc.Shell
	case ".ps1":
		return openfsc.PowerShell
	case ".env":
		return openfsc.Compose
	}
	return openfsc.Letterlijk
}

func (w *werk) accepteer(ctx context.Context) error {
	if err := w.toegang(); err != nil {
		return err
	}
	if w.afnemer != "" {
		n, err := w.beheer.Accepteer(ctx, w.afnemer, w.opnieuw)
		if err == nil && n == 0 {
			return fmt.Errorf("er staat niets open van %s; kijk met: go run ./kern/beheer accepteer", w.afnemer)
		}
		return err
	}
	requests, err := w.beheer.Verzoeken(ctx)
	if err != nil {
		return err
	}
	open := 0
	for _, v := range requests {
		if !v.Wacht {
			continue
		}
		open++
		remark := "aanvaarden met: go run ./kern/beheer accepteer --afnemer " + v.Afnemer
		if v.Bezwaar != "" {
			remark = "niet aanvaarden: " + v.Bezwaar
		}
		w.zeg("%s vraagt %s, tot %s; %s", v.Afnemer, v.Dienst, v.Tot.Format(time.DateOnly), remark)
	}
	if open == 0 {
		w.zeg("Niemand wacht op uw handtekening.")
	}
	return nil
}
