package register

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// cursors makes a place in a list into a text for in an address, and back. It is
// sealed: a place holds what a row has in the column by which the list stands, such as
// a name, and addresses end up in logs. The seal is of one question as well, with its
// order and its filters: a place in one list says nothing of another.
type cursors struct{ seal cipher.AEAD }

// cursorVersion begins each cursor: who changes what is in one, changes this.
const cursorVersion = 1

// newCursors makes its key from the secret of the fingerprints. With another secret
// the cursors of before are not to be opened, and who has one begins anew.
func newCursors(secret logboek.Key) cursors {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("cursor\x00"))
	block, err := aes.NewCipher(h.Sum(nil))
	if err != nil { // 32 bytes: cannot happen
		panic(err)
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return cursors{seal}
}

// write gives the cursor of a place in the answer to a question; "" for none.
func (c cursors) write(question string, p *opslag.Place) string {
	if p == nil {
		return ""
	}
	head := []byte{cursorVersion, byte(p.Way)}
	cursor := append(head, make([]byte, c.seal.NonceSize())...)
	nonce := cursor[len(head):]
	_, _ = rand.Read(nonce) // never fails
	cursor = c.seal.Seal(cursor, nonce, []byte(p.ID+"\x00"+p.Value), bound(head, question))
	return base64.RawURLEncoding.EncodeToString(cursor)
}

// bound is what a seal is also of: the version, on which side of the place the page is,
// and the question.
func bound(head []byte, question string) []byte {
	return append([]byte{head[0], head[1]}, question...)
}

// read gives the place of a cursor, when it is one in the answer to this question.
func (c cursors) read(question, cursor string) (*opslag.Place, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	n := 2 + c.seal.NonceSize()
	if err != nil || len(raw) < n || raw[0] != cursorVersion {
		return nil, opslag.ErrPlace
	}
	text, err := c.seal.Open(nil, raw[2:n], raw[n:], bound(raw, question))
	if err != nil {
		return nil, opslag.ErrPlace
	}
	id, value, ok := strings.Cut(string(text), "\x00")
	if !ok {
		return nil, opslag.ErrPlace
	}
	return &opslag.Place{Way: opslag.Way(raw[1]), Value: value, ID: id}, nil
}

// deepest is how far pages go by number: each row before a page has to be passed.
const deepest = 10_000

// list answers with the page of a list that a request asks for. Question stands for
// what is asked, and read reads a page of it.
func list[T any](w http.ResponseWriter, page rest.Page, c cursors, q opslag.Query, question func(opslag.Query) (string, error), read func(opslag.Query) (opslag.Page[T], error)) error {
	asked, err := question(q)
	if err != nil {
		return err
	}
	q.Limit = page.Size
	switch {
	case page.Cursor != "":
		if q.From, err = c.read(asked, page.Cursor); err != nil {
			return problem(err)
		}
	case page.Number > deepest/page.Size:
		return tooDeep()
	default:
		q.Offset = page.Offset()
	}
	found, err := read(q)
	if err != nil {
		return err
	}
	return rest.WriteList(w, page, rest.Found{
		Count: found.Count, More: found.More,
		Next: c.write(asked, found.Next), Previous: c.write(asked, found.Previous), Last: c.write(asked, found.Last),
	}, found.Rows)
}

// tooDeep refuses a page that is too far away by number.
func tooDeep() error {
	const detail = "Zo ver gaat het niet met een paginanummer: page keer pageSize is hoogstens 10 000. Volg next, of begin met last achteraan."
	p := rest.Invalid(rest.InQuery("page", "maximum", detail))
	p.Detail = detail
	return p
}

// noPlace refuses a cursor that is none in the answer to this question.
func noPlace() error {
	const detail = "Deze cursor hoort niet bij deze vraag of geldt niet meer; begin opnieuw bij de eerste pagina."
	p := rest.Invalid(rest.InQuery("cursor", "cursor", detail))
	p.Detail = detail
	return p
}
