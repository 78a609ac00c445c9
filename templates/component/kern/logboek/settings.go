package logboek

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// Settings of the delivery.
const (
	URLEnv   = "LOGBOEK_URL"
	tokenEnv = "LOGBOEK_TOKEN" // #nosec G101 -- The name of a setting.
	daysEnv  = "LOGBOEK_DAGEN"
	linesEnv = "LOGBOEK_REGELS"
	fileEnv  = "LOGBOEK_BESTAND_MB"
)

const (
	normalDays = 365
	maxDays    = 36500

	// In development the log would grow for as long as somebody tries things.
	normalLines = 100_000
	maxLines    = 100_000_000
	normalFile  = 50 // MB, and once more for the file of before
	maxFile     = 10_000
)

// SettingsFaults names what is wrong with the settings of the log, in Dutch and
// without their values; what is missing is for the caller to judge.
func SettingsFaults(env func(string) string, production bool) (faults []string) {
	if env(KeyEnv) != "" {
		if _, err := ReadKey(env, production); err != nil {
			faults = append(faults, err.Error())
		}
	}
	if address := env(URLEnv); address != "" {
		if _, err := NewServer(address, "", nil); err != nil {
			faults = append(faults, err.Error())
		} else if production && !strings.HasPrefix(address, "https://") {
			faults = append(faults, URLEnv+" is geen adres met https: wie meeluistert leest wie wanneer is opgezocht")
		}
	}
	for _, setting := range []func(func(string) string) (int, error){daysToKeep, fileToKeep, func(env func(string) string) (int, error) { return linesToKeep(env, production) }} {
		if _, err := setting(env); err != nil {
			faults = append(faults, err.Error())
		}
	}
	return faults
}

func daysToKeep(env func(string) string) (int, error) {
	return number(env, daysEnv, "een aantal dagen", normalDays, maxDays)
}

func fileToKeep(env func(string) string) (int, error) {
	return number(env, fileEnv, "een aantal MB", normalFile, maxFile)
}

// linesToKeep is how many delivered lines stay at most; 0 is as many as there are.
// In production only their age counts: how long they must stay is not for the disk
// to say.
func linesToKeep(env func(string) string, production bool) (int, error) {
	if !production {
		return number(env, linesEnv, "een aantal regels", normalLines, maxLines)
	}
	if env(linesEnv) != "" {
		return 0, fmt.Errorf("%s is er alleen voor ontwikkeling: in productie blijft een regel zo lang als %s zegt", linesEnv, daysEnv)
	}
	return 0, nil
}

func number(env func(string) string, name, what string, normal, most int) (int, error) {
	given := env(name)
	if given == "" {
		return normal, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("%s is %q; kies %s van 1 tot en met %d", name, given, what, most)
	}
	return n, nil
}

// NewDeliverer delivers to the logbook of LOGBOEK_URL, or to the file when there
// is none, which start allows in development only.
func NewDeliverer(env func(string) string, production bool, q Queue, a Application, file string, log *slog.Logger) (Deliverer, error) {
	days, err := daysToKeep(env)
	lines, errLines := linesToKeep(env, production)
	size, errFile := fileToKeep(env)
	if err = errors.Join(err, errLines, errFile); err != nil {
		return Deliverer{}, err
	}
	d := Deliverer{Queue: q, Application: a, Log: log, Keep: time.Duration(days) * 24 * time.Hour, Most: int64(lines)}
	if address := env(URLEnv); address != "" {
		d.Receiver, err = NewServer(address, env(tokenEnv), nil)
		return d, err
	}
	d.Receiver = NewFile(file, int64(size)<<20)
	return d, nil
}
