package openapi

import (
	"net/url"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// largeMapping is from how many keys on a mapping is worth an index. Without
// it a file of references into one large mapping takes time that grows with
// the square of its size.
const largeMapping = 32

// maxReferences is how many references in a row are followed.
const maxReferences = 32

// pointer follows a JSON pointer in the document (RFC 6901, also when it is
// %-encoded as in a URI); nil when it leads nowhere.
func (d *Document) pointer(fragment string) *yaml.Node {
	if found, known := d.targets[fragment]; known {
		return found
	}
	decoded, err := url.PathUnescape(fragment)
	if err != nil {
		decoded = fragment
	}
	n := d.root
	if decoded != "" {
		rest, ok := strings.CutPrefix(decoded, "/")
		if !ok {
			n = nil
		}
		unescape := strings.NewReplacer("~1", "/", "~0", "~")
		parts := strings.Split(rest, "/")
		for i := 0; n != nil && i < len(parts); i++ {
			n = d.child(n, unescape.Replace(parts[i]))
		}
	}
	d.targets[fragment] = n
	return n
}

// child is the value of a key, or of an index in a list.
func (d *Document) child(n *yaml.Node, key string) *yaml.Node {
	if inList := items(n); inList != nil {
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(inList) {
			return plain(inList[i])
		}
		return nil
	}
	n = plain(n)
	if n == nil || len(n.Content) < 2*largeMapping {
		return get(n, key)
	}
	index := d.indexes[n]
	if index == nil {
		index = make(map[string]*yaml.Node, len(n.Content)/2)
		each(n, func(key string, value *yaml.Node) {
			if _, twice := index[key]; !twice {
				index[key] = plain(value)
			}
		})
		d.indexes[n] = index
	}
	return index[key]
}

// follow follows the references of a node within the document. What it cannot
// follow is noted in w, and the result is nil.
func (w *work) follow(n *yaml.Node) *yaml.Node {
	for range maxReferences {
		ref := text(get(n, "$ref"))
		if ref == "" || !w.spend(1) {
			return plain(n)
		}
		if n = w.target(ref); n == nil {
			return nil
		}
	}
	return nil
}

// target is what a reference leads to.
func (w *work) target(ref string) *yaml.Node {
	fragment, inside := strings.CutPrefix(ref, "#")
	var found *yaml.Node
	if inside && len(ref) < 1000 {
		found = w.d.pointer(fragment)
	}
	if found == nil && w.broken == "" {
		w.broken = ref
	}
	return found
}

// schemaByName finds a schema by reference or by name, as the mapping of a
// discriminator may have either.
func (w *work) schemaByName(target string) *yaml.Node {
	if !strings.HasPrefix(target, "#") && !strings.ContainsAny(target, "/.:") {
		if found := w.d.child(get(get(w.d.root, "components"), "schemas"), target); found != nil {
			return found
		}
	}
	return w.target(target)
}

// maxWork is how much may be visited for one operation, and maxTotal for all
// of a document. The largest answer of the BRP takes less than a tenth of it.
const (
	maxWork  = 300_000
	maxTotal = 4 * maxWork
)

// work counts what is visited for one operation, and remembers the first
// reference that leads nowhere.
type work struct {
	d      *Document
	left   int
	broken string
}

// spend pays for n visits and says whether there is budget left.
func (w *work) spend(n int) bool {
	w.left -= n
	if w.d.left -= n; w.d.left < 0 {
		w.left = min(w.left, -1)
	}
	return w.left >= 0
}
