package generator

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Many makes components beside each other, each as Generate does, on all processors.
// Memory does not grow with their number: no more are under way than there are
// processors, and what they have in common is read once. Results and errors are
// in the order of the requests. After ctx ends no next one begins.
func Many(ctx context.Context, requests []Request) ([]Result, []error) {
	results, errs := make([]Result, len(requests)), make([]error, len(requests))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(requests)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(requests); i = int(next.Add(1)) - 1 {
				if errs[i] = ctx.Err(); errs[i] == nil {
					results[i], errs[i] = Generate(ctx, requests[i])
				}
			}
		})
	}
	workers.Wait()
	return results, errs
}
