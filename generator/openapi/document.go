package openapi

import (
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// methods of HTTP in the order in which they are listed. Which of them a
// component can use is for package model to say.
var methods = []string{"get", "post", "put", "patch", "delete"}

// find lists the operations. One without a name gets that of its method and
// path: get-adressen-id.
func (d *Document) find() {
	w := &work{d: d, left: maxWork}
	taken := map[string]bool{}
	each(get(d.root, "paths"), func(path string, given *yaml.Node) {
		item := w.follow(given)
		if item == nil {
			d.outside = w.broken
			return
		}
		for _, method := range methods {
			node := get(item, method)
			if node == nil || node.Kind != yaml.MappingNode || !w.spend(1) {
				continue
			}
			id := text(get(node, "operationId"))
			if strings.TrimSpace(id) == "" {
				id = unnamed(method, path)
			}
			if taken[id] {
				continue
			}
			taken[id] = true
			title := ""
			if summary := get(node, "summary"); summary != nil && legible(summary) {
				title = strings.TrimSuffix(line(summary), ".")
			}
			d.operations = append(d.operations, &Operation{
				ID: id, Method: strings.ToUpper(method), Path: path, Title: title,
				w: &work{d: d, left: maxWork}, item: item, node: node,
			})
		}
	})
}

// unnamed is the name of an operation that has none.
func unnamed(method, path string) string {
	words := strings.FieldsFunc(path, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
	return strings.Join(append([]string{method}, words...), "-")
}

// Operation returns the operation with a name (operationId); nil when there is
// none.
func (d *Document) Operation(id string) *Operation {
	i := slices.IndexFunc(d.operations, func(o *Operation) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return d.operations[i]
}

// Operations lists the operations in the order of the document.
func (d *Document) Operations() []*Operation { return slices.Clone(d.operations) }

// Outside is a reference by which a path of the document is in another file;
// "" when all are in this one.
func (d *Document) Outside() string { return d.outside }

// maxServers is how many addresses of one API are of use.
const maxServers = 10

// Servers are the absolute addresses at which the API is offered, without a
// slash at the end. Variables in an address get the value that the document
// gives as usual.
func (d *Document) Servers() []string {
	var out []string
	for _, server := range items(get(d.root, "servers")) {
		address := text(get(server, "url"))
		each(get(server, "variables"), func(name string, variable *yaml.Node) {
			if usual := text(get(variable, "default")); len(address) < 1000 && len(usual) < 200 {
				address = strings.ReplaceAll(address, "{"+name+"}", usual)
			}
		})
		address = strings.TrimRight(address, "/")
		if absolute(address) && !slices.Contains(out, address) && len(out) < maxServers {
			out = append(out, address)
		}
	}
	return out
}

// absolute says whether an address is a plain one on the web.
func absolute(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(address) > 300 {
		return false
	}
	return !strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"'`<>{}\\^|", r) })
}

// Security is how the API wants to know who asks.
type Security struct {
	Kind   string // apikey, bearer, oauth2 or basic
	Header string // apikey: the header with the key
	JWT    bool   // bearer: a token that the caller makes and signs itself, as the ZGW APIs want
}

// Security is how the operation wants to know who asks: the first way that the
// document names and a component can follow; nil for none.
func (o *Operation) Security() *Security {
	wanted := get(o.node, "security")
	if wanted == nil {
		wanted = get(o.w.d.root, "security")
	}
	schemes := get(get(o.w.d.root, "components"), "securitySchemes")
	var found *Security
	for _, alternative := range items(wanted) {
		each(alternative, func(name string, _ *yaml.Node) {
			if found == nil && o.w.spend(1) {
				found = security(name, o.w.follow(get(schemes, name)))
			}
		})
	}
	return found
}

func security(name string, scheme *yaml.Node) *Security {
	switch text(get(scheme, "type")) {
	case "apiKey":
		if header := text(get(scheme, "name")); text(get(scheme, "in")) == "header" && headerName(header) {
			return &Security{Kind: "apikey", Header: header}
		}
	case "oauth2", "openIdConnect":
		return &Security{Kind: "oauth2"}
	case "http":
		switch strings.ToLower(text(get(scheme, "scheme"))) {
		case "bearer":
			return &Security{Kind: "bearer", JWT: strings.Contains(strings.ToLower(name), "jwt-claims")}
		case "basic":
			return &Security{Kind: "basic"}
		}
	}
	return nil
}

// headerName says whether name can be that of a header: a token of RFC 9110,
// without the signs that nobody uses.
func headerName(name string) bool {
	return name != "" && len(name) <= 100 && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}
