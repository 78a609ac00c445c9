package proef

import (
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

const (
	largest = 15 << 20 // the usual limit of a file
	memory  = 64 << 20 // what a component may use while two of those come in
)

// uploads says whether a form asks for a file.
func uploads(fields []Field) bool {
	return slices.ContainsFunc(fields, func(f Field) bool { return f.control() == value.Upload })
}

// largeFiles sends two large files at once and takes them back: they stream
// through all layers, and are never in memory as a whole.
func largeFiles(t *testing.T, o *Setup) {
	t.Helper()
	first := o.paths[0][0]
	if first.Kind != "form" || !uploads(first.Fields) {
		return
	}
	// Without what looks along: that keeps whatever comes by.
	p := &Trial{t: t, setup: o, log: &sink{}, env: map[string]string{"PORT": "0", "DATA": filepath.Join(t.TempDir(), "proef.db")}}
	if base := os.Getenv("TEST_DATABASE_URL"); base != "" {
		p.env["DATABASE_URL"] = FreshSchema(t, base)
	}
	s, err := start.ReadSettings(o.component, nil, func(name string) string { return p.env[name] }, p.log)
	if err != nil {
		t.Fatal(err)
	}
	if p.running, err = start.Run(t.Context(), s, o.component); err != nil {
		t.Fatal(err)
	}
	defer p.halt()
	fields := slices.Clone(first.Fields)
	sent := false
	for i := range fields {
		if fields[i].control() == value.Upload && !sent {
			fields[i].large, sent = largest, true
		}
	}
	role := first.Role
	if first.Anonymous {
		role = ""
	}
	runtime.GC()
	peak, stop := watchMemory()
	var work sync.WaitGroup
	for range 2 {
		v := p.Visitor(o.Course.Roles, role)
		page := v.Open("/starten")
		work.Go(func() {
			answer := v.stream(page, "/starten", fields)
			if answer.Status != http.StatusOK {
				t.Errorf("een bestand van %d MB: status %d: %s", largest>>20, answer.Status, answer.Mistakes())
				return
			}
			v.takeBack(answer, fields, o.Pages.Subject)
		})
	}
	work.Wait()
	stop()
	t.Logf("twee bestanden tegelijk: %d MB", peak.Load()>>20)
	if used := peak.Load(); used > memory {
		t.Errorf("twee bestanden tegelijk vroegen %d MB; hoogstens %d", used>>20, memory>>20)
	}
}

// watchMemory remembers the most that is in use, until it is stopped.
func watchMemory() (peak *atomic.Uint64, stop func()) {
	peak = &atomic.Uint64{}
	end := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse+m.StackInuse))
			select {
			case <-end:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	return peak, func() { close(end); work.Wait() }
}

// stream is FillIn for a form that is too large to keep.
func (v *Visitor) stream(page Page, action string, fields []Field) Page {
	_, form, _ := strings.Cut(page.Text, `action="`+action+`"`)
	form, _, _ = strings.Cut(form, "</form>")
	r, w := io.Pipe()
	parts := multipart.NewWriter(w)
	go func() {
		v.compose(parts, page, form, fields)
		_ = w.Close()
	}()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.base()+action, r)
	if err != nil {
		v.t.Error(err)
		return Page{}
	}
	req.Header.Set("Content-Type", parts.FormDataContentType())
	return v.do(req)
}

// takeBack saves the large file of the zaak that came of a form, when the person
// may see it.
func (v *Visitor) takeBack(answer Page, fields []Field, stored []paginas.Field) {
	m := zaakLink.FindStringSubmatch(answer.Path + answer.Text)
	if m == nil {
		v.t.Errorf("na het begin noemt de pagina geen zaak: %s", answer.Heading())
		return
	}
	for _, f := range fields {
		if f.large == 0 || !slices.ContainsFunc(stored, func(s paginas.Field) bool { return s.Name == f.Name }) {
			continue // one that is not stored was for the form only
		}
		req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.base()+"/zaken/"+m[1]+"/bestanden/"+f.Name, nil)
		if err != nil {
			v.t.Error(err)
			return
		}
		resp, err := v.client.Do(req)
		if err != nil {
			v.t.Error(err)
			return
		}
		n, err := io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if known := v.Person.Known(); err != nil || known && (resp.StatusCode != http.StatusOK || n != f.large) {
			v.t.Errorf("het bestand terughalen: status %d, %d bytes van de %d, %v", resp.StatusCode, n, f.large, err)
		}
	}
}

// sessionOver sends a form of which the session has ended: after logging in again
// the same person finds it filled in, and somebody else does not.
func sessionOver(t *testing.T, o *Setup) {
	t.Helper()
	first := o.paths[0][0]
	if first.Kind != "form" || first.Anonymous {
		return
	}
	p := Start(t, o)
	v := p.Visitor(o.Course.Roles, first.Role)
	page := v.Open("/starten")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	before := p.countZaken()
	away := &Visitor{t: t, trial: p, client: &http.Client{Jar: jar, Timeout: time.Minute}}
	if answer := away.FillIn(page, "/starten", first.Fields); answer.Status != http.StatusForbidden || !strings.Contains(answer.Text, "wel bewaard") {
		t.Errorf("een formulier zonder sessie: status %d: %s", answer.Status, answer.Heading())
	}
	again := p.Visitor(o.Course.Roles, first.Role).Open("/starten")
	if again.Status != http.StatusOK || !strings.Contains(again.Text, `action="/opnieuw"`) {
		t.Errorf("na het inloggen is het formulier niet ingevuld: status %d", again.Status)
	}
	if n := p.countZaken() - before; n != 0 {
		t.Errorf("er kwamen %d zaken bij zonder sessie", n)
	}
}
