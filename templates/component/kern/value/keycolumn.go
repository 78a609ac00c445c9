package value

import (
	"hash/fnv"
	"strconv"
)

// KeyVersion is in the names of the columns that hold sort keys: when SortKey
// changes it goes up, and the keys are made anew in columns of their own.
const KeyVersion = "volgorde1"

// KeyColumn is the column with the sort key of a column. Package opslag makes and
// fills it; a migration that changes the column takes it away.
func KeyColumn(table, column string) string {
	if key := column + "__" + KeyVersion; len(key) <= 63 { // all that PostgreSQL keeps of a name
		return key
	}
	return KeyVersion + "__" + KeySum(table, column)
}

// KeySum is short for a column of a table, in the names of its indexes.
func KeySum(table, column string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(table + "." + column)) // never fails
	return strconv.FormatUint(h.Sum64(), 36)
}
