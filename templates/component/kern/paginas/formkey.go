package paginas

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// formKey is what the hidden key of a form says, sealed: who opened it, and one
// name for everything that comes of it, so that sending it twice makes one zaak.
type formKey struct {
	ID    string // idempotency key
	User  string // pseudonym of who opened the form
	Role  string
	For   string `json:",omitempty"` // for whom that person acts
	Until time.Time
}

// formLasts is how long a form may stay open.
const formLasts = 24 * time.Hour

const keyPurpose = "formulier"

// standing is what the key says about a form that came in.
type standing int

const (
	unread   standing = iota
	byOwner           // opened by who sends it
	byEnded           // opened by somebody who is not logged in any more
	byOther           // opened by somebody else
	unkeyed           // the key is not ours, or too old
	homeless          // neither a key nor a person
)

// newKey makes the key of a form for whoever looks at it.
func (v *visit) newKey() (string, error) {
	if err := v.stay(); err != nil {
		return "", err
	}
	u := v.user()
	return v.site.sessions.sealed(keyPurpose, formKey{uuid.NewString(), u.ID, u.Role, u.Represents.ID, time.Now().Add(formLasts)})
}

// stay gives the browser of somebody who did not log in a session to which a form
// can belong.
func (v *visit) stay() error {
	if !v.user().Known() || !v.anonymous() || !v.session.Expires.IsZero() {
		return nil
	}
	v.session.Expires = time.Now().Add(sessionLasts)
	return v.site.sessions.write(v.w, v.r, v.session)
}

func (v *visit) readKey(sealed string) (k formKey, ok bool) {
	ok = v.site.sessions.open(keyPurpose, sealed, &k)
	return k, ok && time.Now().Before(k.Until)
}

// mine says whether a key is of whoever makes this request.
func (v *visit) mine(k formKey) bool {
	return k.User != "" && k.User == v.user().ID && k.For == v.user().Represents.ID
}

// ownSession says whether whoever makes this request is logged in.
func (v *visit) ownSession() bool { return !v.anonymous() && v.sent.standing == byOwner }

// settle finds out once for whom the form that comes in counts.
func (v *visit) settle() {
	if v.sent.standing != unread {
		return
	}
	k, ok := v.readKey(v.sent.Get(inputKey))
	loggedIn := v.user().Known() && !v.anonymous()
	fresh := identity.User{}
	if v.site.anonymousStart() {
		fresh = newAnonymous(v.site.start().Role)
	}
	switch {
	case ok && v.mine(k):
		v.sent.standing, v.sent.by, v.sent.key = byOwner, v.user(), k.ID
	case ok && k.User != "" && !loggedIn && !anonymousID(k.User):
		v.sent.standing, v.sent.key = byEnded, k.ID
		v.sent.by = identity.User{ID: k.User, Role: k.Role, Represents: identity.Person{ID: k.For}}
	case ok && k.User != "" && v.user().Known():
		v.sent.standing = byOther
	case v.user().Known():
		v.sent.standing, v.sent.by = unkeyed, v.user()
	case fresh.Known(): // the visit ended, or the browser keeps nothing
		v.session = session{User: fresh}
		v.sent.standing, v.sent.by = unkeyed, fresh
	default:
		v.sent.standing = homeless
	}
}

// opened refuses a form that was opened by somebody else, and keeps what somebody
// typed whose session ended. One whose key is not ours comes back with a new key.
func (v *visit) opened(path string, fields []Field) error {
	switch v.sent.standing {
	case byOther:
		return &fault{status: http.StatusForbidden, detail: "Dit formulier is geopend door iemand anders dan u. Het is niet verstuurd en niet bewaard. Open het opnieuw."}
	case byEnded, homeless:
		v.keepDraft(path)
		return &lostForm{rows: v.typedRows(fields), kept: v.kept}
	case unkeyed:
		v.sent.wrong = append([]mistake{{Text: "Dit formulier stond te lang open of is veranderd. Kijk of alles klopt en verstuur het opnieuw."}}, v.sent.wrong...)
	}
	return nil
}

// lostForm is a form of somebody who is not logged in any more.
type lostForm struct {
	rows []row
	kept bool
}

// Error implements error.
func (*lostForm) Error() string { return "een formulier zonder sessie" }

// Unwrap says that logging in is needed.
func (*lostForm) Unwrap() error { return errLogin }

// badForm is the status of a page that shows a form with mistakes.
func (v *visit) badForm() int {
	switch {
	case v.sent == nil:
	case v.sent.cut:
		return http.StatusRequestEntityTooLarge
	case v.sent.standing == unkeyed:
		return http.StatusBadRequest
	}
	return http.StatusUnprocessableEntity
}
