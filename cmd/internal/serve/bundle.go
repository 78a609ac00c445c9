package serve

import "net/http"

// Bundle is the handler that offers the bundle in dir, read-only.
func Bundle(dir string) (http.Handler, error) { return nil, nil }
