package terminal

import (
	"bytes"
	"regexp"
	"time"
	"unicode/utf8"
)

// Bytes that a keyboard gives in raw mode.
const (
	ctrlC  = 0x03
	escape = 0x1b
	rubout = 0x7f
)

// Key is one thing that a person typed: a key with a name, or text.
type Key struct {
	Name KeyName
	Text string // harmless, one line; a pasted text comes as a whole
}

// KeyName is a key that is no text.
type KeyName int

// The keys with a name.
const (
	KeyNone KeyName = iota
	KeyEnter
	KeyStop    // Ctrl-C and Ctrl-D
	KeySuspend // Ctrl-Z
	KeyUp
	KeyDown
	KeyLeft
	KeyRight
	KeyHome
	KeyEnd
	KeyPageUp
	KeyPageDown
	KeyDelete
	KeyBackspace
	KeyTab
	KeyEscape
	KeyClear // Ctrl-U
)

// controls are the bytes that mean a key; the other ones mean nothing here.
func controls() map[byte]KeyName {
	return map[byte]KeyName{
		ctrlC: KeyStop, 0x04: KeyStop, 0x1a: KeySuspend, 0x01: KeyHome, 0x05: KeyEnd, 0x02: KeyLeft, 0x06: KeyRight,
		0x10: KeyUp, 0x0e: KeyDown, 0x08: KeyBackspace, rubout: KeyBackspace, '\t': KeyTab, 0x15: KeyClear, 0x17: KeyClear,
	}
}

// sequences are what the keys with an arrow and the like give.
func sequences() map[string]KeyName {
	return map[string]KeyName{
		"[A": KeyUp, "OA": KeyUp, "[B": KeyDown, "OB": KeyDown, "[C": KeyRight, "OC": KeyRight, "[D": KeyLeft, "OD": KeyLeft,
		"[H": KeyHome, "OH": KeyHome, "[1~": KeyHome, "[7~": KeyHome, "[F": KeyEnd, "OF": KeyEnd, "[4~": KeyEnd, "[8~": KeyEnd,
		"[5~": KeyPageUp, "[6~": KeyPageDown, "[3~": KeyDelete, "[Z": KeyUp,
	}
}

var (
	sequence   = regexp.MustCompile(`^\x1b(\[[0-9;?<=>]*[ -/]*[@-~]|O[A-Za-z])`)
	unfinished = regexp.MustCompile(`^\x1b(\[[0-9;?<=>]{0,32}|O)?$`)
)

// How a terminal says that a text was pasted, when it is asked to.
const (
	pasteBegins = "[200~"
	pasteEnds   = "\x1b[201~"
)

// Key waits for a key in the raw mode of the terminal.
func (k *Keyboard) Key() (Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for {
		if len(k.buffer) == 0 {
			if err := k.fill(0); err != nil {
				return Key{}, err
			}
			continue
		}
		if key := k.next(); key != (Key{}) {
			return key, nil
		}
	}
}

// next takes one key from what was typed; none when it means nothing.
func (k *Keyboard) next() Key {
	first := k.buffer[0]
	switch {
	case first == escape:
		return k.escape()
	case first == '\r' || first == '\n':
		k.buffer = k.buffer[1:]
		return k.newline()
	case first < ' ' || first == rubout:
		k.buffer = k.buffer[1:]
		return Key{Name: controls()[first]}
	}
	end := bytes.IndexFunc(k.buffer, func(r rune) bool { return r < ' ' || r == rubout })
	if end < 0 {
		end = len(k.buffer)
		for cut := max(0, end-utf8.UTFMax); cut < end; cut++ {
			if utf8.RuneStart(k.buffer[cut]) && !utf8.FullRune(k.buffer[cut:]) && k.fill(pause) == nil {
				return Key{} // the rest of the character came
			}
		}
	}
	text := string(bytes.ToValidUTF8(k.buffer[:end], nil))
	k.buffer = k.buffer[end:]
	return Key{Text: Safe(text)}
}

// newline is Enter, unless text follows at once: then lines were pasted, which
// are one answer. Enter that was pressed more than once while nobody listened
// counts once.
func (k *Keyboard) newline() Key {
	for len(k.buffer) == 0 && k.patience > 0 && k.fill(pause) == nil {
		k.buffer = bytes.TrimLeft(k.buffer, "\r\n\t ")
	}
	k.buffer = bytes.TrimLeft(k.buffer, "\r\n\t ")
	if k.patience > 0 && len(k.buffer) > 0 && k.buffer[0] > ' ' && k.buffer[0] != rubout {
		return Key{Text: " "}
	}
	return Key{Name: KeyEnter}
}

// escape takes a key that comes as a sequence, or a pasted text.
func (k *Keyboard) escape() Key {
	for unfinished.Match(k.buffer) && k.fill(2*pause) == nil {
	}
	m := sequence.FindSubmatch(k.buffer)
	if m == nil {
		k.buffer = k.buffer[1:]
		return Key{Name: KeyEscape}
	}
	what := string(m[1])
	k.buffer = k.buffer[len(m[0]):]
	if what == pasteBegins {
		return Key{Text: k.paste()}
	}
	return Key{Name: sequences()[what]}
}

// paste takes a pasted text up to its end, as one line.
func (k *Keyboard) paste() string {
	var text []byte
	for {
		if before, after, found := bytes.Cut(k.buffer, []byte(pasteEnds)); found {
			k.buffer = bytes.Clone(after)
			return oneLine(string(bytes.ToValidUTF8(append(text, before...), nil)))
		}
		// Its end may be cut in two; what is too long is forgotten.
		if cut := len(k.buffer) - len(pasteEnds); cut > 0 {
			if len(text) < longestLine {
				text = append(text, k.buffer[:cut]...)
			}
			k.buffer = k.buffer[cut:]
		}
		if k.fill(time.Second) != nil {
			text = append(text, k.buffer...)
			k.buffer = nil
			return oneLine(string(bytes.ToValidUTF8(text, nil)))
		}
	}
}
