package logboek

import (
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
)

const (
	normalDays = 365
	maxDays    = 36500
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
	if _, err := daysToKeep(env); err != nil {
		faults = append(faults, err.Error())
	}
	return faults
}

func daysToKeep(env func(string) string) (int, error) {
	given := env(daysEnv)
	if given == "" {
		return normalDays, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 || n > maxDays {
		return 0, fmt.Errorf("%s is %q; kies een aantal dagen van 1 tot en met %d", daysEnv, given, maxDays)
	}
	return n, nil
}

// NewDeliverer delivers to the logbook of LOGBOEK_URL, or to the file when there
// is none, which start allows in development only.
func NewDeliverer(env func(string) string, q Queue, a Application, file string, log *slog.Logger) (Deliverer, error) {
	d := Deliverer{Queue: q, Receiver: NewFile(file), Application: a, Log: log}
	days, err := daysToKeep(env)
	if err != nil {
		return Deliverer{}, err
	}
	d.Keep = time.Duration(days) * 24 * time.Hour
	if address := env(URLEnv); address != "" {
		d.Receiver, err = NewServer(address, env(tokenEnv), nil)
	}
	return d, err
}
