package workshopcmd

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/serve"
)

// aFollower is a component of a team with a course of one step, which asks for a file.
func aFollower(t *testing.T) (dir string) {
	t.Helper()
	at, teams := aWorkshop(t)
	dir = filepath.Join(at, "teams", teams[0].Folder)
	for name, text := range map[string]string{
		"cursus/cursus.yaml": "version: 1\nname: proef\ntitle: Proef\n",
		"cursus/01-een.md":   "---\ntitle: Een\ngoal: x\nchecks:\n  - {name: Het bestand is er, kind: file, path: docs/x.md}\n---\n## Doen\nx\n## Hint\nx\n",
	} {
		file := filepath.Join(dir, ".fieldlab", "workshop", filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestCheckWatches: it looks again until all is green, tells the board of each
// change, and of nothing else than it may.
func TestCheckWatches(t *testing.T) {
	t.Parallel()
	dir := aFollower(t)
	sent := make(chan string, 10)
	board := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent <- string(body)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer board.Close()
	if err := serve.WriteJoined(dir, serve.Joined{Address: board.URL, Code: "K7MP4A"}); err != nil {
		t.Fatal(err)
	}
	d, out := boardDeps()
	ended := make(chan error, 1)
	go func() {
		ended <- check(t.Context(), d, &checkOptions{Dir: dir, Watch: true, Every: 10 * time.Millisecond}, nil)
	}()
	var first, second serve.Report
	body := <-sent
	if err := json.Unmarshal([]byte(body), &first); err != nil || first.Step != "een" || len(first.Checks) != 1 || first.Checks[0].OK || first.Code != "K7MP4A" || first.Running {
		t.Errorf("sent %s", body)
	}
	time.Sleep(50 * time.Millisecond)
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "docs"), 0o755), os.WriteFile(filepath.Join(dir, "docs", "x.md"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if body := <-sent; json.Unmarshal([]byte(body), &second) != nil || !second.Checks[0].OK || strings.Contains(body, "docs") || strings.Contains(body, "Zuid") {
		t.Errorf("sent %s", body)
	}
	if len(sent) > 0 {
		t.Errorf("more was sent than there was to tell: %s", <-sent)
	}
	if said := out.String(); strings.Count(said, "Stap 1: Een") != 2 || !strings.Contains(said, "Alle stappen van de cursus zijn klaar") {
		t.Error(said)
	}
}

// TestCheckStops at Ctrl-C, also between two looks.
func TestCheckStops(t *testing.T) {
	t.Parallel()
	d, _ := boardDeps()
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	err := check(ctx, d, &checkOptions{Dir: aFollower(t), Watch: true, Every: time.Minute}, nil)
	if !errors.As(err, new(failure.Interrupted)) {
		t.Errorf("%v", err)
	}
}
