-- naast: elke vorige versie
-- Regels van het logboek die er voor meer staan: wat een lijst van zaken of
-- personen liet zien. Voor wie leest en voor het logboek van de organisatie is elk
-- ervan een eigen regel. Een vorige versie kent deze tabellen niet: die laat staan
-- wat hierin wacht, en deze versie bezorgt het.
-- Staat hetzelfde in sqlite/ en postgres/; alleen de soorten kolommen verschillen.
CREATE TABLE getoonde_verwerkingen (
    nummer BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trace TEXT NOT NULL,
    span TEXT NOT NULL,
    ouder TEXT,
    begonnen_op TIMESTAMPTZ NOT NULL,
    -- Voor hoeveel regels deze staat, en of die elk een zaak noemen.
    aantal BIGINT NOT NULL,
    met_zaak BOOLEAN NOT NULL,
    -- De rest van de regel, en daarachter wie en wat er te zien was (shown_content.go).
    inhoud BYTEA NOT NULL,
    geleverd_op TIMESTAMPTZ,
    geweigerd BIGINT NOT NULL DEFAULT 0,
    bezorgen_vanaf TIMESTAMPTZ,
    CONSTRAINT getoonde_verwerkingen_span UNIQUE (trace, span)
);

CREATE INDEX getoonde_verwerkingen_te_bezorgen ON getoonde_verwerkingen (nummer) WHERE geleverd_op IS NULL;
CREATE INDEX getoonde_verwerkingen_geleverd_op ON getoonde_verwerkingen (geleverd_op) WHERE geleverd_op IS NOT NULL;

-- Waarmee zo'n regel te vinden is. Een sleutel is een deel van een hash van een
-- zaak of een pseudoniem; regel is 512 maal het nummer, plus de plaats in de lijst.
CREATE TABLE getoonde_sleutels (
    sleutel BIGINT NOT NULL,
    regel BIGINT NOT NULL,
    PRIMARY KEY (sleutel, regel)
);
