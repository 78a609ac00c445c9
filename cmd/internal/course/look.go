package course

import "context"

// Look looks whether a step is done at a place.
func (s *Step) Look(ctx context.Context, at Place) []Result { return nil }
