package check

import "sync"

// maxFindings is how many findings of one rule are kept, and as many that somebody
// accepted; of the rest the number is.
const maxFindings = 100

// Report takes what one checker finds. It is safe for use after the engine gave up on
// the checker: what comes then is dropped.
type Report struct {
	config   Config
	today    string
	mutex    sync.Mutex
	closed   bool
	lost     string // why the checker lost its say
	looked   map[string]bool
	findings []Finding
	count    map[string]int // that nobody accepted
	accepted map[string]int
	missed   []Missed
	used     map[int]bool // exceptions that cover a finding, kept or not
}

// Missed is a place that a rule could not judge.
type Missed struct {
	Rule string
	Path string
	Why  string // a code, of which the catalogue has check.missed.CODE
}

func newReport(c Config, today string) *Report {
	return &Report{config: c, today: today, looked: map[string]bool{}, count: map[string]int{}, accepted: map[string]int{}, used: map[int]bool{}}
}

// Looked says that the rules had something to judge: without a finding they are met. A
// rule that never looked is idle.
func (r *Report) Looked(rules ...string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.closed {
		return
	}
	for _, rule := range rules {
		r.looked[rule] = true
	}
}

// Add takes a finding.
func (r *Report) Add(f Finding) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.closed {
		return
	}
	r.looked[f.Rule] = true
	for i, e := range r.config.Exceptions {
		if e.covers(f) {
			r.used[i] = true
		}
	}
	f = r.config.accept(f, r.today)
	count := r.count
	if f.Accepted != "" {
		count = r.accepted
	}
	if count[f.Rule]++; count[f.Rule] <= maxFindings {
		f.Args = masked(f.Args)
		r.findings = append(r.findings, f)
	}
}

// Miss says that a rule could not judge a place, so that nobody takes silence for
// compliance.
func (r *Report) Miss(rule, path, why string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if !r.closed && len(r.missed) < 1000 {
		r.missed = append(r.missed, Missed{rule, path, why})
	}
}

func (r *Report) lose(why string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.closed, r.lost = true, why
}
