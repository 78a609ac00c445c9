package toegang

import (
	"encoding/base64"
	"net/http"
	"testing"
)

func TestPeersOfATokenAreOfThatToken(t *testing.T) {
	token := func(claims string) string {
		return "Bearer e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".x"
	}
	one, other := token(`{"sub":"1","iss":"2"}`), token(`{"sub":"3","iss":"2"}`)
	for range 2 { // the second time from memory
		for given, want := range map[string][2]string{one: {"1", "2"}, other: {"3", "2"}, one + ".y": {}, "Bearer x": {}, token("geen JSON"): {}, "": {}} {
			if sub, iss := Peers(http.Header{HeaderPeer: {given}}); sub != want[0] || iss != want[1] {
				t.Errorf("%q is of %s and %s, want %v", given, sub, iss, want)
			}
		}
		if sub, _ := Peers(http.Header{HeaderPeer: {one, one}}); sub != "" {
			t.Error("two tokens are of somebody")
		}
		if sub, _ := Peers(http.Header{HeaderPeer: {one}}); sub != "1" {
			t.Errorf("%s", sub)
		}
	}
}
