package update

// words are the spellings of what got another name.
type words struct{}

func (w *words) in(path string, body []byte) []byte { return body }

func (f *finder) follow() {}

type strays struct{}

func (f *finder) movedTo(t three) (string, error) { return "", nil }

func (f *finder) ownFiles() error { return nil }

func (f *finder) uncommitted() error { return nil }
