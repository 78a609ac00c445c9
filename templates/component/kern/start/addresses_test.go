package start

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

// TestAddresses: what is no address is said at the start, and only where it is used.
func TestAddresses(t *testing.T) {
	for setting, layer := range map[string]string{"OUTWAY_URL": LayerProcess, "PROCES_URL": LayerInteraction, "DIENSTEN_URL": LayerIntegration, "TOEGANKELIJKHEIDSVERKLARING": LayerInteraction} {
		for value, right := range map[string]bool{"": true, "http://outway:8080": true, "https://x.test/pad": true, "outway:8080": false, "outway": false, "http://": false, "http://:8080": false, "ftp://x": false, "http://a:b@x": false, "http://x\n": false} {
			for _, run := range []string{LayerProcess, LayerInteraction, LayerIntegration, LayerServices} {
				_, err := ReadSettings(fake(nil), []string{run}, environment("PORT", "0", setting, value), io.Discard)
				if said := err != nil && strings.Contains(err.Error(), setting); said != (!right && run == layer) {
					t.Errorf("%s=%q in %s: %v", setting, value, run, err)
				}
			}
		}
	}
}

// TestPlainly: a file that is not there is said in the language of the rest.
func TestPlainly(t *testing.T) {
	_, err := os.Open(t.TempDir() + "/er-is-niets")
	if got := plainly(err); got == nil || strings.Contains(got.Error(), "no such file") {
		t.Error(got)
	}
	if other := errors.New("iets anders"); !errors.Is(plainly(other), other) {
		t.Error("another fault is not as it was")
	}
}
