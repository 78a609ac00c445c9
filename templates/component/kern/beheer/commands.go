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

func (w *work) check(ctx context.Context) error {
	missing := 0
	step := ""
	for _, g := range w.admin.Defects() {
		if g.Step != step {
			w.say("Voor %s:", g.Step)
			step = g.Step
		}
		w.say("  - %s", g.What)
		missing++
	}
	other, err := openfsc.CheckFiles(filepath.Join(w.folder, "deploy"), w.fsc, false)
	if err != nil {
		return err
	}
	for _, a := range other {
		w.say("%s", a)
		missing++
	}
	if len(other) > 0 {
		w.say("Werk die bestanden bij met: go run ./kern/beheer bestanden")
	}
	if err := w.access(); err != nil {
		w.say("%v", err)
		missing++
	} else if w.manager != "" {
		for _, err := range w.admin.Reachable(ctx) {
			w.say("%v", err)
			missing++
		}
	}
	if missing > 0 {
		return fmt.Errorf("er ontbreekt nog iets: %d punten", missing)
	}
	w.say("Alles is ingevuld; manager en controller antwoorden.")
	return nil
}

func (w *work) files(context.Context) error {
	changed, err := openfsc.CheckFiles(filepath.Join(w.folder, "deploy"), w.fsc, true)
	for _, a := range changed {
		w.say("deploy/%s: %s is nu %q", a.File, a.Key, a.Expected)
	}
	if err == nil && len(changed) == 0 {
		w.say("Alle bestanden volgen fsc.yaml al.")
	}
	return err
}

// chartsOf are the charts of OpenFSC with the folder of their values.
var chartsOf = []struct{ folder, chart string }{
	{"manager", "open-fsc-manager"}, {"controller", "open-fsc-controller"}, {"txlog", "open-fsc-txlog-api"},
	{"outway", "open-fsc-outway"}, {"inway", "open-fsc-inway"},
}

func (w *work) charts(context.Context) error {
	other, err := openfsc.CheckFiles(filepath.Join(w.folder, "deploy"), w.fsc, false)
	if err != nil {
		return err
	}
	if len(other) > 0 {
		return fmt.Errorf("%s. Draai eerst: go run ./kern/beheer bestanden", other[0])
	}
	empty := 0
	for _, c := range chartsOf {
		file := "deploy/openfsc/" + c.folder + "/values.yaml"
		raw, err := os.ReadFile(filepath.Join(w.folder, filepath.FromSlash(file)))
		if errors.Is(err, os.ErrNotExist) {
			continue
		} else if err != nil {
			return err
		}
		for line := range strings.Lines(string(raw)) {
			if key, value, _ := strings.Cut(strings.TrimSpace(line), ": "); strings.HasPrefix(value, `"<`) {
				w.complain("%s: %s is nog niet ingevuld (%s in fsc.yaml)", file, key, strings.Trim(value, `"<>`))
				empty++
			}
		}
		release := c.chart
		if c.folder == "outway" || c.folder == "inway" {
			release = strings.TrimSuffix(w.fsc.Names.Outway, "-outway") + "-" + c.chart
		}
		w.say("helm upgrade --install %s oci://registry-1.docker.io/federatedserviceconnectivity/%s --version %s -f %s", release, c.chart, w.fsc.Versions.Charts, file)
	}
	if empty > 0 {
		return fmt.Errorf("vul eerst fsc.yaml aan; %d waarden zijn nog leeg", empty)
	}
	return nil
}

func (w *work) publish(ctx context.Context) error {
	if err := w.access(); err != nil {
		return err
	}
	return w.admin.Publish(ctx)
}

// services are the services that the arguments name; none means all.
func (w *work) services() ([]fsc.Service, error) {
	if len(w.args) == 0 || len(w.args) == 1 && w.args[0] == "alle" {
		return w.fsc.Consumed, nil
	}
	var all []fsc.Service
	for _, name := range w.args {
		d, err := w.admin.Service(name)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

func (w *work) connect(ctx context.Context) error {
	if w.target == "" {
		w.target = filepath.Join(w.folder, ".data", "grants.env")
	}
	return w.each(ctx, w.admin.Connect)
}

func (w *work) readGrantHash(ctx context.Context) error {
	return w.each(ctx, w.admin.GrantHash)
}

// each gets the grant of every service and passes it on. One service that
// has to wait does not stop the others; a real fault outweighs waiting.
func (w *work) each(ctx context.Context, get func(context.Context, fsc.Service) (openfsc.Granted, error)) error {
	all, err := w.services()
	if err != nil {
		return err
	}
	if err := w.access(); err != nil {
		return err
	}
	var faults, waiting []error
	for _, d := range all {
		granted, err := get(ctx, d)
		if err == nil {
			err = w.give(d.Grant, granted.Hash)
		}
		if err == nil { // with it the component says in time that the contract ends
			err = w.give(d.Grant+fsc.UntilSuffix, granted.Until.Format(time.DateOnly))
		}
		switch {
		case errors.Is(err, openfsc.ErrWaiting):
			waiting = append(waiting, err)
			w.admin.Wait = 0 // once is enough: the next ones get one look
		case err != nil:
			faults = append(faults, err)
		}
	}
	if len(faults) == 0 {
		return errors.Join(waiting...)
	}
	for _, err := range waiting {
		w.complain("%v", err)
	}
	return errors.Join(faults...)
}

// give writes one setting to a file, or shows it.
func (w *work) give(name, hash string) error {
	f := openfsc.Format(w.format)
	switch {
	case f != "":
	case w.target != "":
		f = formatOf(w.target)
	case runtime.GOOS == "windows":
		f = openfsc.PowerShell
	default:
		f = openfsc.Shell
	}
	if w.target == "" {
		line, err := f.Line(name, hash)
		if err == nil {
			w.say("%s", line)
		}
		return err
	}
	if err := openfsc.WriteLine(w.target, f, name, hash); err != nil {
		return err
	}
	w.say("%s staat in %s.", name, w.target)
	return nil
}

// formatOf is the form that fits the name of a file.
func formatOf(file string) openfsc.Format {
	switch filepath.Ext(file) {
	case ".sh":
		return openfsc.Shell
	case ".ps1":
		return openfsc.PowerShell
	case ".env":
		return openfsc.Compose
	}
	return openfsc.Literal
}

func (w *work) accept(ctx context.Context) error {
	if err := w.access(); err != nil {
		return err
	}
	if w.consumer != "" {
		n, err := w.admin.Accept(ctx, w.consumer, w.again)
		if err == nil && n == 0 {
			return fmt.Errorf("er staat niets open van %s; kijk met: go run ./kern/beheer accepteer", w.consumer)
		}
		return err
	}
	requests, err := w.admin.Requests(ctx)
	if err != nil {
		return err
	}
	open := 0
	for _, r := range requests {
		if !r.Pending {
			continue
		}
		open++
		remark := "aanvaarden met: go run ./kern/beheer accepteer --afnemer " + r.Consumer
		if r.Objection != "" {
			remark = "niet aanvaarden: " + r.Objection
		}
		w.say("%s vraagt %s, tot %s; %s", r.Consumer, r.Service, r.Until.Format(time.DateOnly), remark)
	}
	if open == 0 {
		w.say("Niemand wacht op uw handtekening.")
	}
	return nil
}
