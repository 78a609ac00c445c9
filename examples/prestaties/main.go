// Command prestaties measures a component on this machine, and what makes it: what
// grows with the number of rows, the process, the log of processing, the generator and
// the first build. Almost all of it is a ratio to something plain that is measured
// beside it, in the same run.
//
//	go run ./examples/prestaties                   everything, on SQLite
//	go run ./examples/prestaties --only process    one group
//	DATABASE=postgres://… go run ./examples/prestaties    on PostgreSQL too
//
// It asks nothing but 127.0.0.1, and removes what it makes.
package main

import (
	"cmp"
	"context"
	_ "embed" // the answers
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

//go:embed antwoorden.yaml
var antwoorden []byte

// size is how much is done of each.
type size struct {
	zaken, rows, keys int
	load, patience    time.Duration // how long a load lasts, and asking the same list
	asks              int           // how often the same list is asked, at most
}

var (
	full  = size{zaken: 100_000, rows: 1_000_000, keys: 300_000, load: 10 * time.Second, patience: 4 * time.Second, asks: 40}
	short = size{zaken: 5_000, rows: 20_000, keys: 20_000, load: 3 * time.Second, patience: time.Second, asks: 10}
)

// options are what the command line says.
type options struct {
	repository, component, answers string
	database, json, before, write  string
	only                           []string
	short, skipSQLite              bool
	soak                           bool
	minutes                        float64
	rows, zaken                    int
}

func (o options) wants(group string) bool { return len(o.only) == 0 || slices.Contains(o.only, group) }

// measuring is one run.
type measuring struct {
	options
	size size
	work string // folder that goes away afterwards
	on   string // the database that is measured now
	rows []row
	out  io.Writer
}

// add keeps rows and shows them at once: a run takes long.
func (m *measuring) add(rows ...row) {
	for _, r := range rows {
		m.rows = append(m.rows, r)
		fmt.Fprintf(m.out, "%-10s %-55s %8s %-8s %s  [%s]\n", r.On, r.What, number(r.Value), r.Unit, shown(r.Ratio), r.Against)
	}
}

func shown(ratio float64) string {
	if ratio == 0 {
		return ""
	}
	return "x " + number(ratio)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "prestaties:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

// run measures what the arguments ask for.
func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args, out)
	if err != nil {
		return err
	}
	m := &measuring{options: o, size: full, out: out}
	if o.short {
		m.size = short
	}
	if o.rows > 0 {
		m.size.rows = o.rows
	}
	if o.zaken > 0 {
		m.size.zaken = o.zaken
	}
	if m.work, err = os.MkdirTemp("", "prestaties-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(m.work) }()
	fmt.Fprintf(out, "%s\nsizes: %s\n", machine(), m.size.text())
	if err := m.all(ctx); err != nil {
		return err
	}
	var before []row
	if o.before != "" {
		raw, err := os.ReadFile(o.before)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(raw, &before); err != nil {
			return err
		}
	}
	if o.soak {
		return nil
	}
	if o.before == "" {
		fmt.Fprint(out, table(condensed(m.rows), nil, false))
	} else {
		fmt.Fprint(out, table(m.rows, before, true))
	}
	if o.write != "" {
		if err := write(o.write, m.text(ctx, time.Now())); err != nil {
			return err
		}
	}
	if o.json == "" {
		return nil
	}
	raw, err := json.MarshalIndent(m.rows, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.json, raw, 0o600)
}

// parse reads the command line.
func parse(args []string, out io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("prestaties", flag.ContinueOnError)
	flags.SetOutput(out)
	only := ""
	flags.StringVar(&o.repository, "repository", ".", "folder of the repository of fieldlab that makes the component")
	flags.StringVar(&o.component, "component", "", "folder of a component that is there already, made of the answers of the example verhuizing")
	flags.StringVar(&o.answers, "answers", "", "answers of the component; without it those of this program, which are those of the example verhuizing with one list more")
	flags.StringVar(&o.database, "database", os.Getenv("DATABASE"), "address of a database of PostgreSQL, to measure on that too; without it that of DATABASE")
	flags.BoolVar(&o.skipSQLite, "skip-sqlite", false, "measure on PostgreSQL only")
	flags.StringVar(&only, "only", "", "groups, with commas: "+strings.Join(groups, ", "))
	flags.BoolVar(&o.short, "short", false, "less of everything, in a few minutes")
	flags.BoolVar(&o.soak, "soak", false, "no table: a mixed load for --minutes, and what grew in that time")
	flags.Float64Var(&o.minutes, "minutes", 10, "how long --soak lasts")
	flags.IntVar(&o.rows, "rows", 0, "rows of the register, instead of 1 000 000")
	flags.IntVar(&o.zaken, "zaken", 0, "zaken, instead of 100 000")
	flags.StringVar(&o.write, "write", "", "file with a place for the result, such as docs/prestaties.md")
	flags.StringVar(&o.json, "json", "", "file to keep the result in")
	flags.StringVar(&o.before, "before", "", "file of --json of an earlier run, to compare with")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q is not an option", flags.Arg(0))
	}
	for name := range strings.SplitSeq(only, ",") {
		if name == "" {
			continue
		}
		if !slices.Contains(groups, name) {
			return o, fmt.Errorf("--only names %q; there are %s", name, strings.Join(groups, ", "))
		}
		o.only = append(o.only, name)
	}
	return o, nil
}

