package start

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Exit codes of the component.
const (
	exitDone  = 0
	exitFails = 1
	exitUsage = 2
)

// usage is how the component is used, with its commands.
func usage(c Component) string {
	var more strings.Builder
	for _, command := range c.Commands {
		fmt.Fprintf(&more, "  %-38s%s\n", "go run . "+command.Name, command.Summary)
	}
	return `Gebruik:
  go run .                              start alle lagen
  go run . --layers diensten,gegevens   start alleen deze lagen
  go run . reset                        zet de begingegevens terug
  go run . --version                    welke versie dit is
  go run . health                       vraag of de lagen klaar zijn (voor een container; met dezelfde --layers)
` + more.String() + `
Lagen: interactie, proces, integratie, diensten, gegevens.
PORT kiest de eerste poort (standaard ` + usualPort(c) + `). Alle instellingen staan in docs/instellingen.md.
`
}

// usualPort is the base port without PORT, in words.
func usualPort(c Component) string {
	laptop, production := c.base(false), c.base(true)
	if laptop == production {
		return strconv.Itoa(laptop)
	}
	return fmt.Sprintf("%d, en met OMGEVING=productie %d", laptop, production)
}

// Main runs the component of these rooms as a command and returns its exit code.
func Main(args []string, stdout, stderr io.Writer, rooms Rooms) int {
	parts, err := rooms.Read()
	if err != nil {
		say(stderr, "%v\n", err)
		return exitFails
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cleanLessOften(os.Getenv)
	limitMemory(os.Getenv, os.DirFS("/sys/fs/cgroup"))
	return run(ctx, args, os.Getenv, stdout, stderr, parts.Component())
}

// errUsage says that a command was called in a way that it does not know.
var errUsage = errors.New("zo werkt deze opdracht niet")

func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer, c Component) int {
	begin := time.Now()
	if len(args) > 0 {
		if i := slices.IndexFunc(c.Commands, func(known Command) bool { return known.Name == args[0] }); i >= 0 {
			return c.Commands[i].run(ctx, args[1:], env, stdout, stderr, c)
		}
	}
	command, layers, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		say(stdout, "%s", usage(c))
		return exitDone
	}
	if err != nil {
		say(stderr, "%v\n\n%s", err, usage(c))
		return exitUsage
	}
	if command == versionCommand {
		say(stdout, "%s %s\n", c.Name, built())
		return exitDone
	}
	s, err := ReadSettings(c, layers, env, stderr)
	if err != nil {
		say(stderr, "%v\n", err)
		return exitUsage
	}
	switch command {
	case "reset":
		err = reset(ctx, s, c, stdout)
	case "health":
		err = health(ctx, s, stdout)
	default:
		err = serve(ctx, s, c, stdout, begin)
	}
	if err != nil {
		say(stderr, "%v\n", err)
		return exitFails
	}
	return exitDone
}

// run is a command on its own.
func (c Command) run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer, of Component) int {
	s, err := ReadSettings(of, []string{LayerServices, LayerData}, c.env(env), stderr)
	if err != nil {
		say(stderr, "%v\n", err)
		return exitUsage
	}
	switch err := c.Run(ctx, s, args, os.Stdin, stdout); {
	case errors.Is(err, errUsage):
		say(stderr, "%v\n", err)
		return exitUsage
	case err != nil:
		say(stderr, "%v\n", err)
		return exitFails
	}
	return exitDone
}

// versionCommand is what --version asks.
const versionCommand = "version"

