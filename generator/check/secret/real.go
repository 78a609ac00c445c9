package secret

import (
	"encoding/base64"
	"math"
	"strings"
	"unicode"
)

// stand are words by which somebody says that a value is not the real one.
var stand = []string{"changeme", "change_me", "change-me", "changethis", "change_this", "example", "voorbeeld", "placeholder", "dummy", "fake", "sample", "todo",
	"your", "insert", "replace", "redacted", "masked", "insecure", "xxxx", "****", "....", "<", "not-a-", "not_a_", "notasecret", "verander", "invullen", "vul-", "uw-", "demo-only",
	"s3cr3t", "p@ssw0rd", "passw0rd", "test", "mock", "abcdef", "123456", "deadbeef", "0123", "qwerty", "foobar", "lorem", "supersecret", "super-secret", "super_secret", "mysecret", "my-secret", "my_secret"}

// sampled says whether a value says of itself that it is an example.
func sampled(value string) bool {
	lower := strings.ToLower(value)
	if strings.HasPrefix(value, emulator) {
		return true
	}
	for _, word := range stand {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}

// emulator is how the key begins that Microsoft publishes for its emulator of Azure
// Storage.
const emulator = "Eby8vdM02xNO"

// usual are passwords that everybody gives to what runs on a laptop.
var usual = []string{"password", "passwd", "pass", "pwd", "wachtwoord", "geheim", "secret", "admin", "root", "postgres", "mysql", "mariadb", "guest", "user", "username",
	"redis", "rabbitmq", "minio", "minioadmin", "keycloak", "docker", "demo", "dev", "local", "localhost", "default", "none", "null", "true", "false", "string", "token", "apikey",
	"api_key", "undefined", "empty", "required", "optional", "hidden", "basic", "bearer", "django", "laravel", "symfony", "app", "sa"}

func known(value string) bool {
	lower := strings.ToLower(strings.Trim(value, "!?.*"))
	for _, word := range usual {
		if lower == word {
			return true
		}
	}
	return false
}

// refers says whether a value points at where the secret is, or is code that gets it.
func refers(value string) bool {
	lower := strings.ToLower(value)
	for _, mark := range []string{"${", "{{", "$(", "<%", "%(", "#{", "%{", "{%", "$env", "enc[", "enc(", "process.env", "os.environ", "getenv", "import.meta", "secretkeyref", "://", "arn:aws", "-----begin", "\\n", "\\u", "\\s", "\\d", "\\w", "[^", "[a-z", "[0-9"} {
		if strings.Contains(lower, mark) {
			return true
		}
	}
	for _, mark := range []string{"$", "@", "/", "./", "../", "~/", "!", "&", "*", "<", "[", "{", "(", "|", "%", "^", "vault:", "ssm:", "op:", "file:", "env:", "env(", "env.", "self.", "this.", "secret:", "secrets.", "ref+", "#", "--", ":"} {
		if strings.HasPrefix(lower, mark) {
			return true
		}
	}
	return false
}

// entropy is how many bits a character of a value tells.
func entropy(value string) float64 {
	count := map[rune]int{}
	n := 0
	for _, c := range value {
		count[c]++
		n++
	}
	sum := 0.0
	for _, c := range count {
		share := float64(c) / float64(n)
		sum -= share * math.Log2(share)
	}
	return sum
}

func varied(value string) bool { return entropy(value) >= 2.8 }

// letters counts what sorts of characters a value has.
func letters(value string) (lower, upper, digits, other int) {
	for _, c := range value {
		switch {
		case unicode.IsLower(c):
			lower++
		case unicode.IsUpper(c):
			upper++
		case unicode.IsDigit(c):
			digits++
		default:
			other++
		}
	}
	return lower, upper, digits, other
}

// random says whether a value was made by a machine: long, of letters and digits in no
// order.
func random(value string) bool {
	lower, upper, digits, _ := letters(value)
	if len(value) < 16 || len(value) > 400 || digits < 2 || lower+upper < 3 || strings.ContainsAny(value, " \t,;") {
		return false
	}
	return entropy(value) >= 3 && !words(value) && !sampled(value) && !refers(value)
}

// chosen says whether a value is a password that a person could have chosen.
func chosen(value string) bool {
	lower, upper, digits, other := letters(value)
	if len(value) < 8 || len(value) > 100 || strings.ContainsAny(value, " \t,;") || sampled(value) || known(value) || refers(value) || words(value) {
		return false
	}
	if other > 0 && digits == 0 && strings.Trim(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_./:") == "" {
		return false // words with marks between them: a name, a path, the key of a text
	}
	return lower+upper > 1 && (digits > 0 || other > 0)
}

// words says whether a value is words with marks between them, such as the name of a
// setting, of a header or of a file, rather than a random row of characters.
func words(value string) bool {
	parts := strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune("-_./:", c) })
	if len(parts) == 0 {
		return true
	}
	sensible := 0
	for _, part := range parts {
		if len(parts) > 1 && strings.Trim(part, "0123456789") == "" && len(part) <= 8 {
			continue // a number or a date among words
		}
		if sensible += len(part); !wordlike(part) {
			return false
		}
	}
	return sensible > 3 && (len(parts) > 1 || strings.IndexFunc(value, unicode.IsDigit) < 0)
}

// wordlike says whether a part is a word, perhaps with a number behind it: letters of one
// case or camelCase, with vowels among them.
func wordlike(part string) bool {
	stem := strings.TrimRight(part, "0123456789")
	if len(part)-len(stem) > 4 || strings.IndexFunc(stem, unicode.IsDigit) >= 0 {
		return len(part) <= 2
	}
	if len(stem) <= 3 {
		return true
	}
	if len(stem) > 24 {
		return false
	}
	vowels, turns := 0, 0
	var before rune
	for i, c := range stem {
		if !unicode.IsLetter(c) {
			return false
		}
		if strings.ContainsRune("aeiouyAEIOUY", c) {
			vowels++
		}
		if i > 0 && unicode.IsUpper(c) && unicode.IsLower(before) {
			turns++
		}
		before = c
	}
	return vowels*6 >= len(stem) && turns*4 <= len(stem)
}

// opened says whether the value of a Secret, written as it is or in base64, is a secret.
func opened(value string) bool {
	if body, err := base64.StdEncoding.DecodeString(value); err == nil && strings.IndexFunc(string(body), func(c rune) bool { return !unicode.IsPrint(c) }) < 0 {
		value = string(body)
	}
	return random(value) || chosen(value)
}
