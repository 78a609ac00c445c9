package gegevens

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

// Migrate brings the tables up to date. Migrations holds a folder per database,
// sqlite and postgres, with files that run in the order of their names, each
// once. Several processes may call it at the same time: one does the work.
func (d *Database) Migrate(ctx context.Context, migrations fs.FS) error {
	err := d.within(ctx, func(tx *transaction) error { return d.migrate(ctx, tx, migrations) })
	return translate("migreren", err)
}

// Reset drops the tables of the migrations with all that is in them and makes
// them again. Other tables in the same database stay.
func (d *Database) Reset(ctx context.Context, migrations fs.FS) error {
	files, err := d.files(migrations)
	if err != nil {
		return err
	}
	err = d.within(ctx, func(tx *transaction) error {
		for _, statement := range []string{d.dialect.lock, d.dialect.free} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		tables := []string{"migraties"}
		for _, f := range files {
			for _, m := range createTable.FindAllStringSubmatch(f.text, -1) {
				tables = append(tables, m[1])
			}
		}
		for _, table := range slices.Backward(tables) {
			if _, err := tx.ExecContext(ctx, "DROP TABLE IF EXISTS "+table+d.dialect.drop); err != nil {
				return err
			}
		}
		return d.migrate(ctx, tx, migrations)
	})
	return translate("terugzetten", err)
}

var createTable = regexp.MustCompile(`(?mi)^\s*CREATE TABLE (?:IF NOT EXISTS )?([a-z0-9_"]+)`)

// migration is one file. The sum tells whether it was changed after it ran.
type migration struct{ name, text, sum string }

func (d *Database) files(migrations fs.FS) ([]migration, error) {
	names, err := fs.Glob(migrations, d.dialect.name+"/*.sql")
	if err == nil && len(names) == 0 {
		err = errors.New("geen bestanden")
	}
	if err != nil {
		return nil, fmt.Errorf("gegevens: de migraties in %s: %w", d.dialect.name, err)
	}
	slices.Sort(names)
	var all []migration
	for _, name := range names {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, fmt.Errorf("gegevens: migratie %s: %w", name, err)
		}
		all = append(all, migration{name[len(d.dialect.name)+1:], string(text), fmt.Sprintf("%x", sha256.Sum256(text))})
	}
	return all, nil
}

// migrate looks what has been done inside the transaction that does the rest:
// outside it another process could do the same work in between.
func (d *Database) migrate(ctx context.Context, tx *transaction, migrations fs.FS) error {
	files, err := d.files(migrations)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, d.dialect.lock); err != nil {
		return err
	}
	const table = `CREATE TABLE IF NOT EXISTS migraties (naam TEXT PRIMARY KEY, som TEXT NOT NULL, moment TEXT NOT NULL)`
	if _, err := tx.ExecContext(ctx, table); err != nil {
		return err
	}
	done, err := doneMigrations(ctx, tx)
	if err != nil {
		return err
	}
	for _, f := range files {
		if sum, ok := done[f.name]; ok {
			if sum != f.sum {
				return fmt.Errorf("gegevens: migratie %s is veranderd nadat zij hier had gedraaid; zet de verandering in een nieuw bestand, of begin opnieuw met: go run . reset", f.name)
			}
			continue
		}
		if _, err := tx.ExecContext(ctx, f.text); err != nil {
			return fmt.Errorf("gegevens: migratie %s: %w", f.name, translate("uitvoeren", err))
		}
		if _, err := tx.exec(ctx, "INSERT INTO migraties (naam, som, moment) VALUES ($1, $2, $3)", f.name, f.sum, d.moment().Format("2006-01-02T15:04:05Z")); err != nil {
			return err
		}
	}
	return nil
}

func doneMigrations(ctx context.Context, tx *transaction) (map[string]string, error) {
	rows, err := tx.QueryContext(ctx, "SELECT naam, som FROM migraties")
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