// parse reads the command line: flags may stand before and after the command.
func parse(args []string) (command string, layers []string, err error) {
	flags := flag.NewFlagSet("component", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	list := flags.String("layers", "", "")
	version := flags.Bool(versionCommand, false, "")
	if err := flags.Parse(args); err != nil {
		return "", nil, err
	}
	if command = flags.Arg(0); command != "" {
		if !slices.Contains([]string{"reset", "health"}, command) {
			return "", nil, fmt.Errorf("onbekende opdracht %q", command)
		}
		if err := flags.Parse(flags.Args()[1:]); err != nil {
			return "", nil, err
		}
		if flags.NArg() > 0 {
			return "", nil, fmt.Errorf("onverwacht: %q", flags.Arg(0))
		}
	}
	if *version {
		return versionCommand, nil, nil
	}
	for layer := range strings.SplitSeq(*list, ",") {
		if layer = strings.TrimSpace(layer); layer != "" {
			layers = append(layers, layer)
		}
	}
	return command, layers, nil
}

func serve(ctx context.Context, s Settings, c Component, stdout io.Writer, begin time.Time) error {
	r, err := Run(ctx, s, c)
	if err != nil {
		return err
	}
	announce(stdout, r, c, time.Since(begin))
	if err = r.Wait(ctx); err == nil {
		tell(stdout, s, "\nBezig met stoppen ...\n", "stopt", "na", s.Stop.After.String(), "binnen", s.Stop.Within.String())
		err = r.Leave()
	}
	err = errors.Join(err, r.Stop())
	tell(stdout, s, "Gestopt.\n", "gestopt")
	return err
}

// tell writes for a person at a laptop, and a line in the log in production, where
// programs read everything.
func tell(w io.Writer, s Settings, text, message string, with ...any) {
	if s.Production {
		s.Log.Info(message, with...)
		return
	}
	say(w, "%s", text)
}

// announce says where each layer listens and what is imitated.
func announce(w io.Writer, r *Running, c Component, took time.Duration) {
	s := r.Settings
	name, oin, mind := servedFor(s, c)
	if s.Production {
		b := built()
		s.Log.Info("gestart", "component", c.Name, "organisatie", name, "oin", oin, "versie", b.Version, "commit", b.Commit, "datum", b.Date, "lagen", s.Layers, "poort", s.Port, "beheer", r.BeheerURL, "ms", took.Milliseconds())
		for _, text := range mind {
			s.Log.Warn(text)
		}
		return
	}
	say(w, "%s (ontwikkeling), klaar in %d ms\n\n", s.title(c), took.Milliseconds())
	if s.Organisation != nil {
		say(w, "Voor (ORGANISATIE): %s, OIN %s\n", name, cmp.Or(oin, "nog niet bekend"))
		for _, text := range mind {
			say(w, "Let op: %s\n", text)
		}
		say(w, "\n")
	}
	for _, srv := range slices.Backward(servers) {
		if url, ok := r.URLs[srv.name]; ok {
			say(w, "  %d %-11s %-24s %s\n", srv.number, srv.name, url, srv.what)
		}
	}
	if s.Has(LayerData) {
		say(w, "  1 %-11s %s\n", LayerData, s.store())
	}
	if r.BeheerURL != "" {
		say(w, "    %-11s %-24s %s\n", "beheer", r.BeheerURL, "/metrics en /healthz")
	}
	for i, line := range c.StandIns(s) {
		if i == 0 {
			say(w, "\n")
		}
		say(w, "Nabootsing: %s\n", line)
	}
	if url, ok := r.URLs[LayerInteraction]; ok {
		say(w, "\nOpen %s\n", url)
	}
	say(w, "Stoppen: Ctrl-C. Begingegevens terugzetten: go run . reset\n")
}

// store says where the data is, without the password of the database.
func (s Settings) store() string {
	if s.DatabaseURL != "" {
		return "PostgreSQL (DATABASE_URL)"
	}
	return "SQLite in " + s.Data
}

// reset puts the starting data back. It refuses in production, where there is
// no starting data, and while the component runs, which would go on with data
// that is no longer there.
func reset(ctx context.Context, s Settings, c Component, stdout io.Writer) error {
	if s.Production {
		return errors.New("reset wist alle gegevens en werkt daarom niet met OMGEVING=productie")
	}
	dialer := net.Dialer{Timeout: 200 * time.Millisecond}
	for _, srv := range servers {
		address := net.JoinHostPort(s.Host, strconv.Itoa(s.Port+srv.offset))
		if conn, err := dialer.DialContext(ctx, "tcp", address); err == nil {
			_ = conn.Close()
			return fmt.Errorf("er draait iets op %s; stop eerst het component (Ctrl-C) en probeer het dan opnieuw", address)
		}
	}
	if err := c.Reset(ctx, s); err != nil {
		return fmt.Errorf("terugzetten is niet gelukt: %w", err)
	}
	say(stdout, "De begingegevens staan weer in %s.\n", s.store())
	return nil
}

// health asks every layer of --layers whether it is ready, and says what it
// warns of.
func health(ctx context.Context, s Settings, stdout io.Writer) error {
	client := s.healthClient()
	for _, srv := range servers {
		if !s.Has(srv.name) {
			continue
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.healthURL(srv), nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err != nil {
			return fmt.Errorf("laag %s geeft geen antwoord: %w", srv.name, err)
		}
		var answer struct {
			Warnings []string `json:"waarschuwingen"`
		}
		_ = json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&answer) // that of layer 5 is empty
		_ = resp.Body.Close()
		for _, text := range answer.Warnings {
			say(stdout, "Let op: %s\n", text)
		}
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("laag %s is nog niet klaar (status %d)", srv.name, resp.StatusCode)
		}
	}
	return nil
}

// say writes for people; there is nothing useful to do when that fails.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
