package outway

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// slowly gives a byte when the other side has taken the one before: a body that
// is gathered first never ends.
type slowly struct {
	left  int
	taken chan struct{}
}

// Read implements io.Reader.
func (s *slowly) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	if s.left < 3 {
		<-s.taken
	}
	s.left--
	p[0] = 'x'
	return 1, nil
}

// TestAFileGoesOnWhileItComesIn through the outway, once, and its answer too.
func TestAFileGoesOnWhileItComesIn(t *testing.T) {
	content := &slowly{left: 3, taken: make(chan struct{}, 9)}
	calls := 0
	o, log := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		one := make([]byte, 1)
		n := 0
		for {
			m, err := r.Body.Read(one)
			n += m
			if err != nil {
				break
			}
			content.taken <- struct{}{}
		}
		if n != 3 || r.Header.Get(fsc.HeaderGrant) == "" || r.Header.Get(fsc.HeaderTransaction) == "" {
			t.Errorf("%d bytes arrived, header %v", n, r.Header)
		}
		_, _ = io.WriteString(w, "antwoord")
	}))
	q := Question{Service: "bron", Operation: "bewaren", Method: http.MethodPost, Path: "/geheim"}
	answer, err := o.Stream(t.Context(), activity, q, content, -1)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil || string(raw) != "antwoord" || calls != 1 {
		t.Errorf("%q after %d calls: %v", raw, calls, err)
	}
	if strings.Contains(log.String(), "geheim") {
		t.Errorf("the log holds the address: %s", log)
	}
}

// What is wrong is a Fault, nothing is tried twice, and a file that is refused
// does not close the way for everything else.
func TestAFileThatIsRefused(t *testing.T) {
	calls, status := 0, 0
	o, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
	}))
	q := Question{Service: "bron", Operation: "bewaren", Method: http.MethodPost, Path: "/"}
	for range 2 * maxFailures {
		for _, status = range []int{413, 503} {
			calls = 0
			if _, err := o.Stream(t.Context(), activity, q, strings.NewReader("x"), 1); Status(err) != status || calls != 1 {
				t.Errorf("%d after %d calls: %v", status, calls, err)
			}
		}
	}
	status = 200
	answer, err := o.Stream(t.Context(), activity, q, strings.NewReader("x"), 1)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	q.Service = "onbekend"
	if _, err := o.Stream(t.Context(), activity, q, nil, 0); err == nil {
		t.Error("a service without a grant is called")
	}
}
