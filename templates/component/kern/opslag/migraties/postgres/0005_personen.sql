-- Wie namens een ander een zaak begon, en wie namens een ander iets deed: met een
-- pseudoniem. De ander is de initiator van de zaak en de betrokkene van de regel.
-- Staat hetzelfde in sqlite/ en postgres/.
ALTER TABLE zaken ADD COLUMN gemachtigde TEXT;
ALTER TABLE verwerkingen ADD COLUMN gemachtigde TEXT;

CREATE INDEX zaken_gemachtigde ON zaken (gemachtigde) WHERE gemachtigde IS NOT NULL;
CREATE INDEX verwerkingen_gemachtigde ON verwerkingen (gemachtigde) WHERE gemachtigde IS NOT NULL;
