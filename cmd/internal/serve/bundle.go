package serve

import (
	"context"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/bundle"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/page"
)

// How a bundle goes over Wi-Fi that is too narrow for all at once: large files to a
// few at a time, and who stands still for long makes place.
const (
	large       = 1 << 20
	mostAtOnce  = 8
	mostStalled = 45 * time.Second
	turn        = 10 * time.Second // how long who has a place keeps it while others wait
)

// Shelf offers the files of a bundle, read-only.
type Shelf struct {
	root    *os.Root
	sums    map[string]string // of the files that it offers, by path
	places  chan struct{}     // for large files
	turn    time.Duration
	now     func() time.Time
	mark    string // that a trainer reads out; "" when it is not known
	handler http.Handler
}

// NewShelf is the handler that offers the bundle in dir: the files that its list of
// sums names, and nothing else. name is that of this laptop; mark is what the bundle
// is known by, "" when that does not matter.
func NewShelf(dir, name, mark string, now func() time.Time) (*Shelf, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	sums, err := readSums(root, bundle.SumsFile)
	if err != nil {
		root.Close()
		return nil, err
	}
	s := &Shelf{root: root, mark: mark, sums: sums, places: make(chan struct{}, mostAtOnce), turn: turn, now: now}
	s.handler = guard(ownHosts(name), coursePolicy, http.HandlerFunc(s.serve))
	return s, nil
}

// ServeHTTP answers one request.
func (s *Shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close lets go of the folder.
func (s *Shelf) Close() error { return s.root.Close() }

func (s *Shelf) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		tell(w, http.StatusMethodNotAllowed, "Hier is alleen te lezen.")
		return
	}
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close") // nobody waits for what is not read
		tell(w, http.StatusBadRequest, "Hier is alleen te lezen.")
		return
	}
	moving := &moving{ResponseWriter: w, to: http.NewResponseController(w), now: s.now}
	name := strings.TrimPrefix(r.URL.Path, "/")
	sum, listed := s.sums[name]
	switch {
	case name == "":
		s.show(moving, r)
	case listed || name == bundle.SumsFile:
		s.file(moving, r, name, sum)
	default:
		tell(moving, http.StatusNotFound, "Dit bestand is niet van de bundel. Begin op /.")
	}
}

// file sends a file, or the part of it that is asked for.
func (s *Shelf) file(w *moving, r *http.Request, name, sum string) {
	info, err := s.root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		tell(w, http.StatusNotFound, "Dit bestand is er niet meer.")
		return
	}
	f, err := s.root.Open(name)
	if err != nil {
		tell(w, http.StatusNotFound, "Dit bestand is niet te lezen.")
		return
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", typeOf(name))
	h.Set("Cache-Control", "no-cache")
	if sum != "" {
		h.Set("ETag", `"`+sum+`"`) // so that what broke off goes on with the same file
	}
	if info.Size() > large && r.Method == http.MethodGet {
		w.places, w.turn, w.gone = s.places, s.turn, r.Context().Done()
		defer w.leave()
	}
	http.ServeContent(w, r, "", info.ModTime(), f)
}

// typeOf is the kind of a file by its name. What a browser would show and is not
// meant for it, is a download.
func typeOf(name string) string {
	if kind, known := types[strings.ToLower(path.Ext(name))]; known {
		return kind
	}
	return "application/octet-stream"
}

// moving gives an answer more time as long as it moves on. A large one has to wait
// for a place; until then a little of it goes out every so often, so that the other
// end sees that it will come.
type moving struct {
	http.ResponseWriter
	to  *http.ResponseController
	now func() time.Time

	places chan struct{} // nil when it needs none
	turn   time.Duration
	gone   <-chan struct{}
	place  *place // that it has, or had
}

// place is a place for a large file. It is given back when the turn is over, also of
// who does not read on: slow ones do not keep the others waiting.
type place struct {
	over  atomic.Bool
	give  func()
	timer *time.Timer
}

// took notes that there is a place.
func (m *moving) took() {
	p := &place{}
	p.give = sync.OnceFunc(func() {
		p.over.Store(true)
		<-m.places
	})
	p.timer = time.AfterFunc(m.turn, p.give)
	m.place = p
}

// waits says whether it may not send yet.
func (m *moving) waits() bool { return m.places != nil && (m.place == nil || m.place.over.Load()) }

