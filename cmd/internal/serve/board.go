package serve

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
)

// Board is the board of a workshop: how far every team is, as the teams say it.
type Board struct {
	o       BoardOptions
	handler http.Handler
	token   string // in the forms of the laptop itself; new on every start
	guesses *guesses
	root    *os.Root
	path    []*course.Step // that the teams walk

	mu    sync.Mutex
	teams []*standing // by number
	dirty bool        // not yet on disk
}

// BoardOptions are what a board is of.
type BoardOptions struct {
	Workshop  *workshop.Workshop
	Course    *course.Course // nil when there is none
	Dir       string         // of the workshop: the state is kept there
	Now       func() time.Time
	Addresses func() []Address // of this laptop
	Name      string           // of this laptop
}

// standing is how far a team is.
type standing struct {
	team workshop.Team
	sum  [32]byte // of its code
	rate bucket
	from netip.Addr // where its code was used last

	kept
}

// kept is what of a standing outlives a restart.
type kept struct {
	Number   int       `json:"number"`
	Name     string    `json:"name"`
	Heard    time.Time `json:"heard,omitzero"`
	Reported bool      `json:"reported"` // said more than that it joined
	Step     string    `json:"step"`
	Checks   []Check   `json:"checks"`
	Running  bool      `json:"running"`
	Help     time.Time `json:"help,omitzero"` // since when; zero is not
	HelpStep string    `json:"helpStep,omitempty"`
}

// NewBoard makes the board of a workshop, with the state that was kept. Notice is
// what the trainer must know of it, such as a state that could not be read; "" is
// nothing.
func NewBoard(o BoardOptions) (b *Board, notice string, err error) {
	root, err := os.OpenRoot(o.Dir)
	if err != nil {
		return nil, "", err
	}
	b = &Board{o: o, token: rand.Text(), guesses: newGuesses(), root: root}
	if o.Course != nil {
		b.path = o.Course.For(o.Workshop.Days)
	}
	for _, team := range o.Workshop.Teams {
		b.teams = append(b.teams, &standing{team: team, sum: sha256.Sum256([]byte(team.Code)), kept: kept{Number: team.Number, Name: team.Name}})
	}
	slices.SortStableFunc(b.teams, func(x, y *standing) int { return x.team.Number - y.team.Number })
	notice, err = b.load()
	if err != nil {
		root.Close()
		return nil, "", err
	}
	b.handler = guard(ownHosts(o.Name), coursePolicy, b.routes())
	return b, notice, nil
}

// coursePolicy is for the pages of the course: they have a style and pictures.
const coursePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (b *Board) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", b.show)
	mux.HandleFunc("GET /meedoen", b.showJoin)
	mux.HandleFunc("GET /cursus/{file...}", b.showCourse)
	mux.HandleFunc("POST /hulp", b.helped)
	mux.HandleFunc("/api/v1/stand", b.api(b.takeReport))
	mux.HandleFunc("/api/v1/team", b.api(b.sayTeam))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		tell(w, http.StatusNotFound, "Deze pagina is er niet. Het bord staat op /.")
	})
	return mux
}

// ServeHTTP answers one request.
func (b *Board) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.handler.ServeHTTP(w, r) }

// Close lets go of the folder.
func (b *Board) Close() error { return b.root.Close() }

// find finds the team of a code without showing by its time how much of it is right.
func (b *Board) find(code string) *standing {
	sum := sha256.Sum256([]byte(code))
	var found *standing
	for _, s := range b.teams {
		if subtle.ConstantTimeCompare(sum[:], s.sum[:]) == 1 && s.team.Code != "" {
			found = s
		}
	}
	return found
}

// admit gives the team whose code this is, when it may speak now. Otherwise it says
// with which status it is refused. b.mu is held.
func (b *Board) admit(code string, from netip.Addr) (*standing, int) {
	now := b.o.Now()
	s := b.find(code)
	open := b.guesses.open(from, now)
	switch {
	case s == nil && open:
		b.guesses.wrong(from, now)
		return nil, http.StatusForbidden
	case s == nil, !open && s.from != from: // one that was right here before goes on
		return nil, http.StatusTooManyRequests
	case !s.rate.take(ofTeam, now):
		return nil, http.StatusTooManyRequests
	}
	s.from = from
	return s, http.StatusOK
}

// hear notes that a team said something that can be. b.mu is held.
func (b *Board) hear(s *standing) { s.Heard, b.dirty = b.o.Now(), true }

// take takes in what a team says. b.mu is held.
func (b *Board) take(s *standing, r Report) {
	b.hear(s)
	s.Reported, s.Step, s.Running = true, r.Step, r.Running
	s.Checks = inOrder(stepOf(b.o.Course, r.Step), r.Checks)
	switch {
	case r.Help && s.Help.IsZero():
		s.Help, s.HelpStep = s.Heard, r.Step
	case !r.Help && (s.HelpStep != r.Step || b.complete(s)):
		s.Help, s.HelpStep = time.Time{}, "" // they got on by themselves
	}
}

// complete says whether all checks of its step are good. b.mu is held.
func (b *Board) complete(s *standing) bool {
	step := stepOf(b.o.Course, s.Step)
	bad := func(c Check) bool { return !c.OK }
	return step != nil && len(s.Checks) > 0 && len(s.Checks) == len(step.Checks) && !slices.ContainsFunc(s.Checks, bad)
}

// inOrder gives the checks in the order of the step.
func inOrder(step *course.Step, checks []Check) []Check {
	if step == nil {
		return nil
	}
	var sorted []Check
	for _, known := range step.Checks {
		for _, check := range checks {
			if check.Name == known.Name {
				sorted = append(sorted, check)
			}
		}
	}
	return sorted
}

// helped takes back the request for help of a team: only from this laptop, by the
// form on its page.
func (b *Board) helped(w http.ResponseWriter, r *http.Request) {
	if !isLoopback(r.RemoteAddr, r.Host) {
		tell(w, http.StatusForbidden, "Dat kan alleen op de laptop van de trainer zelf.")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
	if err := r.ParseForm(); err != nil || subtle.ConstantTimeCompare([]byte(r.PostForm.Get("bewijs")), []byte(b.token)) != 1 {
		tell(w, http.StatusForbidden, "Het bord is opnieuw gestart. Ververs de pagina en druk nog eens.")
		return
	}
	b.mu.Lock()
	for _, s := range b.teams {
		if fmt.Sprint(s.team.Number) == r.PostForm.Get("team") && !s.Help.IsZero() {
			s.Help, s.HelpStep, b.dirty = time.Time{}, "", true
		}
	}
	b.mu.Unlock()
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
