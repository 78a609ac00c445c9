package start

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
)

// stopSetting allows a migration that a version which still serves cannot stand.
const stopSetting = "STILSTAND"

// readRollSettings reads whether that version may fail.
func readRollSettings(env func(string) string) (stop bool, faults Faults) {
	switch said := env(stopSetting); said {
	case "", "ja":
		return said == "ja", nil
	default:
		return false, Faults{fmt.Sprintf("%s is %q; kies ja, of laat de instelling weg", stopSetting, said)}
	}
}

// migrate brings the tables up to date beside earlier versions that may be serving.
func (s Settings) migrate(db *opslag.Database, ctx context.Context, files fs.FS) error {
	stop, _ := readRollSettings(s.Env) // what is wrong was said when they were read first
	return db.MigrateBeside(ctx, files, opslag.Roll{Stop: stop, Log: s.Log})
}
