package logboek

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// maxReply is how much of an answer of the logbook is read.
const maxReply = 64 << 10

// NewServer is a logbook that takes OTLP/HTTP in JSON at address + /v1/traces.
// The token goes along when there is one. Without an http.Client it makes one.
func NewServer(address, token string, client *http.Client) (Receiver, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return nil, errors.New("LOGBOEK_URL is geen adres als https://logboek.intern:4318")
	}
	if client == nil {
		client = &http.Client{Transport: &http.Transport{
			MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, Proxy: http.ProxyFromEnvironment,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		}}
	}
	own := *client
	// The token is for this address and for no other.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &server{strings.TrimSuffix(strings.TrimRight(address, "/"), "/v1/traces") + "/v1/traces", token, &own}, nil
}

type server struct {
	url, token string
	client     *http.Client
}

// Deliver implements Receiver.
func (s *server) Deliver(ctx context.Context, otlp []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, strings.NewReader(string(otlp)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // the address says nothing that the setting does not
		}
		return fmt.Errorf("het logboek is niet bereikbaar: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	if err != nil {
		return fmt.Errorf("het antwoord van het logboek brak af: %w", err)
	}
	return judge(resp, body)
}

// judge says what an answer means. What the logbook writes is not repeated: it
// may quote a line.
func judge(resp *http.Response, body []byte) error {
	status := resp.StatusCode
	switch {
	case status == http.StatusOK && len(body) > 0 && !json.Valid(body):
		return errors.New("op LOGBOEK_URL antwoordt iets dat geen logboek is") // a page to log in, say
	case status == http.StatusOK && partial(body):
		return fmt.Errorf("%w: rejectedSpans", ErrRefused)
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge, status == http.StatusUnprocessableEntity:
		return fmt.Errorf("%w: status %d", ErrRefused, status)
	}
	err := fmt.Errorf("het logboek antwoordt met status %d", status)
	if seconds, parsed := strconv.Atoi(resp.Header.Get("Retry-After")); parsed == nil && seconds > 0 {
		return &LaterError{time.Duration(min(seconds, 3600)) * time.Second, err}
	}
	return err
}

// partial says whether the logbook took the request and refused some lines
// (OTLP: ExportTracePartialSuccess). The number is a 64-bit one, so it may be a
// text.
func partial(body []byte) bool {
	var answer struct {
		PartialSuccess struct {
			RejectedSpans json.RawMessage `json:"rejectedSpans"`
		} `json:"partialSuccess"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return false
	}
	n := strings.Trim(string(answer.PartialSuccess.RejectedSpans), `"`)
	return n != "" && n != "0" && n != "null"
}

// NewFile is a file with a request of OTLP on each line, for development. Only
// the user who runs the component can read it. When it is as long as that many bytes
// it makes way: the one before it is kept (Previous), and what is older is gone.
func NewFile(path string, most int64) Receiver { return fileReceiver{path, most} }

// Previous is where the file of before is kept.
func Previous(path string) string { return path + ".1" }

type fileReceiver struct {
	path string
	most int64
}

// Deliver implements Receiver.
func (r fileReceiver) Deliver(_ context.Context, otlp []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(r.path), 0o700); err != nil {
		return fmt.Errorf("de map van het logboek: %w", err)
	}
	if info, err := os.Stat(r.path); err == nil && info.Mode().IsRegular() && info.Size() > 0 && info.Size()+int64(len(otlp)) >= r.most {
		if err := os.Rename(r.path, Previous(r.path)); err != nil {
			return fmt.Errorf("het bestand van het logboek maakt geen plaats: %w", err)
		}
	}
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("het bestand van het logboek: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err = f.Write(append(otlp, '\n')); err == nil { // one write: a line is there or not
		err = f.Sync()
	}
	if err != nil && info.Mode().IsRegular() { // of half a line on a full disk nothing stays
		err = errors.Join(err, f.Truncate(info.Size()))
	}
	return err
}
