-- De zaken van dit component, met de namen van de ZGW-standaard.
-- Staat hetzelfde in sqlite/ en postgres/; alleen de soorten kolommen verschillen.

-- Het laatste nummer per jaar: zo krijgt elke zaak een eigen identificatie.
CREATE TABLE zaaknummers (
    jaar INTEGER PRIMARY KEY,
    laatste BIGINT NOT NULL
);

CREATE TABLE zaken (
    id TEXT PRIMARY KEY,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL,
    identificatie TEXT NOT NULL UNIQUE,
    omschrijving TEXT NOT NULL,
    zaaktype TEXT NOT NULL,
    startdatum TEXT NOT NULL,
    einddatum TEXT,
    huidige_stap TEXT NOT NULL,
    resultaat TEXT,
    onderwerp TEXT,
    initiator TEXT,
    -- Een zaak met een resultaat is afgesloten, en andersom.
    CONSTRAINT zaken_afgesloten_check CHECK ((einddatum IS NULL) = (resultaat IS NULL))
);

CREATE INDEX zaken_huidige_stap ON zaken (huidige_stap);
CREATE INDEX zaken_initiator ON zaken (initiator);
CREATE INDEX zaken_onderwerp ON zaken (onderwerp);

-- De stappen die een zaak heeft gehad, in volgorde.
CREATE TABLE statussen (
    id TEXT PRIMARY KEY,
    zaak TEXT NOT NULL REFERENCES zaken (id) ON DELETE CASCADE,
    volgnummer BIGINT NOT NULL,
    statustype TEXT NOT NULL,
    datum_status_gezet TIMESTAMP NOT NULL,
    uitkomst TEXT,
    statustoelichting TEXT,
    gezet_door TEXT,
    CONSTRAINT statussen_volgorde UNIQUE (zaak, volgnummer)
);

-- Sleutels waarmee een aanroeper een verzoek veilig kan herhalen.
CREATE TABLE idempotentiesleutels (
    bereik TEXT NOT NULL,
    sleutel TEXT NOT NULL,
    resultaat TEXT NOT NULL,
    aangemaakt_op TIMESTAMP NOT NULL,
    PRIMARY KEY (bereik, sleutel)
);

CREATE INDEX idempotentiesleutels_aangemaakt_op ON idempotentiesleutels (aangemaakt_op);
