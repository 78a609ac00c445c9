package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

var (
	imageRepository = regexp.MustCompile(`(?m)^(image:\r?\n(?:  .*\r?\n)*?  repository: ).*$`)
	imageDigest     = regexp.MustCompile(`(?m)^(image:\r?\n(?:  .*\r?\n)*?  digest: ).*$`)
)

// publishChart brings the chart to the registry, beside the image and with the version of
// it. The chart that is published names the image by its digest: that is the one that was
// checked and signed, also when somebody moves a tag.
func publishChart(ctx context.Context, p place) error {
	b, err := readBuilt(p)
	if err != nil {
		return err
	}
	if err := p.exists(chartFolder + "/Chart.yaml"); err != nil {
		return err
	}
	dir, remove, err := temporary()
	if err != nil {
		return err
	}
	defer remove()
	copied := filepath.Join(dir, "chart")
	if err := os.CopyFS(copied, os.DirFS(p.path(chartFolder))); err != nil {
		return err
	}
	if err := pinImage(copied, b); err != nil {
		return err
	}
	if err := p.runTool(ctx, "helm", "package", "--version", b.version, "--app-version", b.version, "--destination", dir, copied); err != nil {
		return err
	}
	packed, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(packed) != 1 {
		return errors.New("helm package maakte geen chart")
	}
	p, done, err := p.login(b.host())
	if err != nil {
		return err
	}
	defer done()
	// A folder of its own: under the name of the image it would take the place of that.
	return p.runTool(ctx, "helm", append([]string{"push", packed[0], "oci://" + b.name + "/helm"}, plainHTTP(b)...)...)
}

// plainHTTP is for a registry on this computer, as crane and cosign take it by themselves.
func plainHTTP(b built) []string {
	if regexp.MustCompile(`^(localhost|127\.0\.0\.1)(:|$)`).MatchString(b.host()) {
		return []string{"--plain-http"}
	}
	return nil
}

// pinImage writes in the values of a chart which image it is, and leaves the rest as it is.
func pinImage(chart string, b built) error {
	root, err := os.OpenRoot(chart)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	body, err := root.ReadFile("values.yaml")
	if err != nil {
		return err
	}
	for _, value := range []struct {
		place *regexp.Regexp
		text  string
	}{{imageRepository, b.name}, {imageDigest, b.digest}} {
		if !value.place.Match(body) {
			return fmt.Errorf("%s/values.yaml heeft geen image met repository en digest", chartFolder)
		}
		body = value.place.ReplaceAll(body, []byte("${1}\""+value.text+"\""))
	}
	return root.WriteFile("values.yaml", body, 0o600)
}
