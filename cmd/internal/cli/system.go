package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/versioncmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// System is the world around one run of the command. Tests bring their own.
type System struct {
	IO        *terminal.IO
	Env       func(string) string
	Now       func() time.Time
	ConfigDir func() (string, error) // where progress of the wizard is kept
	Version   versioncmd.Version

	// Signals returns a context that ends when the person or the system stops
	// the process.
	Signals func() (context.Context, context.CancelFunc)
}

// Process is the System of the running process. The arguments come from the
// linker; they may be empty.
func Process(version, commit, date string) System {
	return System{
		IO:        terminal.System(os.Stdin, os.Stdout, os.Stderr, os.Getenv),
		Env:       os.Getenv,
		Now:       time.Now,
		ConfigDir: os.UserConfigDir,
		Version:   versioncmd.Of(version, commit, date),
		Signals: func() (context.Context, context.CancelFunc) {
			return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		},
	}
}
