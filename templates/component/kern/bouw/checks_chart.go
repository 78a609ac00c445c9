package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const (
	chartFolder = "deploy/helm"
	// kubernetes is the version whose schemas the manifests are held against.
	kubernetes = "1.33.0"
)

// customKinds have no schema in Kubernetes itself: the cluster gets them from
// others, and says there whether they are right.
var customKinds = []string{"Certificate", "Cluster", "Issuer", "PodMonitor", "ScheduledBackup", "ServiceMonitor"}

// noResources is what kubeconform says of a file in which it found nothing, which
// it takes for good.
var noResources = regexp.MustCompile(`Summary: 0 resources`)

// chart checks the chart with its own values, and with those of each file in
// deploy/helm/ci: what a cluster may turn on is as right as what is on.
func chart(ctx context.Context, p place) error {
	if err := p.exists(chartFolder + "/Chart.yaml"); err != nil {
		return err
	}
	dir, remove, err := temporary()
	if err != nil {
		return err
	}
	defer remove()
	variants, err := filepath.Glob(p.path(chartFolder + "/ci/*.yaml"))
	if err != nil {
		return err
	}
	slices.Sort(variants)
	var wrong []error
	for i, values := range append([]string{""}, variants...) {
		name := "de gewone waarden"
		var extra []string
		if values != "" {
			if values, err = filepath.Abs(values); err != nil {
				return err
			}
			name, extra = filepath.Base(values), []string{"--values", values}
		}
		p.say("-- met %s", name)
		if err := rendered(ctx, p, filepath.Join(dir, fmt.Sprintf("%d.yaml", i)), extra); err != nil {
			wrong = append(wrong, fmt.Errorf("met %s: %w", name, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(wrong...)
}

// rendered checks the chart with one set of values; file is where it is written out.
func rendered(ctx context.Context, p place, file string, values []string) error {
	if err := p.runTool(ctx, "helm", append([]string{"lint", "--strict", chartFolder}, values...)...); err != nil {
		return err
	}
	manifests, err := p.toolOutput(ctx, "helm", append([]string{"template", "component", chartFolder}, values...)...)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, []byte(manifests), 0o600); err != nil {
		return err
	}
	args := []string{"-strict", "-summary", "-kubernetes-version", kubernetes, "-skip", strings.Join(customKinds, ",")}
	// A folder or address with schemas, for who cannot reach the usual one.
	if schemas := p.Env("KUBERNETES_SCHEMAS"); schemas != "" {
		args = append(args, "-schema-location", schemas)
	}
	said, err := p.toolOutput(ctx, "kubeconform", append(args, file)...)
	p.say("%s", strings.TrimSpace(said))
	if err != nil {
		return err
	}
	if noResources.MatchString(said) {
		return errors.New("kubeconform vond geen enkel manifest: de chart maakt niets")
	}
	return p.runTool(ctx, "kube-score", "score", "--exit-one-on-warning", "--enable-optional-test", "container-seccomp-profile", file)
}
