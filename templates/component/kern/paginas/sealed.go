package paginas

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
)

// sealed makes a text of a value that nobody but this component can read or
// change. What is sealed for one purpose is worth nothing for another.
func (s *sessions) sealed(purpose string, value any) (string, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, s.seal.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.seal.Seal(nonce, nonce, plain, []byte(s.name+"\x00"+purpose))), nil
}

// open reads what sealed made, and says whether that is what it is.
func (s *sessions) open(purpose, sealed string, to any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < s.seal.NonceSize() {
		return false
	}
	size := s.seal.NonceSize()
	plain, err := s.seal.Open(nil, raw[:size], raw[size:], []byte(s.name+"\x00"+purpose))
	return err == nil && json.Unmarshal(plain, to) == nil
}
