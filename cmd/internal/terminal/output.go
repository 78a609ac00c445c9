package terminal

import (
	"context"
	"encoding/json"
	"io"
)

// WriteJSON gives a value as data on the standard output.
func (s *IO) WriteJSON(value any) error {
	encoder := json.NewEncoder(s.Out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// ReadAll reads to the end, or until the context ends: a pipe may stay silent
// for ever, and Ctrl-C must still work.
func ReadAll(ctx context.Context, in io.Reader) ([]byte, error) {
	done := make(chan chunk, 1)
	go func() {
		bytes, err := io.ReadAll(in)
		done <- chunk{bytes, err}
	}()
	select {
	case c := <-done:
		return c.bytes, c.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
