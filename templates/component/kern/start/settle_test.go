package start

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
)

// changing is the example with files in the place of its own, on one store.
type changing struct {
	t     *testing.T
	data  string
	files fstest.MapFS
}

func newChanging(t *testing.T) *changing {
	t.Helper()
	// Layer 2 has the zaken and nothing else here.
	spec, err := fs.ReadFile(moving(t).Files, "2-diensten/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, after, _ := strings.Cut(string(spec), "\n  /verhuizingen:")
	_, after, _ = strings.Cut(after, "\n  /zaken:")
	return &changing{t, filepath.Join(t.TempDir(), "zaken.db"), fstest.MapFS{"2-diensten/openapi.yaml": {Data: []byte(before + "\n  /zaken:" + after)}}}
}

// edit replaces a text in the files with the process and its API.
func (c *changing) edit(old, new string) {
	c.t.Helper()
	found := false
	for _, name := range []string{"4-proces/proces.bpmn", "4-proces/openapi.yaml"} {
		raw, err := fs.ReadFile(instead{moving(c.t).Files, c.files}, name)
		if err != nil {
			c.t.Fatal(err)
		}
		changed := strings.ReplaceAll(string(raw), old, new)
		found = found || changed != string(raw)
		c.files[name] = &fstest.MapFile{Data: []byte(changed)}
	}
	if !found {
		c.t.Fatalf("%s stands in no file", old)
	}
}

func (c *changing) write(name, text string) { c.files[name] = &fstest.MapFile{Data: []byte(text)} }

func (c *changing) parts() *Parts {
	c.t.Helper()
	rooms := moving(c.t)
	rooms.Files = instead{rooms.Files, c.files}
	parts, err := rooms.Read()
	if err != nil {
		c.t.Fatal(err)
	}
	return parts
}

// start starts layers 2, 3 and 4.
func (c *changing) start(env ...string) (*Running, error) {
	c.t.Helper()
	component := c.parts().Component()
	s, err := ReadSettings(component, []string{LayerServices, LayerData, LayerIntegration, LayerProcess}, environment(append([]string{"PORT", "0", "DATA", c.data}, env...)...), c.t.Output())
	if err != nil {
		c.t.Fatal(err)
	}
	return Run(c.t.Context(), s, component)
}

// run starts them, and stops them when work is done.
func (c *changing) run(work func(*Running)) {
	c.t.Helper()
	r, err := c.start()
	if err != nil {
		c.t.Fatal(err)
	}
	if work != nil {
		work(r)
	}
	if err := r.Stop(); err != nil {
		c.t.Fatal(err)
	}
}

// store opens the store of a component that stands still.
func (c *changing) store(work func(*opslag.Zaken)) {
	c.t.Helper()
	db, err := opslag.Open(c.t.Context(), "", c.data)
	if err != nil {
		c.t.Fatal(err)
	}
	work(opslag.NewZaken(db, ""))
	if err := db.Close(); err != nil {
		c.t.Fatal(err)
	}
}

// add puts zaken at a step.
func (c *changing) add(step string, n int) (ids []string) {
	c.t.Helper()
	name := c.parts().Model.Name
	c.store(func(zaken *opslag.Zaken) {
		for range n {
			z, _, err := zaken.Create(c.t.Context(), opslag.NewZaak{Omschrijving: "Verhuizing", Zaaktype: name, CurrentStep: step}, opslag.Key{})
			if err != nil {
				c.t.Fatal(err)
			}
			ids = append(ids, z.ID)
		}
	})
	return ids
}

// ask makes a request to layer 4 as an employee, and gives the answer as text.
func (c *changing) ask(r *Running, method, path, body string, header ...string) (int, string, http.Header) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, r.URLs[LayerProcess]+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	identity.User{ID: "medewerker-1", Role: "burgerzaken"}.SetHeaders(req.Header)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw), resp.Header
}

