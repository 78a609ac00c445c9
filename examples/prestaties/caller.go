package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// caller asks a component, and nothing else: this program puts load on what it asks, so
// it asks this machine only.
type caller struct{ client *http.Client }

// errElsewhere is what an address gives that is not of this machine.
var errElsewhere = errors.New("only 127.0.0.1 is asked: this program puts load on what it asks")

func newCaller() (*caller, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConns: 256, MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute}
	check := func(r *http.Request, via []*http.Request) error {
		if len(via) > 5 {
			return errors.New("more than five redirects")
		}
		return loopback(r.URL)
	}
	return &caller{&http.Client{Transport: transport, Jar: jar, Timeout: 2 * time.Minute, CheckRedirect: check}}, nil
}

// loopback refuses an address that is not a number of this machine: a name could be of
// another one.
func loopback(u *url.URL) error {
	address, err := netip.ParseAddr(u.Hostname())
	if err != nil || !address.IsLoopback() {
		return errElsewhere
	}
	return nil
}

// user are the headers of somebody who was let in by the pages.
type user struct{ id, role string }

func (u user) headers() http.Header {
	h := http.Header{}
	if u.role != "" {
		h.Set("Gebruiker-Id", u.id)
		h.Set("Gebruiker-Rol", u.role)
	}
	return h
}

func (c *caller) get(ctx context.Context, address string, headers http.Header) (int, []byte, error) {
	status, _, body, err := c.do(ctx, http.MethodGet, address, headers, nil)
	return status, body, err
}

// do asks, and reads the whole answer.
func (c *caller) do(ctx context.Context, method, address string, headers http.Header, body any) (int, http.Header, []byte, error) {
	var content io.Reader
	if form, ok := body.(url.Values); ok {
		content = bytes.NewReader([]byte(form.Encode()))
	} else if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, nil, nil, err
		}
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return 0, nil, nil, err
	}
	if err := loopback(req.URL); err != nil {
		return 0, nil, nil, err
	}
	for k, v := range headers {
		req.Header[k] = v
	}
	if _, ok := body.(url.Values); ok {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("If-Match", "*")
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, raw, err
}

// expect is do for an answer that must have a status.
func (c *caller) expect(ctx context.Context, want int, method, address string, headers http.Header, body any) (http.Header, []byte, error) {
	status, header, raw, err := c.do(ctx, method, address, headers, body)
	if err != nil {
		return nil, nil, err
	}
	if status != want {
		return nil, nil, fmt.Errorf("%s %s: %d instead of %d: %.400s", method, address, status, want, raw)
	}
	return header, raw, nil
}

// times are how long something took, each time.
type times []time.Duration

// at is the time within which so many percent were done.
func (t times) at(percent int) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

// repeatedly measures something at least five times, and goes on until so many times or
// so long. The first one is not measured: it warms up, and then ready is called.
func repeatedly(ctx context.Context, most int, long time.Duration, do func() error, ready func()) (times, error) {
	const least = 5
	if err := do(); err != nil {
		return nil, err
	}
	ready()
	var all times
	for begin := time.Now(); len(all) < least || len(all) < most && time.Since(begin) < long; {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		one := time.Now()
		if err := do(); err != nil {
			return nil, err
		}
		all = append(all, time.Since(one))
	}
	return all, nil
}
