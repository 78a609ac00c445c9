// Package doctor looks whether a laptop is ready for a fieldlab, and what mends it
// when it is not. Each check is a small function over a World, so that a test can
// be any laptop: Windows, macOS or Linux, with or without Go, with a full disk.
//
// The checks have run on Linux. What they say for Windows and macOS is tested with
// a world that claims to be one; nobody has run them there yet.
package doctor

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// State is what a check found.
type State string

// The states, from bad to good.
const (
	Wrong   State = "wrong"         // something does not work until it is mended
	Mind    State = "mind"          // works, but good to know
	Unknown State = "not-looked-at" // with the reason
	OK      State = "ok"
)

// Part is what a check is about.
type Part string

// The parts.
const (
	Machine   Part = "machine"
	Component Part = "component"
	Build     Part = "build"
)

// Finding is what one check found. Package text has the words: what is
// doctor.what.<ID>.<Case>, why it matters doctor.why.<ID>, and what to do
// doctor.do.<Do>.
type Finding struct {
	ID    string
	Part  Part
	State State
	Case  string
	Args  []any

	Line   string // what to type, on this system; "" when there is nothing to type
	Do     string // what to do in words, beside or instead of a line; "" for nothing
	DoArgs []any
}

// Cases that every check may give when it could not look.
const (
	caseSlow   = "slow"   // it took too long
	caseNoGo   = "no-go"  // there is no Go to ask
	caseFailed = "failed" // with what the system said
)

func good(name string, args ...any) Finding { return Finding{State: OK, Case: name, Args: args} }

func mind(name string, args ...any) Finding { return Finding{State: Mind, Case: name, Args: args} }

func wrong(name string, args ...any) Finding { return Finding{State: Wrong, Case: name, Args: args} }

// unseen says why a check did not look.
func unseen(name string, args ...any) Finding {
	return Finding{State: Unknown, Case: name, Args: args}
}

// line adds what to type.
func (f Finding) line(text string) Finding {
	f.Line = text
	return f
}

// do adds what to do, in words.
func (f Finding) do(key string, args ...any) Finding {
	f.Do, f.DoArgs = key, args
	return f
}

// check is one of the things that are looked at.
type check struct {
	id   string
	part Part
	only string // system that it is about; "" is every one
	run  func(context.Context, *World) Finding
}

// checks are all of them, in the order in which people read them.
var checks = []check{
	{"go", Machine, "", checkGo},
	{"go-flags", Machine, "", checkFlags},
	{"go-proxy", Machine, "", checkGoProxy},
	{"go-toolchain", Machine, "", checkToolchain},
	{"go-modules", Machine, "", checkModuleMode},
	{"go-target", Machine, "", checkTarget},
	{"go-root", Machine, "", checkRoot},
	{"modules", Machine, "", checkModules},
	{"workspace", Machine, "", checkWorkspace},
	{"git", Machine, "", checkGit},
	{"git-identity", Machine, "", checkIdentity},
	{"ports", Machine, "", checkPorts},
	{"disk", Machine, "", checkDisk},
	{"write", Machine, "", checkWrite},
	{"exec", Machine, "", checkExec},
	{"path", Machine, "", checkPath},
	{"sync", Machine, "", checkSync},
	{"network-drive", Machine, "", checkNetworkDrive},
	{"case", Machine, "", checkCase},
	{"proxy", Machine, "", checkProxy},
	{"localhost", Machine, "", checkLocalhost},
	{"clock", Machine, "", checkClock},
	{"go-faults", Machine, "", checkFaults},
	{"antivirus", Machine, windows, checkAntivirus},
	{"browser", Machine, "", checkBrowser},
	{"containers", Machine, "", checkContainers},
	{"component-go", Component, "", checkGoMod},
	{"component-vendor", Component, "", checkVendor},
	{"component-answers", Component, "", checkAnswers},
	{"component-memory", Component, "", checkMemory},
	{"component-update", Component, "", checkUpdate},
	{"component-kern", Component, "", checkKern},
	{"component-migrations", Component, "", checkMigrations},
	{"component-data", Component, "", checkData},
}

// IDs are those of all findings that there can be.
func IDs() []string {
	var ids []string
	for _, c := range checks {
		ids = append(ids, c.id)
	}
	return append(ids, buildID)
}

// Patience is how long a check may take; what hangs is not looked at.
const Patience = 1500 * time.Millisecond

// Look does all checks at once, and gives what they found with the worst first.
func Look(ctx context.Context, w *World) []Finding {
	var chosen []check
	for _, c := range checks {
		if (c.only == "" || c.only == w.OS) && (c.part != Component || w.isComponent()) {
			chosen = append(chosen, c)
		}
	}
	ctx, stop := context.WithTimeout(ctx, w.patience())
	defer stop()
	found := make([]Finding, len(chosen))
	var all sync.WaitGroup
	for i, c := range chosen {
		all.Go(func() {
			found[i] = c.within(ctx, w)
			found[i].ID, found[i].Part = c.id, c.part
		})
	}
	all.Wait()
	Sort(found)
	return found
}

// within runs a check until the time is up. What still hangs then is left behind;
// the process ends soon.
func (c check) within(ctx context.Context, w *World) Finding {
	done := make(chan Finding, 1)
	go func() {
		defer func() {
			if cause := recover(); cause != nil { // a check that breaks down hides no other one
				done <- unseen(caseFailed, fmt.Sprint(cause))
			}
		}()
		done <- c.run(ctx, w)
	}()
	select {
	case f := <-done:
		return f
	case <-ctx.Done():
		return unseen(caseSlow)
	}
}

// severity is the order of the states.
var severity = []State{Wrong, Mind, Unknown, OK}

// Sort puts the worst first, and leaves the order within a state.
func Sort(found []Finding) {
	slices.SortStableFunc(found, func(a, b Finding) int {
		return slices.Index(severity, a.State) - slices.Index(severity, b.State)
	})
}

// Ready says whether nothing is wrong.
func Ready(found []Finding) bool {
	return !slices.ContainsFunc(found, func(f Finding) bool { return f.State == Wrong })
}
