package naming

import "strings"

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, word := range strings.Fields(words) {
		m[word] = true
	}
	return m
}

// initialisms are written in capitals in Go names.
var initialisms = set(`
	api avg bag bgt brk brp bsn csv html http https iban id ip json kvk oin pdf rdw rsin sql url uri uuid woz xml zgw`)

// reservedExported are exported Go names that generated types already have:
// the embedded Meta of a record and the methods that Go gives a meaning.
var reservedExported = set(`Meta String Error GoString Format Scan Value MarshalJSON UnmarshalJSON`)

// reservedGo are unexported Go names with a meaning of their own: keywords,
// predeclared names, packages that templated code imports and names that it
// declares itself.
var reservedGo = set(`
	break case chan const continue default defer else fallthrough for func go goto if import interface
	map package range return select struct switch type var

	any append bool byte cap clear close comparable complex complex128 complex64 copy delete error false
	float32 float64 imag int int16 int32 int64 int8 iota len make max min new nil panic print println real
	recover rune string true uint uint16 uint32 uint64 uint8 uintptr

	atomic base64 big binary bufio bytes cmp context crypto csv embed errors exec filepath flag fmt fs hash hex html http httptest io iter json log
	maps math mime net os path rand regexp runtime sha256 signal slices slog sort sql sqlite strconv strings sync template testing
	time unicode url utf8 uuid xml

	bpmn bron component diensten fsc gegevens identity integratie interactie logboek main nabootsing opslag outway paginas pki proces proef register
	rest start tests value

	b body c ctx cfg client config conn data db e err f h header i id init input item items j k key l list m
	method n name now ok option options out p page query r req request resp response result row rows s self
	server spec status store t table tx u v values w wg x y`)

// reservedSQL are the keywords of SQLite, the words that PostgreSQL reserves
// or keeps from being the name of a column, and its system columns.
var reservedSQL = set(`
	abort action add after all alter always analyze and as asc attach autoincrement before begin between by
	cascade case cast check collate column commit conflict constraint create cross current current_date
	current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop
	each else end escape except exclude exclusive exists explain fail filter first following for foreign from
	full generated glob group groups having if ignore immediate in index indexed initially inner insert
	instead intersect into is isnull join key last left like limit match materialized natural no not nothing
	notnull null nulls of offset on or order others outer over partition plan pragma preceding primary query
	raise range recursive references regexp reindex release rename replace restrict returning right rollback
	row rows savepoint select set table temp temporary then ties to transaction trigger unbounded union unique
	update using vacuum values view virtual when where window with within without

	analyse any array asymmetric authorization binary both collation concurrently current_catalog
	current_role current_schema current_user false fetch freeze grant ilike lateral leading localtime
	localtimestamp only overlaps placing session_user similar some symmetric system_user tablesample
	trailing true user variadic verbose

	bigint bit boolean char character coalesce dec decimal extract float greatest grouping inout int integer
	interval json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
	json_serialize json_table json_value least merge_action national nchar none normalize nullif numeric out
	overlay position precision real setof smallint substring time timestamp treat trim varchar xmlattributes
	xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable

	oid rowid tableoid xmin cmin xmax cmax ctid`)

// reservedFile are the names that Windows keeps for devices.
var reservedFile = set(`
	con prn aux nul clock com0 com1 com2 com3 com4 com5 com6 com7 com8 com9
	lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 conin conout`)

// goSuffix are the last words of a file name that keep a Go file out of a
// build: test, and every operating system and architecture that Go ever knew.
var goSuffix = set(`
	test

	aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1
	windows zos

	386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc
	ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm`)
