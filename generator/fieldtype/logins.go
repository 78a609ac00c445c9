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

// Login is the number of a type of the i-th of these persons, in a variant.
func Login(kind string, variant, i int) string {
	numbers := logins[kind]
	if len(numbers) == 0 {
		return ""
	}
	return numbers[turn(len(numbers), variant, i)]
}

// turn is where the i-th of n people stands in their list, in a variant. It counts
// as identity.Turn of the component does, which this package cannot import without
// all that a server needs; a test holds the two together.
func turn(n, variant, i int) int {
	begin := first(n, variant)
	var steps []int
	for step := 1; step == 1 || step < n; step++ {
		if coprime(step, n) {
			steps = append(steps, step)
		}
	}
	return (begin + i*steps[variant/n%len(steps)]) % n
}

// first is where a variant begins in a list of n.
func first(n, variant int) int {
	begin := LoginsPerRole * (variant % n)
	if n%2 == 0 && variant%n >= n/2 {
		begin++ // the even ones have been
	}
	return begin % n
}

func coprime(a, b int) bool {
	for b != 0 {
		a, b = b, a%b
	}
	return a == 1
}
