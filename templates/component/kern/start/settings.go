package start

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// Settings is what the environment and the command line say.
type Settings struct {
	Production bool
	Layers     []string // which layers this process runs, from top to bottom
	Host       string   // address to listen on; "" is every address
	Names      []string // names under which development answers too
	Port       int      // base port; 0 takes free ports (tests)
	Base       int      // base port without PORT
	Beheer     Beheerpoort
	Stop       Stopping

	DatabaseURL string // PostgreSQL; "" is SQLite in Data
	Data        string // file of the SQLite database

	ProcessURL    string         // where interaction finds proces
	OutwayURL     string         // where proces finds the outway
	ServicesURL   string         // where the stand-in of the outway finds services
	OutwayTimeout time.Duration  // how long one call through the outway may last; 0 is the usual
	OutwayRoots   *x509.CertPool // whose certificate the outway may show; nil is what this machine trusts

	Organisation *organisatie.Organisation // for whom this process runs; nil: for whom it was made

	Token  string              // the layers of one component recognise each other by it; two have a comma in between
	Access Access              // who else comes in, and how
	Env    func(string) string // the other settings, read by the layer they belong to
	Log    *slog.Logger
}

// Has says whether this process runs the layer.
func (s Settings) Has(layer string) bool { return slices.Contains(s.Layers, layer) }

// Faults are all the settings that are missing or wrong, reported together.
type Faults []string

func (f Faults) Error() string {
	return "De instellingen kloppen nog niet:\n  - " + strings.Join(f, "\n  - ")
}

// ReadSettings reads the settings of a component. The error holds everything
// that is wrong, so that one round of repair is enough.
func ReadSettings(c Component, layers []string, env func(string) string, log io.Writer) (Settings, error) {
	var faults Faults
	s := Settings{
		DatabaseURL: env("DATABASE_URL"),
		Data:        orElse(env("DATA"), filepath.Join(".data", c.Name+".db")),
		Token:       env("COMPONENT_TOKEN"),
		Env:         env,
	}
	switch env("OMGEVING") {
	case "", "ontwikkeling":
		s.Host = orElse(env("HOST"), "127.0.0.1")
	case "productie":
		s.Production, s.Host = true, env("HOST")
	default:
		faults = append(faults, fmt.Sprintf("OMGEVING is %q; kies ontwikkeling of productie", env("OMGEVING")))
	}
	var err error
	if s.Names, err = readNames(env("NAMEN")); err != nil {
		faults = append(faults, err.Error())
	}
	s.Base = c.base(s.Production)
	if s.Port, err = strconv.Atoi(orElse(env("PORT"), strconv.Itoa(s.Base))); err != nil || s.Port < 0 || s.Port > lastBase {
		faults = append(faults, fmt.Sprintf("PORT is %q; kies een getal van 1 tot en met %d", orElse(env("PORT"), strconv.Itoa(s.Base)), lastBase))
	}
	if s.Layers, err = chooseLayers(layers, s.Production); err != nil {
		faults = append(faults, err.Error())
	}
	s.ProcessURL = orElse(env("PROCES_URL"), s.localURL(LayerProcess, 1))
	s.OutwayURL = orElse(env("OUTWAY_URL"), s.localURL(LayerIntegration, 2))
	s.ServicesURL = orElse(env("DIENSTEN_URL"), s.localURL(LayerServices, 3))
	if s.OutwayTimeout, err = duration(env("OUTWAY_TIMEOUT"), time.Second, time.Minute); err != nil {
		faults = append(faults, "OUTWAY_TIMEOUT "+err.Error())
	}
	organisation, wrong := readOrganisationSettings(c, env)
	s.Organisation = organisation
	faults = append(faults, wrong...)
	_, wrong = readFileSettings(env)
	faults = append(faults, wrong...)
	s.Beheer, wrong = readBeheerpoort(env, s.Production, s.Port)
	faults = append(faults, wrong...)
	s.Stop, wrong = readStopping(env, s.Production)
	faults = append(faults, wrong...)
	_, wrong = readRollSettings(env)
	faults = append(faults, wrong...)
	handler, err := logHandler(s.Production, env("LOG_LEVEL"), log)
	if err != nil {
		faults = append(faults, err.Error())
	}
	s.Log = slog.New(handler)
	faults = append(faults, s.readAccess(c)...)
	faults = append(faults, s.outwayFaults(c)...)
	faults = append(faults, addressFaults(s)...)
	if s.Has(LayerServices) || s.Has(LayerProcess) || s.Has(LayerInteraction) {
		faults = append(faults, logboek.SettingsFaults(env, s.Production)...)
	}
	if s.Production {
		faults = append(faults, missing(s, c, env)...)
		faults = append(faults, weak(s, c, env)...)
	} else {
		for _, o := range paginas.ReadOIDC(env) {
			faults = append(faults, o.Prefix+"ISSUER is gezet zonder OMGEVING=productie: dan zou iedereen zelf kiezen wie hij is; zet OMGEVING=productie of haal "+o.Prefix+"ISSUER weg")
		}
	}
	if len(faults) > 0 {
		return s, faults
	}
	return s, nil
}

