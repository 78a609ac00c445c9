package opslag

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// own are the migrations of the tables that every component has.
//
//go:embed migraties
var own embed.FS

const setOfKern = "migraties_kern"

// A set of migrations has a counter of its own, so that the team and a newer
// kern never want the same number.
type migrationSet struct {
	table string // remembers what was done
	where string // for people: whose files these are
	files fs.FS  // a folder per database
}

func sets(team fs.FS) ([]migrationSet, error) {
	kern, err := fs.Sub(own, "migraties")
	return []migrationSet{
		{setOfKern, "kern/opslag/migraties", kern},
		{"migraties", "1-gegevens/migraties", team},
	}, err
}

// Migrate brings the tables up to date: first those that every component has,
// then those of the team. Team holds a folder per database, sqlite and
// postgres, with files that run in the order of their names, each once; a
// component without tables of its own has neither. Several processes may call
// it at the same time: one does the work.
func (d *Database) Migrate(ctx context.Context, team fs.FS) error {
	return d.MigrateBeside(ctx, team, Roll{})
}

// MigrateBeside is Migrate while earlier versions of the component may be serving
// from the same database: it breaks none of those, and says so when it must. A
// database that a later version migrated is left as it is, when this version can
// work with that, and is an error otherwise.
func (d *Database) MigrateBeside(ctx context.Context, team fs.FS, r Roll) error {
	err := d.patiently(ctx, r, func() error {
		err := d.within(ctx, func(tx *transaction) error {
			if err := d.migrate(ctx, tx, team, r); err != nil {
				return err
			}
			return d.sign(ctx, tx)
		})
		return translate("migreren", err)
	})
	if err != nil {
		return err
	}
	if d.serving.later.Load() && r.Log != nil {
		r.Log.InfoContext(ctx, "de database is van een nieuwere versie, waar deze versie naast kan draaien")
	}
	d.serve(r.Log)
	return nil
}

// Reset drops the tables of the migrations with all that is in them and makes
// them again. Other tables in the same database stay.
func (d *Database) Reset(ctx context.Context, team fs.FS) error {
	all, err := sets(team)
	if err != nil {
		return err
	}
	var tables []string
	for _, set := range all {
		files, err := d.files(set)
		if err != nil {
			return err
		}
		tables = append(tables, set.table)
		for _, f := range files {
			tables = append(tables, f.tables()...)
		}
	}
	err = d.within(ctx, func(tx *transaction) error {
		if err := tx.all(ctx, d.dialect.lock, d.dialect.free); err != nil {
			return err
		}
		for _, table := range slices.Backward(tables) {
			if _, err := tx.ExecContext(ctx, "DROP TABLE IF EXISTS "+table+d.dialect.drop); err != nil {
				return err
			}
		}
		return d.migrate(ctx, tx, team, Roll{Stop: true})
	})
	return translate("terugzetten", err)
}

// namesTable finds what a migration calls a table: when it makes it, and when it
// gives it another name.
var namesTable = regexp.MustCompile(`(?mi)^\s*(?:CREATE TABLE (?:IF NOT EXISTS )?([a-z0-9_"]+)|ALTER TABLE (?:IF EXISTS )?[a-z0-9_"]+\s+RENAME TO ([a-z0-9_"]+))`)

// migration is one file. The sum tells whether it was changed after it ran.
type migration struct{ name, text, sum string }

// tables are the names that it gives to tables, as it writes them.
func (m migration) tables() (all []string) {
	for _, found := range namesTable.FindAllStringSubmatch(m.text, -1) {
		all = append(all, found[1]+found[2])
	}
	return all
}

func (d *Database) files(set migrationSet) ([]migration, error) {
	names, err := fs.Glob(set.files, d.dialect.name+"/*.sql")
	if err != nil {
		return nil, fmt.Errorf("gegevens: %s/%s: %w", set.where, d.dialect.name, err)
	}
	slices.Sort(names)
	var all []migration
	for _, name := range names {
		text, err := fs.ReadFile(set.files, name)
		if err != nil {
			return nil, fmt.Errorf("gegevens: %s/%s: %w", set.where, name, err)
		}
		all = append(all, migration{name[len(d.dialect.name)+1:], string(text), fmt.Sprintf("%x", sha256.Sum256(text))})
	}
	return all, nil
}

