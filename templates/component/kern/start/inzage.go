package start

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

const inzageUsage = `Gebruik:
  go run . inzage --door NAAM          schrijf op wat er over één persoon bekend is

  De opdracht vraagt zelf om het burgerservicenummer. Geef het niet mee op de
  opdrachtregel: wie op deze machine werkt, leest daar mee.

  --door NAAM     wie dit doet; die naam komt in het logboek
  --doel DOEL     waarvoor: %s (standaard inzage)
  --kvk           zoek met een KVK-nummer
  --naar MAP      waar het overzicht komt (standaard de huidige map)
`

// looking is what the command line of inzage asks.
type looking struct {
	search inzage.Search
	by, to string
}

func inzageHelp() string {
	var names []string
	for _, p := range inzage.Purposes {
		names = append(names, p.Name)
	}
	return fmt.Sprintf(inzageUsage, strings.Join(names, ", "))
}

func parseLooking(args []string) (l looking, err error) {
	flags := flag.NewFlagSet("inzage", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&l.by, "door", "", "")
	flags.StringVar(&l.to, "naar", ".", "")
	flags.StringVar(&l.search.Purpose, "doel", "inzage", "")
	company := flags.Bool("kvk", false, "")
	// What was typed is not said again: it may be the number.
	fault := func(what string) error { return fmt.Errorf("%s: %w\n\n%s", what, errUsage, inzageHelp()) }
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return l, err
	} else if err != nil {
		return l, fault("inzage kent deze optie niet")
	}
	l.by = strings.TrimSpace(l.by)
	l.search.Kind = logboek.BSN
	if *company {
		l.search.Kind = logboek.KVK
	}
	switch {
	case flags.NArg() > 0:
		return l, fault("inzage neemt alleen opties; het nummer vraagt de opdracht zelf")
	case !named(l.by):
		return l, fault("zeg met --door wie dit doet, in hoogstens 200 tekens")
	case l.search.Title() == "":
		return l, fault("dit doel bestaat niet")
	}
	return l, nil
}

// maxNumber is longer than a number with spaces and dots.
const maxNumber = 64

// readNumber asks for the number and reads it from the input.
func (l *looking) readNumber(in io.Reader, out io.Writer) error {
	what, kind := "Burgerservicenummer", "bsn"
	if l.search.Kind == logboek.KVK {
		what, kind = "KVK-nummer", "kvk"
	}
	say(out, "%s: ", what)
	text, err := bufio.NewReader(io.LimitReader(in, maxNumber)).ReadString('\n')
	say(out, "\n")
	if err != nil && !errors.Is(err, io.EOF) {
		return errors.New("het nummer is niet te lezen")
	}
	number, err := value.FromForm(kind, text)
	if errors.Is(err, value.ErrEmpty) {
		return errors.New("er is geen nummer gegeven; er is niets opgezocht")
	}
	if err != nil {
		return err
	}
	l.search.Number, _ = number.(string)
	return nil
}

// lookUp is the command inzage: what is known about one person, as one file.
func (p *Parts) lookUp(ctx context.Context, s Settings, args []string, in io.Reader, out io.Writer) error {
	l, err := parseLooking(args)
	if errors.Is(err, flag.ErrHelp) {
		say(out, "%s", inzageHelp())
		return nil
	}
	if err != nil {
		return err
	}
	if err := isFolder(l.to); err != nil {
		return err
	}
	if err := l.readNumber(in, out); err != nil {
		return err
	}
	db, log, err := p.logged(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	source := register.Inzage{API: p.API(db, log), Zaken: opslag.NewZaken(db, p.FSC.Own.OIN), Temporary: opslag.NewTemporary(db), Log: log}
	if err := source.API.Check(ctx, p.Course.Subject); err != nil {
		return err
	}
	report, err := source.Find(ctx, l.search, logboek.Verwerking{Role: "opdracht inzage", UserName: l.by})
	if err != nil {
		return err
	}
	earlier, err := p.earlier(ctx, db)
	if err != nil {
		return err
	}
	proces.Explain(report, slices.All(append([]*bpmn.Process{p.Model}, earlier...)), p.Course, p.Sources)
	var text strings.Builder
	if report.HTML(&text, p.Pages.Look()) != nil { // its text may quote a value
		return errors.New("het overzicht is niet te maken")
	}
	name, err := writeNew(l.to, "inzage-"+string(value.DateOf(time.Now())), ".html", text.String())
	if err != nil {
		return err
	}
	say(out, "Gevonden in het register: %d. Zaken: %d. Regels in het logboek: %d.\nHet overzicht staat in %s. Kijk of er gegevens van anderen in staan voor u het aan iemand geeft, en verwijder het bestand daarna.\n",
		len(report.Records), len(report.Zaken), report.Lines, name)
	return nil
}
