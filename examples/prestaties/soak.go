package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// sizes are those of the files that a component keeps.
type sizes struct{ database, journal, receiver int64 }

func (c *component) sizes() (s sizes) {
	_ = filepath.WalkDir(c.data, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // what is gone again has no size
		}
		info, err := entry.Info()
		if err != nil {
			return nil //nolint:nilerr // the same
		}
		switch {
		case strings.HasSuffix(path, "-wal"), strings.HasSuffix(path, "-shm"):
			s.journal += info.Size()
		case path == c.file():
			s.database += info.Size()
		case strings.Contains(entry.Name(), "logboek"):
			s.receiver += info.Size()
		}
		return nil
	})
	return s
}

// used is how much a component uses of the machine now.
type used struct {
	memory                  int64 // bytes that are in memory
	descriptors, goroutines int
	processor               time.Duration
}

var goroutines = regexp.MustCompile(`(?m)^go_goroutines (\d+)$`)

// uses looks at a component.
func (c *component) uses(ctx context.Context) (u used) {
	pid := c.cmd.Process.Pid
	u.processor, _ = processor(pid)
	u.memory = resident(pid)
	if open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid)); err == nil {
		u.descriptors = len(open)
	}
	if _, raw, err := c.caller.get(ctx, c.url(beheer, "/metrics"), nil); err == nil {
		if found := goroutines.FindSubmatch(raw); found != nil {
			u.goroutines, _ = strconv.Atoi(string(found[1]))
		}
	}
	return u
}

// resident is how many bytes of a process are in memory; 0 where nobody says it.
func resident(pid int) int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}

// minute is what was seen in a part of a soak.
type minute struct {
	used
	sizes
	done, faults int64
	took         time.Duration
}

// soak keeps the mix up for a long time, and says at the end what grew.
func (m *measuring) soak(ctx context.Context, c *component) error {
	load, err := newMix(ctx, c)
	if err != nil {
		return err
	}
	part := time.Minute
	if m.minutes < 1 {
		part = time.Duration(m.minutes * float64(time.Minute) / 4)
	}
	parts := max(4, int(m.minutes))
	fmt.Fprintf(m.out, "%s, %d parts of %s, 8 at a time; %s\n%s", m.on, parts, part, mixText, minuteHeading)
	var all []minute
	var faults atomic.Int64
	var last atomic.Pointer[error]
	for n := range parts {
		var one minute
		before := faults.Load()
		one.done, one.took, err = together(ctx, 8, part, func(n int64) error {
			if err := load.one(ctx, load.done.Load()+n); err != nil {
				faults.Add(1)
				last.Store(&err)
			}
			return nil
		})
		if err != nil {
			return err
		}
		one.faults = faults.Load() - before
		one.used, one.sizes = c.uses(ctx), c.sizes()
		fmt.Fprint(m.out, one.line(n+1))
		all = append(all, one)
	}
	fmt.Fprint(m.out, verdict(all))
	if fault := last.Load(); fault != nil {
		return fmt.Errorf("%d requests failed, the last one: %w", faults.Load(), *fault)
	}
	return nil
}

const minuteHeading = "part   per s  faults  memory MB  descriptors  goroutines  database MB  journal MB  log MB\n"

func (s minute) perSecond() float64 { return float64(s.done) / s.took.Seconds() }

func (s minute) line(n int) string {
	return fmt.Sprintf("%4d %7.0f %7d %10.1f %12d %11d %12.1f %11.1f %7.1f\n", n, s.perSecond(), s.faults, mb(s.memory), s.descriptors, s.goroutines, mb(s.database), mb(s.journal), mb(s.receiver))
}

func mb(bytes int64) float64 { return float64(bytes) / 1e6 }

// verdict says what is more at the end than after the first quarter.
func verdict(all []minute) string {
	first, last := all[len(all)/4], all[len(all)-1]
	var grew []string
	for _, one := range []struct {
		name        string
		before, now float64
		unit        string
	}{
		{"memory", mb(first.memory), mb(last.memory), " MB"},
		{"descriptors", float64(first.descriptors), float64(last.descriptors), ""},
		{"goroutines", float64(first.goroutines), float64(last.goroutines), ""},
		{"the database", mb(first.database), mb(last.database), " MB"},
		{"the journal of the database", mb(first.journal), mb(last.journal), " MB"},
		{"the file of the log", mb(first.receiver), mb(last.receiver), " MB"},
	} {
		if one.now > 1.1*one.before+1 {
			grew = append(grew, fmt.Sprintf("%s (%s to %s%s)", one.name, number(one.before), number(one.now), one.unit))
		}
	}
	text := "nothing grew"
	if len(grew) > 0 {
		text = "grew: " + strings.Join(grew, ", ")
	}
	return fmt.Sprintf("From part %d to part %d %s; requests per second went to %.2f of what they were.\n", len(all)/4+1, len(all), text, last.perSecond()/first.perSecond())
}
