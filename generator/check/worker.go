package check

import (
	"context"
	"time"
)

// Why a checker lost its say.
const (
	lostSlow    = "slow"
	lostCrashed = "crashed"
	lostNone    = "none" // it has none in this repository
)

// worker is a checker at work, in a goroutine of its own: what hangs is left behind, and
// a checker that panics takes nothing else with it. Its fields but the channels belong to
// the engine's goroutine.
type worker struct {
	checker Checker
	report  *Report
	look    Look
	lost    string // why it has no say; "" as long as it has

	jobs    chan func()
	done    chan struct{} // closed after the last job
	crashed chan struct{} // closed after a panic
}

func newWorker(c Checker) *worker {
	return &worker{
		checker: c, report: newReport(),
		jobs: make(chan func(), 8), done: make(chan struct{}), crashed: make(chan struct{}),
	}
}

func (w *worker) start(r *Repo) {
	go w.work()
	var look Look
	began := make(chan struct{})
	w.jobs <- func() {
		look = w.checker.Start(r, w.report)
		close(began)
	}
	if w.await(began, endPatience); w.lost != "" {
		return
	}
	if w.look = look; look == nil {
		w.lost = lostNone
		close(w.jobs)
	}
}

func (w *worker) work() {
	defer func() {
		if recover() != nil {
			close(w.crashed)
		}
	}()
	for job := range w.jobs {
		job()
	}
	close(w.done)
}

func (w *worker) wants(f File) bool { return w.lost == "" && w.look.Wants(f) }

// give hands a file over, and waits when the worker is behind.
func (w *worker) give(ctx context.Context, f File, body []byte) {
	w.hand(func() {
		ctx, cancel := context.WithTimeout(ctx, filePatience)
		defer cancel()
		w.look.File(ctx, f, body)
	})
}

// end hands the last job over.
func (w *worker) end(ctx context.Context) {
	if w.lost != "" {
		return
	}
	w.hand(func() {
		ctx, cancel := context.WithTimeout(ctx, endPatience)
		defer cancel()
		w.look.End(ctx)
	})
	if w.lost == "" {
		close(w.jobs)
	}
}

func (w *worker) hand(job func()) {
	select {
	case w.jobs <- job:
		return
	case <-w.crashed:
		w.lose(lostCrashed)
		return
	default:
	}
	timer := time.NewTimer(2 * filePatience)
	defer timer.Stop()
	select {
	case w.jobs <- job:
	case <-w.crashed:
		w.lose(lostCrashed)
	case <-timer.C:
		w.lose(lostSlow)
	}
}

// wait waits for the last job.
func (w *worker) wait() {
	if w.lost == "" {
		w.await(w.done, endPatience+2*filePatience)
	}
}

func (w *worker) await(what <-chan struct{}, patience time.Duration) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-what:
	case <-w.crashed:
		w.lose(lostCrashed)
	case <-timer.C:
		w.lose(lostSlow)
	}
}

func (w *worker) lose(why string) {
	w.lost = why
	w.report.lose(why)
}
