package start

import (
	"context"
	"crypto/rand"
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

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/reservekopie"
)

const backUpUsage = `Gebruik:
  go run . reservekopie BESTAND          schrijf alle gegevens, zoals ze nu zijn, in een nieuw bestand
  go run . reservekopie MAP              hetzelfde, in een bestand dat naar component en moment heet
  go run . reservekopie MAP --bewaar 30  en verwijder daar wat dit component meer dan 30 dagen geleden maakte
  go run . reservekopie -                naar de standaarduitvoer, bijvoorbeeld om te versleutelen

Het component kan intussen doorwerken. Sessies en formulieren die nog niet zijn
verstuurd gaan niet mee. In het bestand staan persoonsgegevens: versleutel het en
bewaar het op een andere plaats dan de sleutel.`

const restoreUsage = `Gebruik:
  go run . terugzetten BESTAND           zet een reservekopie in een lege database (DATABASE_URL of DATA)
  go run . terugzetten -                 van de standaardinvoer, bijvoorbeeld uit age of gpg

  --andere-sleutel  ook als LOGBOEK_SLEUTEL een andere is dan toen: dan vindt niemand
                    de eigen zaken terug

Alles wordt teruggezet, of niets. Het component mag niet draaien.`

// errHelp says that somebody asked how a command works, and was told.
var errHelp = errors.New("uitleg gegeven")

// interrupted says so of a command that somebody stopped: what a statement says that
// was broken off, is not about the copy or the database.
func interrupted(ctx context.Context, err *error, so string) {
	if *err != nil && ctx.Err() != nil {
		*err = fmt.Errorf("onderbroken: %s", so)
	}
}

// oneFile reads a command line with one name and options, before it or after it.
func oneFile(flags *flag.FlagSet, args []string, usage string, out io.Writer) (string, error) {
	flags.SetOutput(io.Discard)
	fault := func(what string) error { return fmt.Errorf("%s: %w\n\n%s", what, errUsage, usage) }
	name := ""
	for first := true; first || len(args) > 0; first = false {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			say(out, "%s\n", usage)
			return "", errHelp
		} else if err != nil {
			return "", fault(flags.Name() + " kent deze optie niet, of niet met deze waarde")
		}
		if args = flags.Args(); len(args) > 0 {
			if name != "" || args[0] == "" {
				return "", fault(flags.Name() + " neemt één bestand")
			}
			name, args = args[0], args[1:]
		}
	}
	if name == "" {
		return "", fault("zeg welk bestand")
	}
	return name, nil
}

// backUp is the command reservekopie.
func (p *Parts) backUp(ctx context.Context, s Settings, args []string, _ io.Reader, out io.Writer) (err error) {
	defer interrupted(ctx, &err, "er is geen reservekopie gemaakt")
	flags := flag.NewFlagSet("reservekopie", flag.ContinueOnError)
	days := flags.Int("bewaar", 0, "")
	name, err := oneFile(flags, args, backUpUsage, out)
	if errors.Is(err, errHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	folder := err == nil && info.IsDir()
	if flags.NFlag() > 0 && (!folder || *days < 1 || *days > 3650) {
		return fmt.Errorf("--bewaar hoort bij een map, met een aantal dagen van 1 tot en met 3650: %w\n\n%s", errUsage, backUpUsage)
	}
	if s.DatabaseURL == "" {
		if _, err := os.Stat(s.Data); err != nil {
			return fmt.Errorf("er is hier nog geen database (%s); kijk naar DATA of DATABASE_URL", s.Data)
		}
	}
	now := time.Now()
	if folder {
		name = filepath.Join(name, p.backupName(now))
	}
	asItIs := func(*opslag.Database, context.Context, fs.FS) error { return nil }
	db, err := p.open(ctx, s, asItIs)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	key, err := logboek.ReadKey(s.Env, s.Production)
	if err != nil {
		return err
	}
	version := built().Version
	if version == unknown { // who reads it is told which version to take
		version = ""
	}
	h := reservekopie.Header{Component: p.Pages.Name, Version: version, Made: now.UTC().Truncate(time.Second), Key: markOf(key)}
	if name == "-" {
		summary, err := p.copyTo(ctx, s, db, h, out)
		if err == nil {
			s.Log.Info("reservekopie gemaakt", "rijen", summary.Total())
		}
		return err
	}
	var summary reservekopie.Summary
	err = whole(name, func(to io.Writer) (err error) {
		summary, err = p.copyTo(ctx, s, db, h, to)
		return err
	})
	if err != nil {
		return err
	}
	say(out, "Reservekopie van %s: %d rijen, waarvan %d zaken, in %s\n", s.store(), summary.Total(), summary.Rows["zaken"], name)
	if *days > 0 {
		return p.expire(filepath.Dir(name), now.AddDate(0, 0, -*days), now, out)
	}
	return nil
}

func (p *Parts) copyTo(ctx context.Context, s Settings, db *opslag.Database, h reservekopie.Header, to io.Writer) (reservekopie.Summary, error) {
	migrations, err := p.migrations()
	if err != nil {
		return reservekopie.Summary{}, err
	}
	summary, skipped, err := db.Backup(ctx, migrations, h, to)
	if err == nil && len(skipped) > 0 {
		s.Log.Warn("niet in de reservekopie: deze tabellen maakt geen migratie van dit component", "tabellen", skipped)
	}
	return summary, err
}

// markOf recognises a key without telling it.
func markOf(k logboek.Key) string { return k.Fingerprint([]byte("reservekopie")) }

const (
	backupMoment = "20060102T150405Z"
	backupEnd    = ".reservekopie"
	partEnd      = ".deel" // what is not whole yet
)

func (p *Parts) backupName(at time.Time) string {
	return p.Pages.Name + "-" + at.UTC().Format(backupMoment) + backupEnd
}

// whole lets write make a file that is there when it is whole, and not before; one
// that is there already stays. What a run that was killed leaves behind ends in
// .deel.
func whole(name string, write func(io.Writer) error) (err error) {
	folder, base := filepath.Split(name)
	root, err := os.OpenRoot(filepath.Join(folder, "."))
	if err != nil {
		return fmt.Errorf("de map van %s is niet te openen: %w", name, err)
	}
	defer func() { _ = root.Close() }()
	if _, err := root.Lstat(base); err == nil {
		return fmt.Errorf("%s is er al en blijft zoals het is; kies een andere naam", name)
	}
	part := base + "." + strings.ToLower(rand.Text()[:8]) + partEnd
	f, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("%s is niet te schrijven: %w", name, err)
	}
	defer func() { _ = root.Remove(part) }() // after a rename there is none
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("%s is niet te schrijven: %w", name, err)
	}
	err = root.Link(part, base)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s kwam er intussen en blijft zoals het is; kies een andere naam", name)
	case err != nil: // not every file system has links
		err = root.Rename(part, base)
	}
	if dir, opened := root.Open("."); opened == nil {
		_ = dir.Sync() // so that the name is there after a power cut; not every system can
		_ = dir.Close()
	}
	return err
}

