package value

import (
	"errors"
	"regexp"
	"strings"
)

var digits = regexp.MustCompile(`^[0-9]+$`)

func digitsOnly(s string, n int) bool { return len(s) == n && digits.MatchString(s) }

// elfproef is the check on a BSN and an RSIN: weights 9 to 2, and -1 for the
// last digit; the sum is a multiple of eleven. Nine zeros would pass.
func elfproef(s string) bool {
	if !digitsOnly(s, 9) || s == "000000000" {
		return false
	}
	sum := -int(s[8] - '0')
	for i := range 8 {
		sum += int(s[i]-'0') * (9 - i)
	}
	return sum%11 == 0
}

// BSN checks a burgerservicenummer: nine digits and the elfproef.
func BSN(s string) error {
	if !elfproef(s) {
		return errors.New("Dit is geen geldig burgerservicenummer: het zijn 9 cijfers, u vindt het op uw paspoort of identiteitskaart")
	}
	return nil
}

// RSIN checks the number of a legal person, which is made like a BSN.
func RSIN(s string) error {
	if !elfproef(s) {
		return errors.New("Dit is geen geldig RSIN: het zijn 9 cijfers, u vindt het op het uittreksel van de Kamer van Koophandel")
	}
	return nil
}

// KVK checks a number of the Handelsregister.
func KVK(s string) error {
	if !digitsOnly(s, 8) {
		return errors.New("Een KVK-nummer bestaat uit 8 cijfers")
	}
	return nil
}

// OIN checks an organisatie-identificatienummer.
func OIN(s string) error {
	if !digitsOnly(s, 20) {
		return errors.New("Een OIN bestaat uit 20 cijfers")
	}
	return nil
}

// BAGID checks an identification of the BAG: municipality, kind of object and
// a number, sixteen digits together.
func BAGID(s string) error {
	if !digitsOnly(s, 16) {
		return errors.New("Een BAG-identificatie bestaat uit 16 cijfers")
	}
	return nil
}

var iban = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$`)

// IBAN checks a bank account number (ISO 13616): the country, the check digits
// modulo 97 and, for a Dutch number, the length.
func IBAN(s string) error {
	err := errors.New("Dit is geen geldig IBAN: het begint met twee letters en twee cijfers, bijvoorbeeld NL91 ABNA 0417 1643 00")
	if !iban.MatchString(s) || strings.HasPrefix(s, "NL") && len(s) != 18 {
		return err
	}
	rest := 0
	for _, c := range s[4:] + s[:4] {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	if rest != 1 {
		return err
	}
	return nil
}
