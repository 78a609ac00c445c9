package opslag

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// alongIndexes is what a connection to PostgreSQL asks of its planner, when
// DATABASE_URL does not say otherwise. Rows that stand apart cost no more than rows that
// stand together, as is so in memory; with the usual 4, of disks that turn, it goes
// through the rows of others rather than along the index of a filter. Nor does it gather
// all rows of a filter and sort them to show twenty, where an index has them in order.
var alongIndexes = map[string]string{"random_page_cost": "1", "enable_bitmapscan": "off"}

// along asks it once a connection is there. As a parameter of the connection itself a
// pooler such as PgBouncer refuses what it does not know, and then there is none at all.
// A server that refuses to plan so is slower with some lists, and nothing else.
func along(c *pgx.ConnConfig) func(context.Context, *pgx.Conn) error {
	var wanted []string
	for name, value := range alongIndexes {
		if c.RuntimeParams[name] == "" && !strings.Contains(c.RuntimeParams["options"], name) {
			wanted = append(wanted, "SET "+name+" = "+value)
		}
	}
	return func(ctx context.Context, conn *pgx.Conn) error {
		for _, text := range wanted {
			_, err := conn.Exec(ctx, text)
			if _, refused := errors.AsType[*pgconn.PgError](err); err != nil && !refused {
				return err
			}
		}
		return nil
	}
}