// migrate looks what has been done inside the transaction that does the rest:
// outside it another process could do the same work in between.
func (d *Database) migrate(ctx context.Context, tx *transaction, team fs.FS, r Roll) error {
	all, err := sets(team)
	if err != nil {
		return err
	}
	if err := d.learn(all); err != nil {
		return err
	}
	if err := tx.all(ctx, d.dialect.lock, d.dialect.brief); err != nil {
		return err
	}
	if r.unsigned, err = d.neverSigned(ctx, tx); err != nil {
		return err
	}
	for _, set := range all {
		if err := d.migrateSet(ctx, tx, set, r); err != nil {
			return err
		}
	}
	return nil
}

// learn remembers which migrations this version knows.
func (d *Database) learn(all []migrationSet) error {
	s := &d.serving
	if s.id == "" {
		id, err := newID()
		if err != nil {
			return err
		}
		s.id = id
	}
	var known []string
	for _, set := range all {
		files, err := d.files(set)
		if err != nil {
			return err
		}
		for _, f := range files {
			known = append(known, set.table+"/"+strings.TrimSuffix(f.name, ".sql"))
		}
	}
	s.version.Store(&knowledge{strings.Join(known, "\n"), all})
	return nil
}

func (d *Database) migrateSet(ctx context.Context, tx *transaction, set migrationSet, r Roll) error {
	files, err := d.files(set)
	if err != nil {
		return err
	}
	if err := d.prepareSet(ctx, tx, set); err != nil {
		return err
	}
	done, err := doneMigrations(ctx, tx, set.table)
	if err != nil {
		return err
	}
	if err := d.judge(set, done); err != nil {
		return err
	}
	for _, f := range files {
		if ran, ok := done[f.name]; ok {
			if ran.sum != f.sum {
				return fmt.Errorf("gegevens: %s: migratie %s is veranderd nadat zij hier had gedraaid; zet de verandering in een nieuw bestand, of begin opnieuw met: go run . reset", set.where, f.name)
			}
			continue
		}
		if r.only != nil && !r.only[f.name] {
			continue
		}
		if err := d.runMigration(ctx, tx, set, f, r); err != nil {
			return err
		}
	}
	return nil
}

// prepareSet makes the table that remembers what was done. The column that says
// which earlier versions can go on came later, and a kern that does not know it
// leaves it empty.
func (d *Database) prepareSet(ctx context.Context, tx *transaction, set migrationSet) error {
	if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+set.table+" (naam TEXT PRIMARY KEY, som TEXT NOT NULL, moment TEXT NOT NULL, vanaf TEXT)"); err != nil {
		return err
	}
	there, err := hasColumn(ctx, tx, d.dialect, set.table, "vanaf")
	if err != nil || there {
		return err
	}
	_, err = tx.ExecContext(ctx, "ALTER TABLE "+set.table+" ADD COLUMN vanaf TEXT")
	return err
}

func (d *Database) runMigration(ctx context.Context, tx *transaction, set migrationSet, f migration, r Roll) error {
	if !r.Stop && set.table != setOfKern { // those of kern break nobody
		if err := d.mustWait(ctx, tx, set, f, r.unsigned); err != nil {
			return err
		}
	}
	if err := d.dropKeys(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, f.text); err != nil {
		return fmt.Errorf("gegevens: %s: migratie %s: %w", set.where, f.name, translate("uitvoeren", err))
	}
	_, err := tx.exec(ctx, "INSERT INTO "+set.table+" (naam, som, moment, vanaf) VALUES ($1, $2, $3, $4)", f.name, f.sum, d.moment().Format("2006-01-02T15:04:05Z"), strings.Join(f.beside().needs, ", "))
	return err
}

// ranMigration is what is remembered of a migration that ran. Said is whether it is
// known which earlier versions can go on beside it, and needs what those must know.
type ranMigration struct {
	sum   string
	said  bool
	needs []string
}

func doneMigrations(ctx context.Context, in querier, table string) (map[string]ranMigration, error) {
	rows, err := in.QueryContext(ctx, "SELECT naam, som, vanaf FROM "+table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	done := map[string]ranMigration{}
	for rows.Next() {
		var name string
		var needs sql.NullString
		var r ranMigration
		if err := rows.Scan(&name, &r.sum, &needs); err != nil {
			return nil, err
		}
		if r.said = needs.Valid; needs.String != "" {
			r.needs = strings.Split(needs.String, ", ")
		}
		done[name] = r
	}
	return done, rows.Err()
}
