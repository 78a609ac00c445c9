package start

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

const cleanUpUsage = `Gebruik:
  go run . opschonen                               maak een lijst van wat vernietigd mag worden; er gebeurt verder niets
  go run . opschonen --akkoord BESTAND --door NAAM vernietig wat op die lijst staat en nog steeds aan de beurt is
  go run . opschonen --vooraf                      vernietig wat aan de beurt is, met het akkoord uit OPSCHONEN_AKKOORD

  --naar MAP      waar de lijst of de verklaring komt (standaard de huidige map)
  --door NAAM     wie de lijst heeft goedgekeurd; die naam komt in de verklaring

OPSCHONEN_AKKOORD="NAAM, tot JJJJ-MM-DD" is een akkoord vooraf, voor een geplande taak.`

// cleaning is what the command line of opschonen asks.
type cleaning struct {
	list, by, to string
	inAdvance    bool
}

func parseCleaning(args []string) (c cleaning, err error) {
	flags := flag.NewFlagSet("opschonen", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.list, "akkoord", "", "")
	flags.StringVar(&c.by, "door", "", "")
	flags.StringVar(&c.to, "naar", ".", "")
	flags.BoolVar(&c.inAdvance, "vooraf", false, "")
	fault := func(what string) error { return fmt.Errorf("%s: %w\n\n%s", what, errUsage, cleanUpUsage) }
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return c, err
	} else if err != nil {
		return c, fault("opschonen kent deze optie niet")
	}
	c.by = strings.TrimSpace(c.by)
	switch {
	case flags.NArg() > 0:
		return c, fault("opschonen neemt alleen opties")
	case c.list != "" && c.inAdvance:
		return c, fault("--akkoord en --vooraf gaan niet samen")
	case c.list != "" && !named(c.by):
		return c, fault("zeg met --door wie de lijst heeft goedgekeurd, in hoogstens 200 tekens")
	case c.list == "" && c.by != "":
		return c, fault("--door hoort bij --akkoord")
	}
	return c, nil
}