// groups are what can be measured by itself.
var groups = []string{"process", "log", "pages", "lists", "keys", "reading", "generator", "build"}

// all measures everything that is wanted.
func (m *measuring) all(ctx context.Context) error {
	var dir string
	if m.options.soak || m.anyOf("process", "log", "pages", "lists", "keys", "build") {
		var err error
		if dir, err = m.folder(ctx); err != nil {
			return err
		}
	}
	if m.options.soak || m.anyOf("process", "log", "pages", "lists", "keys") {
		if err := m.running(ctx, dir); err != nil {
			return err
		}
	}
	if m.options.soak {
		return nil
	}
	m.on = ""
	for _, one := range []struct {
		group string
		do    func() error
	}{
		{"reading", func() error { return m.reading(ctx) }},
		{"generator", func() error { return errors.Join(m.generations(ctx), m.hundred(ctx)) }},
		{"build", func() error { return m.builds(ctx, dir) }},
	} {
		if !m.wants(one.group) || one.group == "build" && m.options.short && len(m.only) == 0 {
			continue // an empty build cache takes minutes to fill
		}
		if err := one.do(); err != nil {
			return err
		}
	}
	return nil
}

func (m *measuring) anyOf(names ...string) bool { return slices.ContainsFunc(names, m.wants) }

// running measures a component that runs, on each database that there is.
func (m *measuring) running(ctx context.Context, dir string) error {
	program, err := build(ctx, dir, m.work)
	if err != nil {
		return err
	}
	if !m.skipSQLite {
		m.on = "SQLite"
		if err := m.component(ctx, program, ""); err != nil {
			return fmt.Errorf("on SQLite: %w", err)
		}
	}
	if m.database == "" {
		return nil
	}
	address, remove, err := schema(ctx, m.database)
	if err != nil {
		return err
	}
	defer remove()
	m.on = "PostgreSQL"
	if err := m.component(ctx, program, address); err != nil {
		return fmt.Errorf("on PostgreSQL: %w", err)
	}
	return nil
}

// folder is where the component is that is measured.
func (m *measuring) folder(ctx context.Context) (string, error) {
	if m.options.component != "" {
		return m.options.component, nil
	}
	own := filepath.Join(m.work, "fieldlab.yaml")
	if err := os.WriteFile(own, antwoorden, 0o600); err != nil {
		return "", err
	}
	answers, err := filepath.Abs(cmp.Or(m.answers, own))
	if err != nil {
		return "", err
	}
	return generate(ctx, m.repository, answers, m.work)
}

// component measures a component on one database.
func (m *measuring) component(ctx context.Context, program, address string) error {
	data, err := os.MkdirTemp(m.work, "data")
	if err != nil {
		return err
	}
	ask, err := newCaller()
	if err != nil {
		return err
	}
	c := &component{program: program, data: data, database: address, caller: ask, measured: m.options.soak}
	defer func() { _ = c.stop() }()
	if err := c.start(ctx); err != nil {
		return err
	}
	db, err := c.open()
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if m.options.soak {
		return m.soak(ctx, c)
	}
	if m.wants("process") {
		if err := m.process(ctx, c, db); err != nil {
			return err
		}
	}
	if m.wants("log") {
		if err := m.logged(ctx, c, db); err != nil {
			return err
		}
	}
	return m.grown(ctx, c, db)
}

// grown measures what grows with the number of rows.
func (m *measuring) grown(ctx context.Context, c *component, db *database) error {
	var few []row
	if m.wants("lists") {
		if err := c.quiet(ctx, db); err != nil {
			return err
		}
		// Asked first: then the component has what its orders need.
		if _, err := m.lists(ctx, c, nil); err != nil {
			return err
		}
		if err := db.registers(ctx, 0, 1_000, 1_000); err != nil {
			return err
		}
		var err error
		if few, err = m.lists(ctx, c, nil); err != nil {
			return err
		}
	}
	if m.wants("lists") || m.wants("pages") {
		if err := m.seed(ctx, c, db, len(few) > 0); err != nil {
			return err
		}
	}
	if m.wants("pages") {
		if err := m.cases(ctx, c); err != nil {
			return err
		}
	}
	if m.wants("lists") {
		rows, err := m.lists(ctx, c, few)
		if err != nil {
			return err
		}
		m.add(rows...)
	}
	if m.wants("keys") {
		if err := m.keys(ctx, c, db); err != nil {
			return err
		}
	}
	if m.wants("process") && db.postgres && runtime.NumCPU() > 1 {
		return m.two(ctx, c)
	}
	return nil
}

// seed fills the store, while the component stands still.
func (m *measuring) seed(ctx context.Context, c *component, db *database, begun bool) error {
	if err := c.stop(); err != nil {
		return err
	}
	from, rows := 0, m.size.rows
	if begun {
		from = 1_000
	}
	if !m.wants("lists") {
		rows = m.size.zaken
	}
	if err := db.registers(ctx, from, max(rows, m.size.zaken), rows); err != nil {
		return err
	}
	if m.wants("pages") {
		if err := db.zaken(ctx, 0, m.size.zaken); err != nil {
			return err
		}
	}
	if err := db.settle(ctx); err != nil {
		return err
	}
	if err := c.start(ctx); err != nil {
		return err
	}
	return c.quiet(ctx, db)
}
