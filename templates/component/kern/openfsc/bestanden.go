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

// plek is a place in a file that repeats something from fsc.yaml: a path in
// YAML or JSON, or the name of a variable in an env file.
type plek struct {
	bestand, sleutel string
	bron             string // the key in fsc.yaml
	waarde           string
}

// plekken lists every place outside fsc.yaml that says the same. A file that
// the component does not have is passed over.
func plekken(f fsc.File) []plek {
	a := f.Adressen
	image := func(part string) string {
		if f.Versies.Images == "" {
			return ""
		}
		return "docker.io/federatedserviceconnectivity/" + part + ":" + f.Versies.Images
	}
	all := []plek{
		{"openfsc/outway/values.yaml", "config.groupID", "groep", f.Groep},
		{"openfsc/outway/values.yaml", "config.name", "namen.outway", f.Namen.Outway},
		{"openfsc/outway/values.yaml", "config.managerInternalAddress", "adressen.manager", a.Manager},
		{"openfsc/outway/values.yaml", "config.controllerRegistrationApiAddress", "adressen.controller", a.Controller},
		{"openfsc/outway/values.yaml", "config.transactionLogApiAddress", "adressen.transactielog", a.Transactielog},

		{"openfsc/inway/values.yaml", "config.groupID", "groep", f.Groep},
		{"openfsc/inway/values.yaml", "config.name", "namen.inway", f.Namen.Inway},
		{"openfsc/inway/values.yaml", "config.selfAddress", "adressen.inway", a.Inway},
		{"openfsc/inway/values.yaml", "config.managerInternalUnauthenticatedAddress", "adressen.managerVoorInway", a.ManagerVoorInway},
		{"openfsc/inway/values.yaml", "config.controllerRegistrationApiAddress", "adressen.controller", a.Controller},
		{"openfsc/inway/values.yaml", "config.transactionLogApiAddress", "adressen.transactielog", a.Transactielog},

		{"openfsc/manager/values.yaml", "global.groupID", "groep", f.Groep},
		{"openfsc/manager/values.yaml", "config.selfAddress", "adressen.managerExtern", a.ManagerExtern},
		{"openfsc/manager/values.yaml", "config.controllerRegistrationApiAddress", "adressen.controller", a.Controller},
		{"openfsc/manager/values.yaml", "config.txLogAPIAddress", "adressen.transactielog", a.Transactielog},
		{"openfsc/manager/values.yaml", "config.directoryPeerID", "directory.oin", f.Directory.OIN},
		{"openfsc/manager/values.yaml", "config.directoryManagerAddress", "directory.manager", f.Directory.Manager},
		{"openfsc/controller/values.yaml", "global.groupID", "groep", f.Groep},
		{"openfsc/controller/values.yaml", "config.managerInternalAddress", "adressen.manager", a.Manager},

		{"openfsc/outway.env.voorbeeld", "GROUP_ID", "groep", f.Groep},
		{"openfsc/outway.env.voorbeeld", "NAME", "namen.outway", f.Namen.Outway},
		{"openfsc/outway.env.voorbeeld", "MANAGER_INTERNAL_ADDRESS", "adressen.manager", a.Manager},
		{"openfsc/outway.env.voorbeeld", "CONTROLLER_REGISTRATION_API_ADDRESS", "adressen.controller", a.Controller},
		{"openfsc/outway.env.voorbeeld", "TX_LOG_API_ADDRESS", "adressen.transactielog", a.Transactielog},
		{"openfsc/inway.env.voorbeeld", "GROUP_ID", "groep", f.Groep},
		{"openfsc/inway.env.voorbeeld", "NAME", "namen.inway", f.Namen.Inway},
		{"openfsc/inway.env.voorbeeld", "SELF_ADDRESS", "adressen.inway", a.Inway},
		{"openfsc/inway.env.voorbeeld", "MANAGER_INTERNAL_UNAUTHENTICATED_ADDRESS", "adressen.managerVoorInway", a.ManagerVoorInway},
		{"openfsc/inway.env.voorbeeld", "CONTROLLER_REGISTRATION_API_ADDRESS", "adressen.controller", a.Controller},
		{"openfsc/inway.env.voorbeeld", "TX_LOG_API_ADDRESS", "adressen.transactielog", a.Transactielog},

		{"openfsc/pki/group.csr.json", "serialnumber", "eigen.oin", f.Eigen.OIN},
		{"openfsc/pki/group.csr.json", "names[0].O", "eigen.naam", f.Eigen.Naam},
		{"openfsc/pki/group.csr.json", "hosts[0]", "adressen.outway", Host(a.Outway)},
		{"openfsc/pki/group.csr.json", "hosts[1]", "adressen.inway", Host(a.Inway)},
		{"openfsc/pki/internal.csr.json", "serialnumber", "eigen.oin", f.Eigen.OIN},
		{"openfsc/pki/internal.csr.json", "names[0].O", "eigen.naam", f.Eigen.Naam},
		{"openfsc/pki/internal.csr.json", "hosts[0]", "adressen.outway", Host(a.Outway)},
	}
	for _, part := range []string{"manager", "controller", "inway", "outway", "txlog-api"} {
		all = append(all, plek{"openfsc/proef/compose.yaml", "x-" + part + ".image", "versies.images", image(part)})
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

// Afwijking is a place that says something else than fsc.yaml.
type Afwijking struct{ Bestand, Sleutel, Bron, Staat, Hoort string }

// String says it in a line.
func (a Afwijking) String() string {
	return fmt.Sprintf("deploy/%s: %s is %q, en volgens %s in fsc.yaml hoort daar %q", a.Bestand, a.Sleutel, a.Staat, a.Bron, a.Hoort)
}

// Bestanden compares the files in folder deploy with fsc.yaml, and with
// herstel writes the values of fsc.yaml into them. What is not known yet stands
// in them as the key between < and >. Comments and layout stay as they are.
func Bestanden(folder string, f fsc.File, herstel bool) ([]Afwijking, error) {
	var found []Afwijking
	var faults []error
	texts := map[string]string{}
	for _, p := range plekken(f) {
		text, read := texts[p.bestand]
		if !read {
			raw, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(p.bestand)))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			} else if err != nil {
				return nil, err
			}
			text = string(raw)
		}
		want := p.waarde
		if want == "" {
			want = "<" + p.bron + ">"
		}
		changed, was, err := vervang(p, text, want)
		if err != nil {
			faults = append(faults, fmt.Errorf("deploy/%s: %s: %w", p.bestand, p.sleutel, err))
			continue
		}
		if was != want {
			found = append(found, Afwijking{p.bestand, p.sleutel, p.bron, was, want})
		}
		texts[p.bestand] = changed
	}
	if !herstel || len(faults) > 0 {
		return found, errors.Join(faults...)
	}
	for file, text := range texts {
		if err := schrijf(filepath.Join(folder, filepath.FromSlash(file)), []byte(text), 0o644); err != nil {
			faults = append(faults, err)
		}
	}
	return found, errors.Join(faults...)
}

// vervang gives the text with value at the place, and what stood there.
func vervang(p plek, text, value string) (changed, was string, err error) {
	if strings.HasSuffix(p.bestand, ".voorbeeld") {
		return vervangRegel(text, p.sleutel, value)
	}
	n, err := zoek(text, p.sleutel)
	if err != nil {
		return "", "", err
	}
	if n.Value == value {
		return text, value, nil
	}
	from, to, err := plaats(text, n)
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
	if n, again := zoek(changed, p.sleutel); again != nil || n.Value != value {
		return "", "", errors.New("deze regel is niet te wijzigen; zet de waarde met de hand tussen dubbele aanhalingstekens")
	}
	return changed, n.Value, nil
}

// vervangRegel does the same in an env file.
func vervangRegel(text, name, value string) (changed, was string, err error) {
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

// zoek finds the scalar at a path such as config.groupID or hosts[0].
func zoek(text, path string) (*yaml.Node, error) {
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
		if n = onder(n, name); n == nil {
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

// onder is the value of a key in a mapping.
func onder(n *yaml.Node, name string) *yaml.Node {
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

// plaats says from where to where in the text a scalar stands.
func plaats(text string, n *yaml.Node) (from, to int, err error) {
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