// expire removes copies of this component that were made before a moment, and what
// runs that were killed left more than a day ago. Only what is named as this program
// names it is looked at.
func (p *Parts) expire(folder string, before, now time.Time, out io.Writer) error {
	pattern := regexp.MustCompile(`^` + regexp.QuoteMeta(p.Pages.Name) + `-(\d{8}T\d{6}Z)` + regexp.QuoteMeta(backupEnd) + `(\.[a-z0-9]{8}` + regexp.QuoteMeta(partEnd) + `)?$`)
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	all, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	var faults []error
	for _, entry := range all {
		m := pattern.FindStringSubmatch(entry.Name())
		if m == nil || !entry.Type().IsRegular() {
			continue
		}
		made, err := time.Parse(backupMoment, m[1])
		if err != nil || m[2] == "" && !made.Before(before) || m[2] != "" && !made.Before(now.AddDate(0, 0, -1)) {
			continue
		}
		if err := root.Remove(entry.Name()); err != nil {
			faults = append(faults, err)
			continue
		}
		say(out, "Verwijderd: %s\n", entry.Name())
	}
	return errors.Join(faults...)
}

// restore is the command terugzetten.
func (p *Parts) restore(ctx context.Context, s Settings, args []string, in io.Reader, out io.Writer) (err error) {
	defer interrupted(ctx, &err, "er is niets teruggezet")
	flags := flag.NewFlagSet("terugzetten", flag.ContinueOnError)
	otherKey := flags.Bool("andere-sleutel", false, "")
	name, err := oneFile(flags, args, restoreUsage, out)
	if errors.Is(err, errHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	key, err := logboek.ReadKey(s.Env, s.Production)
	if err != nil {
		return err
	}
	if name != "-" {
		f, err := os.Open(name) // #nosec G304 -- The operator names the file.
		if err != nil {
			return fmt.Errorf("de reservekopie is niet te lezen: %w", plainly(err))
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	summary, err := p.putBack(ctx, s, in, func(h reservekopie.Header) error {
		switch {
		case h.Component != p.Pages.Name:
			return fmt.Errorf("dit is een reservekopie van component %.60q en niet van %q", h.Component, p.Pages.Name)
		case h.Key != markOf(key) && !*otherKey:
			return errors.New("LOGBOEK_SLEUTEL is een andere dan toen de reservekopie werd gemaakt: niemand zou de eigen zaken terugvinden. Zet de sleutel van toen in LOGBOEK_SLEUTEL. Is die er niet meer, gebruik dan --andere-sleutel")
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("er is niets teruggezet: %w", err)
	}
	say(out, "Teruggezet in %s: %d rijen, waarvan %d zaken, zoals ze waren op %s. Start nu het component.\n",
		s.store(), summary.Total(), summary.Rows["zaken"], summary.Header.Made.Format(time.RFC3339))
	return nil
}

// putBack fills the database. When that fails, a file that was not there before is
// not there after it.
func (p *Parts) putBack(ctx context.Context, s Settings, in io.Reader, judge func(reservekopie.Header) error) (summary reservekopie.Summary, err error) {
	migrations, err := p.migrations()
	if err != nil {
		return summary, err
	}
	if _, there := os.Lstat(s.Data); s.DatabaseURL == "" && errors.Is(there, fs.ErrNotExist) {
		defer func() {
			if err != nil {
				for _, end := range []string{"", "-journal"} {
					_ = os.Remove(s.Data + end)
				}
			}
		}()
	}
	db, err := opslag.OpenAlone(ctx, s.DatabaseURL, s.Data)
	if err != nil {
		return summary, fmt.Errorf("%w [%s]", err, s.store())
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Restore(ctx, migrations, in, judge)
}
