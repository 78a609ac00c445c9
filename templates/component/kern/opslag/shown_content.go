package opslag

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// What a row for several lines keeps beside its columns: first what the lines have in
// common, in JSON, and behind it each zaak and person, in as few bytes as say it. That
// is a third of the same in JSON, and the log is mostly this.

// common is what the lines have in common, without names.
type common struct {
	Texts  []string // as textsOf gives them
	Fields []string
	Kinds  []string // of data subjects
	End    int64    // in microseconds
	Zaken  bool     // each names a zaak
}

// textsOf are the texts that the lines have in common, in the order in which they are kept.
func textsOf(v *logboek.Verwerking) []*string {
	return []*string{&v.Name, (*string)(&v.Kind), (*string)(&v.Status), &v.Activity, &v.ActivityURI, &v.Caller, &v.Bron, &v.Role, &v.User, &v.UserName, &v.Transaction, &v.Fault}
}

// packed is what a row keeps of lines.
func packed(v *logboek.Verwerking) ([]byte, error) {
	c := common{Fields: v.Fields, End: value.At(v.End).UnixMicro(), Zaken: v.Shown[0].Zaak != ""}
	for _, text := range textsOf(v) {
		c.Texts = append(c.Texts, *text)
	}
	var each []byte
	for _, of := range v.Shown {
		if c.Zaken {
			id, err := uuid.Parse(of.Zaak)
			if err != nil {
				return nil, err
			}
			each = append(each, id[:]...)
		}
		kind := slices.Index(c.Kinds, of.DataSubjectKind)
		if kind < 0 {
			kind = len(c.Kinds)
			c.Kinds = append(c.Kinds, of.DataSubjectKind)
		}
		each = binary.AppendUvarint(each, uint64(kind)) // #nosec G115 -- Not below zero.
		each = appendPseudonym(each, of.DataSubject)
	}
	raw, err := json.Marshal(c)
	return append(append(binary.AppendUvarint(nil, uint64(len(raw))), raw...), each...), err
}

// The forms of a pseudonym: those that we make ourselves in bytes, others as they are.
const (
	asText   = iota
	asPerson // logboek.Key.PersonID
	asMarked // logboek.Key.Pseudonym
)

func appendPseudonym(to []byte, s string) []byte {
	if rest, ok := strings.CutPrefix(s, "p-"); ok && len(rest) == 24 {
		if raw, err := hex.DecodeString(rest); err == nil && hex.EncodeToString(raw) == rest {
			return append(append(to, asPerson), raw...)
		}
	}
	if mark, rest, ok := strings.Cut(s, "."); ok && len(mark) == 11 && strings.HasPrefix(mark, "v1-") && len(rest) == 43 {
		key, err := hex.DecodeString(mark[3:])
		sum, errSum := base64.RawURLEncoding.DecodeString(rest)
		if err == nil && errSum == nil && markedPseudonym(key, sum) == s {
			return append(append(append(to, asMarked), key...), sum...)
		}
	}
	return append(binary.AppendUvarint(append(to, asText), uint64(len(s))), s...)
}

func markedPseudonym(key, sum []byte) string {
	return "v1-" + hex.EncodeToString(key) + "." + base64.RawURLEncoding.EncodeToString(sum)
}

// errContent is what is wrong with a row that we did not write.
var errContent = errors.New("een regel van het logboek is niet te lezen")

// unpacked fills lines from what a row keeps.
func unpacked(content []byte, v *logboek.Verwerking) error {
	r := bytes.NewReader(content)
	var c common
	if raw, err := piece(r); err != nil || json.Unmarshal(raw, &c) != nil {
		return errContent
	}
	all := textsOf(v)
	if len(c.Texts) != len(all) {
		return errContent
	}
	for i, text := range all {
		*text = c.Texts[i]
	}
	v.Fields, v.End = c.Fields, time.UnixMicro(c.End).UTC()
	for r.Len() > 0 {
		var of logboek.Shown
		if c.Zaken {
			var id uuid.UUID
			if n, _ := r.Read(id[:]); n != len(id) {
				return errContent
			}
			of.Zaak = id.String()
		}
		kind, err := binary.ReadUvarint(r)
		if err != nil || kind >= uint64(len(c.Kinds)) {
			return errContent
		}
		of.DataSubjectKind = c.Kinds[kind]
		if of.DataSubject, err = readPseudonym(r); err != nil {
			return errContent
		}
		v.Shown = append(v.Shown, of)
	}
	if len(v.Shown) == 0 {
		return errContent
	}
	return nil
}

func readPseudonym(r *bytes.Reader) (string, error) {
	form, err := r.ReadByte()
	if err != nil {
		return "", err
	}
	var raw [36]byte
	switch form {
	case asText:
		text, err := piece(r)
		return string(text), err
	case asPerson:
		if n, _ := r.Read(raw[:12]); n != 12 {
			return "", errContent
		}
		return "p-" + hex.EncodeToString(raw[:12]), nil
	case asMarked:
		if n, _ := r.Read(raw[:]); n != len(raw) {
			return "", errContent
		}
		return markedPseudonym(raw[:4], raw[4:]), nil
	}
	return "", errContent
}

// piece reads bytes with how many they are before them.
func piece(r *bytes.Reader) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil || n > uint64(r.Len()) { // #nosec G115 -- Not below zero.
		return nil, errContent
	}
	raw := make([]byte, n)
	_, _ = r.Read(raw) // there are that many
	return raw, nil
}
