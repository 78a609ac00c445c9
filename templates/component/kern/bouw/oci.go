package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Media types of the OCI image specification 1.1.
const (
	typeIndex    = "application/vnd.oci.image.index.v1+json"
	typeManifest = "application/vnd.oci.image.manifest.v1+json"
	typeConfig   = "application/vnd.oci.image.config.v1+json"
	typeLayer    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

// The part of the OCI image specification that an image of one program needs. The
// names are those of the specification.
type (
	descriptor struct {
		MediaType   string            `json:"mediaType"`
		Digest      string            `json:"digest"`
		Size        int64             `json:"size"`
		Platform    *platform         `json:"platform,omitempty"`
		Annotations map[string]string `json:"annotations,omitempty"`
	}
	platform struct {
		Architecture string `json:"architecture"`
		OS           string `json:"os"`
	}
	index struct {
		SchemaVersion int               `json:"schemaVersion"`
		MediaType     string            `json:"mediaType"`
		Manifests     []descriptor      `json:"manifests"`
		Annotations   map[string]string `json:"annotations,omitempty"`
	}
	manifest struct {
		SchemaVersion int               `json:"schemaVersion"`
		MediaType     string            `json:"mediaType"`
		Config        descriptor        `json:"config"`
		Layers        []descriptor      `json:"layers"`
		Annotations   map[string]string `json:"annotations,omitempty"`
	}
	imageConfig struct {
		Created      time.Time `json:"created"`
		Architecture string    `json:"architecture"`
		OS           string    `json:"os"`
		Config       runConfig `json:"config"`
		RootFS       rootFS    `json:"rootfs"`
		History      []history `json:"history"`
	}
	runConfig struct {
		User         string              `json:"User"`
		ExposedPorts map[string]struct{} `json:"ExposedPorts"`
		Entrypoint   []string            `json:"Entrypoint"`
		Labels       map[string]string   `json:"Labels"`
	}
	rootFS struct {
		Type    string   `json:"type"`
		DiffIDs []string `json:"diff_ids"`
	}
	history struct {
		Created   time.Time `json:"created"`
		CreatedBy string    `json:"created_by"`
	}
)

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// layout is a folder in the form of an OCI image layout.
type layout struct{ dir string }

// newLayout begins a layout in an empty folder.
func newLayout(dir string) (layout, error) {
	if err := os.MkdirAll(filepath.Join(dir, "blobs", "sha256"), 0o750); err != nil {
		return layout{}, err
	}
	return layout{dir}, os.WriteFile(filepath.Join(dir, "oci-layout"), []byte(`{"imageLayoutVersion":"1.0.0"}`), 0o600)
}

// layoutOf is the one that image made.
func layoutOf(p place) layout { return layout{p.path(imageFolder + "/oci")} }

func (l layout) blob(digest string) string {
	return filepath.Join(l.dir, "blobs", "sha256", strings.TrimPrefix(digest, "sha256:"))
}

func (l layout) add(mediaType string, content []byte) (descriptor, error) {
	d := descriptor{MediaType: mediaType, Digest: digest(content), Size: int64(len(content))}
	return d, os.WriteFile(l.blob(d.Digest), content, 0o600)
}

func (l layout) addJSON(mediaType string, v any) (descriptor, error) {
	content, err := json.Marshal(v)
	if err != nil {
		return descriptor{}, err
	}
	return l.add(mediaType, content)
}

// finish makes top the one thing that the layout holds.
func (l layout) finish(top descriptor) error {
	content, err := json.Marshal(index{SchemaVersion: 2, MediaType: typeIndex, Manifests: []descriptor{top}})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(l.dir, "index.json"), content, 0o600)
}

// top reads what finish wrote.
func (l layout) top() (descriptor, error) {
	var i index
	content, err := os.ReadFile(filepath.Join(l.dir, "index.json"))
	if err == nil {
		err = json.Unmarshal(content, &i)
	}
	if err != nil || len(i.Manifests) != 1 {
		return descriptor{}, errNoImage
	}
	return i.Manifests[0], nil
}

// layer is the one layer of the image: the program, and a folder for what is kept for
// a moment, which Go expects. All is of root, so that the program cannot change itself.
func layer(program []byte, at time.Time) (packed []byte, diffID string, err error) {
	var plain bytes.Buffer
	w := tar.NewWriter(&plain)
	for _, h := range []*tar.Header{
		{Typeflag: tar.TypeReg, Name: "component", Mode: 0o755, Size: int64(len(program))},
		{Typeflag: tar.TypeDir, Name: "tmp/", Mode: 0o1777},
	} {
		h.ModTime, h.Format = at, tar.FormatUSTAR
		if err := w.WriteHeader(h); err != nil {
			return nil, "", err
		}
		if h.Size > 0 {
			if _, err := w.Write(program); err != nil {
				return nil, "", err
			}
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	var out bytes.Buffer
	// No name and no time in its header, so that the same content has the same digest.
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, "", err
	}
	if _, err := z.Write(plain.Bytes()); err != nil {
		return nil, "", err
	}
	if err := z.Close(); err != nil {
		return nil, "", err
	}
	return out.Bytes(), digest(plain.Bytes()), nil
}

// dockerTar writes an image of the layout in the form that docker load and podman load read.
func (l layout) dockerTar(name, tag string, config, layer descriptor, at time.Time) error {
	inside := func(d descriptor) string { return strings.TrimPrefix(d.Digest, "sha256:") }
	list, err := json.Marshal([]any{map[string]any{
		"Config": inside(config) + ".json", "RepoTags": []string{tag}, "Layers": []string{inside(layer) + ".tar.gz"},
	}})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	add := func(name string, content []byte) error {
		err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(content)), ModTime: at, Format: tar.FormatUSTAR})
		if err == nil {
			_, err = w.Write(content)
		}
		return err
	}
	for _, part := range []struct {
		name string
		d    descriptor
	}{{inside(config) + ".json", config}, {inside(layer) + ".tar.gz", layer}} {
		content, err := os.ReadFile(l.blob(part.d.Digest))
		if err != nil {
			return err
		}
		if err := add(part.name, content); err != nil {
			return err
		}
	}
	if err := add("manifest.json", list); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, out.Bytes(), 0o600)
}