// How much goes out to who waits, and how often.
const (
	trickle      = 256
	trickleEvery = 5 * time.Second
)

// Write sends a part.
func (m *moving) Write(part []byte) (sent int, err error) {
	for m.waits() {
		select {
		case m.places <- struct{}{}:
			m.took()
			continue
		default:
		}
		n, err := m.send(part[:min(trickle, len(part))])
		if sent, part = sent+n, part[n:]; err != nil || len(part) == 0 {
			return sent, err
		}
		if err := m.to.Flush(); err != nil {
			return sent, err
		}
		select {
		case m.places <- struct{}{}:
			m.took()
		case <-m.gone:
			return sent, context.Canceled
		case <-time.After(trickleEvery):
		}
	}
	n, err := m.send(part)
	return sent + n, err
}

func (m *moving) send(part []byte) (int, error) {
	_ = m.to.SetWriteDeadline(m.now().Add(mostStalled))
	return m.ResponseWriter.Write(part)
}

// leave makes place for the next.
func (m *moving) leave() {
	if m.place != nil {
		m.place.timer.Stop()
		m.place.give()
	}
}

// Unwrap is how the rest of net/http finds what is in it.
func (m *moving) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// shelf is what the page of a bundle shows.
type shelf struct {
	Base      string // http://host:port, as the visitor came here
	Systems   []system
	Documents []page.Link
	Examples  []page.Link
	Teams     []page.Link
	Go        string
	Mark      string
	ReadMe    bool
	Missing   []string
}

// system is a kind of laptop, with what fieldlab has for it.
type system struct {
	OS, Name string
	Mine     bool // most likely that of the visitor
	Builds   []build
}

// build is fieldlab for one processor.
type build struct{ Arch, Path, File, Sum string }

func (s *Shelf) show(w http.ResponseWriter, r *http.Request) {
	data := shelf{Base: "http://" + r.Host, Mark: s.mark, ReadMe: s.sums["LEES-MIJ.html"] != ""}
	for _, known := range []system{{OS: "windows", Name: "Windows"}, {OS: "darwin", Name: "macOS"}, {OS: "linux", Name: "Linux"}} {
		for _, arch := range []string{"amd64", "arm64"} {
			file := "fieldlab"
			if known.OS == "windows" {
				file += ".exe"
			}
			where := "fieldlab/" + known.OS + "-" + arch + "/" + file
			if sum := s.sums[where]; sum != "" {
				known.Builds = append(known.Builds, build{arch, where, file, sum})
			}
		}
		if known.OS == "darwin" {
			slices.Reverse(known.Builds) // most of those have a chip of Apple
		}
		known.Mine = known.OS == systemOf(r.UserAgent())
		if len(known.Builds) > 0 {
			data.Systems = append(data.Systems, known)
		}
	}
	slices.SortStableFunc(data.Systems, func(a, b system) int { return one(b.Mine) - one(a.Mine) })
	data.Documents, data.Examples, data.Teams = s.links("documenten/", ".html"), s.links("voorbeelden/", ".html"), s.links("teams/", ".zip")
	if m, err := bundle.Read(s.root.FS()); err == nil {
		data.Go, data.Missing = m.Go, m.Missing
	}
	writePage(w, page.Page{Title: "Aan de slag zonder internet", Style: style("bundle.css")}, "bundle.html", data)
}

// links are the files of a folder with an ending, in order.
func (s *Shelf) links(folder, ending string) (links []page.Link) {
	for name := range s.sums {
		if file, in := strings.CutPrefix(name, folder); in && strings.HasSuffix(name, ending) && !strings.Contains(file, "/") {
			links = append(links, page.Link{Href: name, Text: strings.TrimSuffix(file, ending)})
		}
	}
	slices.SortFunc(links, func(a, b page.Link) int { return strings.Compare(a.Href, b.Href) })
	return links
}

// systemOf is what a browser says that it runs on; "" when that is none of ours.
func systemOf(agent string) string {
	switch {
	case strings.Contains(agent, "Android"), strings.Contains(agent, "iPhone"), strings.Contains(agent, "iPad"):
		return ""
	case strings.Contains(agent, "Windows"):
		return "windows"
	case strings.Contains(agent, "Macintosh"):
		return "darwin"
	case strings.Contains(agent, "Linux"):
		return "linux"
	}
	return ""
}
