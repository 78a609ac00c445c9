package openfsc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// place is a place in a file that repeats something from fsc.yaml: a path in
// YAML or JSON, or the name of a variable in an env file.
type place struct {
	file, key string
	source    string // the key in fsc.yaml
	value     string
}

// places lists every place outside fsc.yaml that says the same. A file that
// the component does not have is passed over.
func places(f fsc.File) []place {
	a := f.Addresses
	image := func(part string) string {
		if f.Versions.Images == "" {
			return ""
		}
		return "docker.io/federatedserviceconnectivity/" + part + ":" + f.Versions.Images
	}
	all := []place{
		{"openfsc/outway/values.yaml", "config.groupID", "groep", f.Group},
		{"openfsc/outway/values.yaml", "config.name", "namen.outway", f.Names.Outway},
		{"openfsc/outway/values.yaml", "config.managerInternalAddress", "adressen.manager", a.Manager},
		{"openfsc/outway/values.yaml", "config.controllerRegistrationApiAddress", "adressen.controller", a.Controller},
		{"openfsc/outway/values.yaml", "config.transactionLogApiAddress", "adressen.transactielog", a.TransactionLog},

		{"openfsc/inway/values.yaml", "config.groupID", "groep", f.Group},
		{"openfsc/inway/values.yaml", "config.name", "namen.inway", f.Names.Inway},
		{"openfsc/inway/values.yaml", "config.selfAddress", "adressen.inway", a.Inway},
		{"openfsc/inway/values.yaml", "config.managerInternalUnauthenticatedAddress", "adressen.managerVoorInway", a.ManagerForInway},
		{"openfsc/inway/values.yaml", "config.controllerRegistrationApiAddress", "adressen.controller", a.Controller},
		{"openfsc/inway/values.yaml", "config.transactionLogApiAddress", "adressen.transactielog", a.TransactionLog},

		{"openfsc/manager/values.yaml", "global.groupID", "groep", f.Group},
		{"openfsc/manager/values.yaml", "config.selfAddress", "adressen.managerExtern", a.ManagerExternal},
		{"openfsc/manager/values.yaml", "config.controllerRegistrationApiAddress", "adressen.controller", a.Controller},
		{"openfsc/manager/values.yaml", "config.txLogAPIAddress", "adressen.transactielog", a.TransactionLog},
		{"openfsc/manager/values.yaml", "config.directoryPeerID", "directory.oin", f.Directory.OIN},
		{"openfsc/manager/values.yaml", "config.directoryManagerAddress", "directory.manager", f.Directory.Manager},
		{"openfsc/controller/values.yaml", "global.groupID", "groep", f.Group},
		{"openfsc/controller/values.yaml", "config.managerInternalAddress", "adressen.manager", a.Manager},
		{"openfsc/controller/values.yaml", "config.directoryPeerID", "directory.oin", f.Directory.OIN},

		{"openfsc/outway.env.voorbeeld", "GROUP_ID", "groep", f.Group},
		{"openfsc/outway.env.voorbeeld", "NAME", "namen.outway", f.Names.Outway},
		{"openfsc/outway.env.voorbeeld", "MANAGER_INTERNAL_ADDRESS", "adressen.manager", a.Manager},
		{"openfsc/outway.env.voorbeeld", "CONTROLLER_REGISTRATION_API_ADDRESS", "adressen.controller", a.Controller},
		{"openfsc/outway.env.voorbeeld", "TX_LOG_API_ADDRESS", "adressen.transactielog", a.TransactionLog},
		{"openfsc/inway.env.voorbeeld", "GROUP_ID", "groep", f.Group},
		{"openfsc/inway.env.voorbeeld", "NAME", "namen.inway", f.Names.Inway},
		{"openfsc/inway.env.voorbeeld", "SELF_ADDRESS", "adressen.inway", a.Inway},
		{"openfsc/inway.env.voorbeeld", "MANAGER_INTERNAL_UNAUTHENTICATED_ADDRESS", "adressen.managerVoorInway", a.ManagerForInway},
		{"openfsc/inway.env.voorbeeld", "CONTROLLER_REGISTRATION_API_ADDRESS", "adressen.controller", a.Controller},
		{"openfsc/inway.env.voorbeeld", "TX_LOG_API_ADDRESS", "adressen.transactielog", a.TransactionLog},

		{"openfsc/pki/group.csr.json", "serialnumber", "eigen.oin", f.Own.OIN},
		{"openfsc/pki/group.csr.json", "names[0].O", "eigen.naam", f.Own.Name},
		{"openfsc/pki/group.csr.json", "hosts[0]", "adressen.outway", Host(a.Outway)},
		{"openfsc/pki/group.csr.json", "hosts[1]", "adressen.inway", Host(a.Inway)},
		{"openfsc/pki/internal.csr.json", "serialnumber", "eigen.oin", f.Own.OIN},
		{"openfsc/pki/internal.csr.json", "names[0].O", "eigen.naam", f.Own.Name},
		{"openfsc/pki/internal.csr.json", "hosts[0]", "adressen.outway", Host(a.Outway)},
	}
	for _, part := range []string{"manager", "controller", "inway", "outway", "txlog-api"} {
		all = append(all, place{"openfsc/proef/compose.yaml", "x-" + part + ".image", "versies.images", image(part)})
	}
	return all
}

