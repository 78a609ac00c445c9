package update

import "context"

// ApplyStopping is Apply with a function that is called before each change on
// disk.
func (u *Update) ApplyStopping(ctx context.Context, before func(operation, name string) error) error {
	return u.apply(ctx, before)
}

// AbortStopping is the same of Abort.
func AbortStopping(ctx context.Context, dir string, before func(operation, name string) error) error {
	_, err := abort(ctx, dir, before)
	return err
}

// Inside is whether a journal may name a path.
var Inside = inside
