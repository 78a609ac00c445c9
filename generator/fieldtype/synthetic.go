package fieldtype

import (
	"crypto/sha1"
	"fmt"
	"time"
)

// fixed gives the i-th value of types whose examples do not depend on the
// field, in form notation.
var fixed = map[string]func(i int) string{
	"boolean":  func(i int) string { return []string{"true", "false"}[i%2] },
	"datetime": func(i int) string { return day(i).Add(9 * time.Hour).Format(time.RFC3339) },
	"email":    func(i int) string { return fmt.Sprintf("testpersoon%d@voorbeeld.test", i+1) }, // RFC 2606: .test leads nowhere
	"phone":    func(i int) string { return fmt.Sprintf("+3160000000%d", i+1) },                // 060 is not given out
	"url":      func(i int) string { return fmt.Sprintf("https://voorbeeld.test/pagina/%d", i+1) },
	"uuid":     func(i int) string { return UUID("voorbeeld", i) },
	"bsn":      func(i int) string { return testBSNs[i%len(testBSNs)] },
	"kvk":      func(i int) string { return testKVKs[i%len(testKVKs)] },
	"rsin":     rsin,
	"oin":      func(i int) string { return fmt.Sprintf("0000009900000000%d000", i+1) }, // 00000099: reserved for tests
	"iban":     iban,
	"postcode": func(i int) string { return addresses[i].postcode },
	"kenteken": func(i int) string { return fmt.Sprintf("0-AEO-0%d", i+1) }, // vowels and a leading zero are not issued
	"bag-id":   func(i int) string { return fmt.Sprintf("0363010000000%03d", 34+i) },
}

// testBSNs come from the RvIG test set: they belong to nobody.
var testBSNs = []string{
	"999993653", "999990408", "999995492", "999991802", "999993483", "999994086", "999992971", "999999321",
}

// testKVKs are the numbers that the KVK publishes for its test environment.
var testKVKs = []string{"69599084", "68750110", "69599068", "90002148", "55344526"}

// addresses are a house in the village of the best known example question
// ("who lives at Dorpsstraat 34 in Holysloot?") and town halls: nobody's home.
var addresses = [Count]address{
	{"Dorpsstraat", 34, "", "", "1028 BC", "Holysloot"},
	{"Amstel", 1, "", "", "1011 PN", "Amsterdam"},
	{"Stadsplateau", 1, "", "", "3521 AZ", "Utrecht"},
	{"Wolvenhoek", 1, "A", "", "5211 HH", "'s-Hertogenbosch"},
	{"Coolsingel", 40, "", "bis", "3011 AD", "Rotterdam"},
	{"Grote Markt", 1, "", "", "9712 HN", "Groningen"},
	{"Stadhuisplein", 130, "A", "2", "5038 TC", "Tilburg"},
	{"Lübeckplein", 2, "", "", "8017 JZ", "Zwolle"},
}

// points are market squares and the like, in the order of addresses.
var points = [Count]point{
	{52.4119, 5.0264}, {52.3676, 4.9041}, {52.0907, 5.1214}, {51.6889, 5.3036},
	{51.9225, 4.4792}, {53.2194, 6.5665}, {51.5606, 5.0919}, {52.5168, 6.083},
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
		if !elfproef(s) {
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
	return fmt.Sprintf("NL%02d%s", 98-mod97(account+"NL00"), account)
}

// UUID is a fixed version 5 UUID for the i-th thing called name.
func UUID(name string, i int) string {
	sum := sha1.Sum(fmt.Appendf(nil, "fieldlab/%s/%d", name, i))
	sum[6] = sum[6]&0x0f | 0x50
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
