package generator

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Many makes components beside each other, each as Generate does, on all processors.
// Memory does not grow with their number: no more are under way than there are
// processors, and what they have in common is read once. Results and errors are
// in the order of the requests. After ctx ends no next one begins.
func Many(ctx context.Context, requests []Request) ([]Result, []error) {
	return Each(ctx, len(requests), func(i int) (Request, error) { return requests[i], nil }, nil)
}

// Each is Many for so many requests that each is only made when its turn comes, and
// made is told of every one that is ready; it may be nil. Both are called from more
// than one goroutine.
func Each(ctx context.Context, number int, request func(i int) (Request, error), made func(i int, err error)) ([]Result, []error) {
	defer tidyLess()()
	results, errs := make([]Result, number), make([]error, number)
	var next atomic.Int64
	var workers sync.WaitGroup
	one := func(i int) (err error) {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := request(i)
		if err != nil {
			return err
		}
		results[i], err = Generate(ctx, r)
		return err
	}
	for range min(runtime.GOMAXPROCS(0), number) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < number; i = int(next.Add(1)) - 1 {
				if errs[i] = one(i); made != nil {
					made(i, errs[i])
				}
			}
		})
	}
	workers.Wait()
	return results, errs
}

// untidy is how much memory may lie about unused, in bytes, while many components are
// made: nothing of one is needed for the next, and looking for it all the time is a
// tenth of the work.
const untidy = 40 << 20

var tidying struct {
	sync.Mutex
	running int // calls of Many
	usual   int
}

// tidyLess has memory cleared up less often until what it gives is called.
func tidyLess() func() {
	tidying.Lock()
	defer tidying.Unlock()
	if tidying.running++; tidying.running == 1 {
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		tidying.usual = debug.SetGCPercent(int(max(100, untidy*100/max(now.HeapAlloc, 1<<20)))) // #nosec G115 -- A percentage of memory that is there.
	}
	return func() {
		tidying.Lock()
		defer tidying.Unlock()
		if tidying.running--; tidying.running == 0 {
			debug.SetGCPercent(tidying.usual)
		}
	}
}
