//go:build !linux && !darwin && !windows

package doctor

import "errors"

func volume(string) (Volume, error) {
	return Volume{}, errors.New("unknown on this system")
}
