package bundle

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// TestNoDownload: a module proxy that refuses is named once, with every file that is
// to be had elsewhere, and leaves nothing behind.
func TestNoDownload(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the Go of this test is a script")
	}
	fake := t.TempDir()
	put0(t, fake, "go", []byte("#!/bin/sh\nprintf '%s' '{\"Path\": \"golang.org/toolchain\", \"Version\": \"v0\", \"Error\": \"403 Forbidden\\n\\tserver response: no\"}'\nexit 1\n"))
	fatal(t, os.Chmod(filepath.Join(fake, "go"), 0o755)) //nolint:gosec // a program
	r := aRequest(t, filepath.Join(t.TempDir(), "stick"))
	r.GoDir, r.GoDownload = "", true
	r.Go = func(context.Context, string) (gotool.Go, error) {
		return gotool.Go{Path: filepath.Join(fake, "go"), Version: "go1.26.8", Env: map[string]string{"GOMODCACHE": t.TempDir()}}, nil
	}
	_, err := Make(t.Context(), r)
	wants(t, err, "bundle.no-go-download")
	var said *Error
	if !errors.As(err, &said) || said.Args[0] != "go1.26.8.linux-amd64.tar.gz, go1.26.8.windows-amd64.zip" || said.Args[1] != "403 Forbidden server response: no" {
		t.Errorf("%+v", said)
	}
	if _, err := os.Stat(r.Dir); err == nil {
		t.Error("half a bundle is there")
	}
}
