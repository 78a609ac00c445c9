package base

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/merge"
)

// Both files begin with a line of text that names their format.
const (
	roomsMagic = "fieldlab-basis 1\n"
	kernMagic  = "fieldlab-kern 1\n"
)

// lineBytes is what is kept of a line: 40 bits. Of 43 000 lines two that differ
// are taken for the same once in some thousand components, and only where both
// stand at one place of one file would anybody notice.
const lineBytes = 5

// writeRooms writes, of each file, path, mode and text, in one stream. Once is
// compressed as fast as it goes: this is part of every generation.
func writeRooms(files []File) ([]byte, error) {
	size := 0
	for _, file := range files {
		size += len(file.Body)
	}
	parts := make([][]byte, 0, 2*len(files)+1)
	parts = append(parts, binary.AppendUvarint(nil, uint64(len(files))))
	for _, file := range files {
		head := append(appendText(nil, file.Path), modeByte(file.Executable))
		parts = append(parts, binary.AppendUvarint(head, uint64(len(file.Body))), file.Body)
	}
	out := make([]byte, 0, len(roomsMagic)+size/4)
	return compress(append(out, roomsMagic...), parts...)
}

func modeByte(executable bool) byte {
	if executable {
		return 1
	}
	return 0
}

func appendText(to []byte, text string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

// writeKern writes every different line once, in the order in which they come,
// and then of each file its path, its sum and the numbers of its lines. A line
// that has not come yet is 0, so that most numbers are small. The lines are
// as good as random and are not compressed.
func writeKern(files []File) ([]byte, error) {
	if written, err := writeAgain(files); written != nil || err != nil {
		return written, err
	}
	known := newNumbers(files)
	unique := make([]byte, 0, 1<<17)
	plain := make([]byte, 0, 1<<17)
	plain = binary.AppendUvarint(plain, uint64(len(files)))
	for _, file := range files {
		sum, err := hex.DecodeString(file.sum())
		if err != nil {
			return nil, err
		}
		plain = appendText(plain, file.Path)
		plain = append(plain, sum...)
		var lines merge.Lines
		if IsText(file.Body) {
			lines = merge.LinesOf(file.Body)
		}
		plain = append(plain, modeByte(lines != nil))
		plain = binary.AppendUvarint(plain, uint64(len(lines)))
		for _, line := range lines {
			if line>>(8*lineBytes) != 0 {
				return nil, fmt.Errorf("base: a line of %s has more than %d bytes", file.Path, lineBytes)
			}
			number := known.of(line)
			if number == 0 {
				unique = appendLine(unique, line)
			}
			plain = binary.AppendUvarint(plain, uint64(number))
		}
	}
	head := binary.AppendUvarint([]byte(kernMagic), uint64(known.count))
	return compress(append(head, unique...), plain)
}

// writers are those of compress: making one costs more than a file of it.
var writers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is one that there is
	}
	return w
}}

// compress adds plain, compressed, to head, and a checksum to all: a bit that
// fell over on a disk would otherwise be a line that nobody wrote. The same input
// gives the same bytes with the same Go; reading does not depend on it.
func compress(head []byte, plain ...[]byte) ([]byte, error) {
	out := bytes.NewBuffer(head)
	w := writers.Get().(*flate.Writer)
	defer writers.Put(w)
	w.Reset(out)
	for _, part := range plain {
		if _, err := w.Write(part); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return binary.BigEndian.AppendUint32(out.Bytes(), crc32.ChecksumIEEE(out.Bytes())), nil
}

// numbers gives lines a number, in the order in which they come. A map of the
// language does the same in twice the time, and this is part of every generation.
type numbers struct {
	slots []numbered
	count uint32
}

type numbered struct {
	line   uint64
	number uint32 // 0: free
}

func newNumbers(files []File) *numbers {
	size := 0
	for _, file := range files {
		size += len(file.Body)
	}
	slots := 1 << 10
	for slots < size/16 { // a line is some 32 bytes, and half of the slots stay free
		slots <<= 1
	}
	return &numbers{slots: make([]numbered, slots)}
}

// of gives the number of a line; 0 when it is new.
func (n *numbers) of(line uint64) uint32 {
	if int(n.count)*2 > len(n.slots) {
		n.grow()
	}
	slot := n.slot(line)
	if slot.number == 0 {
		n.count++
		*slot = numbered{line, n.count}
		return 0
	}
	return slot.number
}

// has says whether a line came before.
func (n *numbers) has(line uint64) bool { return n.slot(line).number != 0 }

func (n *numbers) slot(line uint64) *numbered {
	mask := uint64(len(n.slots) - 1) // #nosec G115 -- A length.
	for at := (line * 0x9e3779b97f4a7c15) >> 20 & mask; ; at = (at + 1) & mask {
		if slot := &n.slots[at]; slot.number == 0 || slot.line == line {
			return slot
		}
	}
}

func (n *numbers) grow() {
	old := n.slots
	n.slots = make([]numbered, 2*len(old))
	for _, one := range old {
		if one.number != 0 {
			*n.slot(one.line) = one
		}
	}
}