// outwayFaults reads the files with which the way out is secured, and is what is
// wrong with them and with the days on which contracts end.
func (s *Settings) outwayFaults(c Component) (faults Faults) {
	if !s.Has(LayerProcess) {
		return nil
	}
	if file := s.Env("OUTWAY_CA"); file != "" {
		var err error
		if s.OutwayRoots, err = pki.SystemPool(file); err != nil {
			faults = append(faults, "OUTWAY_CA: "+err.Error())
		}
	}
	for _, access := range c.Access {
		wrong, warnings := access.Files(s.Env)
		faults = append(faults, wrong...)
		for _, text := range warnings {
			s.Log.Warn(text)
		}
	}
	for _, grant := range c.Grants {
		name := grant + fsc.UntilSuffix
		if _, err := time.Parse(time.DateOnly, s.Env(name)); s.Env(name) != "" && err != nil {
			faults = append(faults, fmt.Sprintf("%s is %q; schrijf de dag waarop het contract afloopt, zoals 2027-06-30", name, s.Env(name)))
		}
	}
	return faults
}

// missing lists what production needs and the environment does not have, for
// the layers that run here.
func missing(s Settings, c Component, env func(string) string) (faults Faults) {
	need := func(layer, why string, names ...string) {
		for _, name := range names {
			if s.Has(layer) && env(name) == "" {
				faults = append(faults, name+" ontbreekt: "+why)
			}
		}
	}
	if env("COMPONENT_TOKEN") == "" {
		faults = append(faults, "COMPONENT_TOKEN ontbreekt: daarmee herkennen de lagen elkaar; hetzelfde voor alle lagen, minstens 32 willekeurige tekens (openssl rand -base64 32)")
	}
	need(LayerServices, "adres van de PostgreSQL-database", "DATABASE_URL")
	need(LayerServices, "adres van het logboek dataverwerkingen", logboek.URLEnv)
	need(LayerProcess, "adres van de FSC-outway", "OUTWAY_URL")
	need(LayerProcess, "grant hash van het FSC-contract; docs/fsc.md zegt hoe u die krijgt", c.Grants...)
	need(LayerProcess, "daarmee laat een bron ons binnen; docs/bronnen.md zegt wat het is", c.Bronnen...)
	if s.Has(LayerInteraction) {
		faults = append(faults, paginas.LoginFaults(c.Roles, env)...)
	}
	if env(logboek.KeyEnv) == "" && (s.Has(LayerServices) || s.Has(LayerProcess) || s.Has(LayerInteraction)) {
		faults = append(faults, logboek.KeyEnv+" ontbreekt: sleutel van de pseudoniemen van personen, dezelfde voor alle lagen: 32 willekeurige bytes in base64 (openssl rand -base64 32)")
	}
	need(LayerInteraction, "sleutel van de sessies: 32 willekeurige bytes in base64 (openssl rand -base64 32)", "SESSION_KEY")
	if !s.Has(LayerProcess) {
		need(LayerInteraction, "adres van de laag proces", "PROCES_URL")
	}
	return faults
}

