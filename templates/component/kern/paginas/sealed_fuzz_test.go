package paginas

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// FuzzSealed opens nothing that was not sealed here, for this purpose: a key of a
// form or a cookie that somebody made up is worth nothing, and never a panic.
func FuzzSealed(f *testing.F) {
	s, err := newSessions(Options{Name: "proef"}, nil)
	if err != nil {
		f.Fatal(err)
	}
	k := formKey{ID: "1", User: "p-iemand", Role: "inwoner", Until: time.Now().Add(time.Hour)}
	good, err := s.sealed(keyPurpose, k)
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "x", good[1:], good + "x", inCookie + good, inStore + good, inCookie, inStore} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, made string) {
		var found formKey
		raw, _ := base64.RawURLEncoding.DecodeString(made) // passes over line ends
		if !bytes.Equal(raw, sealed) && s.open(keyPurpose, made, &found) {
			t.Fatalf("%q opens as %+v", made, found)
		}
		if s.open("anders", good, &found) {
			t.Fatal("what is sealed for a form opens for something else")
		}
		r := &http.Request{Header: http.Header{}, Host: "localhost:8080"}
		if len(made) >= len(inStore) && made[:len(inStore)] == inStore {
			return // asks layer 1
		}
		r.Header.Set("Cookie", s.cookieName(r, "sessie")+"="+made)
		if got, err := s.read(r); err != nil || got.User != (identity.User{}) {
			t.Fatalf("the cookie %q is a session of %v, %v", made, got.User, err)
		}
	})
}
