package doctor

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// migrations is the folder of the migrations, with a folder per database.
const migrations = "1-gegevens/migraties"

// numbered is how a migration is called.
var numbered = regexp.MustCompile(`^(\d{4,})_.+\.sql$`)

// migrationsOf are the names of the migrations for a database.
func (w *World) migrationsOf(database string) []string {
	entries, err := fs.ReadDir(w.Component, migrations+"/"+database)
	if err != nil {
		return nil // a component without a register has none
	}
	var names []string
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".sql") {
			names = append(names, entry.Name())
		}
	}
	return names
}

// checkMigrations looks at the migrations of the register: once one of them ran
// somewhere, it never changes.
func checkMigrations(ctx context.Context, w *World) Finding {
	known := map[string]string{}
	if manifest, err := base.ReadManifest(w.Component); err == nil {
		for _, row := range manifest.Files {
			known[row.Path] = row.SHA256
		}
	}
	data, _ := w.database()
	var first Finding // of what works all the same
	count := 0
	for _, database := range []string{"sqlite", "postgres"} {
		names := w.migrationsOf(database)
		for _, name := range names {
			if ctx.Err() != nil {
				return unseen(caseSlow)
			}
			count++
			file := migrations + "/" + database + "/" + name
			body, err := w.own(file)
			if err != nil {
				return wrong("unreadable", file).line("git checkout -- " + w.quote(file))
			}
			sum := plan.SumOf(body)
			if database == "sqlite" && ranOtherwise(data, name, sum) {
				return wrong("ran", file).line("git checkout -- " + w.quote(file)).do("or-reset")
			}
			if was := known[file]; was != "" && was != sum && first.ID == "" {
				first = mind("edited", file).line("git checkout -- " + w.quote(file)).do("next-migration")
				first.ID = "edited"
			}
		}
		if one, two := double(names); one != "" && first.ID == "" {
			first = mind("double", one, two, migrations+"/"+database)
			first.ID = "double"
		}
	}
	if first.ID != "" {
		return first
	}
	if one := oneSided(w.migrationsOf("sqlite"), w.migrationsOf("postgres")); one != "" {
		return mind("one-sided", one)
	}
	if count == 0 {
		return good("none")
	}
	return good("fine", count)
}

// double finds two migrations of the same number.
func double(names []string) (one, two string) {
	seen := map[string]string{}
	for _, name := range names {
		found := numbered.FindStringSubmatch(name)
		if found == nil {
			continue
		}
		if before := seen[found[1]]; before != "" {
			return before, name
		}
		seen[found[1]] = name
	}
	return "", ""
}

// oneSided is a migration that is there for one of the databases.
func oneSided(sqlite, postgres []string) string {
	if len(sqlite) == 0 || len(postgres) == 0 {
		return ""
	}
	for _, name := range slices.Concat(sqlite, postgres) {
		if !slices.Contains(sqlite, name) || !slices.Contains(postgres, name) {
			return name
		}
	}
	return ""
}

// ranOtherwise says whether a database remembers that a migration ran with another
// text. It remembers the name with the sum right behind it, in a row of one of its
// pages: that can be seen without a library for databases.
func ranOtherwise(data []byte, name, sum string) bool {
	const digits = 64
	other := false
	for rest := data; ; {
		at := bytes.Index(rest, []byte(name))
		if at < 0 {
			return other
		}
		rest = rest[at+len(name):]
		if len(rest) < digits || !isSum(rest[:digits]) {
			continue
		}
		if string(rest[:digits]) == sum {
			return false // what differs is what was there before a reset
		}
		other = true
	}
}

func isSum(text []byte) bool { return len(bytes.Trim(text, "0123456789abcdef")) == 0 }

// The file of the database that go run . uses.
const (
	dataFolder   = ".data"
	maxDatabase  = 64 << 20
	sqliteMagic  = "SQLite format 3\x00"
	kernsTable   = "migraties_kern" // every component has it
	sqliteHeader = 100
)

