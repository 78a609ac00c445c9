package update

func (f *finder) uncommitted() error { return nil }
