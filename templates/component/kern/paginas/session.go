package paginas

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// How long somebody stays logged in, and may take to log in.
const (
	sessionLasts = 8 * time.Hour
	loginLasts   = 15 * time.Minute
)

// session is who visits. That of somebody who logged in is kept by layer 1,
// sealed, and the cookie holds nothing but a random name for it: logging out
// makes a cookie worthless, wherever it was copied to. That of a visitor who did
// not log in is in the cookie itself, sealed: there is nothing to log out of.
type session struct {
	User  identity.User
	Roles []string // all roles of the user; User.Role is the one in use
	Login logged   // how the user logged in; empty in development
	// Expires does not move: who changes roles does not stay logged in longer.
	Expires time.Time

	key string // under which layer 1 keeps it; "" when it does not
}

// logged is what is needed of a login afterwards: to change to another role, and
// to log out at the provider.
type logged struct {
	Way     string        `json:",omitempty"` // the settings with which
	Self    identity.User // everything that the provider said
	Token   string        `json:",omitempty"` // the ID token
	EndedAt string        `json:",omitempty"` // end_session_endpoint of the provider
}

// sessionKind is the kind under which layer 1 keeps sessions.
const sessionKind = "sessie"

type sessions struct {
	name   string
	secure bool
	seal   cipher.AEAD
	store  *client
}

// newSessions takes the key of the settings. In development there is none, and
// a fresh key means that everybody logs in again after a restart.
func newSessions(o Options, store *client) (*sessions, error) {
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
	return &sessions{name: o.Name, secure: o.Production, seal: seal, store: store}, nil
}

// Beginnings of the value of the cookie: where the session is.
const (
	inCookie = "c."
	inStore  = "s."
)

// read returns the session of a request; an empty one when there is none, or
// when the cookie is too old, ended or not ours. The error says that layer 1
// could not be asked.
func (s *sessions) read(r *http.Request) (session, error) {
	cookie, err := r.Cookie(s.cookieName(r, "sessie"))
	if err != nil {
		return session{}, nil //nolint:nilerr // there is none
	}
	var found session
	if id, ok := strings.CutPrefix(cookie.Value, inStore); ok {
		key := keyOf(id)
		k, there, err := s.store.kept(r.Context(), sessionKind, key)
		if err != nil || !there || !s.open(key, string(k.Content), &found) {
			return session{}, err
		}
		found.key = key
	} else if sealed, ok := strings.CutPrefix(cookie.Value, inCookie); !ok || !s.open("bezoek", sealed, &found) || !anonymousID(found.User.ID) {
		return session{}, nil
	}
	if time.Now().After(found.Expires) {
		return session{}, nil
	}
	return found, nil
}

// keyOf is under which key layer 1 keeps the session with this cookie. Whoever
// reads the database cannot make the cookie of it.
func keyOf(id string) string {
	sum := sha256.Sum256([]byte("sessie\x00" + id))
	return hex.EncodeToString(sum[:])
}

// write gives the browser of a visitor who did not log in a session.
func (s *sessions) write(w http.ResponseWriter, r *http.Request, value session) error {
	if value.Expires.IsZero() {
		value.Expires = time.Now().Add(sessionLasts)
	}
	sealed, err := s.sealed("bezoek", value)
	if err != nil {
		return err
	}
	s.set(w, r, "sessie", inCookie+sealed, value.Expires)
	return nil
}

// enter begins the session of somebody who logged in or changed roles. The one
// before it ends: its cookie is worth nothing any more.
func (v *visit) enter(value session) error {
	s := v.site.sessions
	if value.Expires.IsZero() {
		value.Expires = time.Now().Add(sessionLasts)
	}
	id := rand.Text() + rand.Text()
	value.key = keyOf(id)
	sealed, err := s.sealed(value.key, value)
	if err != nil {
		return err
	}
	if err := s.store.keep(v.r.Context(), sessionKind, value.key, kept{Owner: value.User.ID, Content: []byte(sealed), Expires: value.Expires}); err != nil {
		return err
	}
	if err := v.leave(v.r.Context()); err != nil {
		return err
	}
	v.session = value
	s.set(v.w, v.r, "sessie", inStore+id, value.Expires)
	return nil
}

// leave ends the session, here and in every browser that has its cookie.
func (v *visit) leave(ctx context.Context) error {
	old := v.session
	v.session = session{}
	v.site.sessions.clear(v.w, v.r, "sessie")
	if old.key == "" {
		return nil
	}
	return v.site.sessions.store.forget(ctx, sessionKind, old.key)
}

func (s *sessions) set(w http.ResponseWriter, r *http.Request, kind, value string, expires time.Time) {
	http.SetCookie(w, s.cookie(r, kind, value, int(time.Until(expires).Seconds())))
}

func (s *sessions) clear(w http.ResponseWriter, r *http.Request, kind string) {
	http.SetCookie(w, s.cookie(r, kind, "", -1))
}

func (s *sessions) cookie(r *http.Request, kind, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(r, kind), Value: value, Path: "/", MaxAge: maxAge, // #nosec G124 -- Secure in production, where there is TLS.
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
}

// cookieName is the name of a cookie of ours. A browser does not tell ports
// apart, so in development the name does: two components on one laptop, or two
// copies of one, must not log each other out. In production the beginning makes
// the browser insist on Secure, path / and this host.
func (s *sessions) cookieName(r *http.Request, kind string) string {
	name := kind + "-" + s.name
	if s.secure {
		return "__Host-" + name
	}
	if _, port, err := net.SplitHostPort(r.Host); err == nil && port != "" && strings.Trim(port, "0123456789") == "" {
		return name + "-" + port
	}
	return name
}
