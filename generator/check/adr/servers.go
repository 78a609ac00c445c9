package adr

import (
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// servers gives all servers: of the description, of paths, operations and links.
func (d *Document) servers() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		lists := []*node{d.root.get("servers")}
		var links []*node
		for _, item := range d.in(d.root.get("paths")) {
			lists = append(lists, item.get("servers"))
		}
		for op := range d.operations() {
			lists = append(lists, op.node.get("servers"))
			for _, response := range d.in(op.node.get("responses")) {
				links = append(links, response.get("links"))
			}
		}
		links = append(links, d.root.get("components", "links"))
		for _, l := range lists {
			for server := range l.all() {
				if !yield(server) {
					return
				}
			}
		}
		for _, l := range links {
			for _, link := range d.in(l) {
				if server := link.get("server"); server != nil && !yield(server) {
					return
				}
			}
		}
	}
}

var urlVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{(.+?)\}`) })

// serverVariables holds the variables in the address of a server against those that it
// explains. What is no server at all is for the schema.
func serverVariables(server *node, found finder) {
	address, variables := server.get("url"), server.get("variables")
	if !address.is(isText) || variables != nil && variables.kind != isObject {
		return
	}
	var used []string
	for _, m := range urlVariable().FindAllStringSubmatch(address.text, -1) {
		used = append(used, m[1])
	}
	for v := range variables.all() {
		if !slices.Contains(used, v.key) {
			found(v, "unused", v.key, address.text)
		}
	}
	var unknown []string
	for _, name := range used {
		if variables.get(name) == nil && !slices.Contains(unknown, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		found(orElse(variables, server), "undefined", strings.Join(unknown, ", "), address.text)
	}
	if variables == nil || len(used) == 0 {
		return
	}
	for _, name := range used {
		v := variables.get(name)
		standard, allowed := v.get("default"), v.get("enum")
		switch {
		case v == nil:
		case standard == nil:
			found(v, "default", name)
		case allowed.is(isArray) && !slices.ContainsFunc(allowed.children, func(c *node) bool { return same(c, standard) }):
			found(standard, "enum", name, standard.short(), list(allowed.children))
		}
	}
	if wrong := wrongAddress(address.text, used, variables); wrong != "" {
		found(variables, "address", wrong)
	}
}

const maxAddresses = 200

// wrongAddress fills the variables in, each with all values it may have and the others
// with their first, and gives one that is no address; "" when there is none.
func wrongAddress(address string, used []string, variables *node) string {
	values := map[string][]string{}
	for _, name := range used {
		v := variables.get(name)
		fill := []*node{v.get("default")}
		if e := v.get("enum"); e.is(isArray) && e.size() > 0 {
			fill = e.children
		}
		for _, f := range fill {
			if f.is(isText) {
				values[name] = append(values[name], f.text)
			}
		}
	}
	tried := 0
	for _, name := range used {
		for _, value := range values[name] {
			filled := strings.ReplaceAll(address, "{"+name+"}", value)
			for other, first := range values {
				filled = strings.ReplaceAll(filled, "{"+other+"}", first[0])
			}
			if tried++; tried > maxAddresses {
				return ""
			}
			if !isAddress(filled) {
				return filled
			}
		}
	}
	return ""
}

// isAddress says whether JavaScript takes a text for an address: an absolute one. What
// variables are left in it stand in the path or count as part of the name of the host.
func isAddress(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || strings.Trim(strings.ToLower(scheme), "abcdefghijklmnopqrstuvwxyz0123456789+-.") != "" {
		return false
	}
	if scheme = strings.ToLower(scheme); scheme != "http" && scheme != "https" {
		return true
	}
	host, _, _ := strings.Cut(strings.TrimLeft(rest, "/"), "/")
	u, err := url.Parse("https://" + host)
	return err == nil && u.Hostname() != "" && !strings.ContainsAny(host, "{}<> |^")
}

func orElse(n, other *node) *node {
	if n == nil {
		return other
	}
	return n
}
