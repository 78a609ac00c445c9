package check

import "sync"

// maxFindings is how many findings of one rule are kept; of the rest the number is.
const maxFindings = 100

// Report takes what one checker finds. It is safe for use after the engine gave up on
// the checker: what comes then is dropped.
type Report struct {
	mutex    sync.Mutex
	closed   bool
	lost     string // why the checker lost its say
	looked   map[string]bool
	findings []Finding
	count    map[string]int
	missed   []Missed
}

// Missed is a place that a rule could not judge.
type Missed struct {
	Rule string
	Path string
	Why  string // a code, of which the catalogue has check.missed.CODE
}

func newReport() *Report {
	return &Report{looked: map[string]bool{}, count: map[string]int{}}
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
	if f.Accepted != "" && r.count[f.Rule] >= maxFindings {
		return // what is not kept counts as not accepted
	}
	if r.count[f.Rule]++; r.count[f.Rule] <= maxFindings {
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
