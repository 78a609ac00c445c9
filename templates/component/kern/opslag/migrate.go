package opslag

import (
	"context"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

// own are the migrations of the tables that every component has.
//
//go:embed migraties
var own embed.FS

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
		{"migraties_kern", "kern/opslag/migraties", kern},
		{"migraties", "1-gegevens/migraties", team},
	}, err
}

// Migrate brings the tables up to date: first those that every component has,
// then those of the team. Team holds a folder per database, sqlite and
// postgres, with files that run in the order of their names, each once; a
// component without tables of its own has neither. Several processes may call
// it at the same time: one does the work.
func (d *Database) Migrate(ctx context.Context, team fs.FS) error {
	err := d.within(ctx, func(tx *transaction) error { return d.migrate(ctx, tx, team) })
	return translate("migreren", err)
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
			for _, m := range namesTable.FindAllStringSubmatch(f.text, -1) {
				tables = append(tables, m[1]+m[2])
			}
		}
	}
	err = d.within(ctx, func(tx *transaction) error {
		for _, statement := range []string{d.dialect.lock, d.dialect.free} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		for _, table := range slices.Backward(tables) {
			if _, err := tx.ExecContext(ctx, "DROP TABLE IF EXISTS "+table+d.dialect.drop); err != nil {
				return err
			}
		}
		return d.migrate(ctx, tx, team)
	})
	return translate("terugzetten", err)
}

// namesTable finds what a migration calls a table: when it makes it, and when it
// gives it another name.
var namesTable = regexp.MustCompile(`(?mi)^\s*(?:CREATE TABLE (?:IF NOT EXISTS )?([a-z0-9_"]+)|ALTER TABLE (?:IF EXISTS )?[a-z0-9_"]+\s+RENAME TO ([a-z0-9_"]+))`)

// migration is one file. The sum tells whether it was changed after it ran.
type migration struct{ name, text, sum string }

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
func (d *Database) migrate(ctx context.Context, tx *transaction, team fs.FS) error {
	all, err := sets(team)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, d.dialect.lock); err != nil {
		return err
	}
	for _, set := range all {
		if err := d.migrateSet(ctx, tx, set); err != nil {
			return err
		}
	}
	return nil
}

func (d *Database) migrateSet(ctx context.Context, tx *transaction, set migrationSet) error {
	files, err := d.files(set)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+set.table+" (naam TEXT PRIMARY KEY, som TEXT NOT NULL, moment TEXT NOT NULL)"); err != nil {
		return err
	}
	done, err := doneMigrations(ctx, tx, set.table)
	if err != nil {
		return err
	}
	for _, f := range files {
		if sum, ok := done[f.name]; ok {
			if sum != f.sum {
				return fmt.Errorf("gegevens: %s: migratie %s is veranderd nadat zij hier had gedraaid; zet de verandering in een nieuw bestand, of begin opnieuw met: go run . reset", set.where, f.name)
			}
			continue
		}
		if err := d.dropKeys(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, f.text); err != nil {
			return fmt.Errorf("gegevens: %s: migratie %s: %w", set.where, f.name, translate("uitvoeren", err))
		}
		if _, err := tx.exec(ctx, "INSERT INTO "+set.table+" (naam, som, moment) VALUES ($1, $2, $3)", f.name, f.sum, d.moment().Format("2006-01-02T15:04:05Z")); err != nil {
			return err
		}
	}
	return nil
}

func doneMigrations(ctx context.Context, tx *transaction, table string) (map[string]string, error) {
	rows, err := tx.QueryContext(ctx, "SELECT naam, som FROM "+table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	done := map[string]string{}
	for rows.Next() {
		var name, sum string
		if err := rows.Scan(&name, &sum); err != nil {
			return nil, err
		}
		done[name] = sum
	}
	return done, rows.Err()
}
