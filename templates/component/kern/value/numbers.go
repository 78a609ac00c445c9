package value

import (
	"errors"
	"regexp"
	"strings"
)

// checkDigit is what is wrong with a number that is written as it should be,
// but is not one: usually a typing error.
type checkDigit string

// Error says it to the person at the screen.
func (e checkDigit) Error() string { return string(e) }

// IsCheckDigit says whether only the check digit is wrong, so that somebody who
// makes up a value is not sent to count digits.
func IsCheckDigit(err error) bool {
	_, is := errors.AsType[checkDigit](err)
	return is
}

var nineDigits = regexp.MustCompile(patternNine)

// elfproef is the check on a BSN and an RSIN: weights 9 to 2, and -1 for the
// last digit; the sum is a multiple of eleven. Nine zeros would pass.
func elfproef(s, text string) error {
	if !nineDigits.MatchString(s) {
		return errors.New(text)
	}
	sum := -int(s[8] - '0')
	for i := range 8 {
		sum += int(s[i]-'0') * (9 - i)
	}
	if sum%11 != 0 || s == "000000000" {
		return checkDigit(text)
	}
	return nil
}

// BSN checks a burgerservicenummer: nine digits and the elfproef.
func BSN(s string) error {
	return elfproef(s, "Dit is geen geldig burgerservicenummer: het zijn 9 cijfers, het staat op het paspoort of de identiteitskaart")
}

// RSIN checks the number of a legal person, which is made like a BSN.
func RSIN(s string) error {
	return elfproef(s, "Dit is geen geldig RSIN: het zijn 9 cijfers, u vindt het op het uittreksel van de Kamer van Koophandel")
}

var iban = regexp.MustCompile(patternIBAN)

// IBAN checks a bank account number (ISO 13616): the country, the check digits
// modulo 97 and, for a Dutch number, the length.
func IBAN(s string) error {
	const text = "Dit is geen geldig IBAN: het begint met twee letters en twee cijfers, bijvoorbeeld NL91 ABNA 0417 1643 00"
	if !iban.MatchString(s) || strings.HasPrefix(s, "NL") && len(s) != 18 {
		return errors.New(text)
	}
	if Modulo97(s[4:]+s[:4]) != 1 {
		return checkDigit(text)
	}
	return nil
}

func canonicalIBAN(s string) string { return capitals(closed(s)) }

// nine puts back the zero that a spreadsheet takes from the front of a BSN; the
// elfproef says whether it belongs there.
func nine(s string) string {
	s = closed(s)
	if len(s) == 8 {
		return "0" + s
	}
	return s
}

// Modulo97 is the rest of a number in which a letter stands for two digits, A
// for 10 up to Z for 35.
func Modulo97(s string) int {
	rest := 0
	for _, c := range s {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}