// weak lists the settings of production that are there and protect nobody.
func weak(s Settings, c Component, env func(string) string) (faults Faults) {
	if s.Has(LayerServices) && s.DatabaseURL != "" {
		faults = append(faults, openDatabase(s, env("DATABASE_ZONDER_TLS"))...)
	}
	for _, name := range c.Bronnen {
		if address := env(name); s.Has(LayerProcess) && strings.HasSuffix(name, "_TOKEN_URL") && address != "" && !strings.HasPrefix(address, "https://") {
			faults = append(faults, name+" is geen adres met https: wie meeluistert zou bij de bron binnenkomen")
		}
	}
	for _, name := range c.Grants {
		switch hash := env(name); {
		case !s.Has(LayerProcess) || hash == "":
		case !strings.HasPrefix(hash, "$1$"):
			faults = append(faults, name+" is geen grant hash: die begint met $1$. Zet hem in een shell tussen enkele aanhalingstekens; anders verdwijnt de $")
		case strings.HasPrefix(hash, "$1$1$"):
			faults = append(faults, name+" is de hash van het contract; neem die van de grant (go run ./kern/beheer lees-grant-hash)")
		}
	}
	if !s.Has(LayerInteraction) {
		return faults
	}
	if key := env("SESSION_KEY"); key != "" {
		if raw, err := base64.StdEncoding.DecodeString(key); err != nil || len(raw) != 32 {
			faults = append(faults, "SESSION_KEY is geen base64 van 32 bytes: maak een sleutel met openssl rand -base64 32")
		}
	}
	return faults
}

// openDatabase is what is wrong with a database that is spoken to without TLS.
func openDatabase(s Settings, without string) Faults {
	switch sealed, err := opslag.Sealed(s.DatabaseURL); {
	case err != nil:
		return Faults{err.Error()}
	case without != "" && without != "ja":
		return Faults{fmt.Sprintf("DATABASE_ZONDER_TLS is %q; kies ja, of laat de instelling weg", without)}
	case !sealed && without == "":
		return Faults{"DATABASE_URL laat toe dat de gegevens onversleuteld naar de database gaan: zet er sslmode=verify-full in (of require, dat het certificaat niet nagaat). Is het netwerk op een andere manier beveiligd, zet dan DATABASE_ZONDER_TLS=ja"}
	}
	return nil
}

// chooseLayers checks --layers. Without it every layer runs, in production
// without the stand-in of the outway.
func chooseLayers(given []string, production bool) ([]string, error) {
	all := []string{LayerInteraction, LayerProcess, LayerIntegration, LayerServices, LayerData}
	if len(given) == 0 {
		if production {
			return []string{LayerInteraction, LayerProcess, LayerServices, LayerData}, nil
		}
		return all, nil
	}
	for _, layer := range given {
		if !slices.Contains(all, layer) {
			return nil, fmt.Errorf("--layers noemt %q; de lagen zijn %s", layer, strings.Join(all, ", "))
		}
	}
	if production && slices.Contains(given, LayerIntegration) {
		return nil, fmt.Errorf("--layers noemt integratie, maar dat is hier een nabootsing; in productie staat op die plek de FSC-outway (OUTWAY_URL)")
	}
	if slices.Contains(given, LayerData) && !slices.Contains(given, LayerServices) {
		return nil, fmt.Errorf("--layers noemt gegevens zonder diensten; gegevens heeft geen eigen adres, kies diensten,gegevens")
	}
	var chosen []string
	for _, layer := range all {
		if slices.Contains(given, layer) || layer == LayerData && slices.Contains(given, LayerServices) {
			chosen = append(chosen, layer)
		}
	}
	return chosen, nil
}

// localURL is where a layer listens when it runs on this machine.
func (s Settings) localURL(layer string, offset int) string {
	return s.scheme(layer) + net.JoinHostPort(s.localHost(), strconv.Itoa(s.Port+offset))
}

// localHost is a name to reach this machine by; localhost reads best.
func (s Settings) localHost() string {
	switch s.Host {
	case "", "127.0.0.1", "0.0.0.0", "::", "::1", "localhost":
		return "localhost"
	}
	return s.Host
}

// logHandler writes JSON in production, for machines, and short text in
// development, for people.
func logHandler(production bool, level string, w io.Writer) (slog.Handler, error) {
	if w == nil {
		w = os.Stderr
	}
	options := &slog.HandlerOptions{Level: slog.LevelWarn}
	if production {
		options.Level = slog.LevelInfo
	}
	var err error
	if level != "" {
		var chosen slog.Level
		if chosen.UnmarshalText([]byte(level)) == nil {
			options.Level = chosen
		} else {
			err = fmt.Errorf("LOG_LEVEL is %q; kies debug, info, warn of error", level)
		}
	}
	if production {
		return slog.NewJSONHandler(w, options), err
	}
	return slog.NewTextHandler(w, options), err
}

// duration reads a time such as 10s; "" is 0.
func duration(text string, least, most time.Duration) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < least || d > most {
		return 0, fmt.Errorf("is %q; kies een tijd van %s tot en met %s, bijvoorbeeld 10s", text, least, most)
	}
	return d, nil
}

func orElse(value, other string) string {
	if value == "" {
		return other
	}
	return value
}
