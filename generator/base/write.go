package base

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"

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
	var plain []byte
	plain = binary.AppendUvarint(plain, uint64(len(files)))
	for _, file := range files {
		plain = appendText(plain, file.Path)
		plain = append(plain, modeByte(file.Executable))
		plain = binary.AppendUvarint(plain, uint64(len(file.Body)))
		plain = append(plain, file.Body...)
	}
	return compress([]byte(roomsMagic), plain)
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
	known := make(map[uint64]uint64, 1<<15)
	var unique, plain []byte
	plain = binary.AppendUvarint(plain, uint64(len(files)))
	for _, file := range files {
		sum := sha256.Sum256(file.Body)
		plain = appendText(plain, file.Path)
		plain = append(plain, sum[:]...)
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
			number, found := known[line]
			if !found {
				known[line] = uint64(len(known)) + 1
				unique = append(unique, byte(line), byte(line>>8), byte(line>>16), byte(line>>24), byte(line>>32))
			}
			plain = binary.AppendUvarint(plain, number)
		}
	}
	head := binary.AppendUvarint([]byte(kernMagic), uint64(len(known)))
	return compress(append(head, unique...), plain)
}

// compress adds plain, compressed, to head, and a checksum to all: a bit that
// fell over on a disk would otherwise be a line that nobody wrote. The same input
// gives the same bytes with the same Go; reading does not depend on it.
func compress(head, plain []byte) ([]byte, error) {
	out := bytes.NewBuffer(head)
	w, err := flate.NewWriter(out, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return binary.BigEndian.AppendUint32(out.Bytes(), crc32.ChecksumIEEE(out.Bytes())), nil
}
