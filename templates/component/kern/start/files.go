package start

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
)

// fileSettings say what people may send along.
type fileSettings struct {
	Most    int64 // bytes of one file
	Kinds   []string
	Limits  opslag.Limits
	Scanner string
}

// readFileSettings reads them from the environment. What is wrong comes back with
// what is usual in its place.
func readFileSettings(env func(string) string) (s fileSettings, faults Faults) {
	number := func(name string, usual, most int) int64 {
		n, err := strconv.Atoi(orElse(env(name), strconv.Itoa(usual)))
		if err != nil || n < 1 || n > most {
			faults = append(faults, fmt.Sprintf("%s is %q; kies een getal van 1 tot en met %d", name, env(name), most))
			n = usual
		}
		return int64(n)
	}
	s.Most = number("BIJLAGE_MAX_MB", 15, 100) << 20
	s.Limits.PerHour = int(number("BIJLAGEN_PER_UUR", 200, 1_000_000))
	s.Limits.Held = number("BIJLAGEN_MAX_MB", 1000, 1_000_000) << 20
	s.Kinds = register.Kinds()
	if given := env("BIJLAGE_SOORTEN"); given != "" {
		s.Kinds = strings.Split(strings.ReplaceAll(given, " ", ""), ",")
	}
	for _, kind := range s.Kinds {
		if !slices.Contains(register.Kinds(), kind) {
			faults = append(faults, fmt.Sprintf("BIJLAGE_SOORTEN noemt %q; kies uit %s, met komma's ertussen", kind, strings.Join(register.Kinds(), ", ")))
		}
	}
	if s.Scanner = env("SCANNER_URL"); s.Scanner != "" {
		if u, err := url.Parse(s.Scanner); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			faults = append(faults, "SCANNER_URL is geen adres als https://scanner.intern/controle")
		}
	}
	return s, faults
}

// files is what layer 2 does with files.
func (s fileSettings) files(db *opslag.Database, log register.Log) register.Files {
	return register.Files{Store: opslag.NewFiles(db, s.Limits), Log: log, Most: s.Most, Kinds: s.Kinds, Scan: scanner(s.Scanner)}
}

// scanner asks a scanner that takes a file as the body of a POST. 2xx says that it
// is clean, 422 and 406 that it is not; whatever else it says, it did not look.
func scanner(address string) register.Scanner {
	if address == "" {
		return nil
	}
	client := &http.Client{Timeout: 5 * time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return func(ctx context.Context, content io.Reader, size int64) (bool, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, io.NopCloser(content))
		if err != nil {
			return false, err
		}
		req.ContentLength = size
		req.Header.Set("Content-Type", "application/octet-stream")
		resp, err := client.Do(req)
		if err != nil {
			return false, errors.New("de scanner is niet bereikbaar") // the text of err holds the address
		}
		_ = resp.Body.Close()
		switch status := resp.StatusCode; {
		case status == http.StatusUnprocessableEntity, status == http.StatusNotAcceptable:
			return false, nil
		case status >= http.StatusOK && status < http.StatusMultipleChoices:
			return true, nil
		default:
			return false, fmt.Errorf("de scanner antwoordt met status %d", status)
		}
	}
}

// plainly says in plain words why a file that somebody named cannot be read.
func plainly(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("dat bestand is er niet")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("dit programma mag dat bestand niet lezen")
	}
	return err
}
