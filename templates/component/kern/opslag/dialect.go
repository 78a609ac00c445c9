package opslag

import "strings"

// dialect is what differs between the two databases.
type dialect struct {
	name  string // the folder of its migrations
	lock  string // statement that lets one process migrate at a time
	drop  string // what DROP TABLE has after the name
	free  string // statement that lets tables be dropped in any order
	brief string // statement after which a transaction does not wait long for a table
	turn  string // statement that lets transactions with the same text $1 wait for each other

	// columns gives the columns of the table $1, with whether they must be filled.
	columns string

	// wipe are the statements after which nothing is left of rows that were
	// removed from tables, and wipes says that in a declaration.
	wipe  func(tables []string) []string
	wipes string

	// Texts as bytes, which no locale orders otherwise; the place in a sort key %s of
	// its end; and the type of the column of a key.
	bytewise, keyEnd, keyType string
	keys                      string // gives the statements that take the keys of version $1 away; "" when nobody minds them

	// What only rows meet that have a value in a column, in such a way that an index
	// goes along the others without looking at them; and a column as it is stored.
	filled func(column, table string) string
	stored func(column string) string
	// indexes gives of the table $1 each index with its columns ("naam, id"), whether it
	// can be used, and whether it has every row, in the usual order.
	indexes string
	// elsewhere gives the table that has an index of the name $1 and is not $2; "" when a
	// table that gets another name takes no index along.
	elsewhere string

	copying copying // rows out and in

	// What a process says of itself ($1 its id, $2 its name, $3 what it knows), which
	// others are there beside $1, and how many of those know something else than $2.
	sign, serving, different string

	remote bool // it is another program: it can stop answering, and each statement is a journey
}

var (
	// A transaction on SQLite begins with a lock on the file (_txlock), so there
	// is nothing to add: neither lock nor turn.
	sqlite = dialect{name: "sqlite", copying: copySQLite, brief: "SELECT 1", free: "PRAGMA defer_foreign_keys = ON",
		columns:  `SELECT name, "notnull" OR pk > 0 FROM pragma_table_info($1)`,
		bytewise: "COLLATE BINARY", keyEnd: "instr(%s, char(1))", keyType: "TEXT",
		// Absent values come first in an index; it begins behind them. A plus says that it
		// is no column that a driver may take for a moment.
		filled: func(column, table string) string {
			return column + " >= (SELECT min(" + column + ") FROM " + table + ")"
		},
		stored: func(column string) string { return "+" + column },
		indexes: `SELECT name, (SELECT group_concat(name, ', ') FROM (SELECT COALESCE(name, '(...)') AS name FROM pragma_index_xinfo(i.name) WHERE key ORDER BY seqno)), true,
			NOT partial AND NOT EXISTS (SELECT 1 FROM pragma_index_xinfo(i.name) WHERE key AND ("desc" OR coll <> 'BINARY')) FROM pragma_index_list($1) AS i`,
		keys: `SELECT 'DROP INDEX ' || name, 1 FROM sqlite_schema WHERE type = 'index' AND name LIKE $1 || '\__p\_%' ESCAPE '\'
			UNION ALL SELECT 'ALTER TABLE "' || t.name || '" DROP COLUMN "' || c.name || '"', 2 FROM sqlite_schema t, pragma_table_info(t.name) c
			WHERE t.type = 'table' AND (c.name LIKE '%\_\_' || $1 ESCAPE '\' OR c.name LIKE $1 || '\_\_%' ESCAPE '\') ORDER BY 2`,
		// What is removed is overwritten (secure_delete); the journal goes too.
		wipe:  func([]string) []string { return []string{"PRAGMA wal_checkpoint(TRUNCATE)"} },
		wipes: "verwijderd uit de database (SQLite) en overschreven (secure_delete)"}

	// The number means nothing; it only has to be the same in every process.
	postgres = dialect{name: "postgres", lock: "SELECT pg_advisory_xact_lock(726172635)", turn: "SELECT pg_advisory_xact_lock(726172635, hashtext($1))", drop: " CASCADE", remote: true, copying: copyPostgres,
		brief: tableFor,
		sign: `WITH oud AS (DELETE FROM versies WHERE gezien_op < clock_timestamp() - interval '1 day')
			INSERT INTO versies (id, naam, migraties, gezien_op) VALUES ($1, $2, $3, clock_timestamp())
			ON CONFLICT (id) DO UPDATE SET naam = excluded.naam, migraties = excluded.migraties, gezien_op = excluded.gezien_op`,
		serving:   "SELECT naam, migraties FROM versies WHERE id <> $1 AND gezien_op > clock_timestamp() - interval '30 seconds' ORDER BY naam",
		different: "SELECT count(*) FROM versies WHERE id <> $1 AND migraties <> $2 AND gezien_op > clock_timestamp() - interval '30 seconds'",
		columns:   "SELECT column_name, is_nullable = 'NO' FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1",
		bytewise:  `COLLATE "C"`, keyEnd: "strpos(%s, chr(1))", keyType: `TEXT COLLATE "C"`,
		filled: func(column, _ string) string { return column + " IS NOT NULL" },
		stored: func(column string) string { return column },
		indexes: `SELECT c.relname, ARRAY_TO_STRING(ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, false) FROM generate_series(1, i.indnkeyatts) AS n), ', '),
			i.indisvalid, i.indpred IS NULL AND NOT (0 <> ANY (i.indoption)) AND a.amname = 'btree'
			AND NOT EXISTS (SELECT 1 FROM pg_opclass o WHERE o.oid = ANY (i.indclass) AND NOT o.opcdefault)
			AND NOT EXISTS (SELECT 1 FROM generate_series(0, i.indnkeyatts - 1) AS n JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = i.indkey[n] WHERE k.attcollation <> i.indcollation[n])
			FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid = to_regclass(quote_ident($1))`,
		elsewhere: `SELECT t.relname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
			WHERE i.indexrelid = to_regclass(quote_ident($1)) AND i.indrelid <> to_regclass(quote_ident($2))`,
		wipe:  func(tables []string) []string { return []string{"VACUUM " + strings.Join(tables, ", ")} },
		wipes: "verwijderd uit de database (PostgreSQL), en de ruimte vrijgegeven (VACUUM)"}
)
