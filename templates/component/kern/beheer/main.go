// Command beheer is for whoever connects this component to an FSC group: it
// says what is missing, keeps the files of OpenFSC in line with fsc.yaml, makes
// development certificates, and publishes and connects services through the
// internal APIs of the own Manager and Controller.
//
//	go run ./kern/beheer --help
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/openfsc"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2 // a command or flag that does not exist
	exitWaiting = 3 // nothing is wrong: somebody else has to do something
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// flags are the flags. Each command has all of them, so that nobody has to
// know which one belongs where.
type flags struct {
	folder, manager, controller         string
	certificate, key, ca                string
	wait                                time.Duration
	consumer, format, target, algorithm string
	again, fresh, trial                 bool
	file                                string
	args                                []string
}

// command is one command.
type command struct {
	name, help string
	do         func(*work, context.Context) error
}

// work is what a command works with.
type work struct {
	flags
	fsc      fsc.File
	admin    *openfsc.Admin
	out, err io.Writer
}

func (w *work) say(format string, args ...any) { _, _ = fmt.Fprintf(w.out, format+"\n", args...) }

// complain is for progress: the result alone goes to standard output.
func (w *work) complain(format string, args ...any) { _, _ = fmt.Fprintf(w.err, format+"\n", args...) }

func commands() []command {
	return []command{
		{"controleer", "zegt wat er nog ontbreekt, en wie het weet", (*work).check},
		{"bestanden", "werkt values, env-voorbeelden en certificaataanvragen bij uit fsc.yaml", (*work).files},
		{"charts", "toont de opdrachten van Helm, met de versie uit fsc.yaml", (*work).charts},
		{"certificaten", "maakt ontwikkelcertificaten voor beide ketens, in .data/pki", (*work).certificates},
		{"publiceer", "zet de eigen dienst in de controller en in de directory", (*work).publish},
		{"verbind [dienst|alle]", "sluit het contract voor een dienst en leest de grant hash", (*work).connect},
		{"accepteer", "toont wie uw dienst vraagt; met --afnemer OIN aanvaardt u dat", (*work).accept},
		{"lees-grant-hash [dienst|alle]", "leest de grant hash uit het geldige contract", (*work).readGrantHash},
	}
}

// run does one command and gives the exit code.
func run(ctx context.Context, args []string, env func(string) string, out, errOut io.Writer) int {
	if len(args) == 0 || args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		help(out)
		if len(args) == 0 {
			return exitUsage
		}
		return exitOK
	}
	for _, o := range commands() {
		if name, _, _ := strings.Cut(o.name, " "); name == args[0] {
			return one(ctx, o, args[1:], env, out, errOut)
		}
	}
	_, _ = fmt.Fprintf(errOut, "Opdracht %q is er niet.\n\n", args[0])
	help(errOut)
	return exitUsage
}

func one(ctx context.Context, o command, args []string, env func(string) string, out, errOut io.Writer) int {
	w := &work{out: out, err: errOut}
	if err := w.parse(args, env, errOut); errors.Is(err, flag.ErrHelp) {
		return exitOK
	} else if err != nil {
		return exitUsage
	}
	err := w.open(o.name)
	if err == nil {
		err = o.do(w, ctx)
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, openfsc.ErrWaiting):
		w.complain("%v", err)
		return exitWaiting
	}
	w.complain("%v", err)
	return exitFailed
}

// parse reads flags before and after the name of a service.
func (w *work) parse(args []string, env func(string) string, errOut io.Writer) error {
	or := func(name, otherwise string) string {
		if v := env(name); v != "" {
			return v
		}
		return otherwise
	}
	f := flag.NewFlagSet("beheer", flag.ContinueOnError)
	f.SetOutput(errOut)
	f.Usage = func() { help(errOut) }
	f.StringVar(&w.folder, "map", ".", "")
	f.StringVar(&w.file, "fsc", "3-integratie/fsc.yaml", "")
	f.StringVar(&w.manager, "manager", "", "")
	f.StringVar(&w.controller, "controller", "", "")
	f.StringVar(&w.certificate, "certificaat", env("FSC_BEHEER_CERT"), "")
	f.StringVar(&w.key, "sleutel", env("FSC_BEHEER_KEY"), "")
	f.StringVar(&w.ca, "ca", env("FSC_BEHEER_CA"), "")
	f.DurationVar(&w.wait, "wacht", time.Minute, "")
	f.StringVar(&w.consumer, "afnemer", "", "")
	f.BoolVar(&w.again, "opnieuw", false, "")
	f.StringVar(&w.format, "vorm", or("FSC_BEHEER_VORM", ""), "")
	f.StringVar(&w.target, "naar", "", "")
	f.StringVar(&w.algorithm, "algoritme", "rsa", "")
	f.BoolVar(&w.fresh, "nieuw", false, "")
	f.BoolVar(&w.trial, "proef", false, "")
	for {
		if err := f.Parse(args); err != nil {
			return err
		}
		if args = f.Args(); len(args) == 0 {
			return nil
		}
		w.args, args = append(w.args, args[0]), args[1:]
	}
}

