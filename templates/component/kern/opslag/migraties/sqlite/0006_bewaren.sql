-- Bewaren en vernietigen: wat een zaak tegenhoudt, en wat er van vernietigde
-- gegevens overblijft.
-- Staat hetzelfde in sqlite/ en postgres/; alleen de soorten kolommen verschillen.

-- Een markering houdt vernietiging tegen; een beperking (AVG artikel 18) en een
-- bezwaar (artikel 21) zetten ook de verwerking stil.
CREATE TABLE markeringen (
    id TEXT PRIMARY KEY,
    zaak TEXT NOT NULL REFERENCES zaken (id) ON DELETE CASCADE,
    soort TEXT NOT NULL CHECK (soort IN ('bewaren', 'beperking', 'bezwaar')),
    reden TEXT NOT NULL,
    sinds TIMESTAMP NOT NULL,
    gezet_door TEXT NOT NULL,
    opgeheven_op TIMESTAMP,
    opgeheven_door TEXT,
    CONSTRAINT markeringen_opgeheven_check CHECK ((opgeheven_op IS NULL) = (opgeheven_door IS NULL))
);

-- Van elke soort staat er op een zaak hoogstens een.
CREATE UNIQUE INDEX markeringen_staat ON markeringen (zaak, soort) WHERE opgeheven_op IS NULL;
CREATE INDEX markeringen_zaak ON markeringen (zaak);

-- De soorten die er nu op de zaak staan, op alfabet en met een komma ertussen.
-- Zo ziet een statement dat de zaak wijzigt of verwijdert ze in dezelfde rij.
ALTER TABLE zaken ADD COLUMN markeringen TEXT;

-- Een besluit om te vernietigen: de kop van een verklaring van vernietiging.
CREATE TABLE vernietigingen (
    id TEXT PRIMARY KEY,
    besloten_op TIMESTAMP NOT NULL,
    door TEXT NOT NULL,
    goedkeuring TEXT NOT NULL,
    wijze TEXT NOT NULL
);

-- Wat er is vernietigd, zonder persoonsgegevens. De regel komt in dezelfde
-- transactie als het verwijderen zelf.
CREATE TABLE vernietigingsregels (
    id TEXT PRIMARY KEY,
    vernietiging TEXT NOT NULL REFERENCES vernietigingen (id),
    vernietigd_op TIMESTAMP NOT NULL,
    soort TEXT NOT NULL,
    identificatie TEXT NOT NULL,
    zaaktype TEXT,
    resultaat TEXT,
    begin TEXT NOT NULL,
    einde TEXT,
    termijn TEXT NOT NULL,
    ingang TEXT NOT NULL,
    ingegaan_op TEXT NOT NULL,
    vervallen_op TEXT NOT NULL,
    bron TEXT,
    aantallen TEXT NOT NULL
);

CREATE INDEX vernietigingsregels_vernietiging ON vernietigingsregels (vernietiging);
