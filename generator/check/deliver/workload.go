package deliver

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// set is what is deployed together: a chart, or all plain manifests of the repository.
type set struct {
	c         *chart // nil for plain manifests
	documents []*node
	kinds     map[string]bool
	pods      []pod
	kustomize map[string]bool // images to which a kustomization gives a version
}

// pod is the description of pods in a workload.
type pod struct {
	kind, name string
	document   *node
	spec       *node
}

// podPaths say where in a kind the description of its pods is.
var podPaths = map[string][]string{
	"Pod":         {"spec"},
	"Deployment":  {"spec", "template", "spec"},
	"StatefulSet": {"spec", "template", "spec"},
	"DaemonSet":   {"spec", "template", "spec"},
	"ReplicaSet":  {"spec", "template", "spec"},
	"Job":         {"spec", "template", "spec"},
	"CronJob":     {"spec", "jobTemplate", "spec", "template", "spec"},
}

// add takes up a document, or the documents of a List.
func (s *set) add(n *node) {
	if n == nil {
		return
	}
	kind := n.at("kind").word()
	if kind == "List" {
		for _, item := range n.at("items").list() {
			s.add(item)
		}
		return
	}
	if kind == "" || n.at("apiVersion") == nil {
		return
	}
	s.documents = append(s.documents, n)
	s.kinds[kind] = true
	if path, ok := podPaths[kind]; ok {
		if spec := n.at(path...); spec != nil {
			s.pods = append(s.pods, pod{kind, n.at("metadata", "name").word(), n, spec})
		}
	}
}

// word is the text of a scalar, with the values of the chart.
func (s *set) word(n *node) (text string, from *node, known bool) {
	if s.c != nil {
		return s.c.word(n)
	}
	if n == nil {
		return "", nil, true
	}
	return n.text, nil, !strings.ContainsAny(n.text, "$%<") && !strings.Contains(n.text, "{{") && !strings.Contains(n.text, "__")
}

// is says whether a value has a text; known is false when that does not show.
func (s *set) is(n *node, want string) (yes, known bool) {
	text, _, known := s.word(n)
	return known && text == want, known
}

// serves says whether the pods answer requests: a container names a port.
func (s *set) serves(p pod) bool {
	if p.kind != "Deployment" && p.kind != "StatefulSet" && p.kind != "DaemonSet" {
		return false
	}
	for _, c := range p.containers() {
		if len(c.at("ports").list()) > 0 {
			return true
		}
	}
	return false
}

// containers are those that stay; a patch for kustomize has some without an image.
func (p pod) containers() []*node {
	return withImage(p.spec.at("containers"))
}

// all are those that stay and those that come before.
func (p pod) all() []*node {
	return slices.Concat(withImage(p.spec.at("initContainers")), p.containers())
}

func withImage(list *node) []*node {
	var all []*node
	for _, one := range list.list() {
		if one.at("image") != nil {
			all = append(all, one)
		}
	}
	return all
}

// called is what people know a container by.
func (s *set) called(p pod, container *node) string {
	name, _, known := s.word(container.at("name"))
	if !known || name == "" { // a name that is made: then the file says most
		base := path.Base(p.document.path)
		name = strings.TrimSuffix(base, path.Ext(base))
	}
	return name
}

// resources lists what a container does not say it needs.
func (s *set) resources(container *node) (missing []string, at *node) {
	resources, known := container.get("resources")
	if !known {
		return nil, container
	}
	for _, want := range [][2]string{{"requests", "cpu"}, {"requests", "memory"}, {"limits", "memory"}} {
		value, known := resources.get(want[0], want[1])
		if known && value.isEmpty() {
			missing = append(missing, want[0]+"."+want[1])
		}
	}
	return missing, cmp.Or(resources, container)
}

// security lists what a container does not give up. What the pod says counts for all of
// its containers, as far as Kubernetes has it there.
func (s *set) security(p pod, container *node) (missing []string, at *node) {
	mine, known := container.get("securityContext")
	if !known || container.open && mine == nil {
		return nil, container
	}
	pod, known := p.spec.get("securityContext")
	if !known {
		pod = &node{open: true}
	}
	// says is true unless neither says so, and nothing else can.
	says := func(want string, path ...string) bool {
		for _, place := range []*node{mine, pod} {
			value, known := place.get(path...)
			if !known {
				return true
			}
			if value != nil {
				yes, known := s.is(value, want)
				return yes || !known
			}
		}
		return false
	}
	if !says("true", "runAsNonRoot") && !s.isUser(mine, pod) {
		missing = append(missing, "runAsNonRoot: true")
	}
	pods := pod
	pod = nil // the rest is of a container only
	if !says("true", "readOnlyRootFilesystem") {
		missing = append(missing, "readOnlyRootFilesystem: true")
	}
	if !says("false", "allowPrivilegeEscalation") {
		missing = append(missing, "allowPrivilegeEscalation: false")
	}
	if !s.dropsAll(mine) {
		missing = append(missing, "capabilities.drop: [ALL]")
	}
	if !s.hasSeccomp(mine) && !s.hasSeccomp(pods) {
		missing = append(missing, "seccompProfile.type: RuntimeDefault")
	}
	return missing, cmp.Or(mine, container)
}

// isUser says whether a user is set that is not root.
func (s *set) isUser(places ...*node) bool {
	for _, place := range places {
		value, known := place.get("runAsUser")
		if !known {
			return true
		}
		if value != nil {
			text, _, known := s.word(value)
			return !known || text != "0" && text != ""
		}
	}
	return false
}

func (s *set) dropsAll(context *node) bool {
	drop, known := context.get("capabilities", "drop")
	if !known || drop != nil && drop.open {
		return true
	}
	for _, one := range drop.list() {
		if text, _, known := s.word(one); !known || strings.EqualFold(text, "all") {
			return true
		}
	}
	return false
}

func (s *set) hasSeccomp(context *node) bool {
	kind, known := context.get("seccompProfile", "type")
	if !known {
		return true
	}
	text, _, known := s.word(kind)
	return !known || text == "RuntimeDefault" || text == "Localhost"
}

// handlers are the ways in which a probe asks.
var handlers = []string{"httpGet", "tcpSocket", "exec", "grpc"}

// sameProbe says whether two probes ask the same.
func sameProbe(a, b *node) bool {
	if a.isEmpty() || b.isEmpty() || a.open || b.open {
		return false
	}
	asked := false
	for _, handler := range handlers {
		one, other := a.at(handler), b.at(handler)
		if (one == nil) != (other == nil) {
			return false
		}
		if one != nil {
			asked = true
			if !sameValue(one, other, 0) {
				return false
			}
		}
	}
	return asked
}

// sameValue compares what two nodes say, not where.
func sameValue(a, b *node, depth int) bool {
	if a.text != "" && a.text == b.text && !a.isMap && !b.isMap {
		return true // also an expression: the same one twice
	}
	if depth > maxDepth || a.open || b.open || a.text != b.text || len(a.keys) != len(b.keys) || len(a.items) != len(b.items) {
		return false
	}
	for _, k := range a.keys {
		if other := b.at(k.name); other == nil || !sameValue(k.value, other, depth+1) {
			return false
		}
	}
	for i := range a.items {
		if !sameValue(a.items[i], b.items[i], depth+1) {
			return false
		}
	}
	return true
}