// open reads fsc.yaml and prepares what the commands need. The certificate is
// read when a command first asks something of the Manager.
func (w *work) open(name string) error {
	raw, err := os.ReadFile(filepath.Join(w.folder, filepath.FromSlash(w.file)))
	if err != nil {
		return fmt.Errorf("%w. Draai dit in de map van het component, of geef die op met --map", err)
	}
	if w.fsc, err = fsc.Read(raw); err != nil {
		return err
	}
	if !strings.Contains(name, "[") && len(w.args) > 0 {
		return fmt.Errorf("%s kent geen %q; zie --help", name, w.args[0])
	}
	pki := filepath.Join(w.folder, ".data", "pki", "intern")
	for _, file := range []struct {
		path *string
		name string
	}{{&w.certificate, "beheer.pem"}, {&w.key, "beheer.key"}, {&w.ca, "ca.pem"}} {
		if *file.path == "" {
			*file.path = filepath.Join(pki, file.name)
		}
	}
	if w.manager == "" {
		w.manager = w.fsc.Addresses.Manager
	}
	if w.controller == "" {
		w.controller = w.fsc.Addresses.ControllerAdmin
	}
	for _, address := range []string{w.manager, w.controller} {
		if address != "" && !strings.HasPrefix(address, "https://") {
			return fmt.Errorf("%q begint niet met https://; manager en controller spreken alleen TLS", address)
		}
	}
	w.admin = &openfsc.Admin{
		FSC: w.fsc, Root: w.folder, Now: time.Now, Wait: w.wait, Interval: 2 * time.Second, Say: w.complain,
		API: openfsc.API{Manager: strings.TrimSuffix(w.manager, "/"), Controller: strings.TrimSuffix(w.controller, "/")},
	}
	return nil
}

// access reads the internal certificate.
func (w *work) access() (err error) {
	w.admin.API.HTTP, err = openfsc.Access{Certificate: w.certificate, Key: w.key, CA: w.ca}.Client()
	return err
}

func help(out io.Writer) {
	var b strings.Builder
	b.WriteString("Sluit dit component aan op een FSC-groep. docs/fsc.md legt de stappen uit.\n\n  go run ./kern/beheer <opdracht> [vlaggen]\n\nOpdrachten:\n")
	for _, o := range commands() {
		fmt.Fprintf(&b, "  %-30s %s\n", o.name, o.help)
	}
	b.WriteString(`
Toegang tot de manager en de controller (interne certificaten, niet die van de groep):
  --certificaat bestand   standaard .data/pki/intern/beheer.pem, of FSC_BEHEER_CERT
  --sleutel bestand       standaard .data/pki/intern/beheer.key, of FSC_BEHEER_KEY
  --ca bestand            standaard .data/pki/intern/ca.pem, of FSC_BEHEER_CA
  --manager adres         anders dan adressen.manager in fsc.yaml
  --controller adres      anders dan adressen.controllerBeheer in fsc.yaml
  --wacht tijd            hoe lang op de andere kant gewacht wordt; standaard 1m

Bij lees-grant-hash en verbind:
  --vorm vorm             sh, powershell, compose of letterlijk (Kubernetes, systemd)
  --naar bestand          zet de regel in dit bestand; standaard toont lees-grant-hash
                          hem, en zet verbind hem in .data/grants.env (vorm compose)

Bij accepteer:
  --afnemer OIN           aanvaard wat deze organisatie vraagt
  --opnieuw               stuur ook de handtekening onder eerdere contracten opnieuw

Bij certificaten:
  --algoritme rsa|ecdsa   standaard rsa
  --nieuw                 vervang wat er is; contracten met de oude sleutel vervallen
  --proef                 voor de drie peers van deploy/openfsc/proef

Overal:
  --map map               map van het component; standaard deze map
  --fsc bestand           standaard 3-integratie/fsc.yaml

Afsluitcode: 0 gelukt, 1 mislukt of er ontbreekt iets, 2 verkeerd gebruik,
3 er wordt op een ander gewacht.
`)
	_, _ = io.WriteString(out, b.String())
}
