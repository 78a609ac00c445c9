package nabootsing

import "testing"

// TestKeyOfPeer: a peer keeps its key for as long as the program runs, also when the
// stand-in is started anew, and no peer signs with the key of another.
func TestKeyOfPeer(t *testing.T) {
	first, err := keyOf("00000000000000000011")(tokenBits)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := keyOf("00000000000000000011")(tokenBits); err != nil || again != first {
		t.Errorf("the same peer got another key: %v", err)
	}
	if other, err := keyOf("00000000000000000022")(tokenBits); err != nil || other.Equal(first) {
		t.Errorf("another peer got the same key: %v", err)
	}
}
