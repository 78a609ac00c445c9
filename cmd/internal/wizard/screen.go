package wizard

import (
	"bytes"
	"io"
	"runtime"

	"golang.org/x/text/unicode/norm"
)

// frame is the screen as the library writes to it. It gathers what is drawn, so
// that it comes at once; but on Windows the library colours and moves the cursor
// by calls to the console, so that what came before has to be there.
type frame struct {
	out    io.Writer
	fd     uintptr
	buffer bytes.Buffer
}

// Write ends a line as the raw mode of a terminal needs it.
func (f *frame) Write(p []byte) (int, error) {
	f.buffer.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	if runtime.GOOS == "windows" {
		f.show()
	}
	return len(p), nil
}

// Fd is where the screen is for the library.
func (f *frame) Fd() uintptr { return f.fd }

func (f *frame) show() {
	_, _ = f.buffer.WriteTo(f.out)
}

// row is a row of a question, no wider than the screen.
type row struct{ Words, Format string }

const rowsTemplate = `{{range $i, $row := .}}{{if $i}}{{"\n"}}{{end}}{{if $row.Format}}{{color $row.Format}}{{$row.Words}}{{color "reset"}}{{else}}{{$row.Words}}{{end}}{{end}}`

// styled makes rows of one style. The library counts an accent that stands apart
// as a column.
func styled(format string, words ...string) []row {
	rows := make([]row, len(words))
	for i, w := range words {
		rows[i] = row{norm.NFC.String(w), format}
	}
	return rows
}

// fit shortens the question and its hints to the height of the screen, and says
// how many options there is room for.
func fit(height int, head []row, hints []string, room int) ([]row, []string, int) {
	if height > 0 {
		hints = hints[:min(len(hints), max(1, height/4))]
		head = head[:min(len(head), max(1, height-len(hints)-4))]
		room = min(room, max(height-len(head)-len(hints)-1, 1))
	}
	return head, hints, room
}
