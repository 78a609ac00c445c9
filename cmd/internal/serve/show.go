package serve

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/page"
)

//go:embed *.html *.css
var texts embed.FS

var pages = template.Must(template.ParseFS(texts, "*.html"))

// silent is after how long a team that says nothing is worth a look: a step is a
// quarter of an hour.
const silent = 20 * time.Minute

// refresh is how often the board shows itself anew, in seconds.
const refresh = 10

// overview is what the page of the board shows.
type overview struct {
	Totals  []total
	Teams   []card // who asks for help first, the longest waiting before others; then by number
	Dense   bool   // many teams: smaller, and of the checks that are good only how many
	Part    int    // of the teams, from 1; 0 is all of them at once
	Parts   int
	Join    string
	Course  bool
	Local   bool   // on this laptop: help can be taken back
	Proof   string // in its forms
	Still   bool   // does not refresh itself
	Seconds int
}

type total struct {
	Number int
	Words  string
	Kind   string
}

// card is one team.
type card struct {
	Number  int
	Name    string
	Colour  string
	Joined  bool
	Step    string // such as: Stap 4 van 10
	Title   string
	Done    bool // all steps
	Checks  []Check
	Good    int // of the checks
	Running bool
	Heard   string
	Silent  bool
	Help    string // since when
	since   time.Time
}

// show is the board.
func (b *Board) show(w http.ResponseWriter, r *http.Request) {
	o := b.overview(r)
	p := page.Page{Title: "Bord", Site: "Workshop " + b.o.Workshop.Case, Wide: true, Style: style("board.css")}
	if !o.Still {
		p.Refresh = refresh
	}
	if o.Part > 0 {
		p.Next = fmt.Sprintf("?deel=%d", o.Part%o.Parts+1)
	}
	writePage(w, p, "board.html", o)
}

func (b *Board) overview(r *http.Request) overview {
	o := overview{
		Join: b.joinAddress(r), Course: b.o.Course != nil, Local: isLoopback(r.RemoteAddr, r.Host), Still: r.URL.Query().Has("stil"),
		Dense: len(b.teams) > 24, Seconds: refresh,
	}
	if o.Local {
		o.Proof = b.token
	}
	b.mu.Lock()
	now := b.o.Now()
	var joined, running, done, quiet int
	var help []card
	for _, s := range b.teams {
		c := b.card(s, now)
		joined += one(c.Joined)
		running += one(c.Running)
		done += one(c.Done)
		quiet += one(c.Silent)
		if c.Help != "" {
			help = append(help, c)
		} else {
			o.Teams = append(o.Teams, c)
		}
	}
	b.mu.Unlock()
	slices.SortStableFunc(help, func(x, y card) int { return x.since.Compare(y.since) })
	o.Totals = []total{
		{len(b.teams), plural(len(b.teams), "team", "teams"), ""}, {joined, "aangemeld", ""}, {running, plural(running, "draait", "draaien"), ""},
		{len(help), plural(len(help), "vraagt hulp", "vragen hulp"), "hulp"}, {quiet, "lang stil", "stil"}, {done, "klaar", "klaar"},
	}
	o.choose(help, r.URL.Query().Get("deel"))
	return o
}

// A screen of a beamer holds this many teams that can be read from the back.
const onScreen = 15