// Host is the name in an address, for certificates; "" when there is none.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Deviation is a place that says something else than fsc.yaml.
type Deviation struct{ File, Key, Source, Actual, Expected string }

// String says it in a line.
func (a Deviation) String() string {
	return fmt.Sprintf("deploy/%s: %s is %q, en volgens %s in fsc.yaml hoort daar %q", a.File, a.Key, a.Actual, a.Source, a.Expected)
}

// CheckFiles compares the files in folder deploy with fsc.yaml, and with
// repair writes the values of fsc.yaml into them. What is not known yet stands
// in them as the key between < and >. Comments and layout stay as they are.
func CheckFiles(folder string, f fsc.File, repair bool) ([]Deviation, error) {
	var found []Deviation
	var faults []error
	texts := map[string]string{}
	for _, p := range places(f) {
		text, read := texts[p.file]
		if !read {
			raw, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(p.file))) // #nosec G304 -- A flag names the folder.
			if errors.Is(err, fs.ErrNotExist) {
				continue
			} else if err != nil {
				return nil, err
			}
			text = string(raw)
		}
		want := p.value
		if want == "" {
			want = "<" + p.source + ">"
		}
		changed, was, err := replace(p, text, want)
		if err != nil {
			faults = append(faults, fmt.Errorf("deploy/%s: %s: %w", p.file, p.key, err))
			continue
		}
		if was != want {
			found = append(found, Deviation{p.file, p.key, p.source, was, want})
		}
		texts[p.file] = changed
	}
	if !repair || len(faults) > 0 {
		return found, errors.Join(faults...)
	}
	for file, text := range texts {
		if err := write(filepath.Join(folder, filepath.FromSlash(file)), []byte(text), 0o644); err != nil {
			faults = append(faults, err)
		}
	}
	return found, errors.Join(faults...)
}

// replace gives the text with value at the place, and what stood there.
func replace(p place, text, value string) (changed, was string, err error) {
	if strings.HasSuffix(p.file, ".voorbeeld") {
		return replaceLine(text, p.key, value)
	}
	n, err := find(text, p.key)
	if err != nil {
		return "", "", err
	}
	if n.Value == value {
		return text, value, nil
	}
	from, to, err := locate(text, n)
	if err != nil {
		return "", "", err
	}
	var quoted bytes.Buffer // in JSON, which is YAML as well
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", "", err
	}
	changed = text[:from] + strings.TrimSpace(quoted.String()) + text[to:]
	// What was written must read back as it was meant.
	if n, again := find(changed, p.key); again != nil || n.Value != value {
		return "", "", errors.New("deze regel is niet te wijzigen; zet de waarde met de hand tussen dubbele aanhalingstekens")
	}
	return changed, n.Value, nil
}

// replaceLine does the same in an env file.
func replaceLine(text, name, value string) (changed, was string, err error) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, name+"="); ok {
			was = strings.TrimSuffix(rest, "\r")
			lines[i] = name + "=" + value + rest[len(was):]
			return strings.Join(lines, "\n"), was, nil
		}
	}
	return "", "", errors.New("deze variabele staat er niet meer in")
}

// find finds the scalar at a path such as config.groupID or hosts[0].
func find(text, path string) (*yaml.Node, error) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		return nil, err
	}
	if len(root.Content) == 0 {
		return nil, errors.New("het bestand is leeg")
	}
	n := root.Content[0]
	for segment := range strings.SplitSeq(path, ".") {
		name, index, list := strings.Cut(strings.TrimSuffix(segment, "]"), "[")
		if n = child(n, name); n == nil {
			return nil, errors.New("deze sleutel staat er niet meer in")
		}
		if list {
			i, err := strconv.Atoi(index)
			if err != nil || n.Kind != yaml.SequenceNode || i >= len(n.Content) {
				return nil, errors.New("deze plek in de lijst is er niet meer")
			}
			n = n.Content[i]
		}
	}
	if n.Kind != yaml.ScalarNode {
		return nil, errors.New("hier hoort één waarde")
	}
	return n, nil
}

// child is the value of a key in a mapping.
func child(n *yaml.Node, name string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// locate says from where to where in the text a scalar stands.
func locate(text string, n *yaml.Node) (from, to int, err error) {
	for range n.Line - 1 {
		from += strings.IndexByte(text[from:], '\n') + 1
	}
	for range n.Column - 1 {
		_, size := utf8.DecodeRuneInString(text[from:])
		from += size
	}
	if n.Anchor != "" { // &name stands before the value
		from += len("&" + n.Anchor)
		from += len(text[from:]) - len(strings.TrimLeft(text[from:], " "))
	}
	rest := text[from:]
	switch n.Style {
	case yaml.DoubleQuotedStyle:
		for i := 1; i < len(rest); i++ {
			switch rest[i] {
			case '\\':
				i++
			case '"':
				return from, from + i + 1, nil
			}
		}
	case yaml.SingleQuotedStyle:
		for i := 1; i < len(rest); i++ {
			if rest[i] == '\'' {
				if i+1 == len(rest) || rest[i+1] != '\'' {
					return from, from + i + 1, nil
				}
				i++
			}
		}
	case 0:
		if n.Value != "" && strings.HasPrefix(rest, n.Value) {
			return from, from + len(n.Value), nil
		}
	}
	return 0, 0, errors.New("deze waarde is niet te vinden; zet haar tussen dubbele aanhalingstekens op één regel")
}