// databaseName is where the component keeps its data, when it is in the folder.
func (w *World) databaseName() string {
	name := w.answered().Component.Name
	if name == "" || w.Env("DATA") != "" || w.Env("DATABASE_URL") != "" || strings.ContainsAny(name, `/\`) {
		return ""
	}
	return dataFolder + "/" + name + ".db"
}

// database reads the database, with what was not put in its place yet; it is nil
// when that is not there, or too large to look through.
func (w *World) database() ([]byte, error) {
	name := w.databaseName()
	if name == "" {
		return nil, fs.ErrNotExist
	}
	body, err := readOwn(w.Component, name, maxDatabase)
	if err != nil {
		return nil, err
	}
	if more, err := readOwn(w.Component, name+"-wal", maxDatabase); err == nil {
		body = slices.Concat(body, more)
	}
	return body, nil
}

// checkData looks at the file of the database, as far as its form tells.
func checkData(_ context.Context, w *World) Finding {
	name := w.databaseName()
	if name == "" {
		return good("elsewhere")
	}
	away := w.moveAway()
	info, err := fs.Lstat(w.Component, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if other := w.otherDatabase(name); other != "" {
			return mind("other", other, path.Base(name))
		}
		return good("none")
	case err != nil:
		return wrong("unreadable", name, err.Error()).line(away)
	case !info.Mode().IsRegular():
		return wrong("irregular", name).line(away)
	case info.Mode().Perm()&0o200 == 0:
		return wrong("read-only", name).line(w.writable(name))
	case info.Size() > maxDatabase:
		return good("large", name)
	}
	body, err := readOwn(w.Component, name, maxDatabase)
	if err != nil {
		return wrong("unreadable", name, err.Error()).line(away)
	}
	_, walErr := fs.Lstat(w.Component, name+"-wal")
	switch {
	case len(body) > 0 && (len(body) < sqliteHeader || !bytes.HasPrefix(body, []byte(sqliteMagic))):
		return wrong("no-database", name).line(away)
	case walErr != nil && cutOff(body):
		return wrong("cut-off", name).line(away)
	case walErr != nil && len(body) > 0 && !bytes.Contains(body, []byte(kernsTable)):
		return wrong("foreign", name).line(away)
	}
	if copied := w.copyOf(name); copied != "" {
		return mind("copy", copied, path.Base(name)).do("which-copy")
	}
	return good("sound", name)
}

// cutOff says whether a database is shorter than it says itself.
func cutOff(body []byte) bool {
	if len(body) < sqliteHeader {
		return false // empty: it is made at the start
	}
	page := int64(binary.BigEndian.Uint16(body[16:]))
	if page == 1 {
		page = 65536
	}
	pages := int64(binary.BigEndian.Uint32(body[28:]))
	return page*pages > int64(len(body))
}

// databases are the files in .data that look like one.
func (w *World) databases() []string {
	entries, err := fs.ReadDir(w.Component, dataFolder)
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".db") && entry.Type().IsRegular() {
			names = append(names, entry.Name())
		}
	}
	return names
}

// otherDatabase is the database of before a component got another name.
func (w *World) otherDatabase(name string) string {
	for _, other := range w.databases() {
		if other != path.Base(name) {
			return other
		}
	}
	return ""
}

// copyOf is what a program that synchronises made of the database when it did not
// know which of two was right: verhuizing (conflicted copy 2026-11-30).db,
// verhuizing-LAPTOP3.db, verhuizing (1).db, verhuizing.sync-conflict-….db.
func (w *World) copyOf(name string) string {
	stem := strings.TrimSuffix(path.Base(name), ".db")
	for _, other := range w.databases() {
		rest, begins := strings.CutPrefix(other, stem)
		if other != stem+".db" && begins && strings.ContainsAny(rest[:1], " -_.(") {
			return other
		}
	}
	return ""
}

// moveAway is the line that puts the data aside; go run . makes it again with the
// starting data.
func (w *World) moveAway() string {
	if w.OS == windows && w.shell() == cmd {
		return "ren .data data-oud"
	}
	return "mv .data data-oud"
}

// writable is the line that lets a file be written.
func (w *World) writable(name string) string {
	if w.OS == windows && w.shell() != posix {
		return "attrib -r " + strings.ReplaceAll(name, "/", `\`)
	}
	return "chmod u+w " + w.quote(name)
}