// choose chooses the teams that show: all of them, or those of one part. Who asks for
// help is in each.
func (o *overview) choose(help []card, asked string) {
	if part, err := strconv.Atoi(asked); err == nil && o.Dense {
		each := max(onScreen-len(help), onScreen/3)
		o.Parts = max(1, (len(o.Teams)+each-1)/each)
		o.Part = min(max(part, 1), o.Parts)
		o.Teams = o.Teams[min((o.Part-1)*each, len(o.Teams)):min(o.Part*each, len(o.Teams))]
		o.Dense = false
	} else {
		o.Parts = one(o.Dense)
	}
	o.Teams = slices.Concat(help, o.Teams)
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

func plural(n int, single, more string) string {
	if n == 1 {
		return single
	}
	return more
}

// card is what shows of a team. b.mu is held.
func (b *Board) card(s *standing, now time.Time) card {
	c := card{
		Number: s.team.Number, Name: s.team.Name, Colour: page.Readable(s.team.Colour), Joined: !s.Heard.IsZero(),
		Checks: s.Checks, Running: s.Running, since: s.Help,
	}
	for _, check := range s.Checks {
		c.Good += one(check.OK)
	}
	if !c.Joined {
		return c
	}
	quiet := now.Sub(s.Heard)
	c.Heard = ago(quiet)
	switch step := stepOf(b.o.Course, s.Step); {
	case step != nil:
		c.Step, c.Title = "Een stap buiten het plan", step.Title
		if at := slices.Index(b.path, step); at >= 0 {
			c.Step = fmt.Sprintf("Stap %d van %d", at+1, len(b.path))
			c.Done = at+1 == len(b.path) && b.complete(s)
		}
	case s.Reported && b.o.Course != nil:
		c.Done = true
	}
	c.Silent = quiet >= silent && !c.Done
	if !s.Help.IsZero() {
		c.Help = ago(now.Sub(s.Help))
	}
	return c
}

// joinAddress is what a team types to reach this board.
func (b *Board) joinAddress(r *http.Request) string {
	host := r.Host
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok || !isLoopback(r.RemoteAddr, r.Host) {
		return host
	}
	_, port, err := net.SplitHostPort(local.String())
	if found := b.o.Addresses(); err == nil && len(found) > 0 {
		host = net.JoinHostPort(found[0].IP.String(), port)
	}
	return host
}

// showJoin says how a team joins.
func (b *Board) showJoin(w http.ResponseWriter, r *http.Request) {
	writePage(w, page.Page{Title: "Meedoen", Site: "Workshop " + b.o.Workshop.Case, Crumbs: []page.Link{{Href: "./", Text: "Bord"}}}, "join.html", b.joinAddress(r))
}

func style(name string) template.CSS {
	body, err := texts.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return template.CSS(body) // #nosec G203 -- Our own file.
}

// writePage puts a page together before anything of it is sent.
func writePage(w http.ResponseWriter, p page.Page, name string, data any) {
	var body, whole bytes.Buffer
	if err := pages.ExecuteTemplate(&body, name, data); err != nil {
		tell(w, http.StatusInternalServerError, "De pagina is niet te maken.")
		return
	}
	p.Body = template.HTML(body.String()) // #nosec G203 -- Of a template, which escapes.
	if err := page.Write(&whole, p); err != nil {
		tell(w, http.StatusInternalServerError, "De pagina is niet te maken.")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(whole.Bytes())
}

// showCourse shows a page of the course, or one that names its steps when the course
// has no pages. Only pages and pictures: the rest of a course has the answers.
func (b *Board) showCourse(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	if name == "" {
		name = "index.html"
	}
	kind := types[path.Ext(name)]
	if strings.HasPrefix(name, ".") || strings.Contains(name, "/.") || !strings.HasPrefix(kind, "text/html") && !strings.HasPrefix(kind, "image/") {
		tell(w, http.StatusNotFound, "Deze pagina is er niet.")
		return
	}
	body, err := readSmall(b.root, path.Join("cursus", name), 8<<20)
	switch {
	case err == nil:
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(body) // #nosec G705 -- A file of the course, which the trainer made.
	case name == "index.html" && b.o.Course != nil && errors.Is(err, fs.ErrNotExist):
		writePage(w, page.Page{Title: b.o.Course.Title, Site: "Workshop " + b.o.Workshop.Case, Crumbs: []page.Link{{Href: "../", Text: "Bord"}}}, "course.html", b.o.Course)
	default:
		tell(w, http.StatusNotFound, "Deze pagina is er niet.")
	}
}

// types are the kinds of files that are served; all others are just bytes.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".txt": "text/plain; charset=utf-8",
	".md": "text/markdown; charset=utf-8", ".yaml": "text/plain; charset=utf-8", ".json": "application/json",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp",
	".zip": "application/zip", ".gz": "application/gzip", ".info": "application/json", ".mod": "text/plain; charset=utf-8",
}
