package fieldtype

// LoginsPerRole is how many invented persons one can log in as in each role,
// for themselves.
const LoginsPerRole = 2

// logins are the numbers of the invented persons of the development login, in
// the order of package identity of the component: the records of development
// hold the numbers of those to whom they belong. A test holds the two together.
var logins = map[string][]string{
	"bsn":              {"999993653", "999990408", "999991802", "999993483", "999994086", "999992971", "999999321", "999995492"},
	"kvk":              {"68750110", "69599084", "69599076"},
	"vestigingsnummer": {"000037178598", "000038509504", "000038509474"},
	"rsin":             {"999900006", "999900018", "999900031"},
}

// Login is the number of a type of the i-th of these persons.
func Login(kind string, i int) string { return nth(logins[kind], i) }
