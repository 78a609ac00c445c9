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
	tokenEnv = "LOGBOEK_TOKEN"
	dagenEnv = "LOGBOEK_DAGEN"
)

const (
	normalDays = 365
	maxDays    = 36500
)

// Instellingen names what is wrong with the settings of the log, in Dutch and
// without their values; what is missing is for the caller to judge.
func Instellingen(env func(string) string, productie bool) (faults []string) {
	if env(SleutelEnv) != "" {
		if _, err := LeesSleutel(env, productie); err != nil {
			faults = append(faults, err.Error())
		}
	}
	if address := env(URLEnv); address != "" {
		if _, err := NewServer(address, "", nil); err != nil {
			faults = append(faults, err.Error())
		} else if productie && !strings.HasPrefix(address, "https://") {
			faults = append(faults, URLEnv+" is geen adres met https: wie meeluistert leest wie wanneer is opgezocht")
		}
	}
	if _, err := dagen(env); err != nil {
		faults = append(faults, err.Error())
	}
	return faults
}

func dagen(env func(string) string) (int, error) {
	given := env(dagenEnv)
	if given == "" {
		return normalDays, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 || n > maxDays {
		return 0, fmt.Errorf("%s is %q; kies een aantal dagen van 1 tot en met %d", dagenEnv, given, maxDays)
	}
	return n, nil
}

// NewBezorger delivers to the logbook of LOGBOEK_URL, or to the file when there
// is none, which start allows in development only.
func NewBezorger(env func(string) string, w Wachtrij, t Toepassing, file string, log *slog.Logger) (Bezorger, error) {
	b := Bezorger{Wachtrij: w, Ontvanger: NewBestand(file), Toepassing: t, Log: log}
	days, err := dagen(env)
	if err != nil {
		return Bezorger{}, err
	}
	b.Bewaren = time.Duration(days) * 24 * time.Hour
	if address := env(URLEnv); address != "" {
		b.Ontvanger, err = NewServer(address, env(tokenEnv), nil)
	}
	return b, err
}
