// Command release writes what a release carries beside the command itself: its
// manual pages, and for each binary a list of what is in it. goreleaser.yml calls
// it; it is in no release.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	version := flags.String("version", "", "the version of the release")
	date := flags.String("date", "", "when its commit was made, as in RFC 3339")
	if err := flags.Parse(args); err != nil {
		return err
	}
	made, err := time.Parse(time.RFC3339, *date)
	if err != nil {
		return fmt.Errorf("-date: %w", err)
	}
	switch args = flags.Args(); {
	case *version == "":
	case len(args) == 2 && args[0] == "man":
		return man(args[1], *version, made.UTC())
	case len(args) == 3 && args[0] == "sbom":
		bom, err := sbom(args[1], *version, made.UTC())
		if err != nil {
			return err
		}
		return os.WriteFile(args[2], bom, 0o644)
	}
	return errors.New("usage: release -version V -date D man FOLDER | sbom BINARY FILE")
}

// man writes the pages where `man` looks for them below a share/man: English in
// man1, Dutch in nl/man1.
func man(dir, version string, made time.Time) error {
	for _, language := range text.Languages() {
		folder := filepath.Join(dir, "man1")
		if language != text.English {
			folder = filepath.Join(dir, string(language), "man1")
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		for name, page := range cli.ManPages(language, version, made.Format(time.DateOnly)) {
			var packed bytes.Buffer
			w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
			if err != nil {
				return err
			}
			if _, err := w.Write(page); err != nil {
				return err
			}
			if err := w.Close(); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(folder, name+".gz"), packed.Bytes(), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
