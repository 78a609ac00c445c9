package fieldtype

import (
	"crypto/sha1" // #nosec G505 -- Chooses examples; it protects nothing.
	"fmt"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// The values below do not depend on the field; they are in form notation and
// belong to nobody.

func exampleMoment(i int) string { return day(i).Add(9 * time.Hour).Format(time.RFC3339) }

// RFC 2606: .test leads nowhere.
func exampleEmail(i int) string { return fmt.Sprintf("testpersoon%d@voorbeeld.test", i+1) }

func exampleURL(i int) string { return fmt.Sprintf("https://voorbeeld.test/pagina/%d", i+1) }

// 060 is not given out.
func examplePhone(i int) string { return fmt.Sprintf("+3160000000%d", i+1) }

func exampleUUID(i int) string { return UUID("voorbeeld", i) }

// 00000099 is reserved for tests.
func exampleOIN(i int) string { return fmt.Sprintf("0000009900000000%d000", i+1) }

func examplePostcode(_ Type, f *Field, i int) string { return home(f, i).Postcode }

// Vowels and a leading zero are not issued.
func exampleKenteken(i int) string { return fmt.Sprintf("0-AEO-0%d", i+1) }

func exampleBAGID(_ Type, f *Field, i int) string {
	first := houseIDs[f.within(0)]
	id := bagID(f.within(i))
	switch {
	case i == 0:
		return first
	case id == first: // of the first; that one left its own
		return bagID(f.within(0))
	}
	return id
}

func bagID(i int) string { return fmt.Sprintf("0363010000000%03d", 34+i) }

func exampleAddress(_ Type, f *Field, i int) Example {
	a := home(f, i)
	return object(formAddress(a), a)
}

func exampleForeign(_ Type, f *Field, i int) Example {
	a := abroad[f.within(i)]
	return object(formForeign(a), a)
}

// exampleAnyAddress is now in the Netherlands and then abroad.
func exampleAnyAddress(_ Type, f *Field, i int) Example {
	a := value.AnyAddress{Dutch: home(f, i)}
	if i%2 == 1 {
		a = value.AnyAddress{Abroad: abroad[f.within(i)]}
	}
	return object(formAnyAddress(a), a)
}

func examplePoint(_ Type, f *Field, i int) Example {
	p := points[f.within(i)]
	return object(formPoint(p), p)
}

func exampleAttachment(_ Type, f *Field, i int) Example { return attachment(f.within(i)) }

func exampleChoice(_ Type, f *Field, i int) string { return nth(f.Values, f.turned(i)) }

// exampleRecord does not turn: a record refers to one that is there already.
func exampleRecord(_ Type, f *Field, i int) string { return nth(f.Records, i) }

// nth is the i-th of values, over and over; "" when there are none.
func nth(values []string, i int) string {
	if len(values) == 0 {
		return ""
	}
	return values[i%len(values)]
}

// testBSNs come from the RvIG test set: they belong to nobody.
var testBSNs = []string{
	"999993653", "999990408", "999995492", "999991802", "999993483", "999994086", "999992971", "999999321",
}

// testKVKs are the numbers that the KVK publishes for its test environment.
var testKVKs = []string{"69599084", "68750110", "69599068", "90002148", "55344526"}

// testBranches are numbers of branches from the same test environment.
var testBranches = []string{"000037178598", "000038509504", "000038509474"}

// addresses are a house in the village of the best known example question
// ("who lives at Dorpsstraat 34 in Holysloot?") and town halls: nobody's home.
var addresses = [Count]value.Address{
	{Straat: "Dorpsstraat", Huisnummer: 34, Postcode: "1028 BC", Woonplaats: "Holysloot"},
	{Straat: "Amstel", Huisnummer: 1, Postcode: "1011 PN", Woonplaats: "Amsterdam"},
	{Straat: "Stadsplateau", Huisnummer: 1, Postcode: "3521 AZ", Woonplaats: "Utrecht"},
	{Straat: "Wolvenhoek", Huisnummer: 1, Huisletter: "A", Postcode: "5211 HH", Woonplaats: "'s-Hertogenbosch"},
	{Straat: "Coolsingel", Huisnummer: 40, Huisnummertoevoeging: "bis", Postcode: "3011 AD", Woonplaats: "Rotterdam"},
	{Straat: "Grote Markt", Huisnummer: 1, Postcode: "9712 HN", Woonplaats: "Groningen"},
	{Straat: "Stadhuisplein", Huisnummer: 130, Huisletter: "A", Huisnummertoevoeging: "2", Postcode: "5038 TC", Woonplaats: "Tilburg"},
	{Straat: "Lübeckplein", Huisnummer: 2, Postcode: "8017 JZ", Woonplaats: "Zwolle"},
}

// houses are those that the stand-in of the BAG of the catalogue knows: the first
// address of a variant is one of these, so that looking it up finds something.
var houses = [Count]value.Address{
	addresses[0],
	{Straat: "Dorpsstraat", Huisnummer: 36, Postcode: "1028 BC", Woonplaats: "Holysloot"},
	{Straat: "Dorpsstraat", Huisnummer: 36, Huisletter: "A", Postcode: "1028 BC", Woonplaats: "Holysloot"},
	{Straat: "Dorpsstraat", Huisnummer: 38, Huisnummertoevoeging: "2", Postcode: "1028 BC", Woonplaats: "Holysloot"},
	{Straat: "Dorpsstraat", Huisnummer: 40, Postcode: "1028 BC", Woonplaats: "Holysloot"},
	{Straat: "Dorpsstraat", Huisnummer: 45, Postcode: "1028 BC", Woonplaats: "Holysloot"},
	{Straat: "Dorpsstraat", Huisnummer: 50, Postcode: "1028 BC", Woonplaats: "Holysloot"},
	{Straat: "Steigerpad", Huisnummer: 2, Postcode: "1028 BD", Woonplaats: "Holysloot"},
}

// houseIDs are the objects at houses, as the BAG of the catalogue has them.
var houseIDs = [Count]string{
	"0363010000000034", "0363010000000036", "0363010000000037", "0363010000000038",
	"0363010000000040", "0363010000000045", "0363010000000050", "0363020000000002",
}

// home is the i-th address of the variant of f. No two are the same.
func home(f *Field, i int) value.Address {
	if i == 0 {
		return houses[f.within(0)]
	}
	return addresses[f.within(i)]
}

// abroad are town halls in other countries.
var abroad = [Count]value.ForeignAddress{
	{Line1: "Grote Markt 1", Line2: "2000 Antwerpen", Country: "BE"},
	{Line1: "Platz der Deutschen Einheit 1", Line2: "20457 Hamburg", Country: "DE"},
	{Line1: "Place de l'Hôtel de Ville 1", Line2: "75004 Paris", Country: "FR"},
	{Line1: "Botermarkt 1", Line2: "9000 Gent", Line3: "Oost-Vlaanderen", Country: "BE"},
	{Line1: "Praça do Município 1", Line2: "1100-365 Lisboa", Country: "PT"},
	{Line1: "Rådhuspladsen 1", Line2: "1550 København V", Country: "DK"},
	{Line1: "Plaza de la Villa 5", Line2: "28005 Madrid", Country: "ES"},
	{Line1: "Grand-Place 1", Line2: "1000 Bruxelles", Country: "BE"},
}

// points are market squares and the like, in the order of addresses.
var points = [Count]value.Point{
	{Lat: 52.4119, Lon: 5.0264}, {Lat: 52.3676, Lon: 4.9041}, {Lat: 52.0907, Lon: 5.1214}, {Lat: 51.6889, Lon: 5.3036},
	{Lat: 51.9225, Lon: 4.4792}, {Lat: 53.2194, Lon: 6.5665}, {Lat: 51.5606, Lon: 5.0919}, {Lat: 52.5168, Lon: 6.083},
}

// day is a working day some weeks apart; a constant, because a generation does
// not look at the clock.
func day(i int) time.Time {
	return time.Date(2026, time.January, 12, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 21*i)
}

// rsin is the i-th number from 999900000 on that passes the elfproef. BSN and
// RSIN share one range of numbers and 9999 is its part for tests.
func rsin(i int) string {
	for n := 999900001; ; n++ {
		s := fmt.Sprint(n)
		if value.RSIN(s) != nil {
			continue
		}
		if i == 0 {
			return s
		}
		i--
	}
}

// iban is an account at TEST, a bank that does not exist.
func iban(i int) string {
	account := fmt.Sprintf("TEST%010d", i+1)
	return fmt.Sprintf("NL%02d%s", 98-value.Modulo97(account+"NL00"), account)
}

// UUID is a fixed version 5 UUID for the i-th thing called name.
func UUID(name string, i int) string {
	sum := sha1.Sum(fmt.Appendf(nil, "fieldlab/%s/%d", name, i)) // #nosec G401 -- Chooses an example; it protects nothing.
	sum[6] = sum[6]&0x0f | 0x50
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
