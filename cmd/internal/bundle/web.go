package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// web is a bundle that another laptop in the room offers.
type web struct {
	base   *url.URL
	client *http.Client
}

// silence is how long nothing may come in before a connection is given up: on a bad
// network that is better than to wait for it. queue is how long an answer may let
// itself be waited for: a whole room wants the same large file, and the laptop that
// has it sends that to a few at a time.
var (
	silence = 30 * time.Second
	queue   = 10 * time.Minute
)

func newWeb(where string) (*web, error) {
	address, err := url.Parse(where)
	if err != nil || address.Host == "" || address.User != nil || address.RawQuery != "" || address.Fragment != "" {
		return nil, &Error{Key: "bundle.address", Args: []any{where}, Usage: true}
	}
	if !strings.HasSuffix(address.Path, "/") {
		address.Path += "/"
	}
	return &web{base: address, client: &http.Client{
		// No proxy: the other laptop is in this room, whatever the office has set.
		Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: silence}).DialContext, TLSHandshakeTimeout: silence, DisableCompression: true, MaxIdleConnsPerHost: 4},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if r.URL.Host != address.Host || len(via) > 3 {
				return fmt.Errorf("a bundle does not refer to %s", r.URL.Host)
			}
			return nil
		},
	}}, nil
}

func (w *web) open(ctx context.Context, name string, from int64) (io.ReadCloser, error) {
	ctx, stop := context.WithCancel(ctx)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base.JoinPath(strings.Split(name, "/")...).String(), nil) // #nosec G125 -- Names of the list of the bundle, which was checked; the person named the server.
	if err != nil {
		stop()
		return nil, err
	}
	if from > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	patience := queue
	if name == SumsFile || name == File {
		patience = silence
	}
	timer := time.AfterFunc(patience, stop)
	response, err := w.client.Do(request) //nolint:bodyclose // watched closes it
	if err != nil {
		timer.Stop()
		stop()
		return nil, err
	}
	timer.Reset(silence)
	body := &watched{body: response.Body, stop: stop, timer: timer}
	switch {
	case response.StatusCode == http.StatusOK && from > 0:
		// A server that does not do parts sends all of it: the beginning is had.
		_, err = io.CopyN(io.Discard, body, from)
	case response.StatusCode == http.StatusOK, response.StatusCode == http.StatusPartialContent && from > 0:
	case response.StatusCode == http.StatusNotFound:
		err = &fs.PathError{Op: "GET", Path: request.URL.String(), Err: fs.ErrNotExist}
	default:
		err = fmt.Errorf("%s: %s", request.URL, response.Status)
	}
	if err != nil {
		body.Close()
		return nil, err
	}
	return body, nil
}

func (w *web) tries() int     { return 8 }
func (w *web) String() string { return w.base.String() }
func (w *web) Close() error {
	w.client.CloseIdleConnections()
	return nil
}

// watched gives up on a body in which nothing comes any more.
type watched struct {
	body  io.ReadCloser
	stop  context.CancelFunc
	timer *time.Timer
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.body.Read(p)
	w.timer.Reset(silence)
	if errors.Is(err, context.Canceled) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (w *watched) Close() error {
	w.timer.Stop()
	err := w.body.Close()
	w.stop()
	return err
}
