package governance

import (
	"bytes"
	"encoding/binary"
)

// indexPaths lists the paths in an index of Git, sorted as Git keeps them. It knows the
// versions 2 and 3; of version 4, and of anything odd, ok is false.
func indexPaths(index []byte) (paths []string, ok bool) {
	const header, fixed = 12, 62
	if len(index) < header || string(index[:4]) != "DIRC" {
		return nil, false
	}
	version := binary.BigEndian.Uint32(index[4:])
	count := binary.BigEndian.Uint32(index[8:])
	if version != 2 && version != 3 {
		return nil, false
	}
	rest := index[header:]
	for range count {
		if len(rest) < fixed+1 {
			return nil, false
		}
		start := fixed
		if binary.BigEndian.Uint16(rest[fixed-2:])&0x4000 != 0 {
			start += 2 // extended flags
		}
		if start > len(rest) {
			return nil, false
		}
		end := bytes.IndexByte(rest[start:], 0)
		if end < 0 {
			return nil, false
		}
		paths = append(paths, string(rest[start:start+end]))
		size := (start + end + 8) &^ 7 // entries are padded with 1 to 8 zero bytes
		if size > len(rest) {
			return nil, false
		}
		rest = rest[size:]
	}
	return paths, true
}
