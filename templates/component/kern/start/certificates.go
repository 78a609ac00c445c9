package start

import (
	// The certificates of the authorities that browsers trust go along in the program: an
	// image without an operating system has none. They are used where the system has
	// none, so a system with its own, or SSL_CERT_FILE, goes first.
	_ "golang.org/x/crypto/x509roots/fallback"
)
