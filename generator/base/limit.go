package base

import (
	"bufio"
	"errors"
	"io"
)

// errBomb says that a stream gives more than any component has.
var errBomb = errors.New("base: too large")

// counting gives at most so much, and says so when there is more.
type counting struct {
	in   io.Reader
	left int64
}

func (c *counting) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errBomb
	}
	n, err := c.in.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

func newBuffered(in io.Reader) *bufio.Reader { return bufio.NewReaderSize(in, 1<<16) }
