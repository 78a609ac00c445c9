package check

import (
	"context"
	"errors"
	"sync/atomic"
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
	lost    string        // why it has no say; "" as long as it has
	file    time.Duration // how long it may take with one file
	around  time.Duration // and before the first and after the last
	late    atomic.Int32  // files that it was not done with in time
	given   atomic.Bool   // given up: what is still waiting is not done

	jobs    chan func()
	done    chan struct{} // closed after the last look
	crashed chan struct{} // closed after a panic
}

func newWorker(c Checker, to *Report) *worker {
	return &worker{
		checker: c, report: to, file: filePatience, around: endPatience,
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
	if w.await(began, w.around); w.lost != "" {
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
		if w.given.Load() {
			return
		}
		job()
	}
}

// wants asks the checker, in the engine's own goroutine: it answers from the path alone.
func (w *worker) wants(f File) (wants bool) {
	if w.lost != "" {
		return false
	}
	defer func() {
		if recover() != nil {
			wants = false
			w.lose(lostCrashed)
		}
	}()
	return w.look.Wants(f)
}

// give hands a file over, and waits when the worker is behind.
func (w *worker) give(ctx context.Context, f File, body []byte) {
	if w.late.Load() >= maxLate {
		w.lose(lostSlow)
		return
	}
	w.hand(func() {
		ctx, cancel := context.WithTimeout(ctx, w.file)
		defer cancel()
		w.look.File(ctx, f, body)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			w.late.Add(1)
			// It stopped somewhere in the file: what it did not find is not known.
			for _, rule := range w.checker.Rules() {
				if rule.By == Files {
					w.report.Miss(rule.ID, f.Path, lostSlow)
				}
			}
		}
	})
}

// end hands the last job over.
func (w *worker) end(ctx context.Context) {
	if w.lost != "" {
		return
	}
	w.hand(func() {
		ctx, cancel := context.WithTimeout(ctx, w.around)
		defer cancel()
		w.look.End(ctx)
		close(w.done)
	})
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
	timer := time.NewTimer(2 * w.file)
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
	if w.lost != "" {
		return
	}
	waiting := time.Duration(len(w.jobs) + 1) // files that may take their time still
	if w.await(w.done, w.around+waiting*w.file); w.lost == "" {
		close(w.jobs)
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
	if w.lost != "" {
		return
	}
	w.lost = why
	w.given.Store(true)
	w.report.lose(why)
	close(w.jobs)
}
