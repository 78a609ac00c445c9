package base

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/merge"
)

// outline is what writeKern writes of the kern of one pack, in which the sums of the
// files and the lines that import kern itself are those of some component: all that
// differs from one component to the next. A workshop makes dozens in a row.
type outline struct {
	files  []File
	plain  []byte
	sums   []int // where in plain the sum of each file stands
	unique []byte
	moved  []movedLine
	fixed  *numbers // the lines that are the same in every component
}

// movedLine is a line of which the import moves along with the module.
type movedLine struct {
	number     uint32 // among the unique lines
	file       int
	begin, end int // in the file as it stands in the pack
	before     int // imports that moved in the lines before it
}

// outlines is the key of the outline in the memo of the first file. What lies there
// first is the list of files alone: the outline costs as much as writing once more,
// so that it is made when there is a second component.
type outlines struct{}

// writeAgain is writeKern for a list of files that came before; nil when it has to
// be written in full.
func writeAgain(files []File) ([]byte, error) {
	i := slices.IndexFunc(files, func(f File) bool { return f.Static != nil })
	if i < 0 {
		return nil, nil
	}
	memo := files[i].Static.Memo()
	kept, loaded := memo.LoadOrStore(outlines{}, &again{})
	if !loaded {
		return nil, nil
	}
	o := kept.(*again).of(files)
	if o == nil || !o.fits(files) {
		return nil, nil
	}
	return o.write(files)
}

// again makes the outline once.
type again struct {
	once    sync.Once
	outline *outline
}

func (a *again) of(files []File) *outline {
	a.once.Do(func() { a.outline = outlineOf(files) })
	return a.outline
}

// fits says whether these are the files of the outline.
func (o *outline) fits(files []File) bool {
	return slices.EqualFunc(o.files, files, func(a, b File) bool {
		return a.Path == b.Path && a.Static == b.Static && (a.Static != nil || bytes.Equal(a.Body, b.Body))
	})
}

// moving sets the lines of imports apart from all others while the outline is made: the
// same text can stand elsewhere, where it does not move.
const moving = 1 << 63

// outlineOf is the outline of these files; nil when their lines are not plain enough.
func outlineOf(files []File) *outline {
	o := &outline{fixed: newNumbers(files)}
	known := newNumbers(files)
	o.plain = binary.AppendUvarint(nil, uint64(len(files)))
	for i, file := range files {
		o.files = append(o.files, File{Path: file.Path, Static: file.Static})
		source := file.Body
		if file.Static != nil {
			source = file.Static.Body
		} else {
			o.files[i].Body = file.Body
		}
		o.plain = appendText(o.plain, file.Path)
		o.sums = append(o.sums, len(o.plain))
		o.plain = append(o.plain, make([]byte, hex.DecodedLen(len(file.sum())))...)
		var lines merge.Lines
		if IsText(source) {
			lines = merge.LinesOf(source)
		}
		moved, plain := movedIn(file, i)
		if !plain {
			return nil
		}
		o.plain = append(o.plain, modeByte(lines != nil))
		o.plain = binary.AppendUvarint(o.plain, uint64(len(lines)))
		for n, line := range lines {
			m, moves := moved[n]
			if moves {
				line |= moving
			}
			number := known.of(line)
			if number == 0 {
				o.unique = appendLine(o.unique, line)
				if m.number = known.count - 1; moves {
					o.moved = append(o.moved, m)
				}
			}
			if !moves {
				o.fixed.of(line)
			}
			o.plain = binary.AppendUvarint(o.plain, uint64(number))
		}
	}
	return o
}

func appendLine(to []byte, line uint64) []byte {
	return append(to, byte(line), byte(line>>8), byte(line>>16), byte(line>>24), byte(line>>32)) // #nosec G115 -- One byte after the other.
}

// movedIn are the lines of a file that move, by their number. It is not plain when
// there are two imports on one line, or line ends that do not count.
func movedIn(file File, at int) (moved map[int]movedLine, plain bool) {
	if file.Static == nil || len(file.Static.Own) == 0 {
		return nil, true
	}
	source := file.Static.Body
	if bytes.IndexByte(source, '\r') >= 0 || bytes.HasPrefix(source, []byte("\uFEFF")) {
		return nil, false
	}
	moved = map[int]movedLine{}
	for k, own := range file.Static.Own {
		number := bytes.Count(source[:own.Begin], []byte("\n"))
		if _, twice := moved[number]; twice {
			return nil, false
		}
		m := movedLine{file: at, before: k, begin: bytes.LastIndexByte(source[:own.Begin], '\n') + 1, end: len(source)}
		if rest := bytes.IndexByte(source[own.End:], '\n'); rest >= 0 {
			m.end = own.End + rest
		}
		moved[number] = m
	}
	return moved, true
}

// line is the line in a component.
func (m movedLine) line(file File) ([]byte, bool) {
	source, own := file.Static.Body, file.Static.Own
	longer := len(file.Body) - len(source)
	if longer%len(own) != 0 {
		return nil, false
	}
	longer /= len(own) // each import gets another path of the same length
	begin, end := m.begin+m.before*longer, m.end+(m.before+1)*longer
	if begin < 0 || end < begin || end > len(file.Body) {
		return nil, false
	}
	return file.Body[begin:end], true
}

// write writes the outline for the files of one component; nil when one of its lines
// happens to count as another line.
func (o *outline) write(files []File) ([]byte, error) {
	plain, unique := slices.Clone(o.plain), slices.Clone(o.unique)
	for i, file := range files {
		if _, err := hex.Decode(plain[o.sums[i]:], []byte(file.sum())); err != nil {
			return nil, err
		}
	}
	taken := map[uint64]bool{}
	for _, m := range o.moved {
		text, found := m.line(files[m.file])
		if !found {
			return nil, nil
		}
		line := merge.LinesOf(text)
		if len(line) != 1 || taken[line[0]] || o.fixed.has(line[0]) {
			return nil, nil
		}
		taken[line[0]] = true
		copy(unique[lineBytes*m.number:], appendLine(nil, line[0]))
	}
	head := binary.AppendUvarint([]byte(kernMagic), uint64(len(unique)/lineBytes))
	return compress(append(head, unique...), plain)
}
