package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// registryName is an image without a tag: host and path.
var registryName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$`)

// built is the image in .data/image, and where it belongs.
type built struct {
	name, version, digest string
}

// tagged and pinned are how the image is asked for: by its version, and by what is in it.
func (b built) tagged() string { return b.name + ":" + b.version }
func (b built) pinned() string { return b.name + "@" + b.digest }
func (b built) host() string   { host, _, _ := strings.Cut(b.name, "/"); return host }

func readBuilt(p place) (built, error) {
	name := p.Env("IMAGE")
	if len(p.Args) > 0 {
		name = p.Args[0]
	}
	// GitHub gives names of repositories with capitals, which an image may not have.
	name = strings.ToLower(name)
	if len(p.Args) > 1 || !registryName.MatchString(name) {
		return built{}, fmt.Errorf("%q is geen naam van een image: zet achter de taak, of in IMAGE, bijvoorbeeld ghcr.io/gemeente/component, zonder versie", name)
	}
	top, err := layoutOf(p).top()
	if err != nil {
		return built{}, err
	}
	b := built{name: name, version: top.Annotations[refName], digest: top.Digest}
	if strings.HasSuffix(b.version, changed) {
		return built{}, errors.New("het image is gemaakt met veranderingen die niet in de commit staan: leg ze vast en maak het opnieuw")
	}
	return b, nil
}

// publish brings the image to a registry, under its version. What is there under a
// version that was released stays as it is: others trust that it does.
func publish(ctx context.Context, p place) error {
	b, err := readBuilt(p)
	if err != nil {
		return err
	}
	p, done, err := p.login(b.host())
	if err != nil {
		return err
	}
	defer done()
	quiet := p
	quiet.Err = io.Discard // that it is not there yet is no fault
	there, err := quiet.toolOutput(ctx, "crane", "digest", b.tagged())
	there = strings.TrimSpace(there)
	switch {
	case err == nil && there == b.digest:
		p.note("%s staat er al.", b.tagged())
	case err == nil && !strings.HasPrefix(b.version, neverReleased+"-"):
		return fmt.Errorf("%s staat er al, met een andere inhoud (%s): een versie die uit is verandert niet; geef een nieuwe versie uit", b.tagged(), there)
	default:
		if _, err := p.toolOutput(ctx, "crane", "push", p.absolute(imageFolder+"/oci"), b.tagged()); err != nil {
			return err
		}
	}
	p.say("%s", b.pinned())
	return nil
}

// absolute is for programs that may run elsewhere.
func (p place) absolute(name string) string {
	full, err := filepath.Abs(p.path(name))
	if err != nil {
		return p.path(name)
	}
	return full
}

// login gives programs the account of REGISTRY_USER and REGISTRY_PASSWORD for one host, in
// a file that is gone after done. Without these the account counts with which somebody
// logged in on this machine.
func (p place) login(host string) (_ place, done func(), err error) {
	user, password := p.Env("REGISTRY_USER"), p.Env("REGISTRY_PASSWORD")
	if user == "" && password == "" {
		return p, func() {}, nil
	}
	if user == "" || password == "" {
		return p, nil, errors.New("REGISTRY_USER en REGISTRY_PASSWORD horen bij elkaar: er is er maar een gezet")
	}
	dir, done, err := temporary()
	if err != nil {
		return p, nil, err
	}
	account := map[string]string{"auth": base64.StdEncoding.EncodeToString([]byte(user + ":" + password))}
	content, err := json.Marshal(map[string]any{"auths": map[string]any{host: account}})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "config.json"), content, 0o600)
	}
	if err != nil {
		done()
		return p, nil, err
	}
	return p.with("DOCKER_CONFIG="+dir, "HELM_REGISTRY_CONFIG="+filepath.Join(dir, "config.json")), done, nil
}
