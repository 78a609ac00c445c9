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
	goed    = 0
	mislukt = 1
	gebruik = 2 // a command or flag that does not exist
	wacht   = 3 // nothing is wrong: somebody else has to do something
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// keuzes are the flags. Each command has all of them, so that nobody has to
// know which one belongs where.
type keuzes struct {
	folder, manager, controller    string
	certificaat, sleutel, ca       string
	wacht                          time.Duration
	afnemer, vorm, naar, algoritme string
	opnieuw, nieuw, proef          bool
	bestand                        string
	args                           []string
}

// opdracht is one command.
type opdracht struct {
	naam, uitleg string
	doe          func(*werk, context.Context) error
}

// werk is what a command works with.
type werk struct {
	keuzes
	fsc      fsc.File
	beheer   *openfsc.Beheer
	out, err io.Writer
}

func (w *werk) zeg(format string, args ...any) { _, _ = fmt.Fprintf(w.out, format+"\n", args...) }

// meld is for progress: the result alone goes to standard output.
func (w *werk) meld(format string, args ...any) { _, _ = fmt.Fprintf(w.err, format+"\n", args...) }

func opdrachten() []opdracht {
	return []opdracht{
		{"controleer", "zegt wat er nog ontbreekt, en wie het weet", (*werk).controleer},
		{"bestanden", "werkt values, env-voorbeelden en certificaataanvragen bij uit fsc.yaml", (*werk).bestanden},
		{"charts", "toont de opdrachten van Helm, met de versie uit fsc.yaml", (*werk).charts},
		{"certificaten", "maakt ontwikkelcertificaten voor beide ketens, in .data/pki", (*werk).certificaten},
		{"publiceer", "zet de eigen dienst in de controller en in de directory", (*werk).publiceer},
		{"verbind [dienst|alle]", "sluit het contract voor een dienst en leest de grant hash", (*werk).verbind},
		{"accepteer", "toont wie uw dienst vraagt; met --afnemer OIN aanvaardt u dat", (*werk).accepteer},
		{"lees-grant-hash [dienst|alle]", "leest de grant hash uit het geldige contract", (*werk).leesGrantHash},
	}
}

// run does one command and gives the exit code.
func run(ctx context.Context, args []string, env func(string) string, out, errOut io.Writer) int {
	if len(args) == 0 || args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		help(out)
		if len(args) == 0 {
			return gebruik
		}
		return goed
	}
	for _, o := range opdrachten() {
		if name, _, _ := strings.Cut(o.naam, " "); name == args[0] {
			return one(ctx, o, args[1:], env, out, errOut)
		}
	}
	_, _ = fmt.Fprintf(errOut, "Opdracht %q is er niet.\n\n", args[0])
	help(errOut)
	return gebruik
}

func one(ctx context.Context, o opdracht, args []string, env func(string) string, out, errOut io.Writer) int {
	w := &werk{out: out, err: errOut}
	if err := w.parse(args, env, errOut); errors.Is(err, flag.ErrHelp) {
		return goed
	} else if err != nil {
		return gebruik
	}
	err := w.open(o.naam)
	if err == nil {
		err = o.doe(w, ctx)
	}
	switch {
	case err == nil:
		return goed
	case errors.Is(err, openfsc.ErrWacht):
		w.meld("%v", err)
		return wacht
	}
	w.meld("%v", err)
	return mislukt
}

// parse reads flags before and after the name of a service.
func (w *werk) parse(args []string, env func(string) string, errOut io.Writer) error {
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
	f.StringVar(&w.bestand, "fsc", "3-integratie/fsc.yaml", "")
	f.StringVar(&w.manager, "manager", "", "")
	f.StringVar(&w.controller, "controller", "", "")
	f.StringVar(&w.certificaat, "certificaat", env("FSC_BEHEER_CERT"), "")
	f.StringVar(&w.sleutel, "sleutel", env("FSC_BEHEER_KEY"), "")
	f.StringVar(&w.ca, "ca", env("FSC_BEHEER_CA"), "")
	f.DurationVar(&w.wacht, "wacht", time.Minute, "")
	f.StringVar(&w.afnemer, "afnemer", "", "")
	f.BoolVar(&w.opnieuw, "opnieuw", false, "")
	f.StringVar(&w.vorm, "vorm", or("FSC_BEHEER_VORM", ""), "")
	f.StringVar(&w.naar, "naar", "", "")
	f.StringVar(&w.algoritme, "algoritme", "rsa", "")
	f.BoolVar(&w.nieuw, "nieuw", false, "")
	f.BoolVar(&w.proef, "proef", false, "")
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
func (w *werk) open(name string) error {
	raw, err := os.ReadFile(filepath.Join(w.folder, filepath.FromSlash(w.bestand)))
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
	}{{&w.certificaat, "beheer.pem"}, {&w.sleutel, "beheer.key"}, {&w.ca, "ca.pem"}} {
		if *file.path == "" {
			*file.path = filepath.Join(pki, file.name)
		}
	}
	if w.manager == "" {
		w.manager = w.fsc.Adressen.Manager
	}
	if w.controller == "" {
		w.controller = w.fsc.Adressen.ControllerBeheer
	}
	for _, address := range []string{w.manager, w.controller} {
		if address != "" && !strings.HasPrefix(address, "https://") {
			return fmt.Errorf("%q begint niet met https://; manager en controller spreken alleen TLS", address)
		}
	}
	w.beheer = &openfsc.Beheer{
		FSC: w.fsc, Root: w.folder, Nu: time.Now, Wacht: w.wacht, Tussen: 2 * time.Second, Zeg: w.meld,
		API: openfsc.API{Manager: strings.TrimSuffix(w.manager, "/"), Controller: strings.TrimSuffix(w.controller, "/")},
	}
	return nil
}

// toegang reads the internal certificate.
func (w *werk) toegang() (err error) {
	w.beheer.API.HTTP, err = openfsc.Toegang{Certificaat: w.certificaat, Sleutel: w.sleutel, CA: w.ca}.Client()
	return err
}

func help(out io.Writer) {
	var b strings.Builder
	b.WriteString("Sluit dit component aan op een FSC-groep. docs/fsc.md legt de stappen uit.\n\n  go run ./kern/beheer <opdracht> [vlaggen]\n\nOpdrachten:\n")
	for _, o := range opdrachten() {
		fmt.Fprintf(&b, "  %-30s %s\n", o.naam, o.uitleg)
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