// TestNoStartWithZakenThatWouldBeNobodys: who renames a step hears of the zaken
// there, with what to write, and then they go on, once.
func TestNoStartWithZakenThatWouldBeNobodys(t *testing.T) {
	t.Parallel()
	c := newChanging(t)
	c.run(nil)
	ids := c.add("beoordelen", 3)
	c.edit(`"beoordelen"`, `"toetsen"`)
	c.edit("/beoordelen:", "/toetsen:")
	_, err := c.start()
	if _, refused := errors.AsType[*proces.Refusal](err); !refused {
		t.Fatalf("it starts: %v", err)
	}
	for _, want := range []string{"3 lopende zaken", "beoordelen (“Aangifte beoordelen”): 3 lopende zaken", "\nbeoordelen: toetsen\n", proces.TransitionsFile, "go run . reset", "blijft", "Er is niets veranderd"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
	c.store(func(zaken *opslag.Zaken) {
		if all, err := zaken.Definitions(t.Context(), c.parts().Model.Name); err != nil || len(all) != 1 {
			t.Errorf("a process that was refused has a version: %+v %v", all, err)
		}
	})
	c.write(proces.TransitionsFile, "# de stap heet anders\nbeoordelen: toetsen\n")
	for range 2 { // once
		c.run(func(r *Running) {
			status, text, _ := c.ask(r, "GET", "/v1/zaken/"+ids[0], "")
			for _, want := range []string{`"naam":"toetsen"`, "De stap “Aangifte beoordelen” bestaat niet meer; deze zaak ging door een wijziging van het proces verder bij “Aangifte beoordelen”.", "Begonnen onder versie 1 van het proces"} {
				if status != 200 || strings.Count(text, want) != 1 {
					t.Errorf("%d: %q is not once in %s", status, want, text)
				}
			}
		})
	}
	c.store(func(zaken *opslag.Zaken) {
		for _, id := range ids {
			z, err := zaken.Read(t.Context(), id)
			if err != nil || z.CurrentStep != "toetsen" || z.Version != 2 || z.Began != 1 {
				t.Errorf("%+v %v", z, err)
			}
		}
	})
}

// TestZakenStayOnTheirProcessToItsEnd, where the code for that is still there.
func TestZakenStayOnTheirProcessToItsEnd(t *testing.T) {
	t.Parallel()
	c := newChanging(t)
	c.run(nil)
	ids := c.add("beoordelen", 1)
	c.edit(`"beoordelen"`, `"toetsen"`)
	c.edit("/beoordelen:", "/toetsen:")
	c.write(proces.TransitionsFile, "beoordelen: blijft\n")
	_, err := c.start()
	if err == nil || !strings.Contains(err.Error(), "POST /zaken/{zaakId}/beoordelen ontbreekt in 4-proces/openapi.yaml") || !strings.Contains(err.Error(), proces.TransitionsFile+" regel 1") {
		t.Fatalf("without its operation: %v", err)
	}
	spec := string(c.files["4-proces/openapi.yaml"].Data)
	begin := strings.Index(spec, "  /zaken/{zaakId}/toetsen:")
	end := begin + 3 + strings.Index(spec[begin+3:], "\n  /")
	operation := strings.ReplaceAll(spec[begin:end+1], "/toetsen:", "/beoordelen:")
	operation = strings.ReplaceAll(operation, "operationId: ", "operationId: oud-")
	c.write("4-proces/openapi.yaml", spec[:begin]+operation+spec[begin:])
	for _, next := range []struct{ step, body, at string }{{"beoordelen", `{"uitkomst":"akkoord"}`, "verwerken"}, {"verwerken", `{}`, "verwerkt"}} {
		c.run(func(r *Running) {
			_, tasks, _ := c.ask(r, "GET", "/v1/taken?rol=burgerzaken", "")
			status, text, header := c.ask(r, "GET", "/v1/zaken/"+ids[0], "")
			if status != 200 || !strings.Contains(text, `"procesversie":1`) || !strings.Contains(text, "de zaak blijft op versie 1") || !strings.Contains(tasks, ids[0]) {
				t.Fatalf("%d %s\n%s", status, text, tasks)
			}
			if status, picture, _ := c.ask(r, "GET", "/intern/processen/1/bpmn", ""); status != 200 || !strings.Contains(picture, `id="beoordelen"`) {
				t.Errorf("the picture of then: %d %s", status, picture)
			}
			status, text, _ = c.ask(r, "POST", "/v1/zaken/"+ids[0]+"/"+next.step, next.body, "If-Match", header.Get("ETag"))
			if status != 200 || !strings.Contains(text, `"naam":"`+next.at+`"`) {
				t.Fatalf("%s: %d %s", next.step, status, text)
			}
		})
	}
	c.store(func(zaken *opslag.Zaken) {
		if z, err := zaken.Read(t.Context(), ids[0]); err != nil || z.Resultaat == "" || z.Stays != 1 {
			t.Errorf("%+v %v", z, err)
		}
	})
}

// TestAProcessWithAnotherNameHidesNoZaken.
func TestAProcessWithAnotherNameHidesNoZaken(t *testing.T) {
	t.Parallel()
	c := newChanging(t)
	c.run(nil)
	c.add("beoordelen", 2)
	name := c.parts().Model.Name
	c.edit(`"Proces_`+name+`"`, `"Proces_anders"`)
	_, err := c.start()
	if err == nil || !strings.Contains(err.Error(), "het proces heet nu anders, en het register heeft 2 zaken van "+name) || !strings.Contains(err.Error(), "regel ") {
		t.Errorf("%v", err)
	}
}

// TestLayersThatStartApart: layer 4 waits for layer 2 without being ready, and then
// it opens, or it stops with the refusal.
func TestLayersThatStartApart(t *testing.T) {
	t.Parallel()
	for name, renamed := range map[string]bool{"opens": false, "stops": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChanging(t)
			c.run(nil)
			c.add("beoordelen", 1)
			if renamed {
				c.edit(`"beoordelen"`, `"toetsen"`)
				c.edit("/beoordelen:", "/toetsen:")
			}
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			address := l.Addr().String()
			_ = l.Close() // nobody is there yet
			component := c.parts().Component()
			s, err := ReadSettings(component, []string{LayerProcess}, environment("PORT", "0", "DATA", c.data, "OUTWAY_URL", "http://"+address), io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			four, err := Run(t.Context(), s, component)
			if err != nil {
				t.Fatal(err)
			}
			if status, _, header := c.ask(four, "GET", "/healthz/ready", ""); status != 503 || header.Get("Retry-After") == "" {
				t.Errorf("it says that it is ready: %d", status)
			}
			if status, _, _ := c.ask(four, "GET", "/v1/zaken", ""); status != 503 {
				t.Errorf("it takes requests: %d", status)
			}
			if status, _, _ := c.ask(four, "GET", "/healthz/live", ""); status != 200 {
				t.Errorf("it says that it does not live: %d", status)
			}
			two := c.under(address)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			if renamed {
				if err := four.Wait(ctx); err == nil || !strings.Contains(err.Error(), "beoordelen: toetsen") {
					t.Errorf("it goes on: %v", err)
				}
			} else {
				for status := 0; status != 200 && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
					status, _, _ = c.ask(four, "GET", "/healthz/ready", "")
				}
				if _, text, _ := c.ask(four, "GET", "/v1/zaken", ""); !strings.Contains(text, `"count":1`) {
					t.Errorf("it does not open: %s", text)
				}
			}
			for _, r := range []*Running{four, two} {
				if err := r.Stop(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// under starts layers 2 and 3, of which the outway listens on an address.
func (c *changing) under(address string) *Running {
	c.t.Helper()
	component := c.parts().Component()
	s, err := ReadSettings(component, []string{LayerServices, LayerData, LayerIntegration}, environment("PORT", "0", "DATA", c.data), io.Discard)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := Run(c.t.Context(), s, component)
	if err != nil {
		c.t.Fatal(err)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		c.t.Skip("that port was taken meanwhile")
	}
	front := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		out, _ := http.NewRequestWithContext(q.Context(), q.Method, r.URLs[LayerIntegration]+q.URL.RequestURI(), q.Body)
		out.Header = q.Header
		resp, err := http.DefaultClient.Do(out)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		for k, v := range resp.Header {
			w.Header()[k] = v
		}
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	}))
	front.Listener = l
	front.Start()
	c.t.Cleanup(front.Close)
	return r
}

// TestEverythingWrongWithTheProcessIsSaidAtOnce: what a modeller did to the file, and
// what of the code does not go with it any more.
func TestEverythingWrongWithTheProcessIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	c := newChanging(t)
	c.edit(`candidateGroups="burgerzaken"`, `candidateGroups="beheer"`)
	bpmn := string(c.files["4-proces/proces.bpmn"].Data)
	c.write("4-proces/proces.bpmn", strings.ReplaceAll(strings.ReplaceAll(bpmn, "adres-controleren", "adres-zoeken"), `"uitkomst.afwijzen"`, `"uitkomst.weigeren"`))
	c.write(proces.TransitionsFile, "beoordelen: aanvullen\nweg: nergens\nweg: aanvullen\nklaar: verwerkt\n")
	rooms := moving(t)
	rooms.Files = instead{rooms.Files, c.files}
	_, err := rooms.Read()
	for _, want := range []string{
		": stap beoordelen is voor rol beheer; die staat niet in 4-proces/rollen.go",
		": stap adres-zoeken bevraagt een bron; de vraag staat niet in 4-proces/verloop.go",
		"4-proces/verloop.go heeft een vraag bij stap adres-controleren",
		"uitkomst weigeren van stap beoordelen staat in 4-proces/proces.bpmn en ontbreekt in 4-proces/openapi.yaml bij POST /zaken/{zaakId}/beoordelen",
		"uitkomst afwijzen van stap beoordelen staat in 4-proces/openapi.yaml",
		"de property uitkomst van de pijl",
		"4-proces/overgang.yaml regel 1: stap beoordelen bestaat nog",
		"4-proces/overgang.yaml regel 2: stap nergens staat niet",
		"4-proces/overgang.yaml regel 3: weg staat er al, op regel 2",
		"4-proces/overgang.yaml regel 4: verwerkt is een einde",
	} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
}
