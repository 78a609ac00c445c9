package source

import (
	"bytes"
	"context"
	"regexp"
	"sync"
)

var (
	gatewayPath = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`/gateways?/[A-Za-z0-9_-]+/[A-Za-z]`)
	})
	sourcePath = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`/(?:haalcentraal/api/|ingeschrevenpersonen\b|lvbag/individuele|esd/bevragen/|lvwoz)`)
	})
	// routing is what makes a path one of the pages themselves.
	routing = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:\b(?:to|href|path)\s*[=:]\s*\{?|\b(?:navigate|push|replace|Link|Route|redirect|includes|startsWith|match)\w*\(\s*)["'` + "`" + `]$`)
	})
	zaakPath = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`/(zaakeigenschappen|enkelvoudiginformatieobjecten|objectinformatieobjecten|zaakinformatieobjecten)\b`)
	})
)

// screens looks in screens for calls that skip the process.
func (l *look) screens(ctx context.Context, t *text) {
	if t.file.Test || t.layer != interactie {
		return
	}
	l.to.Looked("layer-screen-direct")
	l.direct(ctx, t, "gateway", "/gateway", gatewayPath())
	for _, word := range []string{"/haalcentraal/", "/ingeschrevenpersonen", "/lvbag/", "/esd/", "/lvwoz"} {
		l.direct(ctx, t, "source", word, sourcePath())
	}
	l.direct(ctx, t, "zaak", "informatieobjecten", zaakPath())
	l.direct(ctx, t, "zaak", "/zaakeigenschappen", zaakPath())
}

// direct looks for strings with a path that is not of the own process. A file that is
// imported is none, nor is an absolute address: another rule has those.
func (l *look) direct(ctx context.Context, t *text, which, word string, pattern *regexp.Regexp) {
	if !bytes.Contains(t.body, []byte(word)) {
		return
	}
	t.each(word, func(offset int) bool {
		start, end, ok := t.quoted(offset)
		if !ok || ctx.Err() != nil {
			return ctx.Err() == nil
		}
		inner := t.body[start:end]
		m := pattern.FindIndex(inner)
		if m == nil || m[0] > 0 && (inner[m[0]-1] == '.' || inner[m[0]-1] == '@' || inner[m[0]-1] == '~') || importing(t, start) || routing().Match(t.before(start, 0)) {
			return true
		}
		if at := bytes.Index(inner, []byte("://")); at >= 0 && at < 6 {
			return true
		}
		if shown := shownPath(inner); l.once(which + shown) {
			l.add("layer-screen-direct", which, t, start, shown)
		}
		return true
	})
}

// shownPath is a path as it is said: without what is asked, and not too long.
func shownPath(inner []byte) string {
	if i := bytes.IndexAny(inner, "?\n"); i >= 0 {
		inner = inner[:i]
	}
	return string(bytes.ToValidUTF8(inner[:min(len(inner), 80)], nil))
}

// importing says whether the line of an offset imports a file.
func importing(t *text, offset int) bool {
	start, _ := t.around(offset)
	line := bytes.TrimSpace(t.body[start:offset])
	return bytes.HasPrefix(line, []byte("import")) || bytes.HasPrefix(line, []byte("export")) && bytes.Contains(line, []byte(" from ")) || bytes.Contains(line, []byte("require(")) || bytes.HasPrefix(line, []byte("} from"))
}

var (
	query = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*(?:SELECT\s+(?:DISTINCT\s+)?(?:\*|\w+\(|[\w."]+(?:\s*,|\s+AS\s|\s+FROM\s))[^;]{0,300}|select \* from\s|INSERT INTO\s+\S|UPDATE\s+\S+\s+SET\s|DELETE FROM\s+\S)`)
	})
	storage = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:typeorm|@prisma/client|pg|pg-promise|mysql2?(?:/promise)?|sequelize|mongoose|mongodb|knex|better-sqlite3|sqlite3|drizzle-orm(?:/.*)?|database/sql|gorm\.io/gorm|github\.com/jackc/pgx.*|modernc\.org/sqlite|github\.com/lib/pq|github\.com/jmoiron/sqlx)$`)
	})
	bladeQuery = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\bDB::(?:table|select|statement|raw|insert|update|delete)\(|\\App\\(?:Models\\)?[A-Z]\w+::(?:where|find|all|query|first|get|create)\w*\(`)
	})
	scriptPackage = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)(?:\bfrom\s+|\brequire\(\s*|^\s*import\s+)['"]([^'"\n]+)['"]`)
	})
)

// storageWords are in the name of every package that storage knows.
var storageWords = []string{"typeorm", "prisma", "sequelize", "mongo", "knex", "sqlite", "drizzle", "mysql", "'pg", `"pg`, "database/sql", "gorm.io", "jackc/pgx", "lib/pq", "sqlx"}

// packages gives the packages that a file imports, when one may be for a database.
func (t *text) packages() []imported {
	if t.kind&(script|golang) == 0 || !containsAny(t.body, storageWords...) {
		return nil
	}
	body := t.body[:min(len(t.body), header)]
	if t.kind == golang {
		return goImports(body, `"`)
	}
	var all []imported
	for _, m := range scriptPackage().FindAllSubmatchIndex(body, -1) {
		all = append(all, imported{string(body[m[2]:m[3]]), m[2]})
	}
	return all
}

// databases looks in screens and in processes for what reads the database.
func (l *look) databases(ctx context.Context, t *text) {
	if t.file.Test || t.layer != interactie && t.layer != proces {
		return
	}
	l.to.Looked("layer-database")
	for _, i := range t.packages() {
		if storage().MatchString(i.target) && t.mark(i.at) == inside {
			l.add("layer-database", "import", t, i.at, t.layer.String(), i.target)
		}
	}
	if t.kind == page && containsAny(t.body, "DB::", `\App\`) {
		for _, m := range bladeQuery().FindAllIndex(t.body, 10) {
			if t.mark(m[0]) != comment {
				l.add("layer-database", "query", t, m[0], t.layer.String())
			}
		}
	}
	for _, word := range []string{"SELECT", "select * from", "INSERT INTO", "UPDATE ", "DELETE FROM"} {
		t.each(word, func(offset int) bool {
			if start, end, ok := t.quoted(offset); ok && query().Match(t.body[start:end]) && l.once("query") {
				l.add("layer-database", "query", t, offset, t.layer.String())
			}
			return ctx.Err() == nil
		})
	}
}