// named says whether a text can be the name of who approved something.
func named(s string) bool {
	return s != "" && len(s) <= 200 && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// cleanUp is the command opschonen. Without an approval it only writes a list.
func (p *Parts) cleanUp(ctx context.Context, s Settings, args []string, _ io.Reader, out io.Writer) error {
	c, err := parseCleaning(args)
	if errors.Is(err, flag.ErrHelp) {
		say(out, "%s\n", cleanUpUsage)
		return nil
	}
	if err != nil {
		return err
	}
	if err := isFolder(c.to); err != nil {
		return err
	}
	decision := opslag.Decision{By: c.by}
	if c.inAdvance {
		if decision, err = inAdvance(s.Env("OPSCHONEN_AKKOORD"), time.Now()); err != nil {
			return err
		}
	}
	db, log, err := p.logged(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	archive, err := p.archive(ctx, db, p.API(db, log), log)
	if err != nil {
		return err
	}
	if c.list == "" && !c.inAdvance {
		return p.propose(ctx, archive, c.to, out)
	}
	var items []register.Named
	if c.inAdvance {
		items, err = everything(ctx, archive)
	} else {
		items, decision.Approval, err = p.approved(c.list)
	}
	if err != nil {
		return err
	}
	return p.destroy(logboek.WithTrace(ctx, logboek.NewTrace()), archive, items, decision, c.to, out)
}

var advance = regexp.MustCompile(`^(.+), tot (\d{4}-\d{2}-\d{2})$`)

// inAdvance is an approval that was given in advance: by whom, and until when.
func inAdvance(setting string, now time.Time) (d opslag.Decision, err error) {
	m := advance.FindStringSubmatch(strings.TrimSpace(setting))
	if m == nil || !named(m[1]) || value.Date(m[2]).Time().IsZero() {
		return d, errors.New(`OPSCHONEN_AKKOORD ontbreekt of klopt niet: schrijf wie het akkoord gaf en tot wanneer het geldt, zoals "A. de Vries, tot 2027-06-30"`)
	}
	if value.DateOf(now) > value.Date(m[2]) {
		return d, fmt.Errorf("het akkoord in OPSCHONEN_AKKOORD gold tot en met %s; vraag een nieuw akkoord", value.Date(m[2]))
	}
	return opslag.Decision{By: m[1], Approval: "akkoord vooraf, geldig tot en met " + value.Date(m[2]).String()}, nil
}

// proposed is a list as it stands in a file.
type proposed struct {
	Component string `json:"component"`
	*opslag.Proposal
}

// propose writes the list of what is due, and shows it.
func (p *Parts) propose(ctx context.Context, archive *register.Archive, folder string, out io.Writer) error {
	found, err := archive.Proposal(ctx)
	if err != nil {
		return err
	}
	sayProposal(out, found)
	if len(found.Items) == 0 {
		return nil
	}
	name, err := writeNew(folder, "vernietigingslijst-"+string(found.Day), ".json", proposed{p.Pages.Name, found})
	if err != nil {
		return err
	}
	say(out, "\nDe lijst staat in %s. Er is niets vernietigd. Na goedkeuring:\n  go run . opschonen --akkoord %s --door \"NAAM\"\n", name, name)
	return nil
}

func everything(ctx context.Context, archive *register.Archive) (all []register.Named, err error) {
	found, err := archive.Proposal(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range found.Items {
		all = append(all, register.Named{Kind: d.Kind, ID: d.ID})
	}
	return all, nil
}

// approved reads a list that somebody approved.
func (p *Parts) approved(file string) (all []register.Named, approval string, err error) {
	raw, err := os.ReadFile(file) // #nosec G304 -- The operator names the file.
	if err != nil {
		return nil, "", fmt.Errorf("de lijst is niet te lezen: %w", plainly(err))
	}
	var list struct {
		Component string           `json:"component"`
		Day       value.Date       `json:"opgemaaktOp"`
		Items     []register.Named `json:"teVernietigen"`
	}
	if err := json.Unmarshal(raw, &list); err != nil || list.Day == "" || len(list.Items) == 0 {
		return nil, "", fmt.Errorf("%s is geen vernietigingslijst: maak er een met go run . opschonen", file)
	}
	if list.Component != p.Pages.Name {
		return nil, "", fmt.Errorf("%s is een lijst van component %q en niet van %q", file, list.Component, p.Pages.Name)
	}
	return list.Items, "de lijst van " + list.Day.String(), nil
}

// destroy destroys what was approved and writes the declaration. What could not
// be destroyed is named; when the store failed halfway, the declaration holds
// what went before.
func (p *Parts) destroy(ctx context.Context, archive *register.Archive, items []register.Named, d opslag.Decision, folder string, out io.Writer) error {
	o, failed := archive.Destroy(ctx, items, d, 0)
	if o == nil {
		return failed
	}
	for _, s := range o.Skipped {
		say(out, "Niet vernietigd: %s %s. %s\n", plain(s.Kind), plain(cmp.Or(s.Identificatie, s.ID)), s.Why)
	}
	if o.Warning != "" {
		say(out, "Let op: %s\n", o.Warning)
	}
	if o.Declaration == nil {
		say(out, "Er is niets vernietigd.\n")
		return failed
	}
	base := "verklaring-van-vernietiging-" + string(value.DateOf(o.Declaration.DecidedAt.Time))
	name, err := writeNew(folder, base, ".json", struct {
		Component string `json:"component"`
		*opslag.Declaration
	}{p.Pages.Name, o.Declaration})
	if err != nil {
		return errors.Join(failed, fmt.Errorf("er is wel vernietigd, en de verklaring staat in het component bij Archief: %w", err))
	}
	var text strings.Builder
	p.sayDeclaration(&text, o.Declaration)
	readable, err := writeNew(folder, base, ".txt", text.String())
	say(out, "%s\nDe verklaring staat in %s en %s.\n", text.String(), name, readable)
	return errors.Join(failed, err)
}

// plain is a text from a file without what a terminal would obey.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s)
}

// isFolder refuses a folder that is not there, before anything is done of which the
// file would be written in it.
func isFolder(name string) error {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		return fmt.Errorf("--naar: %s is geen map; maak die eerst", plain(name))
	}
	return nil
}

// writeNew writes a new file for people in a folder: one that is there already
// stays, and the new one gets a number.
func writeNew(folder, base, extension string, content any) (string, error) {
	text, plain := content.(string)
	raw := []byte(text)
	if !plain {
		indented, err := json.MarshalIndent(content, "", "  ")
		if err != nil {
			return "", err
		}
		raw = append(indented, '\n')
	}
	for n := 1; ; n++ {
		name := base
		if n > 1 {
			name += fmt.Sprintf("-%d", n)
		}
		name = filepath.Join(folder, name+extension)
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- The operator names the folder.
		if errors.Is(err, fs.ErrExist) && n < 1000 {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("%s is niet te schrijven: %w", name, err)
		}
		_, err = f.Write(raw)
		return name, errors.Join(err, f.Close())
	}
}
