package opslag

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// register is a logbook for tests. Answer says what it does with a request of
// so many lines, and whether it keeps them; nil keeps everything.
type register struct {
	*httptest.Server
	mu     sync.Mutex
	calls  int
	names  []string // in the order in which they came, repeats included
	answer func(call int, names []string, w http.ResponseWriter) (keep bool)
}

func newRegister(t *testing.T, answer func(int, []string, http.ResponseWriter) bool) *register {
	l := &register{answer: answer}
	l.Server = httptest.NewServer(l)
	t.Cleanup(l.Close)
	return l
}

// ServeHTTP implements http.Handler.
func (l *register) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request struct {
		ResourceSpans []struct {
			ScopeSpans []struct{ Spans []struct{ Name string } }
		}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(body, &request) != nil || r.URL.Path != "/v1/traces" || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	var names []string
	for _, s := range request.ResourceSpans[0].ScopeSpans[0].Spans {
		names = append(names, s.Name)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	if l.answer == nil || l.answer(l.calls, names, w) {
		l.names = append(l.names, names...)
		_, _ = io.WriteString(w, `{"partialSuccess":{}}`)
	}
}

func (l *register) got() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.names)
}

// firsts are the names in the order in which they came for the first time.
func (l *register) firsts() (all []string) {
	for _, name := range l.got() {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

func (l *register) waitFor(t *testing.T, n int) {
	t.Helper()
	for until := time.Now().Add(15 * time.Second); len(l.firsts()) < n; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("%d of %d lines arrived", len(l.firsts()), n)
		}
	}
}

var tempo = logboek.Tempo{Poll: time.Millisecond, FirstPause: time.Millisecond, LongestPause: 10 * time.Millisecond, Maintenance: time.Millisecond, Turn: 10 * time.Second}

// deliver starts to deliver and gives the function that stops it.
func deliver(t *testing.T, l *Logboek, url string) (stop func()) {
	t.Helper()
	return deliverWith(t, l, url, tempo)
}

func deliverWith(t *testing.T, l *Logboek, url string, tempo logboek.Tempo) (stop func()) {
	t.Helper()
	to, err := logboek.NewServer(url, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	d := logboek.Deliverer{
		Queue: l, Receiver: to, Application: logboek.Application{Name: "dingen"}, Keep: time.Hour, Log: slog.New(slog.DiscardHandler),
		Tempo: tempo,
	}
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { d.Run(ctx) })
	stop = func() { cancel(); work.Wait() }
	t.Cleanup(stop)
	return stop
}

// fill writes so many lines in each of so many traces, one by one.
func fill(t *testing.T, l *Logboek, from, traces, lines int) {
	t.Helper()
	for i, err := range together(traces, func(i int) error {
		place := logboek.NewTrace()
		for n := range lines {
			if err := l.Write(t.Context(), line(place, fmt.Sprintf("%d/%d", from+i, n))); err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Fatal(i, err)
		}
	}
}

// inOrder says whether the lines of each trace came in the order of writing.
func inOrder(t *testing.T, names []string) {
	t.Helper()
	next := map[string]int{}
	for _, name := range names {
		trace, number, _ := strings.Cut(name, "/")
		if n, err := strconv.Atoi(number); err != nil || n != next[trace] {
			t.Fatalf("%s came when %d of its trace was due", name, next[trace])
		}
		next[trace]++
	}
}

func count(t *testing.T, db *Database, from string) (n int) {
	t.Helper()
	if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM "+from).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLogbookThatIsSlowAwayOrBrokenLosesNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		moods := []func(w http.ResponseWriter) bool{
			func(w http.ResponseWriter) bool { w.WriteHeader(http.StatusServiceUnavailable); return false },
			func(w http.ResponseWriter) bool { time.Sleep(20 * time.Millisecond); return true },
			func(w http.ResponseWriter) bool { panic(http.ErrAbortHandler) },
			func(w http.ResponseWriter) bool { _, _ = io.WriteString(w, "<html>Log in</html>"); return false },
			func(w http.ResponseWriter) bool { w.WriteHeader(http.StatusUnauthorized); return false },
			func(w http.ResponseWriter) bool {
				w.Header().Set("Location", "/elders")
				w.WriteHeader(http.StatusFound)
				return false
			},
		}
		logbook := newRegister(t, func(call int, _ []string, w http.ResponseWriter) bool { return call > 18 || moods[call%len(moods)](w) })
		deliver(t, l, logbook.URL)
		fill(t, l, 0, 8, 25)
		logbook.waitFor(t, 200)
		fill(t, l, 8, 4, 25)
		logbook.waitFor(t, 300)
		inOrder(t, logbook.firsts())
	})
}

func TestKilledHalfwayLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		db := open()
		l := NewLogboek(db)
		fill(t, l, 0, 3, 100)
		crashed := make(chan struct{})
		logbook := newRegister(t, func(call int, _ []string, _ http.ResponseWriter) bool {
			if call == 2 { // the logbook has the second batch, and we never hear that
				_ = db.Close()
				close(crashed)
			}
			return true
		})
		stop := deliver(t, l, logbook.URL)
		<-crashed
		stop()
		successor := open()
		if n := count(t, successor, "verwerkingen WHERE geleverd_op IS NULL"); n < 100 {
			t.Fatalf("%d lines were left to deliver: this proves nothing", n)
		}
		defer deliver(t, NewLogboek(successor), logbook.URL)()
		// The turn of the dead process must end first.
		if _, err := successor.exec(t.Context(), "UPDATE logboekbezorgers SET tot = $1", successor.moment()); err != nil {
			t.Fatal(err)
		}
		logbook.waitFor(t, 300)
		inOrder(t, logbook.firsts())
	})
}

func TestOneBadLineHoldsNobodyUp(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		var lines []logboek.Verwerking
		for i := range 40 {
			lines = append(lines, line(logboek.NewTrace(), fmt.Sprint(i)))
		}
		write(t, l, lines...)
		cured := false
		refusals := 0
		logbook := newRegister(t, func(_ int, names []string, w http.ResponseWriter) bool {
			if cured || !slices.Contains(names, "17") {
				return true
			}
			if refusals++; refusals%2 == 0 {
				w.WriteHeader(http.StatusBadRequest)
				return false
			}
			_, _ = io.WriteString(w, `{"partialSuccess":{"rejectedSpans":"1","errorMessage":"een regel deugt niet"}}`)
			return false
		})
		deliver(t, l, logbook.URL)
		logbook.waitFor(t, 39)
		if slices.Contains(logbook.firsts(), "17") {
			t.Error("the bad line was taken")
		}
		logbook.mu.Lock()
		cured = true
		logbook.mu.Unlock()
		logbook.waitFor(t, 40)
	})
}

// A logbook that refuses everything has another trouble than the lines: it is
// not asked about each of them, they all wait together and go when it is over.
func TestLogbookThatRefusesEverything(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		fill(t, l, 0, 1, 150)
		refuse, asked := true, make(chan struct{}, 1000)
		logbook := newRegister(t, func(_ int, _ []string, w http.ResponseWriter) bool {
			asked <- struct{}{}
			if refuse {
				w.WriteHeader(http.StatusBadRequest)
			}
			return !refuse
		})
		slow := tempo
		slow.FirstPause = time.Hour // so that there is one round, and one at the end
		stop := deliverWith(t, l, logbook.URL, slow)
		<-asked
		stop()
		if n := len(asked) + 1; n > 60 {
			t.Errorf("%d requests for 150 lines that are all refused", n)
		}
		if n := count(t, db, "verwerkingen WHERE geweigerd > 0"); n > 8 {
			t.Errorf("%d of 150 lines were put off", n)
		}
		refuse = false
		deliver(t, l, logbook.URL)
		logbook.waitFor(t, 150)
	})
}

func TestTwoProcessesDeliverEachLineOnce(t *testing.T) {
	each(t, func(t *testing.T, open func() *Database) {
		one, two := NewLogboek(open()), NewLogboek(open())
		logbook := newRegister(t, nil)
		deliver(t, one, logbook.URL)
		deliver(t, two, logbook.URL)
		fill(t, one, 0, 3, 30)
		fill(t, two, 3, 3, 30)
		logbook.waitFor(t, 180)
		if n := len(logbook.got()); n != 180 {
			t.Errorf("%d deliveries of 180 lines", n)
		}
		inOrder(t, logbook.firsts())
	})
}

func TestWhatCanStillGoGoesAtTheEnd(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		away := true
		logbook := newRegister(t, func(int, []string, http.ResponseWriter) bool {
			if away {
				panic(http.ErrAbortHandler)
			}
			return true
		})
		stop := deliver(t, l, logbook.URL)
		fill(t, l, 0, 1, 250)
		logbook.mu.Lock()
		away = false
		logbook.mu.Unlock()
		stop()
		if n := len(logbook.firsts()); n != 250 {
			t.Errorf("%d of 250", n)
		}
		if n := count(t, db, "logboekbezorgers"); n != 0 {
			t.Error("the turn is not free for the next process")
		}
	})
}

func TestInterruptedWorkIsDeliveredAsAnError(t *testing.T) {
	eachStore(t, func(t *testing.T, db *Database) {
		l := NewLogboek(db)
		open := line(logboek.NewTrace(), "nooit klaar")
		open.End, open.Status = time.Time{}, logboek.Unset
		write(t, l, open) // began long ago
		young := open
		young.SpanID, young.Name, young.Begin = "00000000000000aa", "bezig", time.Now()
		write(t, l, young)
		logbook := newRegister(t, nil)
		stop := deliver(t, l, logbook.URL)
		logbook.waitFor(t, 1)
		stop()
		if got := strings.Join(logbook.firsts(), ","); got != "nooit klaar" {
			t.Error(got)
		}
	})
}
