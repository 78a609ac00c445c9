package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// kinds of ids.
const (
	idSubject = iota + 1
	idZaak
	idStatus
	_ // statuses have two
	idBuilding
)

// The process of the answers that are measured.
const (
	zaaktype     = "verhuizing-doorgeven"
	stepFirst    = "aangifte"
	stepOpen     = "beoordelen"
	stepClosed   = "verwerkt"
	resultClosed = "toegekend"
	register     = "verhuizingen"
	buildings    = "panden" // only in a component of our own answers
	inhabitant   = "persoon-0"
)

// subjects puts records in the register, up to a number.
func (d *database) subjects(ctx context.Context, from, to int) error {
	at := d.moment("i")
	return d.fill(ctx, register, from, to, "", map[string]string{
		"id": d.uuid(idSubject, "i"), "aangemaakt_op": at, "gewijzigd_op": d.moment(spread(30_000_000, 1)), "versie": "1",
		"bsn": "'999993653'", "verhuisdatum": d.day(spread(100, 2)),
		"nieuw_adres":     `'{"straat":"Dorpsstraat","huisnummer":1,"postcode":"1234 AB","woonplaats":"Duinstad"}'`,
		"aantal_personen": "1 + " + spread(20, 3),
		"inwoning":        "CASE " + spread(3, 4) + " WHEN 0 THEN 'ja' WHEN 1 THEN 'nee' END",
		"email":           "'iemand' || i || '@duinstad.test'",
		"toelichting":     "'Een toelichting zoals mensen die in een formulier schrijven.'",
	})
}

// zaken puts zaken with their statuses in the store, for subjects that are there: one in
// two is open, and waits for an employee. One in a hundred is of one and the same inhabitant.
func (d *database) zaken(ctx context.Context, from, to int) error {
	closed := "i % 2 = 1"
	begun, moved := d.moment("i"), d.moment("i + 600 + "+spread(1_000_000, 5))
	err := d.fill(ctx, "zaken", from, to, "", map[string]string{
		"id": d.uuid(idZaak, "i"), "aangemaakt_op": begun, "gewijzigd_op": moved, "versie": "2",
		"identificatie": d.number(), "omschrijving": "'Verhuizing doorgeven'", "zaaktype": "'" + zaaktype + "'",
		"startdatum": d.day(spread(2_000, 6)), "einddatum": "CASE WHEN " + closed + " THEN " + d.day("2200") + " END",
		"huidige_stap": fmt.Sprintf("CASE WHEN %s THEN '%s' ELSE '%s' END", closed, stepClosed, stepOpen),
		"resultaat":    fmt.Sprintf("CASE WHEN %s THEN '%s' END", closed, resultClosed),
		"onderwerp":    d.uuid(idSubject, "i"), "initiator": "'persoon-' || (i % 100)", "procesversie": "1",
	})
	if err != nil {
		return err
	}
	for n, step := range []string{"'" + stepFirst + "'", fmt.Sprintf("CASE WHEN %s THEN '%s' ELSE '%s' END", closed, stepClosed, stepOpen)} {
		err := d.fill(ctx, "statussen", from, to, "", map[string]string{
			"id": d.uuid(idStatus+n, "i"), "zaak": d.uuid(idZaak, "i"), "volgnummer": fmt.Sprint(n + 1), "statustype": step,
			"datum_status_gezet": d.moment(fmt.Sprintf("i + %d", n*600)), "gezet_door": "'persoon-' || (i % 100)",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// number is an identificatie of a year that the component does not give out itself.
func (d *database) number() string {
	if d.postgres {
		return "'ZAAK-2020-' || lpad(i::text, 10, '0')"
	}
	return "printf('ZAAK-2020-%010d', i)"
}

// expired puts keys in the store that nobody can use any more.
func (d *database) expired(ctx context.Context, n int) error {
	return d.fill(ctx, "idempotentiesleutels", 0, n, "", map[string]string{
		"bereik": "'" + register + "'", "sleutel": d.uuid(9, "i"), "resultaat": d.uuid(idSubject, "i"), "aangemaakt_op": d.moment("i"), "vingerafdruk": "'x'",
	})
}

// registers puts rows in the tables of the register, up to a number for each.
func (d *database) registers(ctx context.Context, from, subjects, others int) error {
	if err := d.subjects(ctx, from, subjects); err != nil {
		return err
	}
	there, err := d.columns(ctx, buildings)
	if err != nil || len(there) == 0 {
		return err
	}
	return d.buildings(ctx, from, others)
}

// buildings puts rows in the table of panden, up to a number. Their texts are some
// hundreds of names, many times each: what is alike must not make a page slow.
func (d *database) buildings(ctx context.Context, from, to int) error {
	joined := " JOIN " + names("a") + " ON a.n = " + spread(len(words)*len(words), 1) + " JOIN " + names("b") + " ON b.n = " + spread(len(words)*len(words), 7)
	absent := spread(5, 3) + " = 0"
	return d.fill(ctx, buildings, from, to, joined, map[string]string{
		"id": d.uuid(idBuilding, "i"), "aangemaakt_op": d.moment("i"), "gewijzigd_op": d.moment(spread(30_000_000, 1)), "versie": "1",
		"aanduiding": "a.tekst", value.KeyColumn(buildings, "aanduiding"): "a.sleutel",
		"bestemming":                             "CASE WHEN NOT " + absent + " THEN b.tekst END",
		value.KeyColumn(buildings, "bestemming"): "CASE WHEN NOT " + absent + " THEN b.sleutel END",
		"soort":                                  "CASE " + spread(4, 4) + " WHEN 0 THEN 'woning' WHEN 1 THEN 'winkel' WHEN 2 THEN 'kantoor' END",
		"bouwdatum":                              "CASE WHEN " + spread(3, 5) + " > 0 THEN " + d.day(spread(100, 2)) + " END",
		"verdiepingen":                           "1 + " + spread(50, 6),
		"monument":                               d.truth(spread(3, 8)),
	})
}

// truth is yes, no or absent.
func (d *database) truth(number string) string {
	if d.postgres {
		return "CASE " + number + " WHEN 0 THEN true WHEN 1 THEN false END"
	}
	return "CASE " + number + " WHEN 0 THEN 1 WHEN 1 THEN 0 END"
}

var words = strings.Fields("Linde Eik Beuk Berk Esdoorn Iep Wilg Populier Kastanje Noot Es Els Acacia Plataan Den Spar Lariks Taxus Hulst Meidoorn Vlier Roos Tulp Iris")

// names are two words with their place in the order of texts, under a number, as a table.
func names(as string) string {
	var rows []string
	for n := range len(words) * len(words) {
		text := words[n%len(words)] + "hof " + words[n/len(words)]
		rows = append(rows, fmt.Sprintf("(%d, '%s', '%s')", n, text, strings.ReplaceAll(value.SortKey(text), "'", "''")))
	}
	return "(SELECT column1 AS n, column2 AS tekst, column3 AS sleutel FROM (VALUES " + strings.Join(rows, ", ") + ") AS w) AS " + as
}
