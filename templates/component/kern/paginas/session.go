package paginas

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// How long somebody stays logged in, and may take to log in.
const (
	sessionLasts = 8 * time.Hour
	loginLasts   = 15 * time.Minute
)

// session is what the cookie holds, sealed: nobody but this component can read
// or change it. There is no session on the server.
type session struct {
	User    identity.User
	Roles   []string // all roles of the user; User.Role is the one in use
	Login   *pending `json:",omitempty"` // a login that is under way
	Expires time.Time
}

// pending is what has to be the same when the login comes back.
type pending struct{ State, Nonce, Verifier, ReturnTo string }

type sessions struct {
	name   string
	secure bool
	seal   cipher.AEAD
}

// newSessions takes the key of the settings. In development there is none, and
// a fresh key means that everybody logs in again after a restart.
func newSessions(o Options) (*sessions, error) {
	key := o.SessionKey
	if len(key) == 0 && !o.Production {
		key = make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return nil, err
		}
	}
	block, err := aes.NewCipher(key)
	if err != nil || len(key) != 32 {
		return nil, errors.New("SESSION_KEY is geen sleutel van 32 bytes")
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	s := &sessions{name: "sessie-" + o.Name, secure: o.Production, seal: seal}
	if s.secure {
		s.name = "__Host-" + s.name // the browser then insists on Secure, path / and this host
	}
	return s, nil
}

// read returns the session of a request; an empty one when there is none, or
// when the cookie is too old or not ours.
func (s *sessions) read(r *http.Request) session {
	cookie, err := r.Cookie(s.name)
	if err != nil {
		return session{}
	}
	raw, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || len(raw) < s.seal.NonceSize() {
		return session{}
	}
	nonce, sealed := raw[:s.seal.NonceSize()], raw[s.seal.NonceSize():]
	plain, err := s.seal.Open(nil, nonce, sealed, []byte(s.name))
	if err != nil {
		return session{}
	}
	var found session
	if json.Unmarshal(plain, &found) != nil || time.Now().After(found.Expires) {
		return session{}
	}
	return found
}

// write gives the browser the session. One that goes on ends when it would
// have: who changes roles does not stay logged in longer.
func (s *sessions) write(w http.ResponseWriter, value session) error {
	if value.Expires.IsZero() {
		value.Expires = time.Now().Add(sessionLasts)
	}
	plain, err := json.Marshal(value)
	if err != nil {
		return err
	}
	nonce := make([]byte, s.seal.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return err
	}
	sealed := s.seal.Seal(nonce, nonce, plain, []byte(s.name))
	http.SetCookie(w, s.cookie(base64.RawURLEncoding.EncodeToString(sealed), int(time.Until(value.Expires).Seconds())))
	return nil
}

func (s *sessions) clear(w http.ResponseWriter) { http.SetCookie(w, s.cookie("", -1)) }

func (s *sessions) cookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: s.name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
}
