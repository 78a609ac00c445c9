package start

import (
	"fmt"
	"net/url"
)

// addressFaults are the settings that should be the address of something else and are
// not: outway:8080 without a scheme is found only when the first person asks something.
func addressFaults(s Settings) (faults Faults) {
	for _, setting := range []struct{ name, layer, example string }{
		{"OUTWAY_URL", LayerProcess, "http://outway.fsc:8080"},
		{"PROCES_URL", LayerInteraction, "http://proces:8081"},
		{"DIENSTEN_URL", LayerIntegration, "http://localhost:8083"},
		{"TOEGANKELIJKHEIDSVERKLARING", LayerInteraction, "https://www.toegankelijkheidsverklaring.nl/register/123"},
	} {
		if address := s.Env(setting.name); s.Has(setting.layer) && address != "" && !isAddress(address) {
			faults = append(faults, fmt.Sprintf("%s is %q, en dat is geen adres; schrijf het als %s", setting.name, address, setting.example))
		}
	}
	return faults
}

func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}
